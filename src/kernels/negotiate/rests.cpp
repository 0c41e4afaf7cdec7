// In which draws some state of a goal rests: states are looked at one by one until one does, and no further.
//
// Every concept of stability at every state is one pass over all moves (replies.hpp). Here a handful of states is enough, and
// most of those that do not rest are left at the first move that nobody answers.
#include "../rooms.hpp"
#include "../sequences.hpp"

namespace {

struct Resting {
    const std::vector<Moves>& parties;
    const uint32_t* rank;  // (n_parties, n_states)
    const Which replies;
    const bool escapes;
    const size_t n;
    const uint64_t most;  // states that may be visited in all

    struct Scratch {
        std::vector<uint32_t> known, waiting;
        uint32_t mark = 0;
        uint64_t visited = 0;
    };

    uint32_t worth(size_t i, uint32_t s) const { return rank[i * n + s]; }

    template <typename Use>
    bool step(Which which, size_t i, uint32_t s, Use use) const {
        return each_step(parties[i], which, s, [&](uint32_t t) { return worth(i, t); }, use);
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
            [&](size_t j, uint32_t s, auto use) { return step(replies, j, s, use); },
            [&](uint32_t t) { return ++x.visited > most || stops(i, now, t); });
    }

    bool operator()(Scratch& x, uint32_t s) const {
        for (size_t i = 0; i < parties.size(); ++i) {
            const uint32_t now = worth(i, s);
            if (step(Which::any, i, s, [&](uint32_t t) { return ++x.visited, worth(i, t) > now && !answered(x, i, now, t); })) return false;
        }
        return true;
    }

    // A state of the goal that rests, -1 if there is none, -2 where the search grew too long. `likely` is looked at first.
    int64_t among(Scratch& x, const std::vector<uint32_t>& goal, int64_t likely) const {
        x.visited = 0;
        if (likely >= 0 && (*this)(x, uint32_t(likely)) && x.visited <= most) return likely;
        Pace pace;
        for (uint32_t s : goal) {
            if (x.visited > most) return -2;
            if (int64_t(s) != likely && (*this)(x, s) && x.visited <= most) return s;
            pace.step(64);
        }
        return x.visited > most ? -2 : -1;
    }
};

// rank: (n_draws, n_parties, n_states). Gives per draw 1 where some state of the goal rests, 0 where none does, 2 where more than
// `most` states would have to be visited to know.
Given<uint8_t, 1> rests(nb::handle parties_, Grid<uint32_t, 3> rank, Array<uint32_t> goal, int replies, bool escapes, uint64_t most, int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states, k = parties.size(), n_draws = rank.shape(0);
    require(rank.shape(1) == k && rank.shape(2) == n, "ranks and moves are of different graphs");
    require((k + 1) * n < 0xFFFFFFFFu, "too many states for so many parties");
    const std::vector<uint32_t> wanted(goal.data(), goal.data() + goal.shape(0));
    for (uint32_t s : wanted) require(s < n, "the goal names a state that is not there");
    Result<uint8_t> out(n_draws);
    {
        Unlocked unlocked;
        std::vector<Resting::Scratch> scratch(size_t(std::max(1, std::min(n_threads, most_threads))));
        in_parallel(n_draws, 8, n_threads, [&](size_t first, size_t last, int thread) {
            Resting::Scratch& x = scratch[thread];
            x.known.resize(n * k);
            int64_t likely = -1;
            for (size_t d = first; d < last; ++d) {
                const Resting here{parties, rank.data() + d * k * n, which_of(replies), escapes, n, most};
                const int64_t found = here.among(x, wanted, likely);
                if (found >= 0) likely = found;
                out.data()[d] = found >= 0 ? 1 : found == -1 ? 0 : 2;
            }
        });
    }
    return out.give<1>({n_draws});
}

}  // namespace

void open_rests(nb::module_& m) {
    m.def("rests", &rests, nb::arg("moves"), nb::arg("rank"), nb::arg("goal"), nb::arg("replies"), nb::arg("escape"), nb::arg("most"), nb::arg("n_threads"));
}
