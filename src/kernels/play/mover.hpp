// How one party chooses among its moves and staying: logit choice, or at noise 0 the best.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "../moves.hpp"
#include "exponentials.hpp"

// How one party chooses, for B draws side by side. cost: per draw (n_listed,), beside Moves.target.
template <int B>
struct Mover {
    using Lanes = LanesOf<B>;
    const uint32_t *members, *target;
    const int64_t *block, *first_row, *row;
    const int32_t* kind;
    const bool* complete;
    size_t n_blocks, widest = 1, most_listed = 0;
    bool still = true, priced = false, exact = false;
    Lanes tempo, noise, inverse;
    Row<B> cost, weight;  // (n_listed,): cost and e^(-cost / noise); empty where moves are free

    struct Scratch {
        Row<B> x, top, sum, worth, stay, go;
        std::vector<uint8_t> done;
    };

    Mover(const Moves& m, const double* const* costs, const Lanes& tempo_, const Lanes& noise_)
        : members(m.members), target(m.target), block(m.block), first_row(m.first_row), row(m.row), kind(m.kind), complete(m.complete),
          n_blocks(m.n_blocks), noise(noise_) {
        const size_t n_listed = m.n_listed;
        for (size_t b = 0; b < n_blocks; ++b) {
            widest = std::max(widest, size(b));
            most_listed = std::max(most_listed, n_listed_of(b));
        }
        still = widest < 2 || n_listed == 0;
        tempo = still ? Lanes() : tempo_;
        const double* noises = numbers_in<B>(&noise);
        double* inverses = numbers_in<B>(&inverse);
        for (int d = 0; d < B; ++d) {
            inverses[d] = noises[d] > 0 ? 1 / noises[d] : 0;
            exact |= noises[d] <= 0;
            for (size_t e = 0; e < n_listed; ++e) priced |= costs[d][e] != 0;
        }
        if (!priced) return;
        cost = Row<B>(n_listed), weight = Row<B>(n_listed);
        double *own_cost = cost.numbers(), *own_weight = weight.numbers();
        for (size_t e = 0; e < n_listed; ++e)
            for (int d = 0; d < B; ++d) {
                own_cost[e * B + d] = costs[d][e];
                own_weight[e * B + d] = std::exp(-costs[d][e] * inverses[d]);
                exact |= !(own_weight[e * B + d] < 1e100);
            }
    }

    size_t size(size_t b) const { return size_t(block[b + 1] - block[b]); }
    int64_t first_listed(size_t b) const { return row[first_row[kind[b]]]; }
    size_t n_listed_of(size_t b) const { return size_t(row[first_row[kind[b]] + int64_t(size(b))] - first_listed(b)); }
    bool shared(size_t b) const { return !priced && !exact && complete[kind[b]]; }  // same odds from every place
    Scratch scratch() const {
        const size_t run = std::max<size_t>(64, widest);
        return {Row<B>(run), Row<B>(run), Row<B>(run, 1), Row<B>(run), Row<B>(widest), Row<B>(most_listed), std::vector<uint8_t>(widest)};
    }

    // The end of a run of neighbouring blocks of one kind from b: exponentials come cheaper in runs.
    size_t run_end(size_t b, size_t last) const {
        size_t end = b + 1;
        while (end < last && (end - b + 1) * size(b) <= 64 && kind[end] == kind[b]) ++end;
        return end;
    }

    // x = e^((v - top) / noise) for the states of blocks b..end of one kind, top = largest v of the block, sum = their sum.
    // v of state s is V[s * stride].
    AS_WIDE_AS_MAY_BE void odds(size_t b, size_t end, const Lanes* V, size_t stride, Scratch& my) const {
        const size_t each = size(b);
        const uint32_t* s = members + block[b];
        Lanes *x = my.x.data(), *largest = my.top.data(), *sums = my.sum.data();
        for (size_t g = 0; g < end - b; ++g) {
            Lanes top = V[size_t(s[g * each]) * stride];
            for (size_t p = 1; p < each; ++p) raise_to(top, V[size_t(s[g * each + p]) * stride]);
            for (size_t p = 0; p < each; ++p) x[g * each + p] = (V[size_t(s[g * each + p]) * stride] - top) * inverse;
            largest[g] = top;
        }
        exponentials<B>(x, (end - b) * each);
        for (size_t g = 0; g < end - b; ++g) {
            Lanes sum = Lanes();
            for (size_t p = 0; p < each; ++p) sum += x[g * each + p];
            sums[g] = sum;
        }
    }

