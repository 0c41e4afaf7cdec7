// Values of the continuous-time, one-mover logit game, backwards from a horizon. See docs/theory/play.md.
//
// With L_i = discount_i + sum of tempos + largest chance rate, the values solve -V' + L V = F(V), where F holds the flow,
// chance and choices, and the part of L that a state does not use, times V. A sweep is an Euler step of V' = L V - F(V); for
// L times its length <= 1 it is a mean of values. Four of them make a Runge-Kutta step of order 3 (SSPRK(4,3): Kraaijevanger
// 1991, in the form of Ketcheson 2008). Values of J parties (padded) and B draws of a state lie side by side, so that one
// pass over a party's blocks serves all of them. Probabilities are never stored.
//
// Fast events are left out of L and F. Of a state that they leave at rate r the difference to where they lead, D, is carried
// instead: D' = -r D + (F - L V here less the same there), by exponential Euler, which is right for what stays as it is.
#pragma once
#include "game.hpp"

// Steps backwards in time. values: (n_states, J, B).
template <int J, int B>
struct Backwards {
    static constexpr int L = J * B;
    const Game<J, B>& game;
    const bool surplus;
    const int n_threads;
    const size_t n;
    Lines<double> values, flow, before, sum;
    std::vector<double> apart;        // (n_fleeting, J, B): differences of fleeting states after a sweep
    std::vector<double> share, rate;  // per way out of them (B): its share, and per fleeting state (B): all their rates
    std::vector<double> kept, added;  // (n_fleeting, B): what is left of a difference after a sweep, and months that count
    std::vector<std::vector<typename Mover<B>::Scratch>> scratch;  // per thread, per party

    Backwards(const Game<J, B>& game, bool surplus, int n_threads)
        : game(game), surplus(surplus), n_threads(n_threads), n(game.n), values(n * L), flow(n * L), before(n * L), sum(n * L) {
        scratch.resize(std::max(1, n_threads));
        for (auto& mine : scratch)
            for (const auto& mover : game.movers) mine.push_back(mover.scratch());
        const size_t n_fleeting = game.numbers.fleeting.size();
        apart.resize(n_fleeting * L), rate.assign(n_fleeting * B, 0), kept.resize(n_fleeting * B), added.resize(n_fleeting * B);
        for (size_t f = 0; f < n_fleeting; ++f) {
            for (auto [c, into] : game.numbers.out_of[f])
                for (int d = 0; d < B; ++d) rate[f * B + d] += game.chance[c * B + d];
            for (auto [c, into] : game.numbers.out_of[f])
                for (int d = 0; d < B; ++d) share.push_back(game.chance[c * B + d] / rate[f * B + d]);
        }
    }

    // x of a fleeting state less what x is on average where it leads; `at` is where its shares begin.
    void difference(size_t f, size_t at, const double* x, double* to) const {
        std::copy_n(x + size_t(game.numbers.fleeting[f]) * L, L, to);
        for (auto [c, into] : game.numbers.out_of[f]) {
            for (int j = 0; j < J; ++j)
                for (int d = 0; d < B; ++d) to[j * B + d] -= share[at * B + d] * x[size_t(into) * L + j * B + d];
            ++at;
        }
    }

    // The differences after a sweep, from the values and F before it.
    void set_apart(double from_start) {
        size_t at = 0;
        for (size_t f = 0; f < game.numbers.fleeting.size(); at += game.numbers.out_of[f++].size()) {
            double of_values[L], of_sum[L], of_start[L];
            difference(f, at, values.data(), of_values);
            difference(f, at, sum.data(), of_sum);
            if (from_start > 0) difference(f, at, before.data(), of_start);
            for (int j = 0; j < J; ++j)
                for (int d = 0; d < B; ++d) {
                    const int l = j * B + d;
                    const double drift = of_sum[l] - (game.discount[l] + game.tempos[d] + game.most_slow[d]) * of_values[l];
                    const double after = kept[f * B + d] * of_values[l] + added[f * B + d] * drift;
                    apart[f * L + l] = from_start > 0 ? (1 - from_start) * after + from_start * of_start[l] : after;
                }
        }
    }

