// Stationary equilibrium of the one-mover game, component by component of the move graph, successors first.
//
// In a component whose successors are known, party k gains by its best move from s exactly where
//   G_k(h) = b_k (rho_k + Q) - u_k - sum q V_k(s') + sum over j != k of h_j (b_k - W_kj)  > 0,
// with b_k the worth of that move to k, W_kj the worth to k of j's best move, and h_j <= tempo_j the rate at which j moves:
// linear in h, and free of h_k. `Standoff` lists its equilibria. Components of several states: `Policies`.
#pragma once
#include <algorithm>
#include <cmath>

#include "../arrays.hpp"
#include "../watch.hpp"
#include "dense.hpp"

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
