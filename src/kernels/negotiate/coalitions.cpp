// Which coalitions can upset a state: some state that its members reach together is better for each of them, and no reply
// of the others leaves one of them no better off.
//
// With lo_m(t) the least that member m gets where the others may lead from t, "t is better and nothing stops it" is
// min(w_m(t), lo_m(t)) > w_m(s) for every m: one search for a key that is above in every coordinate. Where the coalition
// may answer back (SMR, SSR), m alone can make at most M_m of a reply; the same search with M_m finds what surely stops
// a move, and only the moves left over are examined reply by reply.
#include <map>

#include "../rooms.hpp"
#include "../sequences.hpp"

namespace {

// Maximal elements per component of a key with one coordinate per member, and bounds to leave components out by.
struct Heights {
    std::vector<std::vector<uint32_t>> key;   // per member (n_states,)
    std::vector<std::vector<uint32_t>> best;  // per member (n_components,): most that is reached
    std::vector<size_t> at;
    std::vector<uint32_t> top;  // per component: states landed on that no other one is at least as high as everywhere

    bool above(uint32_t t, const std::vector<uint32_t>& floor) const {
        for (size_t m = 0; m < key.size(); ++m)
            if (key[m][t] <= floor[m]) return false;
        return true;
    }

    bool hopeless(uint32_t c, const std::vector<uint32_t>& floor) const {
        for (size_t m = 0; m < key.size(); ++m)
            if (best[m][c] <= floor[m]) return true;
        return false;
    }

    void prepare(const Group<Counts>& own) {
        for (const auto& k : key)
            best.push_back(own.over_reached(k.data(), 0, [](uint32_t a, uint32_t b) { return std::max(a, b); }));
        at.assign(1, 0);
        std::vector<uint32_t> here;
        for (size_t c = 0; c < own.size(); ++c) {
            here.assign(own.landed.begin() + own.landed_at[c], own.landed.begin() + own.landed_at[c + 1]);
            if (here.size() > 4) maximal(here);
            top.insert(top.end(), here.begin(), here.end());
            at.push_back(top.size());
        }
    }

    void maximal(std::vector<uint32_t>& states) const {
        auto sum = [&](uint32_t s) {
            uint64_t total = 0;
            for (const auto& k : key) total += k[s];
            return total;
        };
        std::vector<std::pair<uint64_t, uint32_t>> order;
        for (uint32_t s : states) order.emplace_back(~sum(s), s);
        std::sort(order.begin(), order.end());
        states.clear();
        for (const auto& [_, s] : order) {
            bool covered = false;
            for (size_t k = 0; k < states.size() && !covered; ++k) {
                covered = true;
                for (size_t m = 0; m < key.size() && covered; ++m) covered = key[m][states[k]] >= key[m][s];
            }
            if (!covered) states.push_back(s);
        }
    }
};

// Those of some parties that can move anywhere: the others add nothing to what is reached, only nodes to look at.
std::vector<int> moving(const std::vector<Moves>& parties, std::vector<int> who) {
    who.erase(std::remove_if(who.begin(), who.end(), [&](int i) { return parties[i].n_blocks == parties[i].n_states; }), who.end());
    return who;
}

// The parties of a mask.
std::vector<int> members(uint64_t mask, size_t n_parties) {
    std::vector<int> who;
    for (int i = 0; i < int(n_parties); ++i)
        if (mask >> i & 1) who.push_back(i);
    return who;
}

struct Coalition {
    static constexpr uint32_t INF = 0xFFFFFFFFu;
    const uint32_t* rank;
    const size_t n;
    const std::vector<int>& in;
    const Group<Counts>& own;  // what they reach
    Heights worth;             // what a state is worth to each member
    std::vector<uint64_t> stamp;
    uint64_t search = 0;
    std::vector<uint32_t> stack, floor;

    Coalition(const uint32_t* rank, const std::vector<int>& in, const Group<Counts>& own)
        : rank(rank), n(own.n), in(in), own(own), stamp(own.size(), 0), floor(in.size()) {
        for (int i : in) worth.key.emplace_back(rank + i * n, rank + (i + 1) * n);
        worth.prepare(own);
    }