    // Fleeting states again, from where they lead.
    void put_together() {
        size_t at = 0;
        for (size_t f = 0; f < game.numbers.fleeting.size(); ++f) {
            double* here = values.data() + size_t(game.numbers.fleeting[f]) * L;
            std::copy_n(apart.data() + f * L, L, here);
            for (auto [c, into] : game.numbers.out_of[f]) {
                for (int j = 0; j < J; ++j)
                    for (int d = 0; d < B; ++d) here[j * B + d] += share[at * B + d] * values.data()[size_t(into) * L + j * B + d];
                ++at;
            }
        }
    }

    // The right-hand side F at V, into `sum`.
    void add_up(const double* V) {
        double* to = sum.data();
        const bool chances = !game.leaving.empty();
        in_parallel(n, 1 << 14, n_threads, [&](size_t first, size_t last, int) {
            std::copy(flow.data() + first * L, flow.data() + last * L, to + first * L);
            if (!chances) return;
            for (size_t s = first; s < last; ++s)
                for (int j = 0; j < J; ++j)
                    for (int d = 0; d < B; ++d)
                        to[s * L + j * B + d] += (game.most_slow[d] - game.slow[s * B + d]) * V[s * L + j * B + d];
        });
        for (size_t c = 0; c < game.numbers.n_chances; ++c) {
            if (game.numbers.fast[c]) continue;
            const uint32_t *from = game.numbers.source[c].data(), *into = game.numbers.target[c].data();
            const double* rate = game.chance.data() + c * B;
            for (size_t e = 0; e < game.numbers.source[c].shape(0); ++e)
                for (int j = 0; j < J; ++j)
                    for (int d = 0; d < B; ++d) to[size_t(from[e]) * L + j * B + d] += rate[d] * V[size_t(into[e]) * L + j * B + d];
        }
        for (size_t k = 0; k < game.movers.size(); ++k) {
            const Mover<B>& mover = game.movers[k];
            if (mover.still) continue;
            const size_t grain = std::max<size_t>(1, mover.n_blocks / (8 * std::max(1, n_threads)));
            in_parallel(mover.n_blocks, grain, n_threads, [&](size_t first, size_t last, int thread) {
                for (size_t b = first; b < last;) {
                    if (mover.shared(b)) {
                        const size_t end = mover.run_end(b, last);
                        add_shared(mover, int(k), b, end, V, scratch[thread][k]);
                        b = end;
                    } else {
                        add_rows(mover, int(k), b++, V, scratch[thread][k]);
                    }
                }
            });
        }
    }

    void add_shared(const Mover<B>& mover, int k, size_t b, size_t end, const double* V, typename Mover<B>::Scratch& my) {
        mover.odds(b, end, V + k * B, L, my);
        if (surplus) mover.worth(end - b, my);
        const size_t each = mover.size(b);
        double* to = sum.data();
        for (size_t g = 0; g < end - b; ++g) {
            const uint32_t* s = mover.members + mover.block[b + g];
            const double* x = my.x.data() + g * each * B;
            double expected[L] = {}, scale[B];
            for (size_t p = 0; p < each; ++p) {
                const double* v = V + size_t(s[p]) * L;
                for (int j = 0; j < J; ++j)
                    for (int d = 0; d < B; ++d) expected[j * B + d] += x[p * B + d] * v[j * B + d];
            }
            for (int d = 0; d < B; ++d) scale[d] = mover.tempo[d] / my.sum[g * B + d];
            for (int j = 0; j < J; ++j)
                for (int d = 0; d < B; ++d) expected[j * B + d] *= scale[d];
            if (surplus)
                for (int d = 0; d < B; ++d) expected[k * B + d] = mover.tempo[d] * my.worth[g * B + d];
            for (size_t p = 0; p < each; ++p) {
                double* into = to + size_t(s[p]) * L;
                for (int l = 0; l < L; ++l) into[l] += expected[l];
            }
        }
    }

