// Which changes of wants make a wanted state one where the conflict rests and to which improvement leads.
//
// What states are worth to party i is given per pattern (the combination of conditions that hold in a state), so that a
// variant of its wants is one short row of ranks. A trial names a variant for every party.
#pragma once
#include "moves.hpp"

// Dense ranks of patterns when conditions count in the order given: (n_orders, n_patterns) uint16 and a digest of each row.
// bits: (n_conditions, n_patterns) of 0/1; orders: (n_orders, width), ended by −1.
inline nb::tuple order_ranks(nb::ndarray<const uint8_t, nb::ndim<2>, nb::c_contig> bits,
                             nb::ndarray<const int16_t, nb::ndim<2>, nb::c_contig> orders, int n_threads) {
    const size_t n_orders = orders.shape(0), width = orders.shape(1), n = bits.shape(1);
    std::vector<uint16_t> rank(n_orders * n);
    std::vector<uint64_t> digest(n_orders * 2);
    {
        nb::gil_scoped_release unlocked;
        in_parallel(n_orders, 64, n_threads, [&](size_t first, size_t last, int) {
            std::vector<uint8_t> seen(2 * n + 2);
            std::vector<uint16_t> fresh(2 * n + 2);
            for (size_t o = first; o < last; ++o) {
                uint16_t* r = rank.data() + o * n;
                size_t n_ranks = 1;
                for (size_t k = 0; k < width && orders(o, k) >= 0; ++k) {
                    const uint8_t* bit = bits.data() + size_t(orders(o, k)) * n;
                    std::fill(seen.begin(), seen.begin() + 2 * n_ranks, 0);
                    for (size_t p = 0; p < n; ++p) seen[2 * r[p] + bit[p]] = 1;
                    size_t next = 0;
                    for (size_t v = 0; v < 2 * n_ranks; ++v) fresh[v] = uint16_t(next), next += seen[v];
                    if (next == n_ranks) continue;  // this condition tells nothing that those before it did not
                    for (size_t p = 0; p < n; ++p) r[p] = fresh[2 * r[p] + bit[p]];
                    n_ranks = next;
                }
                uint64_t a = 0xcbf29ce484222325ull, b = 0x9e3779b97f4a7c15ull;
                for (size_t p = 0; p < n; ++p) {
                    a = (a ^ r[p]) * 0x100000001b3ull;
                    b = (b ^ (r[p] + 0x632be59bd9b4e019ull)) * 0xff51afd7ed558ccdull;
                    b ^= b >> 29;
                }
                digest[2 * o] = a, digest[2 * o + 1] = b;
            }
        });
    }
    return nb::make_tuple(hand_over(std::move(rank)), hand_over(std::move(digest)));
}

struct Trials {
    const std::vector<Moves>& parties;
    const std::vector<nb::ndarray<const uint32_t, nb::ndim<1>, nb::c_contig>>& pattern;
    const std::vector<nb::ndarray<const uint16_t, nb::ndim<2>, nb::c_contig>>& rank;
    const bool* goal;
    const bool looks, gains, escapes;  // Nash looks at nothing; SEQ and SSR only fear replies that pay; SMR and SSR escape
    const size_t n;

    struct Scratch {
        std::vector<uint32_t> seen, order, waiting;
        std::vector<uint32_t> known;  // (n_states * n_parties): visited in a search for a reply
        uint32_t stamp = 0, mark = 0;
        std::vector<const uint16_t*> row;
    };

    uint16_t worth(const Scratch& x, size_t i, uint32_t s) const { return x.row[i][pattern[i](s)]; }

    template <typename Use>
    bool any_move(size_t i, uint32_t s, Use use) const {
        const Moves& m = parties[i];
        const uint32_t b = m.block_of(s);
        const uint32_t *first = m.members.data() + m.block(b), *last = m.members.data() + m.block(b + 1);
        const int64_t row = m.first_row(m.kind(b)) + (std::lower_bound(first, last, s) - first);
        for (int64_t e = m.row(row); e < m.row(row + 1); ++e)
            if (use(first[m.target(e)])) return true;
        return false;
    }

