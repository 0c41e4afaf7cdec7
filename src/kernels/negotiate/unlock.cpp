// Which changes of wants make a wanted state one where the conflict rests and to which improvement leads.
//
// What states are worth to party i is given per pattern (the combination of conditions that hold in a state), so that a
// variant of its wants is one short row of ranks. A trial names a variant for every party.
#include "../rooms.hpp"
#include "../sequences.hpp"

namespace {

// Dense ranks of patterns when conditions count in the order given: (n_orders, n_patterns) uint16 and a digest of each row.
// bits: (n_conditions, n_patterns) of 0/1; orders: (n_orders, width), ended by −1.
nb::tuple order_ranks(Grid<uint8_t, 2> bits, Grid<int16_t, 2> orders, int n_threads) {
    const size_t n_orders = orders.shape(0), width = orders.shape(1), n = bits.shape(1);
    require(n <= 0xFFFF, "more than 65,535 patterns");
    Result<uint16_t> rank(n_orders * n);
    Result<uint64_t> digest(n_orders * 2);
    {
        Unlocked unlocked;
        for (size_t k = 0; k < bits.shape(0) * n; ++k) require(bits.data()[k] <= 1, "bits must be 0 or 1");
        for (size_t k = 0; k < n_orders * width; ++k)
            require(orders.data()[k] >= -1 && orders.data()[k] < int64_t(bits.shape(0)), "an order names a condition that is not there");
        std::fill_n(rank.data(), n_orders * n, uint16_t(0));
        in_parallel(n_orders, 64, n_threads, [&](size_t first, size_t last, int) {
            std::vector<uint8_t> seen(2 * n + 2);
            std::vector<uint16_t> fresh(2 * n + 2);
            for (size_t o = first; o < last; ++o) {
                uint16_t* r = rank.data() + o * n;
                size_t n_ranks = 1;
                for (size_t k = 0; k < width && orders(o, k) >= 0; ++k) {
                    const uint8_t* bit = bits.data() + size_t(orders(o, k)) * n;
                    std::fill(seen.begin(), seen.begin() + 2 * n_ranks, 0);
                    for (size_t p = 0; p < n; ++p) seen[2 * r[p] + bit[p]] = 1;
                    size_t next = 0;
                    for (size_t v = 0; v < 2 * n_ranks; ++v) fresh[v] = uint16_t(next), next += seen[v];
                    if (next == n_ranks) continue;  // this condition tells nothing that those before it did not
                    for (size_t p = 0; p < n; ++p) r[p] = fresh[2 * r[p] + bit[p]];
                    n_ranks = next;
                }
                uint64_t a = 0xcbf29ce484222325ull, b = 0x9e3779b97f4a7c15ull;
                for (size_t p = 0; p < n; ++p) {
                    a = (a ^ r[p]) * 0x100000001b3ull;
                    b = (b ^ (r[p] + 0x632be59bd9b4e019ull)) * 0xff51afd7ed558ccdull;
                    b ^= b >> 29;
                }
                digest.data()[2 * o] = a, digest.data()[2 * o + 1] = b;
            }
        }, true);
    }
    return nb::make_tuple(rank.give<2>({n_orders, n}), digest.give<2>({n_orders, size_t(2)}));
}

struct Trials {
    const std::vector<Moves>& parties;
    const std::vector<Array<uint32_t>>& pattern;
    const std::vector<Grid<uint16_t, 2>>& rank;
    const bool* goal;
    const bool* open;  // states that there are, or null where there are all
    const Which by, replies;  // which moves lead to the goal; which replies are feared there
    const bool escapes;
    const size_t n;

    struct Scratch {
        std::vector<uint32_t> seen, order, waiting;
        std::vector<uint32_t> layer, n_set;  // of each state that is seen: moves to it, and levers set on the way
        std::vector<uint32_t> known;  // (n_states * n_parties): visited in a search for a reply
        uint32_t stamp = 0, mark = 0;
        std::vector<const uint16_t*> row;
    };

    uint16_t worth(const Scratch& x, size_t i, uint32_t s) const { return x.row[i][pattern[i].data()[s]]; }

    template <typename Use>
    bool step(const Scratch& x, Which which, size_t i, uint32_t s, Use use) const {
        if (!open) return each_step(parties[i], which, s, [&](uint32_t t) { return worth(x, i, t); }, use);
        return each_step(parties[i], which, s, [&](uint32_t t) { return open[t] ? worth(x, i, t) : uint16_t(0); }, [&](uint32_t t) { return open[t] && use(t); });
    }

    bool stops(const Scratch& x, size_t i, uint16_t now, uint32_t reply) const {
        if (worth(x, i, reply) > now) return false;
        return !escapes || !step(x, Which::any, i, reply, [&](uint32_t t) { return worth(x, i, t) > now; });
    }

    // Whether the others can answer party i's move to `there` so that it is no better off than `now`.
    bool answered(Scratch& x, size_t i, uint16_t now, uint32_t there) const {
        if (++x.mark == 0) std::fill(x.known.begin(), x.known.end(), 0), x.mark = 1;
        return walk(
            parties.size(), int(i), there, x.known, x.mark, x.waiting,
            [&](size_t j, uint32_t s, auto use) { return step(x, replies, j, s, use); }, [&](uint32_t t) { return stops(x, i, now, t); });
    }

    bool rests(Scratch& x, uint32_t s) const {
        for (size_t i = 0; i < parties.size(); ++i) {
            const uint16_t now = worth(x, i, s);
            if (step(x, Which::any, i, s, [&](uint32_t t) { return worth(x, i, t) > now && (replies == Which::none || !answered(x, i, now, t)); }))
                return false;
        }
        return true;
    }

