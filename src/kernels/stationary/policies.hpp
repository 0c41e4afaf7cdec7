// Exact choices in a component: every policy where there are few, policy iteration, stage by stage, and last the logit branch.
#pragma once
#include <random>

#include "branch.hpp"
#include "standoff.hpp"

class Policies : protected Branch {
    static constexpr int most_followed = 120;  // unknowns, above which the path is followed elsewhere, with better linear algebra
    static constexpr int most_starts = 16;
    static constexpr double most_policies = 1024;
    static constexpr double most_sharpened = 4e6;  // entries of the matrices of all parties

  public:
    uint32_t n_found = 1;  // pure equilibria, where all policies were tried
    Policies(const Contest& c, std::vector<int32_t>& place) : Branch(c, place) {}

    Rung settle(const uint32_t* states, int n_states) {
        gather(states, n_states);
        const Rung rung = c.exact ? exactly() : (follow(false) ? logit : unsolved);
        if (rung != unsolved) write();
        leave_component();
        return rung;
    }

    // From chances that are given (of a point of little noise): their support made exact, or the start of sweeps.
    Rung sharpen_given(const uint32_t* states, int n_states) {
        if (double(n_states) * n_states * N >= most_sharpened) return unsolved;
        gather(states, n_states);
        bool good = evaluate();
        if (good) {
            measure();
            const std::vector<double> kept = weight;
            good = false;
            for (double least : {0.003, 0.05, 0.2}) {
                weight = kept;
                read_support(least);
                if ((good = pivot_to_end())) break;
            }
            if (!good) {
                weight = kept;
                good = evaluate() && sweep();
            }
        }
        if (good) write();
        leave_component();
        return good ? supports : unsolved;
    }

  private:
    Rung exactly() {
        std::vector<double> best, kept;
        double top = 0;
        n_found = 1;
        const bool listed = few();
        if (listed && (n_found = enumerate(&top))) return enumeration;
        n_found = 1;
        bool any = false;
        const bool all = c.select == Select::best_for || c.select == Select::worst_for;
        for (int from = 0; from < 2 && !listed; ++from) {
            const bool moving = (from == 0) == (c.select == Select::most_movers);
            if (!begin(moving) || !iterate()) continue;
            const double score = score_of();
            if (!any || score > top) any = true, top = score, best = weight, kept = v;
            if (!all) break;
        }
        if (any) {
            weight = best, v = kept;
            return policy_iteration;
        }
        const bool moving = c.select == Select::most_movers;
        if (begin(moving) && sweep()) return stages;
        if (begin(!moving) && sweep()) return stages;
        if (m * N <= most_followed && begin(false) && follow(true)) return supports;
        for (int from = 0; from < most_starts; ++from) {
            scatter(unsigned(from));
            if (evaluate() && sweep()) return stages;
        }
        return unsolved;
    }

    // States in turn, each settled as one stage with the others as they are; when the moves in use stay the same, or now and
    // then, their weights are made exact.
    bool sweep() {
        std::vector<uint8_t> before, now;
        std::vector<double> kept;
        int same = 0;
        for (int round = 0; round < 40; ++round) {
            for (int x = 0; x < m; ++x)
                if (!stage_at(x)) return false;
            pattern(now);
            same = now == before ? same + 1 : 0;
            before = now;
            if (same != 2 && round % 8 != 7) continue;
            kept = v;
            read_support(0);
            if (pivot_to_end()) return true;
            if (same >= 2 && round > 20) return false;
            v = kept;
        }
        return false;
    }

