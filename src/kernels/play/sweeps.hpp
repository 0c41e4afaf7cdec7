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

// What is the same for every number of parties.
template <int B>
class Sweeps : public Backwards<B> {
    using Lanes = LanesOf<B>;
    const int n_threads;
    Row<B> apart;        // (n_fleeting, width): differences of fleeting states after a sweep
    Row<B> share, rate;  // per way out of them: its share, and per fleeting state: all their rates
    Row<B> kept, added;  // (n_fleeting,): what is left of a difference after a sweep, and months that count
    Row<B> difference_of_values, difference_of_sum, difference_at_start;  // (width,)
    std::vector<std::vector<typename Mover<B>::Scratch>> scratch;         // per thread, per party

  protected:
    using Backwards<B>::game, Backwards<B>::values;
    const bool surplus;
    const size_t n, width;
    Row<B> before, sum;
    Row<B> leaving;  // (width,): L of each party

  public:
    Sweeps(const Game<B>& game, bool surplus, int n_threads)
        : Backwards<B>(game), n_threads(n_threads), surplus(surplus), n(game.n), width(game.width), before(n * width, Unset()),
          sum(n * width, Unset()), leaving(width) {
        scratch.resize(std::max(1, n_threads));
        for (auto& mine : scratch)
            for (const auto& mover : game.movers) mine.push_back(mover.scratch());
        for (size_t j = 0; j < width; ++j) leaving[j] = game.discount[j] + game.tempos + game.most_slow;
        const size_t n_fleeting = game.numbers.fleeting.size();
        if (!n_fleeting) return;
        size_t n_ways = 0;
        for (const auto& ways : game.numbers.out_of) n_ways += ways.size();
        apart = Row<B>(n_fleeting * width), share = Row<B>(n_ways), rate = Row<B>(n_fleeting), kept = Row<B>(n_fleeting), added = Row<B>(n_fleeting);
        difference_of_values = Row<B>(width), difference_of_sum = Row<B>(width), difference_at_start = Row<B>(width);
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
            std::copy(values.data(), values.data() + n * width, before.data());
            for (const double from_start : {0.0, 0.0, 2.0 / 3, 0.0}) euler(step / 2, from_start);
        }
    }

  protected:
    // Parts of a sweep, over states first..last or blocks of party k; V: the values.
    virtual void begin(size_t first, size_t last, const Lanes* V) = 0;
    virtual void add_chances(const Lanes* V) = 0;
    virtual void add_blocks(const Mover<B>& mover, int k, size_t first, size_t last, const Lanes* V, typename Mover<B>::Scratch& my) = 0;
    virtual void move_on(size_t first, size_t last, double part, double from_start) = 0;

  private:
    // x of a fleeting state less what x is on average where it leads; `at` is where its shares begin.
    void difference(size_t f, size_t at, const Lanes* x, Lanes* to) const {
        std::copy_n(x + size_t(game.numbers.fleeting[f]) * width, width, to);
        for (auto [c, into] : game.numbers.out_of[f]) {
            for (size_t j = 0; j < width; ++j) to[j] -= share[at] * x[size_t(into) * width + j];
            ++at;
        }
    }

    // The differences after a sweep, from the values and F before it.
    void set_apart(double from_start) {
        size_t at = 0;
        Lanes *of_values = difference_of_values.data(), *of_sum = difference_of_sum.data(), *of_start = difference_at_start.data();
        for (size_t f = 0; f < game.numbers.fleeting.size(); at += game.numbers.out_of[f++].size()) {
            difference(f, at, values.data(), of_values);
            difference(f, at, sum.data(), of_sum);
            if (from_start > 0) difference(f, at, before.data(), of_start);
            for (size_t j = 0; j < width; ++j) {
                const Lanes drift = of_sum[j] - leaving[j] * of_values[j];
                const Lanes after = kept[f] * of_values[j] + added[f] * drift;
                apart[f * width + j] = from_start > 0 ? (1 - from_start) * after + from_start * of_start[j] : after;
            }
        }
    }

    // Fleeting states again, from where they lead.
    void put_together() {
        size_t at = 0;
        for (size_t f = 0; f < game.numbers.fleeting.size(); ++f) {
            Lanes* here = values.data() + size_t(game.numbers.fleeting[f]) * width;
            std::copy_n(apart.data() + f * width, width, here);
            for (auto [c, into] : game.numbers.out_of[f]) {
                for (size_t j = 0; j < width; ++j) here[j] += share[at] * values.data()[size_t(into) * width + j];
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

    // values += part * (F(values) - L values), part of a step in months: the uniformised Euler step. Then, where a share
    // of the values at the beginning of the step is asked for, the mean of both.
    void euler(double part, double from_start) {
        add_up(values.data());
        set_apart(from_start);
        in_parallel(n, 1 << 13, n_threads, [&](size_t first, size_t last, int) { move_on(first, last, part, from_start); });
        put_together();
    }
};
