// Values of the continuous-time, one-mover logit game, backwards from a horizon. See docs/theory/play.md.
//
// With L_i = discount_i + sum of tempos + largest chance rate, the values solve -V' + L V = F(V), where F holds the flow,
// chance and choices, and the part of L that a state does not use, times V. A sweep is an Euler step of V' = L V - F(V); for
// L times its length <= 1 it is a mean of values. Four of them make a Runge-Kutta step of order 3 (SSPRK(4,3): Kraaijevanger
// 1991, in the form of Ketcheson 2008). Values of J parties (padded) and B draws of a state lie side by side, so that one
// pass over a party's blocks serves all of them. Probabilities are never stored.
#pragma once
#include <cmath>
#include <cstdlib>
#include <memory>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "moves.hpp"

typedef double Two __attribute__((vector_size(16)));
typedef int64_t TwoInts __attribute__((vector_size(16)));

template <int N>
using Matrix = nb::ndarray<const double, nb::ndim<N>, nb::c_contig, nb::device::cpu>;

// e^x for x <= 0, within 1e-14 of it; 0 below -708. Reduction to |r| <= ln(2)/2 (Cody & Waite 1980), Taylor to r^11.
__attribute__((always_inline)) inline Two exponential(Two x) {
    const Two least = {-708.0, -708.0}, magic = {0x1.8p52, 0x1.8p52};
    const TwoInts kept = x > least;
    const Two at = (Two)(((TwoInts)x & kept) | ((TwoInts)least & ~kept));
    const Two shifted = at * 1.4426950408889634 + magic, k = shifted - magic;
    const Two r = (at - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    const Two r2 = r * r, r4 = r2 * r2;
    const Two p01 = 1.0 + r, p23 = 0.5 + r * (1.0 / 6), p45 = 1.0 / 24 + r * (1.0 / 120);
    const Two p67 = 1.0 / 720 + r * (1.0 / 5040), p89 = 1.0 / 40320 + r * (1.0 / 362880);
    const Two p1011 = 1.0 / 3628800 + r * (1.0 / 39916800);
    const Two sum = (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * (p89 + r2 * p1011));
    return (Two)(((TwoInts)sum + ((TwoInts)shifted << 52)) & kept);
}

inline void exponentials(double* x, size_t count) {  // room for one more is needed where count is odd
    for (size_t i = 0; i < count; i += 2) {
        Two at;
        std::memcpy(&at, x + i, sizeof at);
        at = exponential(at);
        std::memcpy(x + i, &at, sizeof at);
    }
}

// log x for normal x > 0, within 1e-15 of its size or of 1: x = 2^k m with m near 1, log m = 2 atanh((m - 1) / (m + 1)).
__attribute__((always_inline)) inline Two logarithm(Two x) {
    const TwoInts from = {0x3FE6A09E667F3BCD, 0x3FE6A09E667F3BCD}, bias = {int64_t(1023) << 52, int64_t(1023) << 52};
    typedef uint64_t TwoWords __attribute__((vector_size(16)));
    const TwoInts biased = (TwoInts)((TwoWords)((TwoInts)x - from + bias) >> 52);  // k + 1023
    const Two m = (Two)((TwoInts)x - (biased << 52) + bias);
    const Two k = (Two)(biased | (TwoInts)(Two){0x1p52, 0x1p52}) - (0x1p52 + 1023.0);
    const Two f = (m - 1.0) / (m + 1.0), f2 = f * f, f4 = f2 * f2, f8 = f4 * f4;
    const Two low = (1.0 / 3 + f2 * (1.0 / 5)) + f4 * (1.0 / 7 + f2 * (1.0 / 9));
    const Two high = (1.0 / 11 + f2 * (1.0 / 13)) + f4 * (1.0 / 15 + f2 * (1.0 / 17));
    return k * 0.6931471805599453 + (f + f) * (1.0 + f2 * (low + f8 * high));
}

inline void logarithms(double* to, const double* x, size_t count) {  // room for one more, as above
    for (size_t i = 0; i < count; i += 2) {
        Two at;
        std::memcpy(&at, x + i, sizeof at);
        at = logarithm(at);
        std::memcpy(to + i, &at, sizeof at);
    }
}

// Memory on whole cache lines; large arrays on large pages, because a party's blocks jump far.
struct Lines {
    std::unique_ptr<double, void (*)(void*)> kept{nullptr, std::free};
    size_t size = 0;
    explicit Lines(size_t size) : size(size) {
        const size_t page = size > (1u << 19) ? size_t(1) << 21 : 64, bytes = (size * sizeof(double) + page) / page * page;
        kept.reset(static_cast<double*>(std::aligned_alloc(page, bytes)));
        if (!kept) throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        if (page > 64) madvise(kept.get(), bytes, MADV_HUGEPAGE);
#endif
        std::fill(kept.get(), kept.get() + size, 0.0);
    }
    double* data() { return kept.get(); }
    const double* data() const { return kept.get(); }
};

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
        : members(m.members.data()), target(m.target.data()), block(m.block.data()), first_row(m.first_row.data()),
          row(m.row.data()), kind(m.kind.data()), complete(m.complete.data()), n_blocks(m.n_blocks()) {
        const size_t n_listed = m.target.shape(0);
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

// What one game (B draws of it) is: views on arrays (n_draws or 1, ...), of which draws first..first + B are meant.
struct Numbers {
    std::vector<Moves> moves;
    size_t n, n_parties, n_chances;
    Matrix<2> tempo, noise, discount, chance;  // (n_draws or 1, n_parties or n_chances)
    std::vector<Matrix<2>> cost;               // per party (n_draws or 1, n_listed)
    std::vector<Array<uint32_t>> source, target;

    Numbers(nb::handle moves_, nb::handle chances, Matrix<2> tempo, Matrix<2> noise, Matrix<2> discount, Matrix<2> chance,
            nb::handle costs)
        : moves(moves_of(moves_)), n(moves.at(0).n_states()), n_parties(moves.size()), n_chances(chance.shape(1)),
          tempo(tempo), noise(noise), discount(discount), chance(chance) {
        for (nb::handle c : costs) cost.push_back(nb::cast<Matrix<2>>(c));
        for (nb::handle c : chances) {
            source.push_back(nb::cast<Array<uint32_t>>(c.attr("source")));
            target.push_back(nb::cast<Array<uint32_t>>(c.attr("target")));
        }
    }

    static double at(const Matrix<2>& m, size_t draw, size_t k) {
        return m.data()[(m.shape(0) == 1 ? 0 : draw) * m.shape(1) + k];
    }
};

template <int J, int B>
struct Game {
    static constexpr int L = J * B;
    const Numbers& numbers;
    const size_t n, n_parties;
    std::vector<Mover<B>> movers;
    std::vector<double> leaving;  // (n_states, B): chance out of each state
    std::vector<double> chance;   // (n_chances, B)
    double most[B] = {}, tempos[B] = {}, discount[L];

    Game(const Numbers& numbers, size_t first, size_t n_draws) : numbers(numbers), n(numbers.n), n_parties(numbers.n_parties) {
        size_t draw[B];
        for (int d = 0; d < B; ++d) draw[d] = std::min(first + d, n_draws - 1);
        std::fill(discount, discount + L, 1.0);
        for (size_t i = 0; i < n_parties; ++i) {
            const double* costs[B];
            double tempo[B], noise[B];
            for (int d = 0; d < B; ++d) {
                const Matrix<2>& cost = numbers.cost[i];
                costs[d] = cost.data() + (cost.shape(0) == 1 ? 0 : draw[d]) * cost.shape(1);
                tempo[d] = Numbers::at(numbers.tempo, draw[d], i);
                noise[d] = Numbers::at(numbers.noise, draw[d], i);
                discount[i * B + d] = Numbers::at(numbers.discount, draw[d], i);
            }
            movers.emplace_back(numbers.moves[i], costs, tempo, noise);
            for (int d = 0; d < B; ++d) tempos[d] += movers.back().tempo[d];
        }
        for (size_t c = 0; c < numbers.n_chances; ++c)
            for (int d = 0; d < B; ++d) chance.push_back(Numbers::at(numbers.chance, draw[d], c));
        if (!numbers.n_chances) return;
        leaving.assign(n * B, 0);
        for (size_t c = 0; c < numbers.n_chances; ++c)
            for (size_t e = 0; e < numbers.source[c].shape(0); ++e)
                for (int d = 0; d < B; ++d) leaving[numbers.source[c].data()[e] * B + d] += chance[c * B + d];
        for (size_t s = 0; s < n; ++s)
            for (int d = 0; d < B; ++d) most[d] = std::max(most[d], leaving[s * B + d]);
    }
};

// Steps backwards in time. values: (n_states, J, B).
template <int J, int B>
struct Backwards {
    static constexpr int L = J * B;
    const Game<J, B>& game;
    const bool surplus;
    const int n_threads;
    const size_t n;
    Lines values, flow, before, sum;
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
    void load(Lines& to, const Matrix<3>& given, size_t first, size_t n_draws) {
        for (int d = 0; d < B; ++d) {
            const size_t draw = given.shape(0) == 1 ? 0 : std::min(first + d, n_draws - 1);
            for (size_t i = 0; i < game.n_parties; ++i) {
                const double* from = given.data() + (draw * game.n_parties + i) * n;
                for (size_t s = 0; s < n; ++s) to.data()[s * L + i * B + d] = from[s];
            }
        }
    }
};

// Calls work with the number of lanes that the parties need.
template <int B, typename Work>
void with_lanes(size_t n_parties, Work work) {
    if (n_parties <= 2) return work(std::integral_constant<int, 2>(), std::integral_constant<int, B>());
    if (n_parties <= 3 && B > 1) return work(std::integral_constant<int, 3>(), std::integral_constant<int, B>());
    if (n_parties <= 4) return work(std::integral_constant<int, 4>(), std::integral_constant<int, B>());
    if (n_parties <= 8) return work(std::integral_constant<int, 8>(), std::integral_constant<int, B>());
    if (n_parties <= 16) return work(std::integral_constant<int, 16>(), std::integral_constant<int, B>());
    return work(std::integral_constant<int, 32>(), std::integral_constant<int, B>());
}

// One game: (n_slices + 1, n_parties, n_states), time 0 first and `end` last.
inline nb::ndarray<nb::numpy, double, nb::ndim<3>> play(nb::handle moves, nb::handle chances, Matrix<3> flow, Matrix<2> tempo,
                                                        Matrix<2> noise, Matrix<2> discount, Matrix<2> chance, nb::handle cost,
                                                        Matrix<3> end, double horizon, size_t n_slices, size_t steps_each,
                                                        bool surplus, int n_threads) {
    const Numbers numbers(moves, chances, tempo, noise, discount, chance, cost);
    const size_t each = numbers.n_parties * numbers.n;
    auto* out = new double[(n_slices + 1) * each];
    nb::capsule owner(out, [](void* p) noexcept { delete[] static_cast<double*>(p); });
    {
        nb::gil_scoped_release unlocked;
        with_lanes<1>(numbers.n_parties, [&](auto lanes, auto) {
            constexpr int J = lanes;
            const Game<J, 1> game(numbers, 0, 1);
            Backwards<J, 1> run(game, surplus, numbers.n < 20000 ? 1 : n_threads);
            run.load(run.flow, flow, 0, 1);
            run.load(run.values, end, 0, 1);
            for (size_t slice = n_slices + 1; slice-- > 0;) {
                if (slice < n_slices) run.steps(steps_each, horizon / double(n_slices * steps_each));
                for (size_t i = 0; i < numbers.n_parties; ++i)
                    for (size_t s = 0; s < numbers.n; ++s) out[slice * each + i * numbers.n + s] = run.values.data()[s * J + i];
            }
        });
    }
    return nb::ndarray<nb::numpy, double, nb::ndim<3>>(out, {n_slices + 1, numbers.n_parties, numbers.n}, owner);
}
