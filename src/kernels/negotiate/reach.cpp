// What is reached from one state, nearest first, and whether one can go round in circles.
#include "../moves.hpp"
#include "../rooms.hpp"
#include "wide.hpp"

namespace {

// Breadth first from `start`: steps (-1 where not reached), who made the last move, and from where. Of equally short ways
// the one that sets the fewest levers in all. open: (n_states,) states that may be entered, or empty for all. enough: asked now
// and then, None for never; once it says yes, what is known by then is given, with the number of states whose moves were followed.
nb::tuple reach(nb::handle parties_, Grid<uint32_t, 2> rank, int64_t start, int by, Array<bool> open, Array<bool> may_move, nb::object enough) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states;
    const Which which = which_of(by);
    require(rank.shape(0) == parties.size() && rank.shape(1) == n, "ranks and moves are of different graphs");
    require(start >= 0 && size_t(start) < n, "the start is not a state");
    require(open.shape(0) == 0 || open.shape(0) == n, "`open` must have one entry per state, or none");
    require(may_move.shape(0) == parties.size(), "`may_move` must have one entry per party");
    require(open.shape(0) == 0 || open(size_t(start)), "the start may not be entered");
    std::vector<int32_t> steps(n, -1);
    std::vector<int16_t> mover(n, -1);
    std::vector<uint32_t> before(n, 0);
    std::vector<uint8_t> rests(n, 0);
    bool circles = false, whole = true;
    size_t n_followed = 0;
    {
        Unlocked unlocked;
        Pace pace;
        Patience patience(enough);
        const auto enters = [&](uint32_t t) { return !open.shape(0) || open(t); };
        std::vector<Wide> wide;
        for (size_t i = 0; i < parties.size(); ++i) wide.emplace_back(parties[i], which), wide[i].begin(rank.data() + i * n);
        const auto each = [&](uint32_t s, size_t i, auto use) {
            const uint32_t* worth = rank.data() + i * n;
            each_step(parties[i], which, s, [&](uint32_t t) { return worth[t]; }, [&](uint32_t t) {
                if (enters(t)) use(t);
                return false;
            });
        };
        std::vector<uint32_t> order{uint32_t(start)}, waiting(n, 0), changes(n, 0);
        const auto shorter = [&](uint32_t s, uint32_t t, size_t i, auto n_set) {  // whether t is new
            if (steps[t] >= 0 && steps[t] <= steps[s]) return false;
            const bool fresh = steps[t] < 0;
            const uint32_t now = changes[s] + uint32_t(n_set());
            if (fresh) order.push_back(t);
            else if (now > changes[t] || (now == changes[t] && std::pair(int16_t(i), s) >= std::pair(mover[t], before[t]))) return false;
            steps[t] = steps[s] + 1, mover[t] = int16_t(i), before[t] = s, changes[t] = now;
            return fresh;
        };
        const auto goes_back = [&](const Moves& m, int32_t kind, size_t p, size_t q) {  // with moves of any kind: from place q to p
            if (m.complete[kind]) return true;
            const int64_t* row = m.row + m.first_row[kind] + int64_t(q);
            return std::binary_search(m.target + row[0], m.target + row[1], uint32_t(p));
        };
        steps[start] = 0;
        for (; n_followed < order.size() && whole; ++n_followed) {
            progress(double(n_followed), 2 * double(n));
            const uint32_t s = order[n_followed];
            bool moved = false;
            pace.step(256);
            for (size_t i = 0; i < parties.size(); ++i) {
                if (!may_move(i)) continue;
                const Moves& m = parties[i];
                const size_t b = m.block_of[s];
                const int32_t kind = m.kind[b];
                const auto towards = [&](uint32_t t, size_t p, size_t q) {
                    if (shorter(s, t, i, [&] { return m.n_set(kind, p, q); }) && which == Which::any && !circles) circles = goes_back(m, kind, p, q);
                };
                if (wide[i].has(b)) {
                    if (m.size(b) > 1024) checkpoint();
                    moved |= wide[i].follow(s, steps.data(), enters, [&](uint32_t t, size_t p, size_t q) {
                        if (which == Which::best) ++waiting[t];
                        towards(t, p, q);
                        return false;
                    });
                } else {
                    const size_t p = m.place(s);
                    each(s, i, [&](uint32_t t) {
                        moved = true;
                        ++waiting[t];
                        towards(t, p, m.place(t));
                    });
                }
            }
            rests[s] = !moved;
            whole = !patience.over();
        }
        whole = n_followed == order.size();
        if (whole && !circles) {  // peel states that nothing waits for; if some of those reached remain, they lie on or behind a circle
            std::vector<Gates> gates;
            const std::vector<int32_t> nowhere(n, -1);
            const auto by_gate = [&](size_t i, uint32_t s) { return which == Which::paying && wide[i].is_grouped(s); };
            for (size_t i = 0; i < parties.size() && which != Which::best; ++i) {
                if (which == Which::paying) gates.emplace_back(parties[i], wide[i], rank.data() + i * n, may_move(i) ? steps : nowhere, waiting);
                if (!may_move(i) || !wide[i].any()) continue;
                for (uint32_t s : order) {
                    pace.step(256);
                    if (wide[i].has(parties[i].block_of[s]) && !by_gate(i, s)) each(s, i, [&](uint32_t t) { ++waiting[t]; });
                }
            }
            std::vector<uint32_t> free;
            for (uint32_t s : order)
                if (!waiting[s]) free.push_back(s);
            size_t peeled = 0;
            for (; peeled < free.size() && whole; ++peeled) {
                progress(double(order.size() + peeled), 2 * double(order.size()));
                pace.step(256);
                const auto frees = [&](uint32_t t) {
                    if (--waiting[t] == 0) free.push_back(t);
                };
                for (size_t i = 0; i < parties.size(); ++i) {
                    if (!may_move(i)) continue;
                    const uint32_t s = free[peeled];
                    if (by_gate(i, s)) gates[i].take(wide[i].group_of(s), frees);
                    else each(s, i, frees);
                }
                whole = !patience.over();
            }
            whole = peeled == free.size();
            circles = whole && peeled < order.size();
        }
    }
    return nb::make_tuple(hand_over(std::move(steps)), hand_over(std::move(mover)), hand_over(std::move(before)), hand_over(std::move(rests)), circles,
                          n_followed, whole);
}

