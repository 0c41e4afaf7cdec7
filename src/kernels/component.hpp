// One component of several states, or a state where choices are noisy: everything outside it is known.
//
// Pure answers by policy iteration; else the logit equilibrium is followed from much noise to little, and its support is
// made exact: weights of the moves in use so that each is worth the same to its mover (Newton), moves added where they gain
// and dropped where their weight would be negative.
#pragma once
#include <limits>
#include <random>

#include "equilibrium.hpp"

class Local {
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
    static constexpr int most_followed = 120;  // unknowns, above which the path is followed elsewhere, with better linear algebra
    static constexpr int most_starts = 16;
    static constexpr double most_policies = 1024;
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

  public:
    uint32_t n_found = 1;  // pure equilibria, where all policies were tried

    Local(const Contest& c, std::vector<int32_t>& place) : c(c), N(c.n_parties), place(place) {}

    Rung settle(const uint32_t* states, int n_states) {
        gather(states, n_states);
        const Rung rung = c.exact ? exactly() : (follow(false) ? logit : unsolved);
        if (rung != unsolved) write();
        for (int x = 0; x < m; ++x) place[state[x]] = -1;
        return rung;
    }

    // From chances that are given (of a point of little noise): their support made exact, or the start of sweeps.
    Rung sharpen_given(const uint32_t* states, int n_states) {
        gather(states, n_states);
        bool good = m * m * N < 4000000 && evaluate();
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
        for (int x = 0; x < m; ++x) place[state[x]] = -1;
        return good ? supports : unsolved;
    }

  private:
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

    double slack(double more) const {
        double size = 0;
        for (double value : v) size = std::max(size, std::fabs(value));
        return more * 1e-14 * size + std::numeric_limits<double>::min();
    }

    // ---- exact choices -------------------------------------------------------------------------------------------------
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

    Standoff stage;
    std::vector<int> mover, chosen;
    std::vector<double> worth, share;

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
        std::fill(weight.begin(), weight.end(), 0.0);
        if (!evaluate()) return false;
        measure();
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

    // ---- noisy choices --------------------------------------------------------------------------------------------------
    std::vector<double> residual, chance, trial;

    double scale_of(int k, double noise) const { return std::max(c.noise[k], noise); }

    // Chances of each move of party k in x, and that of staying (returned); `log_sum` above staying.
    double choose(int x, int k, double noise, double* p, double& log_sum) const {
        const int first = start[at(x, k)], last = start[at(x, k) + 1];
        double most = v[at(x, k)];
        for (int o = first; o < last; ++o) most = std::max(most, to(option[o], k, k));
        double total = std::exp((v[at(x, k)] - most) / noise);
        const double stay = total;
        for (int o = first; o < last; ++o) total += p[o - first] = std::exp((to(option[o], k, k) - most) / noise);
        for (int o = first; o < last; ++o) p[o - first] /= total;
        log_sum = most + noise * std::log(total) - v[at(x, k)];
        return stay / total;
    }

