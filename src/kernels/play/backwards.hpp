// Values of the continuous-time, one-mover logit game, backwards from a horizon. See docs/theory/play.md.
//
// With L_i = discount_i + sum of tempos + largest chance rate, the values solve -V' + L V = F(V), where F holds the flow,
// chance and choices, and the part of L that a state does not use, times V. A sweep is an Euler step of V' = L V - F(V); for
// L times its length <= 1 it is a mean of values. Four of them make a Runge-Kutta step of order 3 (SSPRK(4,3): Kraaijevanger
// 1991, in the form of Ketcheson 2008). Values of J parties (padded) and B draws of a state lie side by side, so that one
// pass over a party's blocks serves all of them. Probabilities are never stored.
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
    std::vector<std::vector<typename Mover<B>::Scratch>> scratch;  // per thread, per party

    Backwards(const Game<J, B>& game, bool surplus, int n_threads)
        : game(game), surplus(surplus), n_threads(n_threads), n(game.n), values(n * L), flow(n * L), before(n * L), sum(n * L) {
        scratch.resize(std::max(1, n_threads));
        for (auto& mine : scratch)
            for (const auto& mover : game.movers) mine.push_back(mover.scratch());
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
                        to[s * L + j * B + d] += (game.most[d] - game.leaving[s * B + d]) * V[s * L + j * B + d];
        });
        for (size_t c = 0; c < game.numbers.n_chances; ++c) {
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
                stay[j * B + d] = 1 - part * (game.discount[j * B + d] + game.tempos[d] + game.most[d]);
        add_up(values.data());
        const double* f = sum.data();
        double *v = values.data(), *old = before.data();
        in_parallel(n, 1 << 13, n_threads, [&](size_t first, size_t last, int) {
            for (size_t s = first; s < last; ++s)
                for (int l = 0; l < L; ++l) v[s * L + l] = stay[l] * v[s * L + l] + part * f[s * L + l];
            if (from_start > 0)
                for (size_t c = first * L; c < last * L; ++c) v[c] = (1 - from_start) * v[c] + from_start * old[c];
        });
    }

    // n_steps steps of `step` months each, from `values` to `values`; four sweeps a step.
    void steps(size_t n_steps, double step) {
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