    // A state reached from component c whose key is above the floor everywhere; INF if there is none.
    uint32_t find(uint32_t c, const Heights& heights) {
        ++search;
        stack.assign(1, c);
        stamp[c] = search;
        while (!stack.empty()) {
            const uint32_t here = stack.back();
            stack.pop_back();
            if (heights.hopeless(here, floor)) continue;
            for (size_t k = heights.at[here]; k < heights.at[here + 1]; ++k)
                if (heights.above(heights.top[k], floor)) return heights.top[k];
            for (size_t k = own.next_at[here]; k < own.next_at[here + 1]; ++k)
                if (stamp[own.next[k]] != search) stamp[own.next[k]] = search, stack.push_back(own.next[k]);
        }
        return INF;
    }

    void look_from(uint32_t s) {
        for (size_t m = 0; m < in.size(); ++m) floor[m] = rank[in[m] * n + s];
    }

    void nash(int32_t* found) {
        Pace pace;
        for (uint32_t s = 0; s < n; ++s, pace.step(64)) {
            look_from(s);
            found[s] = int32_t(find(own.start[s], worth));
        }
    }

    // Keys lowered to the least that each member gets after the replies; `escaping` starts from the best it can make.
    Heights after(const Group<Counts>& others, bool escaping) const {
        Heights lowered;
        for (size_t m = 0; m < in.size(); ++m) {
            std::vector<uint32_t> made = worth.key[m];
            if (escaping)
                for (size_t s = 0; s < n; ++s) made[s] = std::max(made[s], worth.best[m][own.start[s]]);
            const auto least = others.over_reached(made.data(), INF, [](uint32_t a, uint32_t b) { return std::min(a, b); });
            made = worth.key[m];
            for (size_t s = 0; s < n; ++s) made[s] = std::min(made[s], least[others.start[s]]);
            lowered.key.push_back(std::move(made));
        }
        lowered.prepare(own);
        return lowered;
    }

    void foreseeing(const Group<Counts>& others, bool escape, int32_t* found) {
        const Heights plain = after(others, false);
        const Heights escaping = escape ? after(others, true) : Heights{};
        Answers replies(*this, others);
        Pace pace;
        for (uint32_t s = 0; s < n; ++s, pace.step(64)) {
            look_from(s);
            uint32_t end = find(own.start[s], plain);
            if (escape && end == INF) {
                end = find(own.start[s], escaping);
                if (end != INF && in.size() > 1) end = replies.unanswered(s, escaping);
            }
            found[s] = int32_t(end);
        }
    }

    // The replies to one state's moves, one by one.
    struct Answers {
        Coalition& c;
        const Group<Counts>& others;
        std::vector<std::vector<uint32_t>> least;  // per member, per component of the others: worst that is reached
        std::vector<uint64_t> clean, known, walked;
        std::vector<uint8_t> escapes;
        std::vector<uint32_t> ways, walk, touched;
        uint64_t turn = 0;

        Answers(Coalition& c, const Group<Counts>& others)
            : c(c), others(others), clean(others.size(), 0), known(c.n, 0), walked(c.own.size(), 0), escapes(c.n, 0) {
            for (const auto& key : c.worth.key)
                least.push_back(others.over_reached(key.data(), INF, [](uint32_t a, uint32_t b) { return std::min(a, b); }));
        }

        // A state better for all that no reply stops, looked for among everything the coalition reaches.
        uint32_t unanswered(uint32_t s, const Heights& escaping) {
            ++turn;
            walk.assign(1, c.own.start[s]);
            walked[walk[0]] = turn;
            while (!walk.empty()) {
                const uint32_t here = walk.back();
                walk.pop_back();
                if (escaping.hopeless(here, c.floor)) continue;
                for (size_t k = c.own.landed_at[here]; k < c.own.landed_at[here + 1]; ++k) {
                    const uint32_t t = c.own.landed[k];
                    if (escaping.above(t, c.floor) && !stopped(t)) return t;
                }
                for (size_t k = c.own.next_at[here]; k < c.own.next_at[here + 1]; ++k) {
                    const uint32_t there = c.own.next[k];
                    if (walked[there] != turn) walked[there] = turn, walk.push_back(there);
                }
            }
            return INF;
        }