    // A policy drawn from a fixed sequence, so that the same game gets the same answer.
    void scatter(unsigned seed) {
        std::mt19937 draw(seed);
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k) {
                const int first = start[at(x, k)], count = start[at(x, k) + 1] - first;
                for (int o = 0; o < count; ++o) weight[first + o] = 0;
                const int pick = int(draw() % unsigned(count + 1));
                if (pick < count) weight[first + pick] = 1;
            }
    }

    void pattern(std::vector<uint8_t>& now) const {
        now.resize(weight.size());
        for (size_t o = 0; o < weight.size(); ++o) now[o] = weight[o] == 0 ? 0 : weight[o] < 1 ? 1 : 2;
    }

    Standoff stage;
    std::vector<int> mover, chosen;
    std::vector<double> share;

    bool stage_at(int x) {
        mover.clear(), chosen.clear();
        double out = leave[x];
        std::vector<double>& income_of = trial;
        income_of.assign(base.begin() + at(x, 0), base.begin() + at(x, 0) + N);
        for (const Drift& d : drift)
            if (d.from == x)
                for (int i = 0; i < N; ++i) income_of[i] += d.rate * v[at(d.to, i)];
        for (int k = 0; k < N; ++k) {
            int best = -1;
            for (int o = start[at(x, k)]; o < start[at(x, k) + 1]; ++o) {
                weight[o] = 0;
                if (best < 0 || to(option[o], k, k) > to(option[best], k, k)) best = o;
            }
            if (best >= 0) mover.push_back(k), chosen.push_back(best);
        }
        const int n = int(mover.size());
        if (n > Standoff::most) return false;
        stage.begin(n);
        for (int a = 0; a < n; ++a) {
            const int k = mover[a];
            const double own = c.discount[k] + out, best = to(option[chosen[a]], k, k);
            double size = std::fabs(best * own) + std::fabs(income_of[k]);
            stage.constant[a] = best * own - income_of[k];
            for (int b = 0; b < n; ++b) {
                const double theirs = to(option[chosen[b]], k, mover[b]);
                stage.slope[a][b] = a == b ? 0.0 : c.tempo[mover[b]] * (best - theirs);
                size += c.tempo[mover[b]] * (std::fabs(best) + std::fabs(theirs));
            }
            stage.slack[a] = 4e-16 * size;
        }
        double top = 0;
        bool any = false;
        stage.every([&](const double* found) {
            double score = 0;
            for (int a = 0; a < n; ++a) score += c.tempo[mover[a]] * found[a];
            if (c.select != Select::most_movers) score = -score;
            if (any && score <= top) return;
            any = true, top = score;
            share.assign(found, found + n);
        });
        if (!any) return false;
        for (int i = 0; i < N; ++i) {
            double above = income_of[i], below = c.discount[i] + out;
            for (int a = 0; a < n; ++a) {
                const double h = c.tempo[mover[a]] * share[a];
                above += h * to(option[chosen[a]], i, mover[a]);
                below += h;
            }
            income_of[i] = above / below;
        }
        std::copy_n(income_of.begin(), N, v.begin() + at(x, 0));
        for (int a = 0; a < n; ++a) weight[chosen[a]] = share[a];
        return true;
    }

    // Every pure policy, where there are few: the best by the selection; how many are equilibria.
    uint32_t enumerate(double* top_score) {
        std::vector<int> digit(m * N, -1);
        std::vector<double> best, kept;
        uint32_t n_found = 0;
        std::fill(weight.begin(), weight.end(), 0.0);
        for (;;) {
            if (evaluate() && !improvable()) {
                const double score = score_of();
                if (!n_found++ || score > *top_score + 1e-12 * std::fabs(score)) *top_score = score, best = weight, kept = v;
            }
            int d = 0;
            for (; d < m * N; ++d) {
                if (digit[d] >= 0) weight[start[d] + digit[d]] = 0;
                if (++digit[d] < start[d + 1] - start[d]) {
                    weight[start[d] + digit[d]] = 1;
                    break;
                }
                digit[d] = -1;
            }
            if (d == m * N) break;
        }
        if (n_found) weight = best, v = kept;
        return n_found;
    }

    bool few() const {
        double policies = 1;
        for (int d = 0; d < m * N; ++d) policies *= start[d + 1] - start[d] + 1;
        return policies <= most_policies;
    }

    bool improvable() {
        const std::vector<double> kept = weight;
        const bool found = improve(-1) > 0;
        weight = kept;
        return found;
    }

    double score_of() const {
        double sum = 0;
        if (c.select == Select::status_quo || c.select == Select::most_movers) {
            for (int d = 0; d < m * N; ++d)
                for (int o = start[d]; o < start[d + 1]; ++o) sum += c.tempo[d % N] * weight[o];
            return c.select == Select::most_movers ? sum : -sum;
        }
        for (int x = 0; x < m; ++x) sum += v[at(x, c.focus)];
        return c.select == Select::worst_for ? -sum : sum;
    }

    bool begin(bool moving) {
        if (!stay_put()) return false;
        if (!moving) return true;
        improve(-1);
        return evaluate();
    }

    // Every party (or one of them) takes its best move everywhere; the number of places where that is a change.
    int improve(int only) {
        int changed = 0;
        const double least = slack(20);
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k) {
                if (only >= 0 && k != only) continue;
                const int first = start[at(x, k)], last = start[at(x, k) + 1];
                if (first == last) continue;
                double most = v[at(x, k)];
                int best = -1, used = -1;
                for (int o = first; o < last; ++o) {
                    if (weight[o] > 0) used = o;
                    const double worth = to(option[o], k, k);
                    if (worth > most) most = worth, best = o;
                }
                const double now = used < 0 ? v[at(x, k)] : to(option[used], k, k);
                if (best == used || most <= now + least) continue;
                ++changed;
                if (used >= 0) weight[used] = 0;
                if (best >= 0) weight[best] = 1;
            }
        return changed;
    }

    bool iterate() {
        const int rounds = m > 64 ? 12 : 25;
        for (int round = 0; round < rounds; ++round) {
            if (!improve(-1)) return true;
            if (!evaluate()) return false;
        }
        for (int round = 0; round < 8; ++round) {
            int changed = 0;
            for (int k = 0; k < N; ++k)
                for (int step = 0; step < 20; ++step) {
                    const int now = improve(k);
                    if (!now) break;
                    changed += now;
                    if (!evaluate()) return false;
                }
            if (!changed) return true;
        }
        return false;
    }
};
