// Stationary equilibrium of the one-mover game, component by component of the move graph, successors first.
//
// In a component whose successors are known, party k gains by its best move from s exactly where
//   G_k(h) = b_k (rho_k + Q) - u_k - sum q V_k(s') + sum over j != k of h_j (b_k - W_kj)  > 0,
// with b_k the worth of that move to k, W_kj the worth to k of j's best move, and h_j <= tempo_j the rate at which j moves:
// linear in h, and free of h_k. `Standoff` lists its equilibria. Components of several states: `Local`.
#pragma once
#include <cmath>

#include "dense.hpp"
#include "moves.hpp"
#include "standoff.hpp"

// Moves of one party, state by state: listed moves of state s are target[first[s] .. first[s + 1]].
struct Listing {
    Array<int64_t> first;
    Array<uint32_t> target;
    Array<double> cost;  // beside target, or empty where all moves are free
    double* chance;      // beside target: what is found
    double price(int64_t e) const { return cost.shape(0) ? cost(e) : 0.0; }
};

enum class Select { status_quo, most_movers, best_for, worst_for };
constexpr uint32_t not_all = 0x80000000;  // beside a number of equilibria: the search was cut short
enum Rung : uint8_t { unsolved = 0, one_state = 1, policy_iteration = 2, stages = 3, supports = 4, logit = 5, enumeration = 6 };

struct Contest {
    size_t n;
    int n_parties;
    std::vector<Listing> party;
    const double* flow;  // (n_states, n_parties)
    const double *tempo, *noise, *discount;
    Array<int64_t> chance_first;
    Array<uint32_t> chance_target;
    Array<double> chance_rate;
    double* value;  // (n_states, n_parties)
    Select select;
    int focus;
    bool surplus, exact;  // exact: no party has noise
    std::vector<int> group;  // first party with the same discount
};

inline nb::tuple list_moves(nb::handle moves_, Array<double> cost) {
    const Moves m(moves_);
    const size_t n = m.n_states();
    std::vector<int64_t> first(n + 1, 0), row_of(n);
    bool priced = false;
    for (size_t e = 0; e < cost.shape(0); ++e) priced = priced || cost(e) != 0;
    std::vector<uint32_t> target;
    std::vector<double> paid;
    {
        nb::gil_scoped_release unlocked;
        for (size_t b = 0; b < m.n_blocks(); ++b)
            for (int64_t p = m.block(b); p < m.block(b + 1); ++p) {
                const int64_t row = m.first_row(m.kind(b)) + p - m.block(b);
                row_of[m.members(p)] = row;
                first[m.members(p) + 1] = m.row(row + 1) - m.row(row);
            }
        for (size_t s = 0; s < n; ++s) first[s + 1] += first[s];
        target.resize(first[n]);
        if (priced) paid.resize(first[n]);
        for (size_t s = 0; s < n; ++s) {
            const uint32_t* members = m.members.data() + m.block(m.block_of(s));
            int64_t at = first[s];
            for (int64_t e = m.row(row_of[s]); e < m.row(row_of[s] + 1); ++e, ++at) {
                target[at] = members[m.target(e)];
                if (priced) paid[at] = cost(e);
            }
        }
    }
    return nb::make_tuple(hand_over(std::move(first)), hand_over(std::move(target)), hand_over(std::move(paid)));
}