    // Residual of the value equations, and their derivative if asked for.
    double residual_of(double noise, bool derive) {
        const int n = m * N;
        residual.resize(n);
        chance.resize(option.size() + 1);
        if (derive) matrix.clear(n);
        for (int x = 0; x < m; ++x)
            for (int i = 0; i < N; ++i) {
                residual[at(x, i)] = (c.discount[i] + leave[x]) * v[at(x, i)] - base[at(x, i)];
                if (derive) matrix.at(at(x, i), at(x, i)) += c.discount[i] + leave[x];
            }
        for (const Drift& d : drift)
            for (int i = 0; i < N; ++i) {
                residual[at(d.from, i)] -= d.rate * v[at(d.to, i)];
                if (derive) matrix.at(at(d.from, i), at(d.to, i)) -= d.rate;
            }
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k)
                if (start[at(x, k)] < start[at(x, k) + 1]) add(x, k, scale_of(k, noise), derive);
        double worst = 0;
        for (double r : residual) worst = std::max(worst, std::isfinite(r) ? std::fabs(r) : 1e300);
        return worst;
    }

    void add(int x, int k, double noise, bool derive) {
        const int first = start[at(x, k)], last = start[at(x, k) + 1];
        const double T = c.tempo[k];
        double log_sum;
        double* p = chance.data() + first;
        const double stay = choose(x, k, noise, p, log_sum);
        for (int i = 0; i < N; ++i) {
            const int r = at(x, i);
            double mean = stay * v[r], moved = 0;
            for (int o = first; o < last; ++o) mean += p[o - first] * to(option[o], i, k), moved += p[o - first];
            const bool smooth = i == k && c.surplus;
            residual[r] -= T * (smooth ? log_sum : mean - v[r]);
            if (!derive) continue;
            matrix.at(r, r) += T * moved;
            if (!smooth) matrix.at(r, at(x, k)) -= T * stay * (v[r] - mean) / noise;
            for (int o = first; o < last; ++o) {
                const int y = option[o].inside;
                if (y < 0) continue;
                matrix.at(r, at(y, i)) -= T * p[o - first];
                if (!smooth) matrix.at(r, at(y, k)) -= T * p[o - first] * (to(option[o], i, k) - mean) / noise;
            }
        }
    }

    double tiny() const {
        double size = 0;
        for (int x = 0; x < m; ++x)
            for (int i = 0; i < N; ++i) size = std::max(size, (c.discount[i] + leave[x] + c.tempo[i]) * std::fabs(v[at(x, i)]) + std::fabs(base[at(x, i)]));
        return 1e-14 * size * (N + 4) + std::numeric_limits<double>::min();
    }

    bool newton(double noise, int most_steps) {
        double now = residual_of(noise, true);
        for (int step = 0; step < most_steps; ++step) {
            if (now <= tiny()) return true;
            if (!matrix.factor()) return false;
            right = residual;
            matrix.solve(right.data(), 1);
            const std::vector<double> before = v;
            double size = 1, then = 0;
            for (;; size /= 2) {
                for (size_t a = 0; a < v.size(); ++a) v[a] = before[a] - size * right[a];
                then = residual_of(noise, size == 1);
                if (then < now || then <= tiny()) break;
                if (size < 0.01 || (step > 2 && then <= 100 * tiny())) {
                    v = before;
                    return now <= 1e4 * tiny();
                }
            }
            if (size != 1) residual_of(noise, true);
            now = then;
        }
        return now <= 1e3 * tiny();
    }

    // The logit equilibrium from much noise to little; with exact choices its support is tried on the way.
    bool follow(bool to_exact) {
        if (!to_exact) {
            begin(false);
            for (int k = 0; k < N; ++k) spread = std::max(spread, c.noise[k]);
        }
        double last = 0;  // of the noises, the smallest
        for (int k = 0; k < N; ++k) last = k && last < c.noise[k] ? last : c.noise[k];
        last = std::max(last, (to_exact ? 1e-8 : 1e-9) * spread);
        double noise = std::max(last, 4 * spread), factor = 0.25, tried = 0.05 * spread;
        if (!newton(noise, 60)) return false;
        std::vector<double> earlier, here = v;
        double earlier_noise = 0;
        for (int steps = 0; noise > last; ++steps) {
            if (steps > 150) return false;
            if (to_exact && noise < tried) {
                tried = noise / 10;
                if (sharpen(noise)) return true;
                v = here;
            }
            const double next = std::max(last, noise * factor);
            if (!earlier.empty())
                for (size_t a = 0; a < v.size(); ++a) v[a] = here[a] + (here[a] - earlier[a]) * (next - noise) / (noise - earlier_noise);
            bool good = newton(next, 12);
            if (!good) {
                v = here;
                good = newton(next, 12);
            }
            if (!good) {
                v = here;
                factor = std::sqrt(factor);
                if (factor > 0.99) return false;
                continue;
            }
            earlier = here, earlier_noise = noise, here = v, noise = next;
            factor = std::max(0.1, factor * factor * (factor > 0.7 ? 0.9 : 1.0));
        }
        if (to_exact && sharpen(noise)) return true;
        v = here;
        residual_of(noise, false);
        std::copy_n(chance.begin(), weight.size(), weight.begin());
        return !to_exact;
    }

    // ---- exact weights on a support -------------------------------------------------------------------------------------
    // used[o]: the move is in use; stays[x, k]: staying is.
    std::vector<uint8_t> used, stays;

    bool sharpen(double noise) {
        residual_of(noise, false);
        std::copy_n(chance.begin(), weight.size(), weight.begin());
        read_support(0.003);
        return pivot_to_end();
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

// Settles components from number `from` on, until one is too large or resists; returns its number (or how many there are).
inline int64_t settle_components(std::vector<Array<int64_t>> first, std::vector<Array<uint32_t>> target, std::vector<Array<double>> cost,
                                   std::vector<nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>> chance,
                                   nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu> flow, Array<double> tempo, Array<double> noise,
                                   Array<double> discount, Array<int64_t> chance_first, Array<uint32_t> chance_target, Array<double> chance_rate,
                                   nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu> value, Array<uint32_t> order, Array<int64_t> begins,
                                   nb::ndarray<uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu> rung,
                                   nb::ndarray<uint32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu> found, int64_t from, int64_t most_unknowns, int select,
                                   int focus, bool surplus, bool given) {
    Contest c{flow.shape(0), int(flow.shape(1)), {}, flow.data(), tempo.data(), noise.data(), discount.data(), chance_first, chance_target,
              chance_rate, value.data(), Select(select), focus, surplus, true, {}};
    for (int k = 0; k < c.n_parties; ++k) {
        c.party.push_back({first[k], target[k], cost[k], chance[k].data()});
        c.exact = c.exact && c.noise[k] == 0;
        int same = 0;
        while (c.discount[same] != c.discount[k]) ++same;
        c.group.push_back(same);
    }
    const int64_t n_components = int64_t(begins.shape(0)) - 1;
    int64_t at = from;
    {
        nb::gil_scoped_release unlocked;
        std::vector<int32_t> place(c.n, -1);
        Single single(c);
        Local local(c, place);
        for (; at < n_components; ++at) {
            const uint32_t* states = order.data() + begins(at);
            const int64_t size = begins(at + 1) - begins(at);
            if (given) {
                rung(at) = local.sharpen_given(states, int(size));
                at += rung(at) != unsolved;
                break;
            }
            if (size == 1 && c.exact && most_unknowns > 0) {
                found(at) = single.settle(states[0]);
                rung(at) = found(at) ? one_state : unsolved;
            } else if (size * c.n_parties <= most_unknowns) {
                rung(at) = local.settle(states, int(size));
                found(at) = local.n_found;
            }
            if (rung(at) == unsolved) break;
        }
    }
    return at;
}
