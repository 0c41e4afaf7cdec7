// In which draws some state of each goal rests: states are looked at one by one until one does, and no further.
//
// Every concept of stability at every state is one pass over all moves (replies.hpp). Here a handful of states is enough, and
// most of those that do not rest are left at the first move that nobody answers.
#include "../rooms.hpp"
#include "../sequences.hpp"

namespace {

constexpr size_t most_kept = size_t(1) << 24;  // states, over all rankings, of which best moves are kept
constexpr size_t most_each = 4;                // best moves that are kept, to a state in the mean; parties seldom have several that are equal

// One party's best moves under one ranking, which many draws share: each state's are listed when they are first asked for.
struct BestFrom {
    int64_t party = -1;                  // whose they are: the first that has this ranking
    std::vector<uint32_t> first, to{0};  // (n_states,) where in `to` a state's begin, with their number before them; 0 where not asked for yet

    template <typename Step, typename Use>
    bool each(uint32_t s, size_t n, Step step, Use use) {
        if (first.empty()) first.assign(n, 0);
        if (!first[s]) {
            const size_t at = to.size();
            if (at > most_each * n) return step(use);
            to.push_back(0);
            step([&](uint32_t t) { return to.push_back(t), false; });
            to[at] = uint32_t(to.size() - at - 1), first[s] = uint32_t(at);
        }
        for (size_t k = first[s] + 1, end = k + to[first[s]]; k < end; ++k)
            if (use(to[k])) return true;
        return false;
    }
};

struct Resting {
    const std::vector<Moves>& parties;
    const std::vector<const uint32_t*>& rank;  // per party (n_states,)
    const Which replies;
    const bool escapes;
    const uint64_t most;  // states that may be visited in all

    struct Scratch {
        std::vector<uint32_t> known, waiting;
        std::vector<uint8_t> verdict;  // (n_states,) of this draw: 0 not looked at, 1 rests, 2 does not
        std::vector<const uint32_t*> rank;
        std::vector<BestFrom> best;  // per ranking; none where they would be too many
        std::vector<BestFrom*> best_of;  // per party; none where they are not kept
        std::vector<int64_t> likely;  // per goal the state of it that rested in the draw before
        uint32_t mark = 0;
        uint64_t visited = 0;
    };

    uint32_t worth(size_t i, uint32_t s) const { return rank[i][s]; }

    template <typename Use>
    bool step(Which which, size_t i, uint32_t s, Use use) const {
        return each_step(parties[i], which, s, [&](uint32_t t) { return worth(i, t); }, use);
    }

    template <typename Use>
    bool reply(Scratch& x, size_t j, uint32_t s, Use use) const {
        if (replies != Which::best || !x.best_of[j]) return step(replies, j, s, use);
        return x.best_of[j]->each(s, parties[j].n_states, [&](auto put) { return step(replies, j, s, put); }, use);
    }

    bool stops(size_t i, uint32_t now, uint32_t reply) const {
        if (worth(i, reply) > now) return false;
        return !escapes || !step(Which::any, i, reply, [&](uint32_t t) { return worth(i, t) > now; });
    }

    // Whether the others can answer party i's move to `there` so that it is no better off than `now`; true where the search grows too long.
    bool answered(Scratch& x, size_t i, uint32_t now, uint32_t there) const {
        if (replies == Which::none) return false;
        if (++x.mark == 0) std::fill(x.known.begin(), x.known.end(), 0), x.mark = 1;
        return walk(
            parties.size(), int(i), there, x.known, x.mark, x.waiting,
            [&](size_t j, uint32_t s, auto use) { return reply(x, j, s, use); },
            [&](uint32_t t) { return ++x.visited > most || stops(i, now, t); });
    }

    bool look(Scratch& x, uint32_t s) const {
        for (size_t i = 0; i < parties.size(); ++i) {
            const uint32_t now = worth(i, s);
            if (step(Which::any, i, s, [&](uint32_t t) { return ++x.visited, worth(i, t) > now && !answered(x, i, now, t); })) return false;
        }
        return true;
    }

