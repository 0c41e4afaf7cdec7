// What is still to be reached in a party's blocks of many states: moves that lead to nothing new are not followed one by one.
#pragma once
#include "../moves.hpp"

constexpr size_t wide_from = 64;  // states of a block from which on that pays

// Places of a kind of blocks that can move to the same places, their own included: with guards and one-way levers there are few such groups.
class Groups {
    static constexpr size_t most = 8;  // that are told apart; what is in none is followed move by move
    const Moves& m;
    std::vector<std::vector<uint8_t>> group;  // per kind and place; empty for complete kinds, which are one group
    std::vector<std::vector<size_t>> first;   // per kind and group, one of its places

    bool alike(int32_t kind, size_t p, size_t q) const {
        const int64_t *at = m.row + m.first_row[kind] + int64_t(p), *there = m.row + m.first_row[kind] + int64_t(q);
        if (at[1] - at[0] != there[1] - there[0]) return false;
        const auto place = [&](const int64_t* row, size_t own, size_t k) {  // the k-th of a row with its own place among them
            const int64_t e = row[0] + int64_t(k);
            if (e < row[1] && m.target[e] < own) return size_t(m.target[e]);
            return e == row[0] || m.target[e - 1] < own ? own : size_t(m.target[e - 1]);
        };
        for (size_t k = 0; k < size_t(at[1] - at[0]) + 1; ++k)
            if (place(at, p, k) != place(there, q, k)) return false;
        return true;
    }

  public:
    static constexpr uint8_t none = most;

    explicit Groups(const Moves& m) : m(m), group(m.n_kinds), first(m.n_kinds) {}

    void add(int32_t kind, size_t size) {
        if (!first[kind].empty()) return;
        if (m.complete[kind]) {
            first[kind] = {0};
            return;
        }
        group[kind].assign(size, none);
        for (size_t p = 0; p < size; ++p) {
            checkpoint();
            auto& known = first[kind];
            const auto same = std::find_if(known.begin(), known.end(), [&](size_t q) { return alike(kind, p, q); });
            if (same == known.end() && known.size() == most) continue;
            group[kind][p] = uint8_t(same - known.begin());
            if (same == known.end()) known.push_back(p);
        }
    }
    size_t n_groups(int32_t kind) const { return first[kind].size(); }
    uint8_t of(int32_t kind, size_t p) const { return group[kind].empty() ? 0 : group[kind][p]; }

    template <typename Use>
    void each_place(int32_t kind, size_t g, size_t size, Use use) const {  // those of a group, and those that it can move to
        const size_t p = first[kind][g];
        use(p);
        for (size_t k = 0, n = m.n_moves(kind, p, size); k < n; ++k) use(m.leads_to(kind, p, k));
    }
};

class Wide {
    struct Block {
        size_t first_word, first_group;
        uint32_t n_left = 0, n_open = 0, top = 0, top_open = 0;  // top: the highest rank of all states, and of those that may be entered
        int32_t layer = -1;                                      // the last one in which a state of it was followed
    };
    struct Low {  // the lowest rank from which moves of a group were followed in earlier layers, and in this one too
        uint32_t before = 0xFFFFFFFF, now = 0xFFFFFFFF;
    };
    const Moves& m;
    const Which which;
    const uint32_t* rank = nullptr;
    Groups groups;
    std::vector<uint32_t> number;  // of each block among the wide ones; none where no block is wide
    std::vector<Block> blocks;
    std::vector<Low> lows;
    std::vector<uint64_t> left;  // bits, in the order of a block's states: those that are not reached, or in the layer to come

    bool is_left(const Block& w, size_t q) const { return left[w.first_word + q / 64] >> q % 64 & 1; }

    template <typename Use>
    void each_left(const Block& w, size_t size, Use use) {
        for (size_t first = 0; first < size; first += 64)
            for (uint64_t bits = left[w.first_word + first / 64]; bits; bits &= bits - 1) use(first + size_t(__builtin_ctzll(bits)));
    }

