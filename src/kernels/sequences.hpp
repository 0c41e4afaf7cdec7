// What a group of parties reaches by moves of its members, searched through its strongly connected components.
//
// Sequences: nobody moves twice in a row. Nodes "k moves next from s" lead to "k has just moved to t", and those to every
// other member's turn. Once: each member moves at most once; nodes carry the set of those who may still move.
// Tarjan's algorithm numbers the components so that a component only leads to lower ones; sums over what is reached are
// then one pass, and a search touches each component once.
#pragma once
#include "moves.hpp"

// Place of every state in its block, per party: (n_parties, n_states).
inline std::vector<std::vector<uint32_t>> places_of(const std::vector<Moves>& parties) {
    std::vector<std::vector<uint32_t>> place;
    for (const Moves& m : parties) {
        std::vector<uint32_t> mine(m.n_states);
        for (size_t b = 0; b < m.n_blocks; ++b)
            for (size_t p = 0; p < m.size(b); ++p) mine[m.states(b)[p]] = uint32_t(p);
        place.push_back(std::move(mine));
        checkpoint();
    }
    return place;
}

// Whether a legal move counts, by ranks (n_parties, n_states); best moves, which are few, are listed once for all groups.
class Counts {
    const uint32_t* rank;
    const size_t n;
    const Which which;
    std::vector<std::vector<uint32_t>> first, to;  // per party: where each state's best moves begin, and where they lead

  public:
    Counts(const std::vector<Moves>& parties, const std::vector<std::vector<uint32_t>>& place, const uint32_t* rank, Which which)
        : rank(rank), n(parties[0].n_states), which(which) {
        if (which != Which::best) return;
        Pace pace;
        for (size_t i = 0; i < parties.size(); ++i) {
            const Moves& m = parties[i];
            const uint32_t* w = rank + i * n;
            std::vector<uint32_t> begin{0}, list;
            for (uint32_t s = 0; s < n; ++s, pace.step()) {
                const uint32_t b = m.block_of[s], *states = m.states(b);
                const auto put = [&](uint32_t q) { return list.push_back(states[q]), false; };
                each_from(m, which, b, place[i][s], [&](uint32_t q) { return w[states[q]]; }, put);
                begin.push_back(uint32_t(list.size()));
            }
            first.push_back(std::move(begin)), to.push_back(std::move(list));
        }
    }

    bool operator()(int i, uint32_t s, uint32_t t) const {
        if (which == Which::any) return true;
        const uint32_t now = rank[size_t(i) * n + s], then = rank[size_t(i) * n + t];
        return then > now || (which == Which::weak && then == now);
    }

    bool listed() const { return which == Which::best; }
    bool next(int i, uint32_t s, uint32_t& k, uint32_t& t) const {
        const uint32_t at = first[i][s] + k;
        if (at == first[i][s + 1]) return false;
        return t = to[i][at], ++k, true;
    }
};

template <typename May>
struct Group {
    const std::vector<Moves>& parties;
    const std::vector<std::vector<uint32_t>>& place;
    const std::vector<int> who;
    const size_t n, m;
    const bool once;
    const May& may;  // may(party, from, to): whether a legal move can be part of it
    std::vector<uint32_t> start;  // (n_states,) component in which a search from each state begins
    std::vector<size_t> landed_at, next_at;
    std::vector<uint32_t> landed, next;  // per component: states reached in it, components it leads to

    Group(const std::vector<Moves>& parties, const std::vector<std::vector<uint32_t>>& place, std::vector<int> who, bool once, const May& may)
        : parties(parties), place(place), who(std::move(who)), n(parties[0].n_states), m(this->who.size()), once(once), may(may), start(n),
          landed_at{0}, next_at{0} {
        const size_t slots = !once ? 2 * m + 1 : m < 32 ? size_t(1) << m : SIZE_MAX / n;
        if (slots >= 0xFFFFFFFFu / n) throw std::overflow_error("too many states for a group of this size");
        connect(slots);
    }

    size_t size() const { return landed_at.size() - 1; }

    struct Frame {
        uint32_t node, slot, state, member;
        uint32_t k = 0;
        const uint32_t* states = nullptr;  // of the block of the party whose moves are gone through; none before the first
        uint32_t place = 0, last = 0;
        int32_t kind = 0;
    };

    size_t first_slot() const { return once ? (size_t(1) << m) - 1 : 2 * m; }
    bool lands(size_t slot) const { return once ? slot != first_slot() : slot >= m && slot < 2 * m; }
    Frame frame(uint32_t node) const { return {node, uint32_t(node / n), uint32_t(node % n), 0}; }

    bool move(Frame& f, int i, uint32_t& t) const {
        if constexpr (std::is_same_v<May, Counts>)
            if (may.listed()) return may.next(i, f.state, f.k, t);
        const Moves& own = parties[i];
        if (!f.states) {
            const uint32_t b = own.block_of[f.state];
            f.states = own.states(b), f.kind = own.kind[b], f.place = place[i][f.state];
            f.last = uint32_t(own.n_moves(f.kind, f.place, own.size(b)));
        }
        while (f.k < f.last) {
            t = f.states[own.leads_to(f.kind, f.place, f.k++)];
            if (may(i, f.state, t)) return true;
        }
        return false;
    }

