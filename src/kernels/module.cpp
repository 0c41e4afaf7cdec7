// The compiled module: every room adds its own functions.
#include "rooms.hpp"
#include "watch.hpp"

// Who is told how far long calls are; nobody where it is None.
static void listen(nb::object told) {
    Py_CLEAR(listener);
    if (!told.is_none()) listener = told.release().ptr();
}

NB_MODULE(_kernels, m) {
    m.def("listen", &listen, nb::arg("told").none());
    open_moves(m);
    open_build(m);
    open_stability(m);
    open_reach(m);
    open_rests(m);
    open_resting(m);
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