    // The nearest state of the goal to `start` by moves that count where all rest; of those equally near the one to which a way sets the
    // fewest levers, then the first; -1 if there is none.
    int64_t nearest(Scratch& x, uint32_t start) const {
        if (++x.stamp == 0) std::fill(x.seen.begin(), x.seen.end(), 0), x.stamp = 1;
        x.order.assign(1, start);
        x.seen[start] = x.stamp, x.layer[start] = 0;
        Pace pace;
        for (size_t at = 0, end = 1; at < x.order.size(); ++at, pace.step(64)) {
            if (at == end) end = x.order.size();
            const uint32_t s = x.order[at];
            if (goal[s] && rests(x, s)) return fewest_set(x, at, end);
            for (size_t i = 0; i < parties.size(); ++i)
                step(x, by, i, s, [&](uint32_t t) {
                    if (x.seen[t] != x.stamp) x.seen[t] = x.stamp, x.layer[t] = x.layer[s] + 1, x.order.push_back(t);
                    return false;
                });
        }
        return -1;
    }

    // Of the states of one layer, from place `at` on, where all rest at the goal: that to which a way sets the fewest levers.
    uint32_t fewest_set(Scratch& x, size_t at, size_t end) const {
        std::vector<uint32_t> resting(1, x.order[at]);
        for (size_t k = at + 1; k < end; ++k)
            if (goal[x.order[k]] && rests(x, x.order[k])) resting.push_back(x.order[k]);
        if (resting.size() == 1) return resting[0];
        for (size_t k = 0; k < end; ++k) x.n_set[x.order[k]] = k ? UINT32_MAX : 0;
        const uint32_t last = x.layer[resting[0]];
        for (size_t k = 0; x.layer[x.order[k]] < last; ++k)
            for (size_t i = 0; i < parties.size(); ++i) {
                const uint32_t s = x.order[k];
                const Moves& m = parties[i];
                step(x, by, i, s, [&](uint32_t t) {
                    if (x.layer[t] == x.layer[s] + 1)
                        x.n_set[t] = std::min(x.n_set[t], x.n_set[s] + uint32_t(m.n_set(m.kind[m.block_of[s]], m.place(s), m.place(t))));
                    return false;
                });
            }
        return *std::min_element(resting.begin(), resting.end(), [&](uint32_t a, uint32_t b) { return x.n_set[a] < x.n_set[b]; });
    }
};

// trials: (n_trials, n_parties) rows of each party's `rank`; open: (n_states,) or empty. Gives per trial the goal state found, or -1.
Given<int64_t, 1> unlocks(nb::handle parties_, std::vector<Array<uint32_t>> pattern, std::vector<Grid<uint16_t, 2>> rank, Grid<int32_t, 2> trials,
                                 int64_t start, Array<bool> goal, Array<bool> open, int by, int replies, bool escapes, int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states, n_trials = trials.shape(0), k = parties.size();
    require(pattern.size() == k && rank.size() == k && trials.shape(1) == k, "patterns, ranks and trials must be given for every party");
    require(goal.shape(0) == n, "the goal must have one entry per state");
    require(open.shape(0) == 0 || open.shape(0) == n, "which states are open must have one entry per state, or none");
    require(start >= 0 && size_t(start) < n, "the start is not a state");
    require((k + 1) * n < 0xFFFFFFFFu, "too many states for so many parties");
    const Trials trial{parties, pattern, rank, goal.data(), open.shape(0) ? open.data() : nullptr, which_of(by), which_of(replies), escapes, n};
    std::vector<int64_t> found(n_trials, -1);
    {
        Unlocked unlocked;
        for (size_t i = 0; i < k; ++i) {
            require(pattern[i].shape(0) == n, "a pattern must have one entry per state");
            for (size_t s = 0; s < n; ++s) require(pattern[i].data()[s] < rank[i].shape(1), "a pattern that has no rank");
            for (size_t t = 0; t < n_trials; ++t)
                require(trials(t, i) >= 0 && size_t(trials(t, i)) < rank[i].shape(0), "a trial names ranks that are not there");
        }
        std::vector<Trials::Scratch> scratch(size_t(std::max(1, std::min(n_threads, most_threads))));
        in_parallel(n_trials, 64, n_threads, [&](size_t first, size_t last, int thread) {
            Trials::Scratch& x = scratch[thread];
            if (x.seen.empty()) x.seen.assign(n, 0), x.layer.assign(n, 0), x.n_set.assign(n, 0), x.known.assign(n * k, 0), x.row.resize(k);
            for (size_t t = first; t < last; ++t) {
                for (size_t i = 0; i < k; ++i) x.row[i] = rank[i].data() + size_t(trials(t, i)) * rank[i].shape(1);
                found[t] = trial.nearest(x, uint32_t(start));
            }
        }, true);
    }
    return hand_over(std::move(found));
}

}  // namespace

void open_unlock(nb::module_& m) {
    m.def("order_ranks", &order_ranks, nb::arg("bits"), nb::arg("orders"), nb::arg("n_threads"));
    m.def("unlocks", &unlocks, nb::arg("moves"), nb::arg("pattern"), nb::arg("rank"), nb::arg("trials"), nb::arg("start"), nb::arg("goal"), nb::arg("open"), nb::arg("by"), nb::arg("replies"), nb::arg("escape"), nb::arg("n_threads"));
}