    void take(Block& w, size_t q) { left[w.first_word + q / 64] &= ~(uint64_t(1) << q % 64), --w.n_left; }

    template <typename Enters>
    void begin(Block& w, const uint32_t* states, size_t size, Enters enters) {
        w.n_open = w.top = w.top_open = 0;
        for (size_t q = 0; q < size; ++q) {
            w.top = std::max(w.top, rank[states[q]]);
            if (!enters(states[q])) continue;
            w.top_open = std::max(w.top_open, rank[states[q]]), ++w.n_open;
            left[w.first_word + q / 64] |= uint64_t(1) << q % 64;
        }
        w.n_left = w.n_open;
    }

    void next_layer(Block& w, size_t b, const int32_t* steps, int32_t layer) {
        const uint32_t* states = m.states(b);
        if (w.n_left) each_left(w, m.size(b), [&](size_t q) {
            const int32_t known = steps[states[q]];
            if (known >= 0 && known <= layer) take(w, q);
        });
        for (size_t g = 0; g < groups.n_groups(m.kind[b]); ++g) lows[w.first_group + g].before = lows[w.first_group + g].now;
        w.layer = layer;
    }

  public:
    Wide(const Moves& m, Which which) : m(m), which(which), groups(m) {
        size_t n_words = 0, n_groups = 0;
        const bool known = which == Which::any || which == Which::paying || which == Which::best;  // other steps are followed one by one
        for (size_t b = 0; b < m.n_blocks && known; ++b) {
            if (m.size(b) < wide_from) continue;
            if (number.empty()) number.assign(m.n_blocks, 0);
            groups.add(m.kind[b], m.size(b));
            number[b] = uint32_t(blocks.size());
            blocks.push_back({n_words, n_groups});
            n_words += (m.size(b) + 63) / 64, n_groups += groups.n_groups(m.kind[b]);
        }
        left.assign(n_words, 0), lows.resize(n_groups);
    }

    void begin(const uint32_t* ranks) {  // a search of its own
        rank = ranks;
        for (Block& w : blocks) w.layer = -1;
        std::fill(left.begin(), left.end(), 0);
        std::fill(lows.begin(), lows.end(), Low());
    }

    bool has(size_t b) const { return !number.empty() && m.size(b) >= wide_from; }
    bool any() const { return !blocks.empty(); }
    const Groups& in_groups() const { return groups; }
    size_t group_of(uint32_t s) const {  // its number among those of all blocks
        const size_t b = m.block_of[s];
        return blocks[number[b]].first_group + groups.of(m.kind[b], m.place(s));
    }
    bool is_grouped(uint32_t s) const {
        const size_t b = m.block_of[s];
        return has(b) && groups.of(m.kind[b], m.place(s)) != Groups::none;
    }