// Which goals are reached at all, in many draws. rows: (n_rows, n_states); which: (n_draws, n_parties), the row of each party;
// starts: (n_draws,); goals: (n_goals, n_states). -> (n_draws, n_goals) of 0/1.
Given<uint8_t, 2> reached(nb::handle parties_, Grid<uint32_t, 2> rows, Grid<int32_t, 2> which_row, Array<int64_t> starts, Grid<bool, 2> goals, int by,
                          int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states, k = parties.size(), n_draws = which_row.shape(0), n_goals = goals.shape(0), words = (n_goals + 63) / 64;
    const Which which = which_of(by);
    require(which_row.shape(1) == k && rows.shape(1) == n, "ranks and moves are of different graphs");
    require(starts.shape(0) == n_draws, "a start must be given for every draw");
    require(goals.shape(1) == n, "goals must have one entry per state");
    for (size_t d = 0; d < n_draws; ++d) require(starts(d) >= 0 && size_t(starts(d)) < n, "the start is not a state");
    for (size_t d = 0; d < n_draws * k; ++d) require(which_row.data()[d] >= 0 && size_t(which_row.data()[d]) < rows.shape(0), "a draw names ranks that are not there");
    Result<uint8_t> out(n_draws * n_goals);
    {
        Unlocked unlocked;
        std::vector<uint64_t> has(n * words, 0), all(words, 0);  // per state the goals that it is in
        for (size_t g = 0; g < n_goals; ++g)
            for (size_t s = 0; s < n; ++s)
                if (goals(g, s)) has[s * words + g / 64] |= uint64_t(1) << g % 64, all[g / 64] |= uint64_t(1) << g % 64;
        struct Scratch {
            std::vector<uint32_t> seen, order;
            uint32_t stamp = 0;
        };
        std::vector<Scratch> scratch(size_t(std::max(1, std::min(n_threads, most_threads))));
        in_parallel(n_draws, 8, n_threads, [&](size_t first, size_t last, int thread) {
            Scratch& x = scratch[thread];
            x.seen.resize(n, 0);
            std::vector<uint64_t> found(words);
            Pace pace;
            for (size_t d = first; d < last; ++d) {
                ++x.stamp;
                x.order.assign(1, uint32_t(starts(d)));
                x.seen[x.order[0]] = x.stamp;
                std::fill(found.begin(), found.end(), 0);
                for (size_t at = 0; at < x.order.size() && found != all; ++at, pace.step(256)) {
                    const uint32_t s = x.order[at];
                    for (size_t w = 0; w < words; ++w) found[w] |= has[s * words + w];
                    for (size_t i = 0; i < k; ++i) {
                        const uint32_t* worth = rows.data() + size_t(which_row(d, i)) * n;
                        each_step(parties[i], which, s, [&](uint32_t t) { return worth[t]; }, [&](uint32_t t) {
                            if (x.seen[t] != x.stamp) x.seen[t] = x.stamp, x.order.push_back(t);
                            return false;
                        });
                    }
                }
                for (size_t g = 0; g < n_goals; ++g) out.data()[d * n_goals + g] = uint8_t(found[g / 64] >> g % 64 & 1);
            }
        }, true);
    }
    return out.give<2>({n_draws, n_goals});
}

