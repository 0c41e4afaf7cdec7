// Sweeps over the values of J parties: what takes the time, compiled for every J.
#pragma once
#include "sweeps.hpp"

// Sweeps of a game that is J wide.
template <int J, int B>
class Steps : public Sweeps<B> {
    using Lanes = LanesOf<B>;
    using Scratch = typename Mover<B>::Scratch;
    using Sweeps<B>::game, Sweeps<B>::values, Sweeps<B>::flow, Sweeps<B>::sum, Sweeps<B>::before, Sweeps<B>::leaving, Sweeps<B>::surplus;

  public:
    using Sweeps<B>::Sweeps;

  private:
    // What is virtual cannot be compiled for several processors, so it only calls what is.
    void begin(size_t first, size_t last, const Lanes* V) override { begin_wide(first, last, V); }
    void add_chances(const Lanes* V) override { add_chances_wide(V); }
    void add_blocks(const Mover<B>& mover, int k, size_t first, size_t last, const Lanes* V, Scratch& my) override {
        add_blocks_wide(mover, k, first, last, V, my);
    }
    void move_on(size_t first, size_t last, double part, double from_start) override { move_on_wide(first, last, part, from_start); }

    AS_WIDE_AS_MAY_BE void begin_wide(size_t first, size_t last, const Lanes* V) {
        const Lanes *given = flow.data(), most = game.most_slow, *slow = game.slow.data();
        const bool chances = !game.leaving.empty();
        Lanes* to = sum.data();
        for (size_t s = first; s < last; ++s)
            for (int j = 0; j < J; ++j) to[s * J + j] = chances ? given[s * J + j] + (most - slow[s]) * V[s * J + j] : given[s * J + j];
    }

    AS_WIDE_AS_MAY_BE void add_chances_wide(const Lanes* V) {
        Lanes* to = sum.data();
        for (size_t c = 0; c < game.numbers.n_chances; ++c) {
            if (game.numbers.fast[c]) continue;
            const uint32_t *from = game.numbers.source[c].data(), *into = game.numbers.target[c].data();
            const Lanes rate = game.chance[c];
            for (size_t e = 0; e < game.numbers.source[c].shape(0); ++e)
                for (int j = 0; j < J; ++j) to[size_t(from[e]) * J + j] += rate * V[size_t(into[e]) * J + j];
        }
    }

    AS_WIDE_AS_MAY_BE void add_blocks_wide(const Mover<B>& mover, int k, size_t first, size_t last, const Lanes* V, Scratch& my) {
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

    AS_WIDE_AS_MAY_BE void move_on_wide(size_t first, size_t last, double part, double from_start) {
        Lanes stay[J], *v = values.data(), *old = before.data(), *f = sum.data();
        for (int j = 0; j < J; ++j) stay[j] = 1 - part * leaving[j];
        for (size_t s = first; s < last; ++s)
            for (int j = 0; j < J; ++j) {
                const Lanes next = stay[j] * v[s * J + j] + part * f[s * J + j];
                v[s * J + j] = from_start > 0 ? (1 - from_start) * next + from_start * old[s * J + j] : next;
            }
    }
};