        bool stopped(uint32_t t) {
            touched.clear();
            auto touch = [&](uint32_t comp) {
                if (clean[comp] == turn) return;
                clean[comp] = turn;
                touched.push_back(comp);
                ways.push_back(comp);
            };
            ways.clear();
            touch(others.start[t]);
            while (!ways.empty()) {
                const uint32_t here = ways.back();
                ways.pop_back();
                if (harmless(here)) continue;
                for (size_t k = others.landed_at[here]; k < others.landed_at[here + 1]; ++k) {
                    if (escaped(others.landed[k])) continue;
                    for (uint32_t comp : touched) clean[comp] = 0;  // what leads here is not clean
                    return true;
                }
                for (size_t k = others.next_at[here]; k < others.next_at[here + 1]; ++k) touch(others.next[k]);
            }
            return false;
        }

        bool harmless(uint32_t comp) const {
            for (size_t m = 0; m < least.size(); ++m)
                if (least[m][comp] <= c.floor[m]) return false;
            return true;
        }

        bool escaped(uint32_t x) {
            if (known[x] != turn) {
                known[x] = turn;
                escapes[x] = c.worth.above(x, c.floor) || c.find(c.own.start[x], c.worth) != INF;
            }
            return escapes[x];
        }
    };
};

// Whether all states are worth the same to a party: then nothing is better for every member of its coalitions.
bool indifferent(const uint32_t* rank, size_t n) {
    return std::all_of(rank, rank + n, [&](uint32_t each) { return each == rank[0]; });
}

// masks: (n_coalitions,) bit i: party i is a member. replies: which moves of the others are feared.
// -> (n_coalitions, n_states) a state that the coalition can move to and that nothing stops, -1 where there is none.
Given<int32_t, 2> upset_by(nb::handle parties_, Grid<uint32_t, 2> rank, Array<uint64_t> masks, int replies, bool escape, bool once, int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states, n_coalitions = masks.shape(0), n_parties = parties.size();
    const Which which = which_of(replies);
    require(rank.shape(0) == n_parties && rank.shape(1) == n, "ranks and moves are of different graphs");
    require(n_parties <= 64, "coalitions are for up to 64 parties");
    for (size_t k = 0; k < n_coalitions; ++k)
        require(masks(k) && (n_parties == 64 || masks(k) >> n_parties == 0), "a coalition must have members, all of them parties");
    Result<int32_t> found(n_coalitions * n);
    {
        Unlocked unlocked;
        const auto place = places_of(parties);
        const Counts any(parties, place, rank.data(), Which::any), feared(parties, place, rank.data(), which);
        // Coalitions of which the same members can move reach the same, and the same others answer: that is worked out once for all of them.
        std::map<std::vector<int>, std::vector<size_t>> alike;
        for (size_t k = 0; k < n_coalitions; ++k) {
            const std::vector<int> in = members(masks(k), n_parties);
            if (std::any_of(in.begin(), in.end(), [&](int i) { return indifferent(rank.data() + i * n, n); })) std::fill_n(found.data() + k * n, n, -1);
            else alike[moving(parties, in)].push_back(k);
        }
        std::vector<std::vector<size_t>> groups;
        for (auto& each : alike) groups.push_back(std::move(each.second));
        in_parallel(groups.size(), 1, n_threads, [&](size_t first, size_t last, int) {
            for (size_t g = first; g < last; ++g) {
                const uint64_t one = masks(groups[g][0]);
                const Group<Counts> own(parties, place, moving(parties, members(one, n_parties)), once, any);
                const Group<Counts> others(parties, place, which == Which::none ? std::vector<int>() : moving(parties, members(~one, n_parties)), false, feared);
                for (size_t k : groups[g]) {
                    const std::vector<int> in = members(masks(k), n_parties);
                    Coalition coalition(rank.data(), in, own);
                    if (which == Which::none || in.size() == n_parties) coalition.nash(found.data() + k * n);
                    else coalition.foreseeing(others, escape, found.data() + k * n);
                }
            }
        }, true);
    }
    return found.give<2>({n_coalitions, n});
}

}  // namespace

void open_coalitions(nb::module_& m) {
    m.def("upset_by", &upset_by, nb::arg("moves"), nb::arg("rank"), nb::arg("masks"), nb::arg("replies"), nb::arg("escape"), nb::arg("once"), nb::arg("n_threads"));
}