    // What the chance to move is worth in each block of a run, into my.worth: noise * log of the sum of odds.
    AS_WIDE_AS_MAY_BE void worth(size_t n_blocks_here, Scratch& my) const {
        Lanes *worth = my.worth.data(), *top = my.top.data();
        logarithms<B>(worth, my.sum.data(), n_blocks_here);
        for (size_t g = 0; g < n_blocks_here; ++g) worth[g] = top[g] + noise * worth[g];
    }

    // One block where odds differ from place to place: stay (size,), go (n_listed_of,), and what the chance to move is worth,
    // into my.worth (size,). Places too far below the block's best, or without noise, are done one by one.
    void choose(size_t b, const Lanes* V, size_t stride, Scratch& my, Lanes* stay, Lanes* go) const {
        const size_t each = size(b);
        if (exact) {
            std::fill_n(my.done.begin(), each, uint8_t(0));
        } else {
            odds(b, b + 1, V, stride, my);
            choose_rows(b, my, stay, go);
        }
        const double* numbers = numbers_in<B>(V);
        for (size_t p = 0; p < each; ++p)
            if (!my.done[p])
                for (int d = 0; d < B; ++d)
                    exact_row(members + block[b], p, first_row[kind[b]], first_listed(b), numbers + d, stride * B, d, numbers_in<B>(stay),
                              numbers_in<B>(go), my.worth.numbers());
    }

    AS_WIDE_AS_MAY_BE void choose_rows(size_t b, Scratch& my, Lanes* stay, Lanes* go) const {
        const size_t each = size(b);
        const int64_t *ends = row + first_row[kind[b]], e0 = ends[0];
        const Lanes *odd = my.x.data(), *price = priced ? weight.data() : nullptr, top = my.top[0];
        Lanes *sums = my.sum.data(), *worth = my.worth.data();
        for (size_t p = 0; p < each; ++p) {
            Lanes sum = odd[p];
            for (int64_t e = ends[p]; e < ends[p + 1]; ++e) sum += go[e - e0] = price ? odd[target[e]] * price[e] : odd[target[e]];
            my.done[p] = least_of(sum) >= 1e-280;
            if (!my.done[p]) continue;
            sums[p] = sum;
            const Lanes share = 1 / sum;
            stay[p] = odd[p] * share;
            for (int64_t e = ends[p]; e < ends[p + 1]; ++e) go[e - e0] *= share;
        }
        logarithms<B>(worth, sums, each);
        for (size_t p = 0; p < each; ++p) worth[p] = top + noise * worth[p];
    }

    // One place, one draw, with its own largest option; at noise 0 a party that loses nothing by it stays, and others
    // share out equally among the best. v of state s is V[s * stride].
    void exact_row(const uint32_t* s, size_t p, int64_t at, int64_t e0, const double* V, size_t stride, int d,
                   double* stay, double* go, double* worth) const {
        const double *costs = cost.numbers(), own_noise = numbers_in<B>(&noise)[d], own_inverse = numbers_in<B>(&inverse)[d];
        const double here = V[size_t(s[p]) * stride];
        auto option = [&](int64_t e) { return V[size_t(s[target[e]]) * stride] - (priced ? costs[e * B + d] : 0.0); };
        double best = here, sum = 0;
        for (int64_t e = row[at + p]; e < row[at + p + 1]; ++e) best = std::max(best, option(e));
        const double near = best - 1e-9 * (1 + std::fabs(best));
        const bool sharp = own_noise <= 0, stays = sharp && here >= near;
        auto odd = [&](double v) { return sharp ? double(!stays && v >= near) : std::exp((v - best) * own_inverse); };
        sum = stay[p * B + d] = stays ? 1.0 : odd(here);
        for (int64_t e = row[at + p]; e < row[at + p + 1]; ++e) sum += go[(e - e0) * B + d] = odd(option(e));
        for (int64_t e = row[at + p]; e < row[at + p + 1]; ++e) go[(e - e0) * B + d] /= sum;
        stay[p * B + d] /= sum;
        worth[p * B + d] = best + (sharp ? 0.0 : own_noise * std::log(sum));
    }
};
