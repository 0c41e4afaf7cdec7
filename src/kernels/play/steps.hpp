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
#include "backwards.hpp"

// Steps of a game that is J wide.
template <int J, int B>
class Steps : public Backwards<B> {
    using Lanes = LanesOf<B>;
    using Scratch = typename Mover<B>::Scratch;
    using Backwards<B>::game, Backwards<B>::values, Backwards<B>::flow;
    const bool surplus;
    const int n_threads;
    const size_t n;
    Row<B> before, sum;
    Lanes leaving[J];    // L of each party
    Row<B> apart;        // (n_fleeting, J): differences of fleeting states after a sweep
    Row<B> share, rate;  // per way out of them: its share, and per fleeting state: all their rates
    Row<B> kept, added;  // (n_fleeting,): what is left of a difference after a sweep, and months that count
    std::vector<std::vector<Scratch>> scratch;  // per thread, per party

  public:

    Steps(const Game<B>& game, bool surplus, int n_threads)
        : Backwards<B>(game), surplus(surplus), n_threads(n_threads), n(game.n), before(n * J, Unset()), sum(n * J, Unset()) {
        scratch.resize(std::max(1, n_threads));
        for (auto& mine : scratch)
            for (const auto& mover : game.movers) mine.push_back(mover.scratch());
        for (int j = 0; j < J; ++j) leaving[j] = game.discount[j] + game.tempos + game.most_slow;
        const size_t n_fleeting = game.numbers.fleeting.size();
        size_t n_ways = 0;
        for (const auto& ways : game.numbers.out_of) n_ways += ways.size();
        apart = Row<B>(n_fleeting * J), share = Row<B>(n_ways), rate = Row<B>(n_fleeting), kept = Row<B>(n_fleeting), added = Row<B>(n_fleeting);
        size_t at = 0;
        for (size_t f = 0; f < n_fleeting; ++f) {
            for (auto [c, into] : game.numbers.out_of[f]) rate[f] += game.chance[c];
            for (auto [c, into] : game.numbers.out_of[f]) share[at++] = game.chance[c] / rate[f];
        }
    }

    void steps(size_t n_steps, double step) override {
        const double* rates = rate.numbers();
        double *left = kept.numbers(), *months = added.numbers();
        for (size_t i = 0; i < game.numbers.fleeting.size() * B; ++i) left[i] = std::exp(-rates[i] * step / 2), months[i] = (1 - left[i]) / rates[i];
        for (size_t k = 0; k < n_steps; ++k) {
            std::copy(values.data(), values.data() + n * J, before.data());
            for (const double from_start : {0.0, 0.0, 2.0 / 3, 0.0}) euler(step / 2, from_start);
        }
    }

  private:
    // x of a fleeting state less what x is on average where it leads; `at` is where its shares begin.
    void difference(size_t f, size_t at, const Lanes* x, Lanes* to) const {
        std::copy_n(x + size_t(game.numbers.fleeting[f]) * J, J, to);
        for (auto [c, into] : game.numbers.out_of[f]) {
            for (int j = 0; j < J; ++j) to[j] -= share[at] * x[size_t(into) * J + j];
            ++at;
        }
    }

    // The differences after a sweep, from the values and F before it.
    void set_apart(double from_start) {
        size_t at = 0;
        for (size_t f = 0; f < game.numbers.fleeting.size(); at += game.numbers.out_of[f++].size()) {
            Lanes of_values[J], of_sum[J], of_start[J];
            difference(f, at, values.data(), of_values);
            difference(f, at, sum.data(), of_sum);
            if (from_start > 0) difference(f, at, before.data(), of_start);
            for (int j = 0; j < J; ++j) {
                const Lanes drift = of_sum[j] - leaving[j] * of_values[j];
                const Lanes after = kept[f] * of_values[j] + added[f] * drift;
                apart[f * J + j] = from_start > 0 ? (1 - from_start) * after + from_start * of_start[j] : after;
            }
        }
    }

    // Fleeting states again, from where they lead.
    void put_together() {
        size_t at = 0;
        for (size_t f = 0; f < game.numbers.fleeting.size(); ++f) {
            Lanes* here = values.data() + size_t(game.numbers.fleeting[f]) * J;
            std::copy_n(apart.data() + f * J, J, here);
            for (auto [c, into] : game.numbers.out_of[f]) {
                for (int j = 0; j < J; ++j) here[j] += share[at] * values.data()[size_t(into) * J + j];
                ++at;
            }
        }
    }

    // The right-hand side F at V, into `sum`.
    void add_up(const Lanes* V) {
        in_parallel(n, 1 << 14, n_threads, [&](size_t first, size_t last, int) { begin(first, last, V); });
        add_chances(V);
        for (size_t k = 0; k < game.movers.size(); ++k) {
            const Mover<B>& mover = game.movers[k];
            if (mover.still) continue;
            const size_t grain = std::max<size_t>(1, mover.n_blocks / (8 * std::max(1, n_threads)));
            in_parallel(mover.n_blocks, grain, n_threads, [&](size_t first, size_t last, int thread) {
                add_blocks(mover, int(k), first, last, V, scratch[thread][k]);
            });
        }
    }

