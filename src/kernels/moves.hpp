// One party's legal moves: states in blocks, blocks of the same kind share one list of moves. See graph/model.py.
#pragma once
#include <algorithm>

#include "arrays.hpp"
#include "watch.hpp"

// Packed settings: a field per lever with one bit to spare, so that fields can be compared all at once.
struct Fields {
    uint64_t spare = 0, ones = 0;  // the bit above every field; all bits of every field

    Fields() = default;
    explicit Fields(const Array<uint64_t>& levers) {
        for (size_t l = 0; l < levers.shape(0); ++l) ones |= levers(l), spare |= levers(l) + (levers(l) & (~levers(l) + 1));
    }
    int n_set(uint64_t from, uint64_t to) const { return __builtin_popcountll(((from ^ to) + ones) & spare); }
};

class Moves {
    struct {
        Array<uint32_t> members;
        Array<int64_t> block;
        Array<int32_t> kind;
        Array<int64_t> first_row, row;
        Array<uint32_t> target;
        Array<bool> complete;
        Array<uint32_t> block_of;
        Array<uint64_t> own;
    } kept;
    Fields fields;

  public:
    size_t n_states, n_blocks, n_kinds, n_rows, n_listed;
    const uint32_t* members;
    const int64_t *block, *first_row, *row;
    const int32_t* kind;
    const uint32_t *target, *block_of;
    const bool* complete;
    const uint64_t* own;  // none where moves are listed by hand

    explicit Moves(nb::handle m);

    size_t size(size_t b) const { return size_t(block[b + 1] - block[b]); }
    const uint32_t* states(size_t b) const { return members + block[b]; }
    size_t place(uint32_t s) const {
        const uint32_t* first = states(block_of[s]);
        return size_t(std::lower_bound(first, first + size(block_of[s]), s) - first);
    }

    // Moves from a place of a block of one kind: how many, and where the k-th leads; a complete kind may be without a list.
    size_t n_moves(int32_t k, size_t p, size_t size) const {
        const int64_t r = first_row[k] + int64_t(p);
        return complete[k] ? size - 1 : size_t(row[r + 1] - row[r]);
    }
    uint32_t leads_to(int32_t k, size_t p, size_t n) const {
        return complete[k] ? uint32_t(n + (n >= p)) : target[row[first_row[k] + int64_t(p)] + int64_t(n)];
    }
    bool is_listed(int32_t k, size_t size) const {  // whether a kind of blocks of this size has its moves in `target`
        return !complete[k] || size < 2 || row[first_row[k] + 1] > row[first_row[k]];
    }
    int n_set(int32_t k, size_t p, size_t q) const {
        return own ? fields.n_set(own[first_row[k] + int64_t(p)], own[first_row[k] + int64_t(q)]) : 1;
    }
    bool any() const;  // whether there is a move at all
    void require_listed() const;
};

// The moves of every party of one graph.
std::vector<Moves> moves_of(nb::handle parties);

// Which of a party's legal moves count. In words: kernels.py.
enum class Which { none, any, weak, paying, best };
Which which_of(int number);

// Calls use(q) for those of a party's moves from place p of block b that count, worth(q) being what a place is worth; true as soon as `use` is.
template <typename Worth, typename Use>
bool each_from(const Moves& m, Which which, size_t b, size_t p, Worth worth, Use use) {
    if (which == Which::none) return false;
    const int32_t kind = m.kind[b];
    const size_t n = m.n_moves(kind, p, m.size(b));
    if (which == Which::any) {
        for (size_t k = 0; k < n; ++k)
            if (use(m.leads_to(kind, p, k))) return true;
        return false;
    }
    const auto now = worth(uint32_t(p));
    if (which != Which::best) {
        for (size_t k = 0; k < n; ++k) {
            const uint32_t q = m.leads_to(kind, p, k);
            const auto then = worth(q);
            if ((then > now || (which == Which::weak && then == now)) && use(q)) return true;
        }
        return false;
    }
    auto top = now;
    int fewest = 0;
    for (size_t k = 0; k < n; ++k) {
        const uint32_t q = m.leads_to(kind, p, k);
        const auto then = worth(q);
        if (then <= now || then < top) continue;
        const int n_set = m.n_set(kind, p, q);
        fewest = then > top ? n_set : std::min(fewest, n_set);
        top = then;
    }
    for (size_t k = 0; k < n && top > now; ++k) {
        const uint32_t q = m.leads_to(kind, p, k);
        if (worth(q) == top && m.n_set(kind, p, q) == fewest && use(q)) return true;
    }
    return false;
}

// The same from a state to states.
template <typename Worth, typename Use>
bool each_step(const Moves& m, Which which, uint32_t s, Worth worth, Use use) {
    if (which == Which::none) return false;
    const uint32_t b = m.block_of[s];
    const uint32_t* states = m.states(b);
    return each_from(m, which, b, m.place(s), [&](uint32_t q) { return worth(states[q]); }, [&](uint32_t q) { return use(states[q]); });
}
