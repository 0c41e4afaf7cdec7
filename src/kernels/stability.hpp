// Stability of every state for every party, by the smallest key that the others can reach.
//
// For party i two keys per state: w_i (its rank) and M_i (the best rank among the state and i's moves from it). With
//   g_j(t) = min(key(t), min over k != j, k != i of h_k(t))        j has just moved to t
//   h_j(s) = min over moves s -> t of j of g_j(t)                  j moves next from s
// the least fixed point gives, as min over j of h_j(s1), the smallest key that the others reach from s1 by legal
// sequences. Sweeps run over the parties in turn until nothing falls. Keys of all parties sit side by side (`lanes`).
#pragma once
#include "moves.hpp"

enum class Replies { legal, single, once };

template <typename T, int LANES>
struct Solver {
    static constexpr T INF = T(~T(0));
    const std::vector<Moves>& parties;
    const T* rank;  // (n_parties, n_states)
    const size_t n;
    const int n_parties, first_focal, n_focal, n_threads;
    const bool weak;
    std::vector<T> key;                // (n_states, LANES)
    std::vector<std::vector<T>> next;  // per party (n_states, LANES): h_j

    struct Scratch {
        std::vector<T> g, w;
        std::vector<uint32_t> order;
    };
    std::vector<Scratch> scratch;

    Solver(const std::vector<Moves>& parties, const T* rank, size_t n, int first_focal, int n_focal, bool weak,
           int n_threads)
        : parties(parties), rank(rank), n(n), n_parties(int(parties.size())), first_focal(first_focal),
          n_focal(n_focal), n_threads(n_threads), weak(weak), key(n * LANES, INF), next(parties.size()),
          scratch(std::max(1, n_threads)) {
        for (int f = 0; f < n_focal; ++f) fill_keys(f);
    }

    size_t grain(const Moves& m) const { return std::max<size_t>(1, m.n_blocks() / (16 * std::max(1, n_threads))); }

    void fill_keys(int f) {
        const Moves& m = parties[first_focal + f];
        const T* w = rank + size_t(first_focal + f) * n;
        in_parallel(m.n_blocks(), grain(m), n_threads, [&](size_t first, size_t last, int) {
            for (size_t b = first; b < last; ++b) {
                const uint32_t* s = m.members.data() + m.block(b);
                const size_t size = size_t(m.block(b + 1) - m.block(b));
                const int64_t row = m.first_row(m.kind(b));
                T top = 0;
                if (m.complete(m.kind(b)))
                    for (size_t p = 0; p < size; ++p) top = std::max(top, w[s[p]]);
                for (size_t p = 0; p < size; ++p) {
                    T best = std::max(top, w[s[p]]);
                    if (!m.complete(m.kind(b)))
                        for (int64_t e = m.row(row + p); e < m.row(row + p + 1); ++e)
                            best = std::max(best, w[s[m.target(e)]]);
                    key[size_t(s[p]) * LANES + 2 * f] = w[s[p]];
                    key[size_t(s[p]) * LANES + 2 * f + 1] = best;
                }
            }
        });
    }

    static void lower(T* into, const T* by) {
        for (int l = 0; l < LANES; ++l) into[l] = std::min(into[l], by[l]);
    }

    // For one block of party j: out[p] = min of g over its moves from place p (improving: only where w rises).
    void pull_block(const Moves& m, int32_t kind, size_t size, const T* g, const T* w, bool improving,
                    std::vector<uint32_t>& order, T* out) const {
        std::fill(out, out + size * LANES, INF);
        if (m.complete(kind) && !improving) return pull_all(size, g, out);
        if (m.complete(kind) && !weak) return pull_sorted(size, g, w, order, out);
        const int64_t row = m.first_row(kind);
        for (size_t p = 0; p < size; ++p) {
            T best[LANES];
            std::fill(best, best + LANES, INF);
            for (int64_t e = m.row(row + p); e < m.row(row + p + 1); ++e) {
                const uint32_t q = m.target(e);
                if (improving) {
                    const T masked = (weak ? w[q] >= w[p] : w[q] > w[p]) ? T(0) : INF;  // a branch here mispredicts half the time
                    for (int l = 0; l < LANES; ++l) best[l] = std::min<T>(best[l], g[size_t(q) * LANES + l] | masked);
                } else {
                    lower(best, g + size_t(q) * LANES);
                }
            }
            std::copy(best, best + LANES, out + p * LANES);
        }
    }

