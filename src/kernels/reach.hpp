// What is reached from one state, nearest first, and whether one can go round in circles.
#pragma once
#include "moves.hpp"

// Breadth first from `start`: steps (−1 where not reached), who made the last move, and from where. improving: only moves
// by which the mover's rank rises. open: (n_states,) states that may be entered, or empty for all.
inline nb::tuple reach(nb::handle parties_, nb::ndarray<const uint32_t, nb::ndim<2>, nb::c_contig> rank, int64_t start,
                       bool improving, Array<bool> open, Array<bool> may_move) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties.at(0).n_states();
    std::vector<int32_t> steps(n, -1);
    std::vector<int8_t> mover(n, -1);
    std::vector<uint32_t> before(n, 0);
    std::vector<uint8_t> rests(n, 0);
    bool circles = false;
    {
        nb::gil_scoped_release unlocked;
        auto each = [&](uint32_t s, auto use) {
            for (size_t i = 0; i < parties.size(); ++i) {
                if (!may_move(i)) continue;
                const Moves& m = parties[i];
                const uint32_t b = m.block_of(s);
                const uint32_t *first = m.members.data() + m.block(b), *last = m.members.data() + m.block(b + 1);
                const int64_t row = m.first_row(m.kind(b)) + (std::lower_bound(first, last, s) - first);
                for (int64_t e = m.row(row); e < m.row(row + 1); ++e) {
                    const uint32_t t = first[m.target(e)];
                    if (improving && rank(i, t) <= rank(i, s)) continue;
                    if (open.shape(0) && !open(t)) continue;
                    use(t, i);
                }
            }
        };
        std::vector<uint32_t> order{uint32_t(start)};
        steps[start] = 0;
        std::vector<uint32_t> waiting(n, 0);
        for (size_t at = 0; at < order.size(); ++at) {
            const uint32_t s = order[at];
            bool moved = false;
            each(s, [&](uint32_t t, size_t i) {
                moved = true;
                ++waiting[t];
                if (steps[t] >= 0) return;
                steps[t] = steps[s] + 1, mover[t] = int8_t(i), before[t] = s;
                order.push_back(t);
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
    return nb::make_tuple(hand_over(std::move(steps)), hand_over(std::move(mover)), hand_over(std::move(before)),
                          hand_over(std::move(rests)), circles);
}
