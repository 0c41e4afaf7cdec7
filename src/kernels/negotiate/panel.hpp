// Smallest keys over a party's moves, for many blocks of one kind side by side.
//
// A panel holds, for every place of a block, one cache line of keys: a column per block, or, where there are few blocks of a
// kind, one block with a column per question. Row p of the answer is the minimum over the moves from p; moves that do not
// count are masked with the largest key, because a branch would mispredict half the time.
#pragma once
#include <limits>

#include "../moves.hpp"

template <typename T>
struct Panel {
    static constexpr T INF = std::numeric_limits<T>::max();
    static constexpr size_t W = 64 / sizeof(T);
    typedef T Vec __attribute__((vector_size(16), may_alias));
    static constexpr size_t V = 4;  // vectors in a line

    static Vec least(Vec a, Vec b) { return a < b ? a : b; }
    static Vec most(Vec a, Vec b) { return a > b ? a : b; }
    static Vec* line(T* at, size_t row) { return reinterpret_cast<Vec*>(at + row * W); }
    static const Vec* line(const T* at, size_t row) { return reinterpret_cast<const Vec*>(at + row * W); }
    static Vec all(T value) { return Vec{} + value; }

    // Moves from one place that count: where they lead, and masks (0 where they count in a column).
    struct Row {
        std::vector<uint32_t> target;
        Lines<T> mask;
        bool masked = false;
        std::vector<uint8_t> n_set;
        void room(size_t size) {
            target.resize(size), n_set.resize(size);
            if (mask.size < size * W) mask = Lines<T>(size * W);
        }
    };

    // w: ranks of the mover, a panel like that of the keys.
    static void choose(const Moves& m, int32_t kind, size_t p, size_t size, Which which, const T* w, Row& row) {
        const size_t n = m.n_moves(kind, p, size);
        row.target.resize(n);
        for (size_t k = 0; k < n; ++k) row.target[k] = m.leads_to(kind, p, k);
        row.masked = which != Which::any;
        if (which == Which::best) return choose_best(m, kind, p, w, row);
        if (!row.masked) return;
        const Vec* here = line(w, p);
        for (size_t k = 0; k < n; ++k) {
            const Vec* there = line(w, row.target[k]);
            Vec* mask = line(row.mask.data(), k);
            if (which == Which::weak)
                for (size_t v = 0; v < V; ++v) mask[v] = Vec(there[v] < here[v]);
            else
                for (size_t v = 0; v < V; ++v) mask[v] = Vec(there[v] <= here[v]);
        }
    }

    // Of the moves that gain those with the highest rank; of these, column by column, those with the fewest settings.
    static void choose_best(const Moves& m, int32_t kind, size_t p, const T* w, Row& row) {
        const size_t n = row.target.size();
        const Vec* here = line(w, p);
        Vec top[V], done[V];
        for (size_t v = 0; v < V; ++v) top[v] = here[v], done[v] = all(0);
        int fewest = 255, largest = 0;
        row.n_set.resize(n);
        for (size_t k = 0; k < n; ++k) {
            const Vec* there = line(w, row.target[k]);
            for (size_t v = 0; v < V; ++v) top[v] = most(top[v], there[v]);
            const int n_set = m.n_set(kind, p, row.target[k]);
            row.n_set[k] = uint8_t(n_set);
            fewest = std::min(fewest, n_set), largest = std::max(largest, n_set);
        }
        for (int now = fewest; now <= largest; ++now) {
            Vec hit[V] = {all(0), all(0), all(0), all(0)};
            for (size_t k = 0; k < n; ++k) {
                if (row.n_set[k] != now) continue;
                const Vec* there = line(w, row.target[k]);
                Vec* mask = line(row.mask.data(), k);
                for (size_t v = 0; v < V; ++v) {
                    const Vec counts = Vec(there[v] == top[v]) & Vec(there[v] > here[v]) & ~done[v];
                    hit[v] |= counts;
                    mask[v] = ~counts;
                }
            }
            for (size_t v = 0; v < V; ++v) done[v] |= hit[v];
        }
    }

    static void smallest(const Row& row, const T* g, T* out) {
        Vec a[V] = {all(INF), all(INF), all(INF), all(INF)};
        const size_t n = row.target.size();
        if (row.masked)
            for (size_t k = 0; k < n; ++k) {
                const Vec *x = line(g, row.target[k]), *mask = line(row.mask.data(), k);
                a[0] = least(a[0], x[0] | mask[0]), a[1] = least(a[1], x[1] | mask[1]);
                a[2] = least(a[2], x[2] | mask[2]), a[3] = least(a[3], x[3] | mask[3]);
            }
        else
            for (size_t k = 0; k < n; ++k) {
                const Vec* x = line(g, row.target[k]);
                a[0] = least(a[0], x[0]), a[1] = least(a[1], x[1]), a[2] = least(a[2], x[2]), a[3] = least(a[3], x[3]);
            }
        std::copy_n(a, V, reinterpret_cast<Vec*>(out));
    }

    // As smallest(), of the largest key; where nothing counts, 0.
    static void largest(const Row& row, const T* g, T* out) {
        Vec a[V] = {all(0), all(0), all(0), all(0)};
        for (size_t k = 0; k < row.target.size(); ++k) {
            const Vec* x = line(g, row.target[k]);
            const Vec* mask = row.masked ? line(row.mask.data(), k) : a;
            for (size_t v = 0; v < V; ++v) a[v] = most(a[v], row.masked ? x[v] & ~mask[v] : x[v]);
        }
        std::copy_n(a, V, reinterpret_cast<Vec*>(out));
    }

    // Every place leads to every other: the minimum over those before a place and those after it.
    static void all_but_one(size_t size, const T* g, T* out) {
        Vec before[V] = {all(INF), all(INF), all(INF), all(INF)}, after[V] = {all(INF), all(INF), all(INF), all(INF)};
        for (size_t p = 0; p < size; ++p)
            for (size_t v = 0; v < V; ++v) line(out, p)[v] = before[v], before[v] = least(before[v], line(g, p)[v]);
        for (size_t p = size; p-- > 0;)
            for (size_t v = 0; v < V; ++v) line(out, p)[v] = least(line(out, p)[v], after[v]), after[v] = least(after[v], line(g, p)[v]);
    }

    // The same for moves that gain (or, weak, do not lose), one block: from the highest rank down, ties together.
    static void from_the_top(size_t size, const T* w, bool weak, const T* g, std::vector<uint32_t>& order, T* out) {
        order.resize(size);
        for (size_t p = 0; p < size; ++p) order[p] = uint32_t(p);
        std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return w[a * W] > w[b * W]; });
        Vec above[V] = {all(INF), all(INF), all(INF), all(INF)};
        for (size_t first = 0, last; first < size; first = last) {
            for (last = first; last < size && w[order[last] * W] == w[order[first] * W]; ++last)
                for (size_t v = 0; v < V; ++v) line(out, order[last])[v] = above[v];
            for (size_t k = first; k < last; ++k)
                for (size_t v = 0; v < V; ++v) {
                    if (weak) line(out, order[k])[v] = least(line(out, order[k])[v], above[v]);
                    above[v] = least(above[v], line(g, order[k])[v]);
                }
            if (!weak) continue;
            Vec later[V] = {all(INF), all(INF), all(INF), all(INF)};
            for (size_t k = last; k-- > first;)
                for (size_t v = 0; v < V; ++v) {
                    line(out, order[k])[v] = least(line(out, order[k])[v], later[v]);
                    later[v] = least(later[v], line(g, order[k])[v]);
                }
        }
    }
};
