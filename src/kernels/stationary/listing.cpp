// A party's moves state by state, and the strongly connected components of all moves.
#include "../moves.hpp"
#include "../rooms.hpp"

namespace {

nb::tuple list_moves(nb::handle moves_, Array<double> cost) {
    const Moves m(moves_);
    const size_t n = m.n_states;
    require(cost.shape(0) == m.n_listed, "a cost must be given for every listed move");
    std::vector<int64_t> first(n + 1, 0), row_of(n);
    bool priced = false;
    for (size_t e = 0; e < cost.shape(0); ++e) priced = priced || cost(e) != 0;
    std::vector<uint32_t> target;
    std::vector<double> paid;
    {
        Unlocked unlocked;
        m.require_listed();
        for (size_t b = 0; b < m.n_blocks; ++b)
            for (int64_t p = m.block[b]; p < m.block[b + 1]; ++p) {
                const int64_t row = m.first_row[m.kind[b]] + p - m.block[b];
                row_of[m.members[p]] = row;
                first[m.members[p] + 1] = m.row[row + 1] - m.row[row];
            }
        for (size_t s = 0; s < n; ++s) first[s + 1] += first[s];
        target.resize(first[n]);
        if (priced) paid.resize(first[n]);
        Pace pace;
        for (size_t s = 0; s < n; ++s, pace.step()) {
            const uint32_t* members = m.states(m.block_of[s]);
            int64_t at = first[s];
            for (int64_t e = m.row[row_of[s]]; e < m.row[row_of[s] + 1]; ++e, ++at) {
                target[at] = members[m.target[e]];
                if (priced) paid[at] = cost(e);
            }
        }
    }
    return nb::make_tuple(hand_over(std::move(first)), hand_over(std::move(target)), hand_over(std::move(paid)));
}

// Strongly connected components (Tarjan 1972), successors first: states grouped, and where each group begins.
nb::tuple move_components(std::vector<Array<int64_t>> first, std::vector<Array<uint32_t>> target) {
    require(!first.empty() && first.size() == target.size(), "`first` and `target` must be given for every list of moves");
    require(first[0].shape(0) >= 1 && first[0].shape(0) < 0x7FFFFFFF, "`first` must have one entry more than there are states");
    const size_t n = first[0].shape(0) - 1, kinds = first.size();
    for (size_t k = 0; k < kinds; ++k) {
        require(first[k].shape(0) == n + 1 && first[k](0) == 0 && first[k](n) == int64_t(target[k].shape(0)), "`first` must hold every move once");
        for (size_t s = 0; s < n; ++s) require(first[k](s) <= first[k](s + 1), "`first` must ascend");
        for (size_t e = 0; e < target[k].shape(0); ++e) require(target[k](e) < n, "a move leads to no state");
    }
    std::vector<uint32_t> order;
    std::vector<int64_t> begins{0};
    {
        Unlocked unlocked;
        bool up = true, down = true;
        Pace pace;
        for (size_t k = 0; k < kinds; ++k)
            for (size_t s = 0; s < n && (up || down); ++s, pace.step())
                for (int64_t e = first[k](s); e < first[k](s + 1); ++e) {
                    up = up && target[k](e) > s;
                    down = down && target[k](e) < s;
                }
        const size_t searched = up || down ? 0 : n;  // numbers in order are an order, and kinder to the cache
        if (!searched) begins.reserve(n + 1);
        for (size_t s = 0; s < n && !searched; ++s) {
            order.push_back(uint32_t(up ? n - 1 - s : s));
            begins.push_back(int64_t(s) + 1);
        }
        constexpr uint32_t done = 0xFFFFFFFF;
        struct Frame {
            uint32_t state, list;
            int64_t edge;
        };
        std::vector<uint32_t> number(searched, 0), low(searched, 0), open;
        std::vector<Frame> path;
        order.reserve(n);
        uint32_t count = 0;
        auto enter = [&](uint32_t s) {
            number[s] = low[s] = ++count;
            open.push_back(s);
            path.push_back({s, 0, first[0](s)});
        };
        for (size_t root = 0; root < searched; ++root) {
            if (!number[root]) enter(uint32_t(root));
            while (!path.empty()) {
                pace.step();
                Frame& at = path.back();
                const uint32_t s = at.state;
                bool deeper = false;
                while (at.list < kinds) {
                    if (at.edge == first[at.list](s + 1)) {
                        if (++at.list < kinds) at.edge = first[at.list](s);
                        continue;
                    }
                    const uint32_t t = target[at.list](at.edge++);
                    if (!number[t]) {
                        enter(t);
                        deeper = true;
                        break;
                    }
                    if (number[t] != done) low[s] = std::min(low[s], number[t]);
                }
                if (deeper) continue;
                path.pop_back();
                if (!path.empty()) low[path.back().state] = std::min(low[path.back().state], low[s]);
                if (low[s] != number[s]) continue;
                for (uint32_t t = s + 1; t != s;) {
                    t = open.back();
                    open.pop_back();
                    number[t] = done;
                    order.push_back(t);
                }
                std::sort(order.begin() + begins.back(), order.end());
                begins.push_back(int64_t(order.size()));
            }
        }
    }
    return nb::make_tuple(hand_over(std::move(order)), hand_over(std::move(begins)));
}

}  // namespace

void open_listing(nb::module_& m) {
    m.def("list_moves", &list_moves, nb::arg("moves"), nb::arg("cost"));
    m.def("move_components", &move_components, nb::arg("first"), nb::arg("target"));
}