    static void pull_all(size_t size, const T* g, T* out) {
        T least[LANES], second[LANES];
        uint32_t where[LANES] = {};
        std::fill(least, least + LANES, INF);
        std::fill(second, second + LANES, INF);
        for (size_t p = 0; p < size; ++p)
            for (int l = 0; l < LANES; ++l) {
                const T v = g[p * LANES + l];
                if (v < least[l]) {
                    second[l] = least[l], least[l] = v, where[l] = uint32_t(p);
                } else if (v < second[l]) {
                    second[l] = v;
                }
            }
        for (size_t p = 0; p < size; ++p)
            for (int l = 0; l < LANES; ++l) out[p * LANES + l] = where[l] == p ? second[l] : least[l];
    }

    static void pull_sorted(size_t size, const T* g, const T* w, std::vector<uint32_t>& order, T* out) {
        order.resize(size);
        for (size_t p = 0; p < size; ++p) order[p] = uint32_t(p);
        std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return w[a] > w[b]; });
        T above[LANES];
        std::fill(above, above + LANES, INF);
        for (size_t first = 0; first < size;) {
            size_t last = first;
            for (; last < size && w[order[last]] == w[order[first]]; ++last)
                std::copy(above, above + LANES, out + size_t(order[last]) * LANES);
            for (; first < last; ++first) lower(above, g + size_t(order[first]) * LANES);
        }
    }

    // One sweep of party j. `before`/`since`: who changed what in the sweep before and in this one. True if h_j fell.
    bool sweep(int j, bool improving, bool everywhere, const uint32_t* before, uint32_t* since, uint32_t later) {
        const Moves& m = parties[j];
        const T* w = rank + size_t(j) * n;
        std::atomic<bool> fell{false};
        const uint32_t bit = uint32_t(1) << j, earlier = bit - 1;
        const int mine = j - first_focal;
        in_parallel(m.n_blocks(), grain(m), n_threads, [&](size_t first, size_t last, int thread) {
            Scratch& my = scratch[thread];
            bool here = false;
            for (size_t b = first; b < last; ++b) {
                const uint32_t* s = m.members.data() + m.block(b);
                const size_t size = size_t(m.block(b + 1) - m.block(b));
                if (size < 2) continue;
                if (!everywhere) {
                    uint32_t changed = 0;
                    for (size_t p = 0; p < size; ++p)
                        changed |= (before[s[p]] & later) |
                                   (__atomic_load_n(&since[s[p]], __ATOMIC_RELAXED) & earlier);
                    if (!changed) continue;
                }
                my.g.resize(2 * size * LANES);
                my.w.resize(size);
                T *g = my.g.data(), *out = g + size * LANES;
                for (size_t p = 0; p < size; ++p) {
                    my.w[p] = w[s[p]];
                    std::copy_n(key.data() + size_t(s[p]) * LANES, LANES, g + p * LANES);
                    for (int k = 0; k < n_parties; ++k)
                        if (k != j) lower(g + p * LANES, next[k].data() + size_t(s[p]) * LANES);
                }
                pull_block(m, m.kind(b), size, g, my.w.data(), improving, my.order, out);
                for (size_t p = 0; p < size; ++p) {
                    T* old = next[j].data() + size_t(s[p]) * LANES;
                    T* now = out + p * LANES;
                    if (mine >= 0 && mine < n_focal) now[2 * mine] = now[2 * mine + 1] = INF;  // not its own opponent
                    if (std::memcmp(old, now, LANES * sizeof(T)) != 0) {
                        std::copy_n(now, LANES, old);
                        since[s[p]] |= bit;
                        here = true;
                    }
                }
            }
            if (here) fell = true;
        });
        return fell;
    }

    void by_legal_sequences(bool improving) {
        for (auto& h : next) h.assign(n * LANES, INF);
        std::vector<uint32_t> before(n, 0), since(n, 0);
        bool fell = true;
        for (bool first = true; fell; first = false) {
            fell = false;
            for (int j = 0; j < n_parties; ++j) {
                const uint32_t later = ~((uint32_t(1) << j) | ((uint32_t(1) << j) - 1));
                fell |= sweep(j, improving, first, before.data(), since.data(), later);
            }
            before.swap(since);
            std::fill(since.begin(), since.end(), 0);
        }
    }

    // Smallest key over one round of `from` -> moves of j; where = min(where, that), lanes of j itself left alone.
    void pull_into(int j, bool improving, const std::vector<T>& from, std::vector<T>& into) {
        const Moves& m = parties[j];
        const T* w = rank + size_t(j) * n;
        const int mine = j - first_focal;
        in_parallel(m.n_blocks(), grain(m), n_threads, [&](size_t first, size_t last, int thread) {
            Scratch& my = scratch[thread];
            for (size_t b = first; b < last; ++b) {
                const uint32_t* s = m.members.data() + m.block(b);
                const size_t size = size_t(m.block(b + 1) - m.block(b));
                my.g.resize(2 * size * LANES);
                my.w.resize(size);
                T *g = my.g.data(), *out = g + size * LANES;
                for (size_t p = 0; p < size; ++p) {
                    my.w[p] = w[s[p]];
                    std::copy_n(from.data() + size_t(s[p]) * LANES, LANES, g + p * LANES);
                }
                pull_block(m, m.kind(b), size, g, my.w.data(), improving, my.order, out);
                for (size_t p = 0; p < size; ++p) {
                    T* now = out + p * LANES;
                    if (mine >= 0 && mine < n_focal) now[2 * mine] = now[2 * mine + 1] = INF;
                    lower(into.data() + size_t(s[p]) * LANES, now);
                }
            }
        });
    }

    void by_single_moves(bool improving) {
        for (auto& h : next) h.assign(0, INF);
        next[0].assign(n * LANES, INF);
        for (int j = 0; j < n_parties; ++j) pull_into(j, improving, key, next[0]);
    }

    // Every opponent at most once, in any order: over the sets of those who may still move, small ones first.
    void by_moving_once(bool improving) {
        for (auto& h : next) h.assign(0, INF);
        std::vector<std::vector<T>> left(size_t(1) << n_parties);
        left[0].assign(n * LANES, INF);
        std::vector<T> g(n * LANES);
        for (size_t set = 1; set < left.size(); ++set) {
            left[set].assign(n * LANES, INF);
            for (int j = 0; j < n_parties; ++j) {
                if (!(set >> j & 1)) continue;
                const std::vector<T>& rest = left[set & ~(size_t(1) << j)];
                for (size_t v = 0; v < g.size(); ++v) g[v] = std::min(key[v], rest[v]);
                pull_into(j, improving, g, left[set]);
            }
        }
        next[0] = std::move(left.back());
    }

    void reach(Replies replies, bool improving) {
        if (replies == Replies::legal) by_legal_sequences(improving);
        if (replies == Replies::single) by_single_moves(improving);
        if (replies == Replies::once) by_moving_once(improving);
        for (int k = 1; k < n_parties; ++k)  // gather into next[0]: the smallest key reached at all
            if (!next[k].empty()) {
                T* into = next[0].data();
                const T* by = next[k].data();
                in_parallel(n, 1 << 16, n_threads, [&](size_t first, size_t last, int) {
                    for (size_t v = first * LANES; v < last * LANES; ++v) into[v] = std::min(into[v], by[v]);
                });
            }
    }

    // Verdicts for the focal parties: plain[f] for w keys, escape[f] for M keys, nash[f]; any may be null.
    void judge(uint8_t* const* plain, uint8_t* const* escape, uint8_t* const* nash) {
        for (int f = 0; f < n_focal; ++f) {
            const Moves& m = parties[first_focal + f];
            const T* w = rank + size_t(first_focal + f) * n;
            in_parallel(m.n_blocks(), grain(m), n_threads, [&](size_t first, size_t last, int) {
                for (size_t b = first; b < last; ++b) judge_block(m, w, f, b, plain, escape, nash);
            });
        }
    }

    void judge_block(const Moves& m, const T* w, int f, size_t b, uint8_t* const* plain, uint8_t* const* escape,
                     uint8_t* const* nash) {
        const uint32_t* s = m.members.data() + m.block(b);
        const size_t size = size_t(m.block(b + 1) - m.block(b));
        const int64_t row = m.first_row(m.kind(b));
        for (size_t p = 0; p < size; ++p) {
            bool moves = false;
            T worst = 0, worst_escape = 0;
            for (int64_t e = m.row(row + p); e < m.row(row + p + 1); ++e) {
                const uint32_t t = s[m.target(e)];
                if (w[t] <= w[s[p]]) continue;
                moves = true;
                if (!plain) continue;
                worst = std::max(worst, next[0][size_t(t) * LANES + 2 * f]);
                worst_escape = std::max(worst_escape, next[0][size_t(t) * LANES + 2 * f + 1]);
            }
            if (nash && nash[f]) nash[f][s[p]] = !moves;
            if (plain && plain[f]) plain[f][s[p]] = !moves || worst <= w[s[p]];
            if (escape && escape[f]) escape[f][s[p]] = !moves || worst_escape <= w[s[p]];
        }
    }
};

