// Equilibria of one stage: x in [0, 1]^m with x_k = 1 where G_k(x) > 0, 0 where G_k(x) < 0, anything where it is 0, and
// G(x) = constant + slope x with a zero diagonal (nobody's own rate changes whether it gains). An affine variational
// inequality on a box: supports are listed by depth-first search, and cut off where the bounds of some G_k exclude them.
#pragma once
#include "../watch.hpp"
#include "dense.hpp"

class Standoff {
  public:
    static constexpr int most = 32;
    static constexpr int most_nodes = 200000;
    double constant[most], slope[most][most], slack[most];
    bool cut_short = false;

    void begin(int n_movers) {
        m = n_movers;
        nodes = 0;
        cut_short = false;
    }

    // Calls found(x) for every equilibrium; of a continuum, for its corners.
    template <typename Found>
    void every(Found found) {
        Node root;
        for (int k = 0; k < m; ++k) {
            root.mark[k] = open;
            root.low[k] = root.high[k] = constant[k];
            for (int j = 0; j < m; ++j) {
                root.low[k] += std::min(0.0, slope[k][j]);
                root.high[k] += std::max(0.0, slope[k][j]);
            }
        }
        descend(root, found);
    }

  private:
    enum Mark : int8_t { stays, moves, between, open };
    struct Node {
        Mark mark[most];
        double low[most], high[most];
        Node() {}
        Node(const Node& from, int m) {
            std::copy_n(from.mark, m, mark);
            std::copy_n(from.low, m, low);
            std::copy_n(from.high, m, high);
        }
    };
    int m = 0, nodes = 0;
    Pace pace;
    Dense system;
    std::vector<double> right;

    void set(Node& node, int j, Mark mark) const {
        node.mark[j] = mark;
        if (mark == between) return;
        for (int k = 0; k < m; ++k) {
            const double a = slope[k][j], least = std::min(0.0, a), top = std::max(0.0, a);
            node.low[k] += (mark == moves ? a : 0.0) - least;
            node.high[k] += (mark == moves ? a : 0.0) - top;
        }
    }

    // False where a choice already made cannot be right.
    bool propagate(Node& node) const {
        for (bool again = true; again;) {
            again = false;
            for (int k = 0; k < m; ++k) {
                const bool gains = node.low[k] > slack[k], loses = node.high[k] < -slack[k];
                if (!gains && !loses) continue;
                if (node.mark[k] == open) {
                    set(node, k, gains ? moves : stays);
                    again = true;
                } else if (node.mark[k] == between || (node.mark[k] == moves) != gains) {
                    return false;
                }
            }
        }
        return true;
    }

    template <typename Found>
    void descend(Node& node, Found& found) {
        if (++nodes > most_nodes) {
            cut_short = true;
            return;
        }
        pace.step(64);
        if (!propagate(node)) return;
        int next = 0;
        while (next < m && node.mark[next] != open) ++next;
        if (next == m) return report(node, found);
        for (Mark mark : {stays, moves, between}) {
            Node child(node, m);
            set(child, next, mark);
            descend(child, found);
        }
    }

    template <typename Found>
    void report(const Node& node, Found& found) {
        double x[most];
        int mixed[most], n_mixed = 0;
        for (int k = 0; k < m; ++k) {
            x[k] = node.mark[k] == moves;
            if (node.mark[k] == between) mixed[n_mixed++] = k;
        }
        if (n_mixed == 1 || (n_mixed > 1 && !mix(mixed, n_mixed, x))) return;
        for (int k = 0; k < m; ++k) {
            if (n_mixed == 0 || node.mark[k] == between) continue;  // without mixing the bounds have been the gains
            double gain = constant[k];
            for (int j = 0; j < m; ++j) gain += slope[k][j] * x[j];
            if (node.mark[k] == moves ? gain < -4 * slack[k] : gain > 4 * slack[k]) return;
        }
        found(x);
    }

    bool mix(const int* mixed, int n_mixed, double* x) {
        system.clear(n_mixed);
        right.resize(n_mixed);
        double size = 0;
        for (int r = 0; r < n_mixed; ++r) {
            right[r] = -constant[mixed[r]];
            for (int j = 0; j < m; ++j) right[r] -= slope[mixed[r]][j] * x[j];
            for (int c = 0; c < n_mixed; ++c) {
                system.at(r, c) = slope[mixed[r]][mixed[c]];
                size = std::max(size, std::fabs(system.at(r, c)));
            }
        }
        if (!system.factor()) return false;
        for (int r = 0; r < n_mixed; ++r)
            if (std::fabs(system.at(r, r)) < 1e-13 * size) return false;
        system.solve(right.data(), 1);
        for (int r = 0; r < n_mixed; ++r) {
            if (!(right[r] > 1e-12 && right[r] < 1 - 1e-12)) return false;
            x[mixed[r]] = right[r];
        }
        return true;
    }
};