// Strongly connected components (Tarjan 1972), successors first: states grouped, and where each group begins.
inline nb::tuple move_components(std::vector<Array<int64_t>> first, std::vector<Array<uint32_t>> target) {
    const size_t n = first.empty() ? 0 : first[0].shape(0) - 1, kinds = first.size();
    std::vector<uint32_t> order;
    std::vector<int64_t> begins{0};
    {
        nb::gil_scoped_release unlocked;
        bool up = true, down = true;
        for (size_t k = 0; k < kinds; ++k)
            for (size_t s = 0; s < n; ++s)
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

// One state whose moves all lead to known states, nobody with noise.
class Single {
    const Contest& c;
    Standoff stage;
    std::vector<double> worth, base, best, rate;
    std::vector<int64_t> chosen;
    std::vector<int> mover;

  public:
    explicit Single(const Contest& c) : c(c), worth(c.n_parties * c.n_parties), base(c.n_parties), best(c.n_parties), rate(c.n_parties), chosen(c.n_parties) {}

    uint32_t settle(uint32_t s) {
        const int N = c.n_parties;
        double leave = 0;
        std::copy_n(c.flow + size_t(s) * N, N, base.data());
        for (int64_t e = c.chance_first(s); e < c.chance_first(s + 1); ++e) {
            leave += c.chance_rate(e);
            const double* v = c.value + size_t(c.chance_target(e)) * N;
            for (int i = 0; i < N; ++i) base[i] += c.chance_rate(e) * v[i];
        }
        mover.clear();
        for (int k = 0; k < N; ++k)
            if (c.tempo[k] > 0 && find_best(s, k)) mover.push_back(k);
        const int m = int(mover.size());
        if (m > Standoff::most) return 0;
        stage.begin(m);
        for (int x = 0; x < m; ++x) {
            const int k = mover[x];
            const double own = c.discount[k] + leave;
            stage.constant[x] = best[k] * own - base[k];
            double size = std::fabs(best[k] * own) + std::fabs(base[k]);
            for (int y = 0; y < m; ++y) {
                const int j = mover[y];
                stage.slope[x][y] = x == y ? 0.0 : c.tempo[j] * (best[k] - worth[x_of(j, k)]);
                size += std::fabs(c.tempo[j]) * (std::fabs(best[k]) + std::fabs(worth[x_of(j, k)]));
            }
            stage.slack[x] = 4e-16 * size;
        }
        uint32_t n_found = 0;
        double top = 0;
        stage.every([&](const double* share) {
            const double score = score_of(share, leave);
            if (n_found++ == 0 || score > top + 1e-12 * std::fabs(top)) {
                top = score;
                for (int x = 0; x < m; ++x) rate[mover[x]] = share[x];
            }
        });
        if (n_found) write(s, leave);
        return n_found && stage.cut_short ? n_found | not_all : n_found;
    }

  private:
    size_t x_of(int j, int i) const { return size_t(j) * c.n_parties + i; }

    bool find_best(uint32_t s, int k) {
        const Listing& l = c.party[k];
        const int N = c.n_parties;
        int64_t at = -1;
        double most = 0;
        for (int64_t e = l.first(s); e < l.first(s + 1); ++e) {
            const double v = c.value[size_t(l.target(e)) * N + k] - l.price(e);
            if (at < 0 || v > most) at = e, most = v;
        }
        if (at < 0) return false;
        chosen[k] = at;
        best[k] = most;
        std::copy_n(c.value + size_t(l.target(at)) * N, N, worth.data() + x_of(k, 0));
        worth[x_of(k, k)] = most;
        return true;
    }

    double value_of(int i, const double* share, double leave) const {
        double above = base[i], below = c.discount[i] + leave;
        for (size_t x = 0; x < mover.size(); ++x) {
            const double h = c.tempo[mover[x]] * share[x];
            above += h * worth[x_of(mover[x], i)];
            below += h;
        }
        return above / below;
    }

    double score_of(const double* share, double leave) const {
        if (c.select == Select::best_for) return value_of(c.focus, share, leave);
        if (c.select == Select::worst_for) return -value_of(c.focus, share, leave);
        double moved = 0;
        for (size_t x = 0; x < mover.size(); ++x) moved += c.tempo[mover[x]] * share[x];
        return c.select == Select::most_movers ? moved : -moved;
    }

    void write(uint32_t s, double leave) {
        double share[Standoff::most];
        for (size_t x = 0; x < mover.size(); ++x) share[x] = rate[mover[x]];
        for (int i = 0; i < c.n_parties; ++i) c.value[size_t(s) * c.n_parties + i] = value_of(i, share, leave);
        for (size_t x = 0; x < mover.size(); ++x) {
            if (share[x] == 0) continue;
            c.party[mover[x]].chance[chosen[mover[x]]] = share[x];
        }
    }
};
