// What is still to be reached in a party's blocks of many states: moves that lead to nothing new are not followed one by one.
#pragma once
#include "../moves.hpp"

constexpr size_t wide_from = 64;  // states of a block from which on that pays

class Wide {
    struct Block {
        size_t first_word;
        uint32_t n_left, n_open, top, top_open;  // top: the highest rank of all states, and of those that may be entered
        uint32_t low, low_now;                   // the lowest rank from which moves were followed in earlier layers, and in this one too
        int32_t layer = -1;                      // the last one in which a state of it was followed
    };
    const Moves& m;
    const Which which;
    const uint32_t* rank;
    std::vector<uint32_t> number;  // of each block among the wide ones; none where no block is wide
    std::vector<Block> blocks;
    std::vector<uint64_t> left;  // bits, in the order of a block's states: those that are not reached, or in the layer to come

    bool is_left(const Block& w, size_t q) const { return left[w.first_word + q / 64] >> q % 64 & 1; }

    template <typename Use>
    void each_left(const Block& w, size_t size, Use use) {
        for (size_t first = 0; first < size; first += 64)
            for (uint64_t bits = left[w.first_word + first / 64]; bits; bits &= bits - 1) use(first + size_t(__builtin_ctzll(bits)));
    }

    template <typename Enters>
    void begin(Block& w, const uint32_t* states, size_t size, Enters enters) {
        w.n_open = w.top = w.top_open = 0, w.low = w.low_now = 0xFFFFFFFF;
        for (size_t q = 0; q < size; ++q) {
            w.top = std::max(w.top, rank[states[q]]);
            if (!enters(states[q])) continue;
            w.top_open = std::max(w.top_open, rank[states[q]]), ++w.n_open;
            left[w.first_word + q / 64] |= uint64_t(1) << q % 64;
        }
        w.n_left = w.n_open;
    }

    void next_layer(Block& w, const uint32_t* states, size_t size, const int32_t* steps, int32_t layer) {
        if (w.n_left) each_left(w, size, [&](size_t q) {
            const int32_t known = steps[states[q]];
            if (known >= 0 && known <= layer) left[w.first_word + q / 64] &= ~(uint64_t(1) << q % 64), --w.n_left;
        });
        w.layer = layer, w.low = w.low_now;
    }

  public:
    Wide(const Moves& m, Which which, const uint32_t* rank) : m(m), which(which), rank(rank) {
        size_t n_words = 0;
        for (size_t b = 0; b < m.n_blocks; ++b) {
            if (m.size(b) < wide_from) continue;
            if (number.empty()) number.assign(m.n_blocks, 0);
            number[b] = uint32_t(blocks.size());
            blocks.push_back({n_words, 0, 0, 0, 0, 0, 0, -1});
            n_words += (m.size(b) + 63) / 64;
        }
        left.assign(n_words, 0);
    }

    bool has(size_t b) const { return !number.empty() && m.size(b) >= wide_from; }
    size_t n_blocks() const { return blocks.size(); }
    size_t number_of(size_t b) const { return number[b]; }

    // Follows the moves of a state: use(t, p, q) for those to states of the layer to come, with the places of both, and for others perhaps;
    // gives whether there is any move. Layers come in turn; enters(t): whether a state may be entered.
    template <typename Enters, typename Use>
    bool follow(uint32_t s, const int32_t* steps, Enters enters, Use use) {
        const size_t b = m.block_of[s], size = m.size(b), p = m.place(s);
        const uint32_t* states = m.states(b);
        const int32_t kind = m.kind[b];
        const uint32_t now = rank[s];
        Block& w = blocks[number[b]];
        if (w.layer < 0) begin(w, states, size, enters);
        if (w.layer < steps[s]) next_layer(w, states, size, steps, steps[s]);
        if (which != Which::any && now >= (which == Which::best ? w.top : w.top_open)) return false;
        bool moved = false;
        if (which == Which::best) {
            each_from(m, which, b, p, [&](uint32_t q) { return rank[states[q]]; }, [&](uint32_t q) {
                if (enters(states[q])) moved = true, use(states[q], p, size_t(q));
                return false;
            });
            return moved;
        }
        const bool pays = which == Which::paying;
        if (m.complete[kind]) {
            if (w.n_left && (!pays || now < w.low)) each_left(w, size, [&](size_t q) {
                if (q != p && (!pays || rank[states[q]] > now)) use(states[q], p, q);
            });
            w.low_now = std::min(w.low_now, now);
            return pays || w.n_open > size_t(enters(s));
        }
        for (size_t k = 0, n = m.n_moves(kind, p, size); k < n && (w.n_left || !moved); ++k) {
            const size_t q = m.leads_to(kind, p, k);
            const bool new_one = is_left(w, q);
            if ((!new_one && moved) || (pays && rank[states[q]] <= now) || !enters(states[q])) continue;
            moved = true;
            if (new_one) use(states[q], p, q);
        }
        return moved;
    }
};

// Whether states wait for each other in circles is told by taking away those that nothing waits for. In a wide block all of whose moves are legal a state
// waits, where moves must pay, for all that are reached and rank lower: for the class of ranks before it, which waits for the class before that.
class Gates {
    struct Gate {
        size_t at, end, n_waiting = 0;  // what is left of the block in `sorted`, behind the class that is being taken away, and how much of that is left
    };
    std::vector<Gate> gates;
    std::vector<uint32_t> sorted;
    const uint32_t* rank;

    size_t next_class(size_t at, size_t end) const {
        const size_t first = at;
        while (at < end && rank[sorted[at]] == rank[sorted[first]]) ++at;
        return at;
    }

  public:
    Gates(const Moves& m, const Wide& wide, const uint32_t* rank, const std::vector<uint32_t>& reached, std::vector<uint32_t>& waiting) : rank(rank) {
        std::vector<size_t> begins(wide.n_blocks() + 1, 0);
        const auto gated = [&](uint32_t s) { return wide.has(m.block_of[s]) && m.complete[m.kind[m.block_of[s]]]; };
        for (uint32_t s : reached)
            if (gated(s)) ++begins[wide.number_of(m.block_of[s]) + 1];
        for (size_t b = 0; b < wide.n_blocks(); ++b) begins[b + 1] += begins[b];
        sorted.resize(begins.back());
        for (size_t b = 0; b < wide.n_blocks(); ++b) gates.push_back({begins[b], begins[b]});
        for (uint32_t s : reached)
            if (gated(s)) sorted[gates[wide.number_of(m.block_of[s])].end++] = s;
        Pace pace;
        for (Gate& gate : gates) {
            pace.step(16);
            std::sort(sorted.begin() + ptrdiff_t(gate.at), sorted.begin() + ptrdiff_t(gate.end), [&](uint32_t s, uint32_t t) { return rank[s] < rank[t]; });
            const size_t first = next_class(gate.at, gate.end);
            for (size_t k = first; k < gate.end; ++k) ++waiting[sorted[k]];
            gate.n_waiting = first - gate.at, gate.at = first;
        }
    }

    // One state of a block is taken away: use(t) for those that no longer wait for a class of it.
    template <typename Use>
    void take(size_t number, Use use) {
        Gate& gate = gates[number];
        if (--gate.n_waiting) return;
        const size_t first = gate.at;
        gate.at = next_class(first, gate.end), gate.n_waiting = gate.at - first;
        for (size_t k = first; k < gate.at; ++k) use(sorted[k]);
    }
};