// Fewest steps from the nearest of some starts, in many draws. rows, which_row: as in `reached`; open, may_move: as in `reach`.
// -> (n_draws, n_states), -1 where not reached.
Given<int32_t, 2> fewest_steps(nb::handle parties_, Grid<uint32_t, 2> rows, Grid<int32_t, 2> which_row, Array<int64_t> starts, int by, Array<bool> open, Array<bool> may_move,
                               int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states, k = parties.size(), n_draws = which_row.shape(0);
    const Which which = which_of(by);
    require(which_row.shape(1) == k && rows.shape(1) == n, "ranks and moves are of different graphs");
    for (size_t d = 0; d < n_draws * k; ++d) require(which_row.data()[d] >= 0 && size_t(which_row.data()[d]) < rows.shape(0), "a draw names ranks that are not there");
    require(open.shape(0) == 0 || open.shape(0) == n, "`open` must have one entry per state, or none");
    require(may_move.shape(0) == k, "`may_move` must have one entry per party");
    for (size_t i = 0; i < starts.shape(0); ++i) require(starts(i) >= 0 && size_t(starts(i)) < n, "the start is not a state");
    Result<int32_t> out(n_draws * n);
    {
        Unlocked unlocked;
        std::fill_n(out.data(), n_draws * n, -1);
        std::vector<std::vector<Wide>> scratch(size_t(std::max(1, std::min(n_threads, most_threads))));
        in_parallel(n_draws, 1, n_threads, [&](size_t first, size_t last, int thread) {
            std::vector<Wide>& wide = scratch[size_t(thread)];
            for (size_t i = wide.size(); i < k; ++i) wide.emplace_back(parties[i], which);
            std::vector<uint32_t> order;
            Pace pace;
            const auto enters = [&](uint32_t t) { return !open.shape(0) || open(t); };
            for (size_t d = first; d < last; ++d) {
                int32_t* steps = out.data() + d * n;
                order.assign(starts.data(), starts.data() + starts.shape(0));
                for (uint32_t s : order) steps[s] = 0;
                for (size_t i = 0; i < k; ++i) wide[i].begin(rows.data() + size_t(which_row(d, i)) * n);
                for (size_t at = 0; at < order.size(); ++at, pace.step(256)) {
                    const uint32_t s = order[at];
                    if (n_draws == 1) progress(double(at), double(n));
                    for (size_t i = 0; i < k; ++i) {
                        if (!may_move(i)) continue;
                        if (wide[i].has(parties[i].block_of[s])) {
                            if (parties[i].size(parties[i].block_of[s]) > 1024) checkpoint();
                            wide[i].follow(s, steps, enters, [&](uint32_t t, size_t, size_t) {
                                if (steps[t] < 0) steps[t] = steps[s] + 1, order.push_back(t);
                                return true;
                            });
                            continue;
                        }
                        const uint32_t* worth = rows.data() + size_t(which_row(d, i)) * n;
                        each_step(parties[i], which, s, [&](uint32_t t) { return worth[t]; }, [&](uint32_t t) {
                            if (steps[t] < 0 && enters(t)) steps[t] = steps[s] + 1, order.push_back(t);
                            return false;
                        });
                    }
                }
            }
        }, true);
    }
    return out.give<2>({n_draws, n});
}

}  // namespace

void open_reach(nb::module_& m) {
    m.def("reach", &reach, nb::arg("moves"), nb::arg("rank"), nb::arg("start"), nb::arg("by"), nb::arg("open"), nb::arg("may_move"), nb::arg("enough").none());
    m.def("reached", &reached, nb::arg("moves"), nb::arg("rows"), nb::arg("which"), nb::arg("starts"), nb::arg("goals"), nb::arg("by"), nb::arg("n_threads"));
    m.def("fewest_steps", &fewest_steps, nb::arg("moves"), nb::arg("rows"), nb::arg("which"), nb::arg("starts"), nb::arg("by"), nb::arg("open"), nb::arg("may_move"), nb::arg("n_threads"));
}
