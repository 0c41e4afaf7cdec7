// One component of several states, or a state where choices are noisy: everything outside it is known.
//
// What stands in it, and what given weights of the moves are worth. How the weights are found: support.hpp, branch.hpp,
// policies.hpp, each on top of the one before.
#pragma once
#include <limits>

#include "contest.hpp"

class Component {
  protected:
    struct Option {
        int inside;  // place in the component, or -1
        double cost;
        const double* out;
        int64_t slot;  // in the party's listing
    };
    struct Drift {
        int from, to;
        double rate;
    };
    const Contest& c;
    const int N;
    std::vector<int32_t>& place;  // of every state in this component, -1 elsewhere
    int m = 0;
    const uint32_t* state = nullptr;
    std::vector<Option> option;
    std::vector<int> start;  // (m * N + 1)
    std::vector<double> base, leave, v, weight;
    std::vector<Drift> drift;
    double spread = 0;
    Dense matrix;
    std::vector<double> right;

    Component(const Contest& c, std::vector<int32_t>& place) : c(c), N(c.n_parties), place(place) {}

    void leave_component() {
        for (int x = 0; x < m; ++x) place[state[x]] = -1;
    }

    int at(int x, int k) const { return x * N + k; }
    double to(const Option& o, int i, int mover) const {
        return (o.inside >= 0 ? v[at(o.inside, i)] : o.out[i]) - (i == mover ? o.cost : 0.0);
    }

    void gather(const uint32_t* states, int n_states) {
        state = states, m = n_states;
        option.clear(), weight.clear(), start.assign(1, 0), drift.clear();
        base.resize(m * N), leave.assign(m, 0.0), v.assign(m * N, 0.0);
        for (int x = 0; x < m; ++x) place[state[x]] = x;
        for (int x = 0; x < m; ++x) {
            const uint32_t s = state[x];
            std::copy_n(c.flow + size_t(s) * N, N, base.data() + at(x, 0));
            for (int64_t e = c.chance_first(s); e < c.chance_first(s + 1); ++e) {
                const uint32_t t = c.chance_target(e);
                leave[x] += c.chance_rate(e);
                if (place[t] >= 0) drift.push_back({x, place[t], c.chance_rate(e)});
                else
                    for (int i = 0; i < N; ++i) base[at(x, i)] += c.chance_rate(e) * c.value[size_t(t) * N + i];
            }
            for (int k = 0; k < N; ++k) {
                if (c.tempo[k] > 0) list(s, k);
                start.push_back(int(option.size()));
            }
        }
    }

    // With exact choices only the best move out of the component can matter.
    void list(uint32_t s, int k) {
        const Listing& l = c.party[k];
        int64_t best = -1;
        double most = 0, outside = 0;
        for (int64_t e = l.first(s); e < l.first(s + 1); ++e) {
            const uint32_t t = l.target(e);
            const double* out = c.value + size_t(t) * N;
            if (place[t] >= 0 || !c.exact) {
                option.push_back({place[t], l.price(e), out, e});
                weight.push_back(l.chance[e]);
                continue;
            }
            outside += l.chance[e];
            if (best < 0 || out[k] - l.price(e) > most) best = e, most = out[k] - l.price(e);
        }
        if (best < 0) return;
        option.push_back({-1, l.price(best), c.value + size_t(l.target(best)) * N, best});
        weight.push_back(outside);
    }

    void write() {
        for (int x = 0; x < m; ++x) {
            std::copy_n(v.data() + at(x, 0), N, c.value + size_t(state[x]) * N);
            for (int k = 0; k < N; ++k) {
                if (c.exact) std::fill(c.party[k].chance + c.party[k].first(state[x]), c.party[k].chance + c.party[k].first(state[x] + 1), 0.0);
                for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) c.party[k].chance[option[o].slot] = std::min(1.0, std::max(0.0, weight[o]));
            }
        }
    }

    // Matrix of the values of the weights for a party's discount.
    void fill(double discount) {
        matrix.clear(m);
        for (int x = 0; x < m; ++x) {
            matrix.at(x, x) += discount + leave[x];
            for (int k = 0; k < N; ++k)
                for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) {
                    const double h = c.tempo[k] * weight[o];
                    if (h == 0) continue;
                    matrix.at(x, x) += h;
                    if (option[o].inside >= 0) matrix.at(x, option[o].inside) -= h;
                }
        }
        for (const Drift& d : drift) matrix.at(d.from, d.to) -= d.rate;
    }

    bool evaluate() {
        checkpoint();
        for (int i = 0; i < N; ++i) {
            if (c.group[i] != i) continue;
            fill(c.discount[i]);
            if (!matrix.factor()) return false;
            std::vector<int> same;
            for (int j = i; j < N; ++j)
                if (c.group[j] == i) same.push_back(j);
            const int width = int(same.size());
            right.assign(size_t(m) * width, 0.0);
            for (int x = 0; x < m; ++x)
                for (int y = 0; y < width; ++y) right[x * width + y] = income(x, same[y]);
            matrix.solve(right.data(), width);
            for (int x = 0; x < m; ++x)
                for (int y = 0; y < width; ++y) v[at(x, same[y])] = right[x * width + y];
        }
        return true;
    }

    double income(int x, int i) const {
        double sum = base[at(x, i)];
        for (int k = 0; k < N; ++k)
            for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) {
                const double h = c.tempo[k] * weight[o];
                if (h == 0) continue;
                if (option[o].inside < 0) sum += h * option[o].out[i];
                if (i == k) sum -= h * option[o].cost;
            }
        return sum;
    }

    void measure() {
        spread = 0;
        double size = 0;
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k) {
                size = std::max(size, std::fabs(v[at(x, k)]));
                for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) spread = std::max(spread, std::fabs(to(option[o], k, k) - v[at(x, k)]));
            }
        spread = std::max(spread, 1e-9 * size);
    }

    // Nobody moves.
    bool stay_put() {
        std::fill(weight.begin(), weight.end(), 0.0);
        if (!evaluate()) return false;
        measure();
        return true;
    }

    double slack(double more) const {
        double size = 0;
        for (double value : v) size = std::max(size, std::fabs(value));
        return more * 1e-14 * size + std::numeric_limits<double>::min();
    }
};
