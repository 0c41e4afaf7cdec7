// The compiled module: every room adds its own functions.
#include "rooms.hpp"

NB_MODULE(_kernels, m) {
    open_moves(m);
    open_build(m);
    open_stability(m);
    open_reach(m);
    open_rests(m);
    open_relations(m);
    open_coalitions(m);
    open_unlock(m);
    open_pareto(m);
    open_minimal(m);
    open_play(m);
    open_survival(m);
    open_survival_of_draws(m);
    open_listing(m);
    open_components(m);
}
