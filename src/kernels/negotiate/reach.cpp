// What is reached from one state, nearest first, and whether one can go round in circles.
#include "../moves.hpp"
#include "../rooms.hpp"

namespace {

// Breadth first from `start`: steps (-1 where not reached), who made the last move, and from where. Of equally short ways
// the one that sets the fewest levers in all. open: (n_states,) states that may be entered, or empty for all.
nb::tuple reach(nb::handle parties_, Grid<uint32_t, 2> rank, int64_t start, int by, Array<bool> open, Array<bool> may_move) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states;
    const Which which = which_of(by);
    require(rank.shape(0) == parties.size() && rank.shape(1) == n, "ranks and moves are of different graphs");
    require(start >= 0 && size_t(start) < n, "the start is not a state");
    require(open.shape(0) == 0 || open.shape(0) == n, "`open` must have one entry per state, or none");
    require(may_move.shape(0) == parties.size(), "`may_move` must have one entry per party");
    std::vector<int32_t> steps(n, -1);
    std::vector<int16_t> mover(n, -1);
    std::vector<uint32_t> before(n, 0);
    std::vector<uint8_t> rests(n, 0);
    bool circles = false;
    {
        Unlocked unlocked;
        Pace pace;
        auto each = [&](uint32_t s, auto use) {
            pace.step(256);
            for (size_t i = 0; i < parties.size(); ++i) {
                if (!may_move(i)) continue;
                const uint32_t* worth = rank.data() + i * n;
                each_step(parties[i], which, s, [&](uint32_t t) { return worth[t]; }, [&](uint32_t t) {
                    if (!open.shape(0) || open(t)) use(t, i);
                    return false;
                });
            }
        };
        auto n_set = [&](size_t i, uint32_t s, uint32_t t) {
            const Moves& m = parties[i];
            return uint32_t(m.n_set(m.kind[m.block_of[s]], m.place(s), m.place(t)));
        };
        std::vector<uint32_t> order{uint32_t(start)}, waiting(n, 0), changes(n, 0);
        steps[start] = 0;
        for (size_t at = 0; at < order.size(); ++at) {
            const uint32_t s = order[at];
            bool moved = false;
            each(s, [&](uint32_t t, size_t i) {
                moved = true;
                ++waiting[t];
                if (steps[t] >= 0 && steps[t] <= steps[s]) return;
                const uint32_t now = changes[s] + n_set(i, s, t);
                if (steps[t] < 0) order.push_back(t);
                else if (now > changes[t] || (now == changes[t] && std::pair(int16_t(i), s) >= std::pair(mover[t], before[t]))) return;
                steps[t] = steps[s] + 1, mover[t] = int16_t(i), before[t] = s, changes[t] = now;
            });
            rests[s] = !moved;
        }
        // peel states that nothing waits for; if some of those reached remain, they lie on or behind a circle
        std::vector<uint32_t> free;
        for (uint32_t s : order)
            if (!waiting[s]) free.push_back(s);
        size_t peeled = 0;
        for (; peeled < free.size(); ++peeled)
            each(free[peeled], [&](uint32_t t, size_t) {
                if (--waiting[t] == 0) free.push_back(t);
            });
        circles = peeled < order.size();
    }
    return nb::make_tuple(hand_over(std::move(steps)), hand_over(std::move(mover)), hand_over(std::move(before)), hand_over(std::move(rests)), circles);
}

}  // namespace

void open_reach(nb::module_& m) {
    m.def("reach", &reach, nb::arg("moves"), nb::arg("rank"), nb::arg("start"), nb::arg("by"), nb::arg("open"), nb::arg("may_move"));
}