    bool stops(const Scratch& x, size_t i, uint16_t here, uint32_t reply) const {
        if (worth(x, i, reply) > here) return false;
        return !escapes || !any_move(i, reply, [&](uint32_t t) { return worth(x, i, t) > here; });
    }

    // Whether the others can answer party i's move to `there` so that it is no better off than `here`.
    bool answered(Scratch& x, size_t i, uint16_t here, uint32_t there) const {
        const size_t k = parties.size();
        if (++x.mark == 0) std::fill(x.known.begin(), x.known.end(), 0), x.mark = 1;
        x.waiting.assign(1, there * uint32_t(k + 1) + uint32_t(k));
        for (size_t at = 0; at < x.waiting.size(); ++at) {
            const uint32_t s = x.waiting[at] / uint32_t(k + 1), mover = x.waiting[at] % uint32_t(k + 1);
            for (size_t j = 0; j < k; ++j) {
                if (j == i || j == mover) continue;
                const uint16_t before = worth(x, j, s);
                const bool found = any_move(j, s, [&](uint32_t t) {
                    if (gains && worth(x, j, t) <= before) return false;
                    uint32_t& known = x.known[size_t(t) * k + j];
                    if (known == x.mark) return false;
                    known = x.mark;
                    if (stops(x, i, here, t)) return true;
                    x.waiting.push_back(t * uint32_t(k + 1) + uint32_t(j));
                    return false;
                });
                if (found) return true;
            }
        }
        return false;
    }

    bool rests(Scratch& x, uint32_t s) const {
        for (size_t i = 0; i < parties.size(); ++i) {
            const uint16_t here = worth(x, i, s);
            if (any_move(i, s, [&](uint32_t t) { return worth(x, i, t) > here && (!looks || !answered(x, i, here, t)); }))
                return false;
        }
        return true;
    }

    // The first state of the goal, nearest to `start` by improving moves, where all rest; −1 if there is none.
    int64_t nearest(Scratch& x, uint32_t start) const {
        if (++x.stamp == 0) std::fill(x.seen.begin(), x.seen.end(), 0), x.stamp = 1;
        x.order.assign(1, start);
        x.seen[start] = x.stamp;
        for (size_t at = 0; at < x.order.size(); ++at) {
            const uint32_t s = x.order[at];
            if (goal[s] && rests(x, s)) return s;
            for (size_t i = 0; i < parties.size(); ++i) {
                const uint16_t before = worth(x, i, s);
                any_move(i, s, [&](uint32_t t) {
                    if (x.seen[t] != x.stamp && worth(x, i, t) > before) x.seen[t] = x.stamp, x.order.push_back(t);
                    return false;
                });
            }
        }
        return -1;
    }
};

// trials: (n_trials, n_parties) rows of each party's `rank`. Gives per trial the goal state found, or −1.
inline nb::ndarray<nb::numpy, int64_t, nb::ndim<1>> unlocks(
    nb::handle parties_, std::vector<nb::ndarray<const uint32_t, nb::ndim<1>, nb::c_contig>> pattern,
    std::vector<nb::ndarray<const uint16_t, nb::ndim<2>, nb::c_contig>> rank,
    nb::ndarray<const int32_t, nb::ndim<2>, nb::c_contig> trials, int64_t start, Array<bool> goal, bool looks, bool gains,
    bool escapes, int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties.at(0).n_states(), n_trials = trials.shape(0), k = parties.size();
    std::vector<int64_t> found(n_trials, -1);
    {
        nb::gil_scoped_release unlocked;
        const Trials trial{parties, pattern, rank, goal.data(), looks, gains, escapes, n};
        std::vector<Trials::Scratch> scratch(std::max(1, n_threads));
        in_parallel(n_trials, 64, n_threads, [&](size_t first, size_t last, int thread) {
            Trials::Scratch& x = scratch[thread];
            if (x.seen.empty()) x.seen.assign(n, 0), x.known.assign(n * k, 0), x.row.resize(k);
            for (size_t t = first; t < last; ++t) {
                for (size_t i = 0; i < k; ++i) x.row[i] = rank[i].data() + size_t(trials(t, i)) * rank[i].shape(1);
                found[t] = trial.nearest(x, uint32_t(start));
            }
        });
    }
    return hand_over(std::move(found));
}