    bool operator()(Scratch& x, uint32_t s) const {
        if (!x.verdict[s]) x.verdict[s] = look(x, s) ? 1 : 2;
        return x.verdict[s] == 1;
    }

    // 1 where some state of the goal rests, 0 where none does, 2 where the search grew too long. `likely` is looked at first.
    uint8_t among(Scratch& x, const std::vector<uint32_t>& goal, int64_t& likely) const {
        if (x.visited > most) return 2;
        if (likely >= 0 && (*this)(x, uint32_t(likely)) && x.visited <= most) return 1;
        Pace pace;
        for (uint32_t s : goal) {
            if (x.visited > most) return 2;
            if ((*this)(x, s) && x.visited <= most) return likely = s, 1;
            pace.step(64);
        }
        return x.visited > most ? 2 : 0;
    }
};

// rows: (n_rows, n_states); which: (n_draws, n_parties), the row of each party. Gives per draw and goal 1 where some state of it
// rests, 0 where none does, 2 where more than `most` states would have to be visited to know.
Given<uint8_t, 2> rests(nb::handle parties_, Grid<uint32_t, 2> rows, Grid<int32_t, 2> which, std::vector<Array<uint32_t>> goals, int replies, bool escapes,
                        uint64_t most, int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states, k = parties.size(), n_draws = which.shape(0), n_goals = goals.size();
    require(which.shape(1) == k && rows.shape(1) == n, "ranks and moves are of different graphs");
    require((k + 1) * n < 0xFFFFFFFFu, "too many states for so many parties");
    std::vector<std::vector<uint32_t>> wanted;
    for (const auto& goal : goals) wanted.emplace_back(goal.data(), goal.data() + goal.shape(0));
    for (const auto& goal : wanted)
        for (uint32_t s : goal) require(s < n, "a goal names a state that is not there");
    for (size_t d = 0; d < n_draws * k; ++d) require(which.data()[d] >= 0 && size_t(which.data()[d]) < rows.shape(0), "a draw names ranks that are not there");
    Result<uint8_t> out(n_draws * n_goals);
    {
        Unlocked unlocked;
        std::vector<Resting::Scratch> scratch(size_t(std::max(1, std::min(n_threads, most_threads))));
        in_parallel(n_draws, 8, n_threads, [&](size_t first, size_t last, int thread) {
            Resting::Scratch& x = scratch[thread];
            x.known.resize(n * k), x.rank.resize(k), x.best_of.resize(k, nullptr), x.likely.resize(n_goals, -1);
            if (rows.shape(0) * n <= most_kept) x.best.resize(rows.shape(0));
            for (size_t d = first; d < last; ++d) {
                for (size_t i = 0; i < k; ++i) x.rank[i] = rows.data() + size_t(which(d, i)) * n;
                for (size_t i = 0; i < k && !x.best.empty(); ++i) {
                    BestFrom& kept = x.best[size_t(which(d, i))];
                    if (kept.party < 0) kept.party = int64_t(i);
                    x.best_of[i] = kept.party == int64_t(i) ? &kept : nullptr;
                }
                x.verdict.assign(n, 0), x.visited = 0;
                const Resting here{parties, x.rank, which_of(replies), escapes, most};
                for (size_t g = 0; g < n_goals; ++g) out.data()[d * n_goals + g] = here.among(x, wanted[g], x.likely[g]);
            }
        }, true);
    }
    return out.give<2>({n_draws, n_goals});
}

}  // namespace

void open_rests(nb::module_& m) {
    m.def("rests", &rests, nb::arg("moves"), nb::arg("rows"), nb::arg("which"), nb::arg("goals"), nb::arg("replies"), nb::arg("escape"), nb::arg("most"), nb::arg("n_threads"));
}
