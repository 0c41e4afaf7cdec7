// One game backwards from its horizon, its values kept at equal times; or many draws of it, eight side by side, now alone.
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
        const Game<1> game(numbers, 0, 1);
        const auto run = backwards(game, surplus, numbers.n < 20000 ? 1 : n_threads);
        run->load(run->flow, flow, 0, 1);
        run->load(run->values, end, 0, 1);
        for (size_t slice = n_slices + 1; slice-- > 0;) {
            progress(double(n_slices - slice), double(n_slices));
            if (slice < n_slices) run->steps(steps_each, horizon / double(n_slices * steps_each));
            run->give(0, out + slice * each);
        }
    }
    return kept.give<3>({n_slices + 1, numbers.n_parties, numbers.n});
}

// Many draws of one game: (n_draws, n_parties, n_states), now.
Given<double, 3> play_draws(nb::handle moves, nb::handle chances, Matrix<3> flow, Matrix<2> tempo, Matrix<2> noise, Matrix<2> discount,
                            Matrix<2> chance, nb::handle cost, Array<bool> fast, Matrix<3> end, double horizon, size_t n_steps, bool surplus,
                            size_t n_draws, int n_threads) {
    const Numbers numbers(moves, chances, tempo, noise, discount, chance, cost, marks(fast));
    const size_t each = numbers.n_parties * numbers.n;
    numbers.require_draws(n_draws);
    numbers.require_values(flow, n_draws);
    numbers.require_values(end, n_draws);
    require_slices(n_draws, each);
    Result<double> kept(n_draws * each);
    double* out = kept.data();
    {
        Unlocked unlocked;
        with_lanes(numbers.n_parties, [&](auto side) {
            constexpr int B = side;
            in_parallel((n_draws + B - 1) / B, 1, n_threads, [&](size_t first_group, size_t last_group, int) {
                for (size_t group = first_group; group < last_group; ++group) {
                    const size_t first = group * B;
                    const Game<B> game(numbers, first, n_draws);
                    const auto run = backwards(game, surplus, 1);
                    run->load(run->flow, flow, first, n_draws);
                    run->load(run->values, end, first, n_draws);
                    run->steps(n_steps, horizon / double(n_steps));
                    for (size_t d = 0; d < B && first + d < n_draws; ++d) run->give(d, out + (first + d) * each);
                }
            }, true);
        });
    }
    return kept.give<3>({n_draws, numbers.n_parties, numbers.n});
}

}  // namespace

void open_play(nb::module_& m) {
    m.def("play", &play, nb::arg("moves"), nb::arg("chances"), nb::arg("flow"), nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance"), nb::arg("cost"), nb::arg("fast"), nb::arg("end"), nb::arg("horizon"), nb::arg("n_slices"), nb::arg("steps_each"), nb::arg("surplus"), nb::arg("n_threads"));
    m.def("play_draws", &play_draws, nb::arg("moves"), nb::arg("chances"), nb::arg("flow"), nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance"), nb::arg("cost"), nb::arg("fast"), nb::arg("end"), nb::arg("horizon"), nb::arg("n_steps"), nb::arg("surplus"), nb::arg("n_draws"), nb::arg("n_threads"));
}