    bool advance(Frame& f, uint32_t& to) const {
        uint32_t t;
        if (once) {
            for (; f.member < m; ++f.member, f.k = 0, f.states = nullptr) {
                if (!(f.slot >> f.member & 1)) continue;
                if (!move(f, who[f.member], t)) continue;
                to = uint32_t((f.slot ^ (uint32_t(1) << f.member)) * n + t);
                return true;
            }
            return false;
        }
        if (f.slot < m) {
            if (!move(f, who[f.slot], t)) return false;
            to = uint32_t((m + f.slot) * n + t);
            return true;
        }
        while (f.member < m) {
            const uint32_t k = f.member++;
            if (k + m == f.slot) continue;
            to = uint32_t(k * n + f.state);
            return true;
        }
        return false;
    }

    void connect(size_t slots) {
        constexpr uint32_t NEW = 0xFFFFFFFFu;
        std::vector<uint32_t> index(slots * n, NEW), low(slots * n), comp(slots * n, NEW), stack, order;
        std::vector<size_t> bound{0};
        std::vector<Frame> path;
        uint32_t count = 0;
        Pace pace;
        auto enter = [&](uint32_t node) {
            index[node] = low[node] = count++;
            stack.push_back(node);
            path.push_back(frame(node));
        };
        for (size_t s = 0; s < n; ++s) {
            const uint32_t root = uint32_t(first_slot() * n + s);
            if (index[root] == NEW) enter(root);
            while (!path.empty()) {
                pace.step();
                uint32_t to;
                const uint32_t node = path.back().node;
                if (advance(path.back(), to)) {
                    if (index[to] == NEW) enter(to);
                    else if (comp[to] == NEW) low[node] = std::min(low[node], index[to]);
                    continue;
                }
                path.pop_back();
                if (!path.empty()) low[path.back().node] = std::min(low[path.back().node], low[node]);
                if (low[node] != index[node]) continue;
                uint32_t last;
                do {
                    last = stack.back(), stack.pop_back();
                    comp[last] = uint32_t(bound.size() - 1);
                    order.push_back(last);
                } while (last != node);
                bound.push_back(order.size());
            }
            start[s] = comp[root];
        }
        gather(order, bound, comp);
    }

    void gather(const std::vector<uint32_t>& order, const std::vector<size_t>& bound, const std::vector<uint32_t>& comp) {
        std::vector<uint32_t> seen_state(n, 0), seen_comp(bound.size(), 0);
        Pace pace;
        for (uint32_t c = 0; c + 1 < bound.size(); ++c) {
            for (size_t at = bound[c]; at < bound[c + 1]; ++at, pace.step()) {
                Frame f = frame(order[at]);
                if (lands(f.slot) && seen_state[f.state] != c + 1) {
                    seen_state[f.state] = c + 1;
                    landed.push_back(f.state);
                }
                for (uint32_t to; advance(f, to);) {
                    if (comp[to] == c || seen_comp[comp[to]] == c + 1) continue;
                    seen_comp[comp[to]] = c + 1;
                    next.push_back(comp[to]);
                }
            }
            landed_at.push_back(landed.size());
            next_at.push_back(next.size());
        }
    }

    // Per component: `pick` over the keys of all states reached from it, `nothing` where none is.
    template <typename Pick>
    std::vector<uint32_t> over_reached(const uint32_t* key, uint32_t nothing, Pick pick) const {
        std::vector<uint32_t> found(size(), nothing);
        Pace pace;
        for (size_t c = 0; c < size(); ++c, pace.step()) {
            for (size_t at = landed_at[c]; at < landed_at[c + 1]; ++at) found[c] = pick(found[c], key[landed[at]]);
            for (size_t at = next_at[c]; at < next_at[c + 1]; ++at) found[c] = pick(found[c], found[next[at]]);
        }
        return found;
    }
};

// Calls visit(state, last mover's turn) for what the parties reach from `start` by legal sequences of moves that count, nearest
// first, until it is true. step(j, s, use) gives party j's moves that count. known: (n_states * n_parties) marks of this search.
template <typename Step, typename Visit>
bool walk(size_t n_parties, int without, uint32_t start, std::vector<uint32_t>& known, uint32_t mark, std::vector<uint32_t>& waiting, Step step,
          Visit visit) {
    const uint32_t turns = uint32_t(n_parties) + 1;
    waiting.assign(1, start * turns + uint32_t(n_parties));
    Pace pace;
    for (size_t at = 0; at < waiting.size(); ++at, pace.step()) {
        const uint32_t s = waiting[at] / turns, mover = waiting[at] % turns;
        for (uint32_t j = 0; j < n_parties; ++j) {
            if (int(j) == without || j == mover) continue;
            const bool found = step(j, s, [&](uint32_t t) {
                uint32_t& when = known[size_t(t) * n_parties + j];
                if (when == mark) return false;
                when = mark;
                if (visit(t)) return true;
                waiting.push_back(t * turns + j);
                return false;
            });
            if (found) return true;
        }
    }
    return false;
}
