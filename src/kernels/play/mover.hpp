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
    const uint32_t *members, *target;
    const int64_t *block, *first_row, *row;
    const int32_t* kind;
    const bool* complete;
    size_t n_blocks, widest = 1, most_listed = 0;
    bool still = true, priced = false, exact = false;
    double tempo[B], noise[B], inverse[B];
    std::vector<double> cost, weight;  // (n_listed, B): cost and e^(-cost / noise); empty where moves are free

    struct Scratch {
        std::vector<double> x, top, sum, worth, prob;
        std::vector<uint8_t> done;
    };

    Mover(const Moves& m, const double* const* costs, const double* tempo_, const double* noise_)
        : members(m.members), target(m.target), block(m.block), first_row(m.first_row), row(m.row), kind(m.kind), complete(m.complete),
          n_blocks(m.n_blocks) {
        const size_t n_listed = m.n_listed;
        for (size_t b = 0; b < n_blocks; ++b) {
            widest = std::max(widest, size(b));
            most_listed = std::max(most_listed, n_listed_of(b));
        }
        still = widest < 2 || n_listed == 0;
        for (int d = 0; d < B; ++d) {
            tempo[d] = still ? 0.0 : tempo_[d];
            noise[d] = noise_[d];
            inverse[d] = noise_[d] > 0 ? 1 / noise_[d] : 0;
            exact |= noise_[d] <= 0;
            for (size_t e = 0; e < n_listed; ++e) priced |= costs[d][e] != 0;
        }
        if (!priced) return;
        cost.resize(n_listed * B), weight.resize(n_listed * B);
        for (size_t e = 0; e < n_listed; ++e)
            for (int d = 0; d < B; ++d) {
                cost[e * B + d] = costs[d][e];
                weight[e * B + d] = std::exp(-costs[d][e] * inverse[d]);
                exact |= !(weight[e * B + d] < 1e100);
            }
    }

    size_t size(size_t b) const { return size_t(block[b + 1] - block[b]); }
    int64_t first_listed(size_t b) const { return row[first_row[kind[b]]]; }
    size_t n_listed_of(size_t b) const { return size_t(row[first_row[kind[b]] + int64_t(size(b))] - first_listed(b)); }
    bool shared(size_t b) const { return !priced && !exact && complete[kind[b]]; }  // same odds from every place
    Scratch scratch() const {
        const size_t run = std::max<size_t>(64, widest) * B + 2;
        return {std::vector<double>(run), std::vector<double>(run), std::vector<double>(run, 1.0), std::vector<double>(run),
                std::vector<double>((widest + most_listed) * B + 2), std::vector<uint8_t>(widest)};
    }

    // The end of a run of neighbouring blocks of one kind from b: exponentials come cheaper in runs.
    size_t run_end(size_t b, size_t last) const {
        size_t end = b + 1;
        while (end < last && (end - b + 1) * size(b) <= 64 && kind[end] == kind[b]) ++end;
        return end;
    }

    // x = e^((v - top) / noise) for the states of blocks b..end of one kind, top = largest v of the block, sum = their sum.
    // v of state s in draw d is V[s * stride + d].
    void odds(size_t b, size_t end, const double* V, size_t stride, Scratch& my) const {
        const size_t each = size(b), count = (end - b) * each;
        const uint32_t* s = members + block[b];
        double* x = my.x.data();
        for (size_t i = 0; i < count; ++i)
            for (int d = 0; d < B; ++d) x[i * B + d] = V[size_t(s[i]) * stride + d];
        for (size_t g = 0; g < end - b; ++g) {
            double* here = x + g * each * B;
            double top[B];
            for (int d = 0; d < B; ++d) top[d] = here[d];
            for (size_t p = 1; p < each; ++p)
                for (int d = 0; d < B; ++d) top[d] = here[p * B + d] > top[d] ? here[p * B + d] : top[d];
            for (size_t p = 0; p < each; ++p)
                for (int d = 0; d < B; ++d) here[p * B + d] = (here[p * B + d] - top[d]) * inverse[d];
            for (int d = 0; d < B; ++d) my.top[g * B + d] = top[d];
        }
        exponentials(x, count * B);
        for (size_t g = 0; g < end - b; ++g) {
            const double* here = x + g * each * B;
            double sum[B] = {};
            for (size_t p = 0; p < each; ++p)
                for (int d = 0; d < B; ++d) sum[d] += here[p * B + d];
            for (int d = 0; d < B; ++d) my.sum[g * B + d] = sum[d];
        }
    }

    // What the chance to move is worth in each block of a run, into my.worth: noise * log of the sum of odds.
    void worth(size_t n_blocks_here, Scratch& my) const {
        logarithms(my.worth.data(), my.sum.data(), n_blocks_here * B);
        for (size_t g = 0; g < n_blocks_here; ++g)
            for (int d = 0; d < B; ++d) my.worth[g * B + d] = my.top[g * B + d] + noise[d] * my.worth[g * B + d];
    }

    // One block where odds differ from place to place: stay (size, B), go (n_listed_of, B), and what the chance to move is
    // worth, into my.worth (size, B). Places too far below the block's best, or without noise, are done one by one.
    void choose(size_t b, const double* V, size_t stride, Scratch& my, double* stay, double* go) const {
        const size_t each = size(b);
        const int64_t at = first_row[kind[b]], e0 = row[at];
        if (!exact) odds(b, b + 1, V, stride, my);
        for (size_t p = 0; p < each; ++p) my.done[p] = !exact && choose_row(p, at, e0, my, stay, go);
        if (!exact) {
            logarithms(my.worth.data(), my.sum.data(), each * B);
            for (size_t p = 0; p < each; ++p)
                for (int d = 0; d < B; ++d) my.worth[p * B + d] = my.top[d] + noise[d] * my.worth[p * B + d];
        }
        for (size_t p = 0; p < each; ++p)
            if (!my.done[p])
                for (int d = 0; d < B; ++d) exact_row(members + block[b], p, at, e0, V, stride, d, stay, go, my.worth.data());
    }

    static const double* ones() {
        static const std::vector<double> kept(B, 1.0);
        return kept.data();
    }

    bool choose_row(size_t p, int64_t at, int64_t e0, Scratch& my, double* stay, double* go) const {
        double sum[B], least = 1;
        for (int d = 0; d < B; ++d) sum[d] = my.x[p * B + d];
        for (int64_t e = row[at + int64_t(p)]; e < row[at + int64_t(p) + 1]; ++e) {
            const double *__restrict odd = my.x.data() + size_t(target[e]) * B, *__restrict by = priced ? &weight[size_t(e) * B] : ones();
            double* __restrict to = go + (e - e0) * B;
            for (int d = 0; d < B; ++d) sum[d] += to[d] = odd[d] * by[d];
        }
        for (int d = 0; d < B; ++d) least = sum[d] < least ? sum[d] : least;
        if (least < 1e-280) return false;
        for (int d = 0; d < B; ++d) my.sum[p * B + d] = sum[d];
        for (int d = 0; d < B; ++d) sum[d] = 1 / sum[d];
        for (int d = 0; d < B; ++d) stay[p * B + d] = my.x[p * B + d] * sum[d];
        for (int64_t e = row[at + int64_t(p)]; e < row[at + int64_t(p) + 1]; ++e)
            for (int d = 0; d < B; ++d) go[(e - e0) * B + d] *= sum[d];
        return true;
    }

    // One place, one draw, with its own largest option; at noise 0 a party that loses nothing by it stays, and others
    // share out equally among the best.
    void exact_row(const uint32_t* s, size_t p, int64_t at, int64_t e0, const double* V, size_t stride, int d,
                   double* stay, double* go, double* worth) const {
        const double here = V[size_t(s[p]) * stride + d];
        auto option = [&](int64_t e) { return V[size_t(s[target[e]]) * stride + d] - (priced ? cost[e * B + d] : 0.0); };
        double best = here, sum = 0;
        for (int64_t e = row[at + p]; e < row[at + p + 1]; ++e) best = std::max(best, option(e));
        const double near = best - 1e-9 * (1 + std::fabs(best));
        const bool sharp = noise[d] <= 0, stays = sharp && here >= near;
        auto odd = [&](double v) { return sharp ? double(!stays && v >= near) : std::exp((v - best) * inverse[d]); };
        sum = stay[p * B + d] = stays ? 1.0 : odd(here);
        for (int64_t e = row[at + p]; e < row[at + p + 1]; ++e) sum += go[(e - e0) * B + d] = odd(option(e));
        for (int64_t e = row[at + p]; e < row[at + p + 1]; ++e) go[(e - e0) * B + d] /= sum;
        stay[p * B + d] /= sum;
        worth[p * B + d] = best + (sharp ? 0.0 : noise[d] * std::log(sum));
    }
};