// out: (5, n_parties, n_states) for nash, gmr, smr, seq, ssr; rows not wanted are left as they are.
template <typename T, int LANES>
void solve_group(const std::vector<Moves>& parties, const T* rank, size_t n, int first_focal, int n_focal,
                 const bool* wanted, Replies replies, bool weak, int n_threads, uint8_t* out) {
    Solver<T, LANES> solver(parties, rank, n, first_focal, n_focal, weak, n_threads);
    auto rows = [&](int concept_) {
        std::vector<uint8_t*> found;
        for (int f = 0; f < n_focal; ++f)
            found.push_back(wanted[concept_] ? out + (size_t(concept_) * parties.size() + first_focal + f) * n : nullptr);
        return found;
    };
    if (wanted[0]) solver.judge(nullptr, nullptr, rows(0).data());
    for (int improving = 0; improving < 2; ++improving) {
        const int plain = improving ? 3 : 1, escape = plain + 1;
        if (!wanted[plain] && !wanted[escape]) continue;
        solver.reach(replies, improving);
        solver.judge(rows(plain).data(), rows(escape).data(), nullptr);
    }
}

template <typename T>
void solve_all(const std::vector<Moves>& parties, const T* rank, size_t n, const bool* wanted, Replies replies,
               bool weak, int n_threads, size_t most_bytes, uint8_t* out) {
    const int n_parties = int(parties.size());
    const size_t copies = replies == Replies::once ? (size_t(1) << n_parties) + 2 : size_t(n_parties) + 1;
    for (int first = 0; first < n_parties;) {
        int lanes = 16;
        while (lanes > 4 && (lanes / 2 > 2 * ((n_parties - first) > 8 ? 8 : n_parties - first) - 1 ||
                             copies * n * lanes * sizeof(T) > most_bytes))
            lanes /= 2;
        const int n_focal = std::min(lanes / 2, n_parties - first);
        if (lanes == 16) solve_group<T, 16>(parties, rank, n, first, n_focal, wanted, replies, weak, n_threads, out);
        if (lanes == 8) solve_group<T, 8>(parties, rank, n, first, n_focal, wanted, replies, weak, n_threads, out);
        if (lanes == 4) solve_group<T, 4>(parties, rank, n, first, n_focal, wanted, replies, weak, n_threads, out);
        first += n_focal;
    }
}
