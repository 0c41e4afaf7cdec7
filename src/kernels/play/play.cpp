// One game backwards from its horizon, its values kept at equal times.
#include "../rooms.hpp"
#include "backwards.hpp"

namespace {

// One game: (n_slices + 1, n_parties, n_states), time 0 first and `end` last.
Given<double, 3> play(nb::handle moves, nb::handle chances, Matrix<3> flow, Matrix<2> tempo, Matrix<2> noise, Matrix<2> discount,
                      Matrix<2> chance, nb::handle cost, Array<bool> fast, Matrix<3> end, double horizon, size_t n_slices, size_t steps_each, bool surplus,
                      int n_threads) {
    const Numbers numbers(moves, chances, tempo, noise, discount, chance, cost, marks(fast));
    const size_t each = numbers.n_parties * numbers.n;
    numbers.require_draws(1);
    numbers.require_values(flow, 1);
    numbers.require_values(end, 1);
    require_slices(n_slices, each);
    Result<double> kept((n_slices + 1) * each);
    double* out = kept.data();
    {
        Unlocked unlocked;
        with_lanes<1>(numbers.n_parties, [&](auto lanes, auto) {
            constexpr int J = lanes;
            const Game<J, 1> game(numbers, 0, 1);
            Backwards<J, 1> run(game, surplus, numbers.n < 20000 ? 1 : n_threads);
            run.load(run.flow, flow, 0, 1);
            run.load(run.values, end, 0, 1);
            for (size_t slice = n_slices + 1; slice-- > 0;) {
                if (slice < n_slices) run.steps(steps_each, horizon / double(n_slices * steps_each));
                for (size_t i = 0; i < numbers.n_parties; ++i)
                    for (size_t s = 0; s < numbers.n; ++s) out[slice * each + i * numbers.n + s] = run.values.data()[s * J + i];
            }
        });
    }
    return kept.give<3>({n_slices + 1, numbers.n_parties, numbers.n});
}

}  // namespace

void open_play(nb::module_& m) {
    m.def("play", &play, nb::arg("moves"), nb::arg("chances"), nb::arg("flow"), nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance"), nb::arg("cost"), nb::arg("fast"), nb::arg("end"), nb::arg("horizon"), nb::arg("n_slices"), nb::arg("steps_each"), nb::arg("surplus"), nb::arg("n_threads"));
}