    AS_WIDE_AS_MAY_BE void begin(size_t first, size_t last, const Lanes* V) {
        const Lanes *given = flow.data(), most = game.most_slow, *slow = game.slow.data();
        const bool chances = !game.leaving.empty();
        Lanes* to = sum.data();
        for (size_t s = first; s < last; ++s)
            for (int j = 0; j < J; ++j) to[s * J + j] = chances ? given[s * J + j] + (most - slow[s]) * V[s * J + j] : given[s * J + j];
    }

    AS_WIDE_AS_MAY_BE void add_chances(const Lanes* V) {
        Lanes* to = sum.data();
        for (size_t c = 0; c < game.numbers.n_chances; ++c) {
            if (game.numbers.fast[c]) continue;
            const uint32_t *from = game.numbers.source[c].data(), *into = game.numbers.target[c].data();
            const Lanes rate = game.chance[c];
            for (size_t e = 0; e < game.numbers.source[c].shape(0); ++e)
                for (int j = 0; j < J; ++j) to[size_t(from[e]) * J + j] += rate * V[size_t(into[e]) * J + j];
        }
    }

    AS_WIDE_AS_MAY_BE void add_blocks(const Mover<B>& mover, int k, size_t first, size_t last, const Lanes* V, Scratch& my) {
        for (size_t b = first; b < last;) {
            const bool shared = mover.shared(b);
            const size_t end = shared ? mover.run_end(b, last) : b + 1;
            if (shared)
                add_shared(mover, k, b, end, V, my);
            else
                add_rows(mover, k, b, V, my);
            b = end;
        }
    }

    INTO_ITS_CALLER void add_shared(const Mover<B>& mover, int k, size_t b, size_t end, const Lanes* V, Scratch& my) {
        mover.odds(b, end, V + k, J, my);
        if (surplus) mover.worth(end - b, my);
        const size_t each = mover.size(b);
        Lanes* to = sum.data();
        for (size_t g = 0; g < end - b; ++g) {
            const uint32_t* s = mover.members + mover.block[b + g];
            const Lanes *x = my.x.data() + g * each, scale = mover.tempo / my.sum[g];
            Lanes expected[J] = {};
            for (size_t p = 0; p < each; ++p)
                for (int j = 0; j < J; ++j) expected[j] += x[p] * V[size_t(s[p]) * J + j];
            for (int j = 0; j < J; ++j) expected[j] *= scale;
            if (surplus) expected[k] = mover.tempo * my.worth[g];
            for (size_t p = 0; p < each; ++p)
                for (int j = 0; j < J; ++j) to[size_t(s[p]) * J + j] += expected[j];
        }
    }

    INTO_ITS_CALLER void add_rows(const Mover<B>& mover, int k, size_t b, const Lanes* V, Scratch& my) {
        const uint32_t* s = mover.members + mover.block[b];
        const int64_t *ends = mover.row + mover.first_row[mover.kind[b]], e0 = ends[0];
        const bool pays = mover.priced && !surplus;
        Lanes *stay = my.stay.data(), *go = my.go.data(), *to = sum.data();
        mover.choose(b, V + k, J, my, stay, go);
        for (size_t p = 0; p < mover.size(b); ++p) {
            Lanes expected[J], paid = Lanes();
            for (int j = 0; j < J; ++j) expected[j] = stay[p] * V[size_t(s[p]) * J + j];
            for (int64_t e = ends[p]; e < ends[p + 1]; ++e) {
                for (int j = 0; j < J; ++j) expected[j] += go[e - e0] * V[size_t(s[mover.target[e]]) * J + j];
                if (pays) paid += go[e - e0] * mover.cost[e];
            }
            expected[k] = surplus ? my.worth[p] : expected[k] - paid;
            for (int j = 0; j < J; ++j) to[size_t(s[p]) * J + j] += mover.tempo * expected[j];
        }
    }

    // values += part * (F(values) - L values), part of a step in months: the uniformised Euler step. Then, where a share
    // of the values at the beginning of the step is asked for, the mean of both.
    void euler(double part, double from_start) {
        add_up(values.data());
        set_apart(from_start);
        in_parallel(n, 1 << 13, n_threads, [&](size_t first, size_t last, int) { move_on(first, last, part, from_start); });
        put_together();
    }

    AS_WIDE_AS_MAY_BE void move_on(size_t first, size_t last, double part, double from_start) {
        Lanes stay[J], *v = values.data(), *old = before.data(), *f = sum.data();
        for (int j = 0; j < J; ++j) stay[j] = 1 - part * leaving[j];
        for (size_t s = first; s < last; ++s)
            for (int j = 0; j < J; ++j) {
                const Lanes next = stay[j] * v[s * J + j] + part * f[s * J + j];
                v[s * J + j] = from_start > 0 ? (1 - from_start) * next + from_start * old[s * J + j] : next;
            }
    }
};