    void add_rows(const Mover<B>& mover, int k, size_t b, const double* V, typename Mover<B>::Scratch& my) {
        const size_t each = mover.size(b);
        const uint32_t* s = mover.members + mover.block[b];
        const int64_t at = mover.first_row[mover.kind[b]], e0 = mover.row[at];
        double *stay = my.prob.data(), *go = stay + each * B;
        mover.choose(b, V + k * B, L, my, stay, go);
        for (size_t p = 0; p < each; ++p) {
            double expected[L], paid[B] = {};
            const double* v = V + size_t(s[p]) * L;
            for (int j = 0; j < J; ++j)
                for (int d = 0; d < B; ++d) expected[j * B + d] = stay[p * B + d] * v[j * B + d];
            for (int64_t e = mover.row[at + p]; e < mover.row[at + p + 1]; ++e) {
                const double *w = V + size_t(s[mover.target[e]]) * L, *odd = go + (e - e0) * B;
                for (int j = 0; j < J; ++j)
                    for (int d = 0; d < B; ++d) expected[j * B + d] += odd[d] * w[j * B + d];
                if (mover.priced && !surplus)
                    for (int d = 0; d < B; ++d) paid[d] += odd[d] * mover.cost[e * B + d];
            }
            for (int d = 0; d < B; ++d) {
                double& own = expected[k * B + d];
                own = surplus ? my.worth[p * B + d] : own - paid[d];
            }
            double* into = sum.data() + size_t(s[p]) * L;
            for (int j = 0; j < J; ++j)
                for (int d = 0; d < B; ++d) into[j * B + d] += mover.tempo[d] * expected[j * B + d];
        }
    }

    // values += part * (F(values) - L values), part of a step in months: the uniformised Euler step. Then, where a share
    // of the values at the beginning of the step is asked for, the mean of both.
    void euler(double part, double from_start) {
        double stay[L];
        for (int j = 0; j < J; ++j)
            for (int d = 0; d < B; ++d)
                stay[j * B + d] = 1 - part * (game.discount[j * B + d] + game.tempos[d] + game.most_slow[d]);
        add_up(values.data());
        set_apart(from_start);
        const double* f = sum.data();
        double *v = values.data(), *old = before.data();
        in_parallel(n, 1 << 13, n_threads, [&](size_t first, size_t last, int) {
            for (size_t s = first; s < last; ++s)
                for (int l = 0; l < L; ++l) v[s * L + l] = stay[l] * v[s * L + l] + part * f[s * L + l];
            if (from_start > 0)
                for (size_t c = first * L; c < last * L; ++c) v[c] = (1 - from_start) * v[c] + from_start * old[c];
        });
        put_together();
    }

    // n_steps steps of `step` months each, from `values` to `values`; four sweeps a step.
    void steps(size_t n_steps, double step) {
        for (size_t i = 0; i < rate.size(); ++i) kept[i] = std::exp(-rate[i] * step / 2), added[i] = (1 - kept[i]) / rate[i];
        for (size_t k = 0; k < n_steps; ++k) {
            std::copy(values.data(), values.data() + n * L, before.data());
            for (const double from_start : {0.0, 0.0, 2.0 / 3, 0.0}) euler(step / 2, from_start);
        }
    }

    // given: (n_draws or 1, n_parties, n_states)
    void load(Lines<double>& to, const Matrix<3>& given, size_t first, size_t n_draws) {
        for (int d = 0; d < B; ++d) {
            const size_t draw = given.shape(0) == 1 ? 0 : std::min(first + d, n_draws - 1);
            for (size_t i = 0; i < game.n_parties; ++i) {
                const double* from = given.data() + (draw * game.n_parties + i) * n;
                for (size_t s = 0; s < n; ++s) to.data()[s * L + i * B + d] = from[s];
            }
        }
    }
};
