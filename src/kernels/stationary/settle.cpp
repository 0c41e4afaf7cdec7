// Component by component, successors first, until one is too large or resists.
#include <limits>

#include "../rooms.hpp"
#include "policies.hpp"
#include "single.hpp"

namespace {

// A list of moves state by state: what must hold for it to be walked without looking.
void check_listing(Array<int64_t> first, Array<uint32_t> target) {
    Unlocked unlocked;
    require(first.shape(0) >= 1 && first(0) == 0 && first(first.shape(0) - 1) == int64_t(target.shape(0)), "`first` must hold every move once");
    const size_t n = first.shape(0) - 1;
    for (size_t s = 0; s < n; ++s) require(first(s) <= first(s + 1), "`first` must ascend");
    for (size_t e = 0; e < target.shape(0); ++e) require(target(e) < n, "a move leads to no state");
}

// Components: every state once, in groups that are not empty.
void check_components(Array<uint32_t> order, Array<int64_t> begins) {
    Unlocked unlocked;
    const size_t n = order.shape(0);
    require(begins.shape(0) >= 1 && begins(0) == 0 && begins(begins.shape(0) - 1) == int64_t(n), "components must hold every state once");
    for (size_t k = 0; k + 1 < begins.shape(0); ++k) require(begins(k) < begins(k + 1), "components must not be empty");
    std::vector<uint8_t> seen(n, 0);
    for (size_t p = 0; p < n; ++p) {
        require(order(p) < n && !seen[order(p)], "components must hold every state once");
        seen[order(p)] = 1;
    }
}

template <typename Arrays>
bool all_of_size(const Arrays& arrays, size_t size) {
    for (const auto& each : arrays)
        if (each.shape(0) != size) return false;
    return true;
}

// Settles components from number `from` on; returns the number of the one that is too large or resists, or how many there are.
// Lists and components are as check_listing and check_components have them.
int64_t settle_components(std::vector<Array<int64_t>> first, std::vector<Array<uint32_t>> target, std::vector<Array<double>> cost,
                          std::vector<Writable<double, 1>> chance, Matrix<2> flow, Array<double> tempo, Array<double> noise, Array<double> discount,
                          Array<int64_t> chance_first, Array<uint32_t> chance_target, Array<double> chance_rate, Writable<double, 2> value,
                          Array<uint32_t> order, Array<int64_t> begins, Writable<uint8_t, 1> rung, Writable<uint32_t, 1> n_equilibria, int64_t from,
                          int64_t most_unknowns, int select, int focus, bool surplus, bool given) {
    const size_t n = flow.shape(0), n_parties = flow.shape(1);
    require(n > 0 && n < 0x7FFFFFFF && n_parties > 0 && n_parties < 1 << 15, "worths of no state or of no party");
    require(first.size() == n_parties && target.size() == n_parties && cost.size() == n_parties && chance.size() == n_parties, "lists must be given for every party");
    require(all_of_size(first, n + 1) && chance_first.shape(0) == n + 1, "`first` must have one entry more than there are states");
    for (size_t k = 0; k < n_parties; ++k) {
        const size_t n_moves = target[k].shape(0);
        require(chance[k].shape(0) == n_moves && (cost[k].shape(0) == 0 || cost[k].shape(0) == n_moves), "chances and costs must go with the moves");
    }
    require(chance_target.shape(0) == chance_rate.shape(0), "every event must have a target and a rate");
    require(all_of_size(std::vector<Array<double>>{tempo, noise, discount}, n_parties), "tempo, noise and discount must be given for every party");
    for (size_t k = 0; k < n_parties; ++k)
        require(std::isfinite(tempo(k)) && std::isfinite(noise(k)) && std::isfinite(discount(k)), "tempo, noise and discount must be finite");
    require(value.shape(0) == n && value.shape(1) == n_parties && order.shape(0) == n, "values and components must be of the same states");
    require(begins.shape(0) >= 1 && rung.shape(0) + 1 == begins.shape(0) && n_equilibria.shape(0) == rung.shape(0), "a rung must be given for every component");
    require(from >= 0 && from < int64_t(begins.shape(0)), "no component of this number");
    require(select >= 0 && select <= int(Select::worst_for) && focus >= 0 && size_t(focus) < n_parties, "no such selection, or for no party");
    require(most_unknowns <= 100000, "too many unknowns");
    Contest c{flow.shape(0), int(flow.shape(1)), {}, flow.data(), tempo.data(), noise.data(), discount.data(), chance_first, chance_target,
              chance_rate, value.data(), Select(select), focus, surplus, true, {}};
    for (int k = 0; k < c.n_parties; ++k) {
        c.party.push_back({first[k], target[k], cost[k], chance[k].data()});
        c.exact = c.exact && c.noise[k] == 0;
        int same = 0;
        while (c.discount[same] != c.discount[k]) ++same;
        c.group.push_back(same);
    }
    const int64_t n_components = int64_t(begins.shape(0)) - 1;
    int64_t at = from;
    {
        Unlocked unlocked;
        std::vector<int32_t> place(c.n, -1);
        Single single(c);
        Policies local(c, place);
        Pace pace;
        for (; at < n_components; ++at, pace.step(256)) {
            progress(double(at), double(n_components));
            const uint32_t* states = order.data() + begins(at);
            const int64_t size = begins(at + 1) - begins(at);
            if (given) {
                if (size > std::numeric_limits<int>::max() / c.n_parties) throw std::overflow_error("the component is too large to be made exact");
                rung(at) = local.sharpen_given(states, int(size));
                at += rung(at) != unsolved;
                break;
            }
            if (size == 1 && c.exact && most_unknowns > 0) {
                n_equilibria(at) = single.settle(states[0]);
                rung(at) = n_equilibria(at) ? one_state : unsolved;
            } else if (size * c.n_parties <= most_unknowns) {
                rung(at) = local.settle(states, int(size));
                n_equilibria(at) = local.n_found;
            }
            if (rung(at) == unsolved) break;
        }
    }
    return at;
}

}  // namespace

void open_components(nb::module_& m) {
    m.def("check_listing", &check_listing, nb::arg("first"), nb::arg("target"));
    m.def("check_components", &check_components, nb::arg("order"), nb::arg("begins"));
    m.def("settle_components", &settle_components, nb::kw_only(), nb::arg("first"), nb::arg("target"), nb::arg("cost"), nb::arg("chance"), nb::arg("flow"),
          nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance_first"), nb::arg("chance_target"), nb::arg("chance_rate"), nb::arg("value"),
          nb::arg("order"), nb::arg("begins"), nb::arg("rung"), nb::arg("n_equilibria"), nb::arg("start"), nb::arg("most_unknowns"), nb::arg("select"),
          nb::arg("focus"), nb::arg("surplus"), nb::arg("given"));
}
