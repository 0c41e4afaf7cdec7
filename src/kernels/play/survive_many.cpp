// Many draws of one game, played and survived, eight side by side.
#include "../rooms.hpp"
#include "backwards.hpp"
#include "forwards.hpp"

namespace {

// Many draws of one game, played and survived, eight side by side: (n_draws, n_months + 1), how long it lasted in the last
// column.
Given<double, 2> survive_many(
    nb::handle moves, nb::handle chances, Matrix<3> flow, Matrix<2> tempo, Matrix<2> noise, Matrix<2> discount,
    Matrix<2> chance, nb::handle cost, Array<bool> fast, Matrix<3> end, double horizon, size_t n_slices, size_t steps_each, bool surplus,
    Array<double> months, Array<double> start, Array<bool> holds, double cut, size_t n_draws, int n_threads) {
    const Numbers numbers(moves, chances, tempo, noise, discount, chance, cost, marks(fast));
    const size_t n_months = months.shape(0);
    numbers.require_draws(n_draws);
    numbers.require_values(flow, n_draws);
    numbers.require_values(end, n_draws);
    require_slices(n_slices, 8 * numbers.n_parties * numbers.n);
    require(start.shape(0) == numbers.n && holds.shape(0) == numbers.n, "`start` and `holds` must have one entry per state");
    Result<double> kept(n_draws * (n_months + 1));
    double* out = kept.data();
    {
        Unlocked unlocked;
        std::vector<double> times;
        for (size_t k = 0; k <= n_slices; ++k) times.push_back(horizon * double(k) / double(n_slices));
        with_lanes(numbers.n_parties, [&](auto side) {
            constexpr int B = side;
            in_parallel((n_draws + B - 1) / B, 1, n_threads, [&](size_t first_group, size_t last_group, int) {
                const size_t each = numbers.n * width_of<B>(numbers.n_parties);
                Row<B> slices((n_slices + 1) * each, Unset());
                std::vector<double> alive((n_months + 1) * B);
                for (size_t group = first_group; group < last_group; ++group) {
                    const size_t first = group * B;
                    const Game<B> game(numbers, first, n_draws);
                    const auto back = backwards(game, surplus, 1);
                    back->load(back->flow, flow, first, n_draws);
                    back->load(back->values, end, first, n_draws);
                    for (size_t k = n_slices + 1; k-- > 0;) {
                        if (k < n_slices) back->steps(steps_each, horizon / double(n_slices * steps_each));
                        std::copy_n(back->values.data(), each, slices.data() + k * each);
                    }
                    Forwards<B> ahead(game, holds.data());
                    for (size_t s = 0; s < numbers.n; ++s) ahead.x[s] = everywhere<B>(start.data()[s]);
                    ahead.run(times, [&](size_t k) { return slices.data() + k * each; }, months, cut, alive.data(), alive.data() + n_months * B, nullptr);
                    for (size_t d = 0; d < B && first + d < n_draws; ++d)
                        for (size_t t = 0; t <= n_months; ++t) out[(first + d) * (n_months + 1) + t] = alive[t * B + d];
                }
            }, true);
        });
    }
    return kept.give<2>({n_draws, n_months + 1});
}

}  // namespace

void open_survival_of_draws(nb::module_& m) {
    m.def("survive_many", &survive_many, nb::arg("moves"), nb::arg("chances"), nb::arg("flow"), nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance"), nb::arg("cost"), nb::arg("fast"), nb::arg("end"), nb::arg("horizon"), nb::arg("n_slices"), nb::arg("steps_each"), nb::arg("surplus"), nb::arg("months"), nb::arg("start"), nb::arg("holds"), nb::arg("cut"), nb::arg("n_draws"), nb::arg("n_threads"));
}