    // Follows the moves of a state: use(t, p, q) for those to states of the layer to come, with the places of both, and for others perhaps;
    // gives whether there is any move. Layers come in turn; enters(t): whether a state may be entered. Where `use` is true, no other way there is told.
    template <typename Enters, typename Use>
    bool follow(uint32_t s, const int32_t* steps, Enters enters, Use use) {
        const size_t b = m.block_of[s], size = m.size(b), p = m.place(s);
        const uint32_t* states = m.states(b);
        const int32_t kind = m.kind[b];
        Block& w = blocks[number[b]];
        if (w.layer < 0) begin(w, states, size, enters);
        if (w.layer < steps[s]) next_layer(w, b, steps, steps[s]);
        if (which != Which::any && rank[s] >= (which == Which::best ? w.top : w.top_open)) return false;
        bool moved = false;
        if (which == Which::best) {
            each_from(m, which, b, p, [&](uint32_t q) { return rank[states[q]]; }, [&](uint32_t q) {
                if (enters(states[q])) moved = true, use(states[q], p, size_t(q));
                return false;
            });
            return moved;
        }
        const bool pays = which == Which::paying;
        const uint32_t now = pays ? rank[s] : 0;
        const uint8_t g = groups.of(kind, p);
        Low* low = g == Groups::none ? nullptr : &lows[w.first_group + g];
        const bool news = w.n_left && (!low || now < low->before);
        if (low) low->now = std::min(low->now, now);
        const auto tell = [&](size_t q) {
            if (use(states[q], p, q)) take(w, q);
        };
        if (m.complete[kind]) {
            if (news) each_left(w, size, [&](size_t q) {
                if (q != p && (!pays || rank[states[q]] > now)) tell(q);
            });
            return pays || w.n_open > 1;
        }
        for (size_t k = 0, n = m.n_moves(kind, p, size); k < n && (news || !moved); ++k) {
            const size_t q = m.leads_to(kind, p, k);
            const bool is_new = news && is_left(w, q);
            if ((!is_new && moved) || (pays && rank[states[q]] <= now) || !enters(states[q])) continue;
            moved = true;
            if (is_new) tell(q);
        }
        return moved;
    }
};

// Whether states wait for each other in circles is told by taking away those that nothing waits for. Where moves must pay, a state of a wide block waits for
// all of a group that can move there and rank lower: for the next lower rank among them, which waits for the one below that.
class Gates {
    static constexpr uint32_t member = 0x80000000;  // of the group; the others it can move to
    struct Gate {
        size_t at, end, n_members = 0;  // where in `sorted` those begin that wait, and how many still hold the next of them up
    };
    std::vector<Gate> gates;
    std::vector<uint32_t> sorted;
    const uint32_t* rank;

    uint32_t rank_at(size_t k) const { return rank[sorted[k] & ~member]; }
    size_t up_to_next(Gate& gate) const {  // the end of those whose rank is no higher than that of the next members, which it counts
        size_t at = gate.at;
        while (at < gate.end && !(sorted[at] & member)) ++at;
        for (const size_t next = at; at < gate.end && rank_at(at) == rank_at(next); ++at) gate.n_members += sorted[at] & member ? 1 : 0;
        return at;
    }

  public:
    Gates(const Moves& m, const Wide& wide, const uint32_t* rank, const std::vector<int32_t>& steps, std::vector<uint32_t>& waiting) : rank(rank) {
        const Groups& groups = wide.in_groups();
        for (size_t b = 0; b < m.n_blocks && wide.any(); ++b) {
            if (!wide.has(b)) continue;
            checkpoint();
            for (size_t g = 0; g < groups.n_groups(m.kind[b]); ++g) {
                Gate gate{sorted.size(), 0};
                groups.each_place(m.kind[b], g, m.size(b), [&](size_t q) {
                    const uint32_t s = m.states(b)[q];
                    if (steps[s] >= 0) sorted.push_back(s | (groups.of(m.kind[b], q) == g ? member : 0));
                });
                gate.end = sorted.size();
                std::sort(sorted.begin() + ptrdiff_t(gate.at), sorted.end(), [&](uint32_t s, uint32_t t) {
                    const uint32_t mine = rank[s & ~member], other = rank[t & ~member];
                    return mine < other || (mine == other && s > t);  // members first
                });
                gate.at = up_to_next(gate);
                for (size_t k = gate.at; k < gate.end; ++k) ++waiting[sorted[k] & ~member];
                gates.push_back(gate);
            }
        }
    }

    // One member of a group is taken away: use(t) for those that no longer wait for any of it.
    template <typename Use>
    void take(size_t number, Use use) {
        Gate& gate = gates[number];
        if (--gate.n_members) return;
        const size_t first = gate.at;
        gate.at = up_to_next(gate);
        for (size_t k = first; k < gate.at; ++k) use(sorted[k] & ~member);
    }
};
