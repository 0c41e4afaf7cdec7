// How long a condition lasts in one game whose values are known.
#include "../rooms.hpp"
#include "forwards.hpp"

namespace {

// One game from stored values (n_slices, n_parties, n_states) at `times`: alive (n_months,), months it lasted on average up
// to the last of them, and of each way out who, source, target, flow.
nb::tuple survive(nb::handle moves, nb::handle chances, Matrix<2> tempo, Matrix<2> noise, Matrix<2> chance,
                         nb::handle cost, Matrix<3> slices, Array<double> times_, Array<double> months, Array<double> start,
                         Array<bool> holds, double cut) {
    const Numbers numbers(moves, chances, tempo, noise, tempo, chance, cost, std::vector<bool>(chance.shape(1)));
    numbers.require_draws(1);
    numbers.require_values(slices, slices.shape(0));
    require(times_.shape(0) == slices.shape(0), "a time must be given for every slice");
    require(start.shape(0) == numbers.n && holds.shape(0) == numbers.n, "`start` and `holds` must have one entry per state");
    const std::vector<double> times(times_.data(), times_.data() + times_.shape(0));
    std::vector<double> alive(months.shape(0));
    double lasted = 0;
    Exits exits;
    {
        Unlocked unlocked;
        const Game<1> game(numbers, 0, 1);
        const size_t J = game.width;
        Forwards<1> run(game, holds.data());
        std::copy(start.data(), start.data() + numbers.n, run.x.numbers());
        Row<1> V[2] = {Row<1>(numbers.n * J), Row<1>(numbers.n * J)};
        auto slice = [&](size_t k) {  // which is looked at beside the next one
            double* to = V[k % 2].data();
            for (size_t i = 0; i < numbers.n_parties; ++i) {
                const double* from = slices.data() + (k * numbers.n_parties + i) * numbers.n;
                for (size_t s = 0; s < numbers.n; ++s) to[s * J + i] = from[s];
            }
            return to;
        };
        run.run(times, slice, months, cut, alive.data(), &lasted, &exits);
    }
    return nb::make_tuple(hand_over(std::move(alive)), lasted, hand_over(std::move(exits.who)), hand_over(std::move(exits.source)),
                          hand_over(std::move(exits.target)), hand_over(std::move(exits.flow)));
}

}  // namespace

void open_survival(nb::module_& m) {
    m.def("survive", &survive, nb::arg("moves"), nb::arg("chances"), nb::arg("tempo"), nb::arg("noise"), nb::arg("chance"), nb::arg("cost"), nb::arg("slices"), nb::arg("times"), nb::arg("months"), nb::arg("start"), nb::arg("holds"), nb::arg("cut"));
}
