// Exact weights on a support: those of the moves in use so that each is worth the same to its mover (Newton); moves are added
// where they gain, and dropped where their weight would be negative.
#pragma once
#include "component.hpp"

class Support : protected Component {
  protected:
    using Component::Component;

    // used[o]: the move is in use; stays[x, k]: staying is.
    std::vector<uint8_t> used, stays;

    void read_support(double least) {
        used.assign(option.size(), 0);
        stays.assign(m * N, 0);
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k) {
                double stay = 1;
                for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) used[o] = weight[o] > least, stay -= weight[o];
                stays[at(x, k)] = stay > std::max(1e-9, least);
                normal(x, k);
            }
    }

    bool pivot_to_end() {
        for (int pivot = 0; pivot < 12 + 2 * m; ++pivot) {
            if (!balance() || !evaluate()) return false;
            if (!turn()) return true;
        }
        return false;
    }

    void normal(int x, int k) {
        double sum = 0;
        int count = stays[at(x, k)];
        for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) {
            if (!used[o]) weight[o] = 0;
            sum += weight[o], count += used[o];
        }
        if (stays[at(x, k)] && count > 1) return;
        for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o)
            if (used[o]) weight[o] = count == 1 ? 1.0 : weight[o] / sum;
    }

    struct Unknown {
        int x, k, with, against;  // options; -1 is staying
    };

    double value_at(int o, int x, int i, int mover) const { return o < 0 ? v[at(x, i)] : to(option[o], i, mover); }

    // Newton on the weights in use until all moves in use by one party in one state are worth the same to it.
    bool balance() {
        std::vector<Unknown> unknown;
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k) {
                int against = -2;
                if (stays[at(x, k)]) against = -1;
                for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) {
                    if (!used[o]) continue;
                    if (against == -2) against = o;
                    else unknown.push_back({x, k, o, against});
                }
            }
        const int n = int(unknown.size());
        if (!n) return true;
        if (n > 400) return false;
        Dense jacobian;
        std::vector<double> step(n);
        std::vector<std::vector<double>> inverse(N);
        for (int round = 0; round < 30; ++round) {
            if (!evaluate()) return false;
            double worst = 0;
            for (int r = 0; r < n; ++r) {
                const Unknown& u = unknown[r];
                step[r] = value_at(u.with, u.x, u.k, u.k) - value_at(u.against, u.x, u.k, u.k);
                worst = std::max(worst, std::fabs(step[r]));
            }
            if (worst <= slack(5) || (round > 8 && worst <= slack(40))) return true;
            for (int i = 0; i < N; ++i) {
                if (c.group[i] != i) continue;
                fill(c.discount[i]);
                if (!matrix.factor()) return false;
                inverse[i].assign(size_t(m) * m, 0.0);
                for (int x = 0; x < m; ++x) inverse[i][size_t(x) * m + x] = 1;
                matrix.solve(inverse[i].data(), m);
            }
            jacobian.clear(n);
            for (int r = 0; r < n; ++r) {
                const Unknown& u = unknown[r];
                const double* inv = inverse[c.group[u.k]].data();
                auto row = [&](int o) { return o < 0 ? u.x : option[o].inside; };
                const int up = row(u.with), down = row(u.against);
                for (int q = 0; q < n; ++q) {
                    const Unknown& w = unknown[q];
                    const double lever = c.tempo[w.k] * (value_at(w.with, w.x, u.k, w.k) - value_at(w.against, w.x, u.k, w.k));
                    jacobian.at(r, q) = lever * ((up >= 0 ? inv[size_t(up) * m + w.x] : 0.0) - (down >= 0 ? inv[size_t(down) * m + w.x] : 0.0));
                }
            }
            if (!jacobian.factor()) return false;
            jacobian.solve(step.data(), 1);
            double largest = 0;
            for (double d : step) largest = std::max(largest, std::fabs(d));
            if (!std::isfinite(largest)) return false;
            const double shrink = largest > 0.5 ? 0.5 / largest : 1.0;
            for (int q = 0; q < n; ++q) {
                weight[unknown[q].with] -= shrink * step[q];
                if (unknown[q].against >= 0) weight[unknown[q].against] += shrink * step[q];
            }
        }
        return false;
    }

    // Drops the most negative weight, or else adds the move that gains most; false if there is neither.
    bool turn() {
        double least = -1e-10, most = slack(100);
        int drop = -2, add = -2, where = 0;
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k) {
                double stay = 1, own = -1e300;
                for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) {
                    stay -= weight[o];
                    if (used[o]) own = to(option[o], k, k);
                    if (used[o] && weight[o] < least) least = weight[o], drop = o, where = at(x, k);
                }
                if (stays[at(x, k)]) own = v[at(x, k)];
                if (stays[at(x, k)] && stay < least) least = stay, drop = -1, where = at(x, k);
                if (drop != -2) continue;
                if (!stays[at(x, k)] && v[at(x, k)] - own > most) most = v[at(x, k)] - own, add = -1, where = at(x, k);
                for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o)
                    if (!used[o] && to(option[o], k, k) - own > most) most = to(option[o], k, k) - own, add = o, where = at(x, k);
            }
        if (drop == -2 && add == -2) return false;
        const int change = drop != -2 ? drop : add;
        const uint8_t now = drop == -2;
        if (change < 0) stays[where] = now;
        else used[change] = now;
        if (!now) normal(where / N, where % N);
        return true;
    }
};
