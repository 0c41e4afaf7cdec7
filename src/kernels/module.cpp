#include <nanobind/stl/vector.h>

#include "frontier.hpp"
#include "coalitions.hpp"
#include "minimal.hpp"
#include "component.hpp"
#include "equilibrium.hpp"
#include "moves.hpp"
#include "play.hpp"
#include "reach.hpp"
#include "relations.hpp"
#include "stability.hpp"
#include "survival.hpp"
#include "unlock.hpp"

// rank: (n_draws, n_parties, n_states) -> (n_draws, 5, n_parties, n_states) of 0/1; draws run side by side.
static nb::ndarray<nb::numpy, uint8_t, nb::ndim<4>> stable(
    nb::handle parties_, nb::ndarray<const uint32_t, nb::ndim<3>, nb::c_contig> rank, std::vector<bool> wanted_,
    int replies, bool weak, int n_threads, size_t most_bytes) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n_draws = rank.shape(0), n_parties = rank.shape(1), n = rank.shape(2);
    bool wanted[5];
    std::copy(wanted_.begin(), wanted_.end(), wanted);
    const size_t each = 5 * n_parties * n;
    auto* out = new uint8_t[std::max<size_t>(1, n_draws * each)];
    nb::capsule owner(out, [](void* p) noexcept { delete[] static_cast<uint8_t*>(p); });
    {
        nb::gil_scoped_release unlocked;
        const bool many = n_draws > 1;
        const int inside = many || n < 50000 ? 1 : n_threads;
        in_parallel(n_draws, 1, many ? n_threads : 1, [&](size_t first, size_t last, int) {
            std::vector<uint16_t> narrow;
            for (size_t d = first; d < last; ++d) {
                const uint32_t* ranks = rank.data() + d * n_parties * n;
                const uint32_t top = n ? *std::max_element(ranks, ranks + n_parties * n) : 0;
                if (top < 0xFFFF) {
                    narrow.assign(ranks, ranks + n_parties * n);
                    solve_all<uint16_t>(parties, narrow.data(), n, wanted, Replies(replies), weak, inside, most_bytes, out + d * each);
                } else {
                    solve_all<uint32_t>(parties, ranks, n, wanted, Replies(replies), weak, inside, most_bytes, out + d * each);
                }
            }
        });
    }
    return nb::ndarray<nb::numpy, uint8_t, nb::ndim<4>>(out, {n_draws, size_t(5), n_parties, n}, owner);
}

NB_MODULE(_kernels, m) {
    m.def("build_moves", &build_moves, nb::arg("codes"), nb::arg("low"), nb::arg("radix"), nb::arg("one_way"), nb::arg("guard"), nb::arg("enter"));
    m.def("stable", &stable, nb::arg("moves"), nb::arg("rank"), nb::arg("wanted"), nb::arg("replies"), nb::arg("weak"), nb::arg("n_threads"), nb::arg("most_bytes"));
    m.def("reach", &reach, nb::arg("moves"), nb::arg("rank"), nb::arg("start"), nb::arg("improving"), nb::arg("open"), nb::arg("may_move"));
    m.def("order_ranks", &order_ranks, nb::arg("bits"), nb::arg("orders"), nb::arg("n_threads"));
    m.def("unlocks", &unlocks, nb::arg("moves"), nb::arg("pattern"), nb::arg("rank"), nb::arg("trials"), nb::arg("start"), nb::arg("goal"), nb::arg("looks"), nb::arg("gains"), nb::arg("escapes"), nb::arg("n_threads"));
    m.def("minimal", &minimal, nb::arg("sets"));
    m.def("pareto", &pareto, nb::arg("values"));
    m.def("play", &play, nb::arg("moves"), nb::arg("chances"), nb::arg("flow"), nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance"), nb::arg("cost"), nb::arg("end"), nb::arg("horizon"), nb::arg("n_slices"), nb::arg("steps_each"), nb::arg("surplus"), nb::arg("n_threads"));
    m.def("survive", &survive, nb::arg("moves"), nb::arg("chances"), nb::arg("tempo"), nb::arg("noise"), nb::arg("chance"), nb::arg("cost"), nb::arg("slices"), nb::arg("times"), nb::arg("months"), nb::arg("start"), nb::arg("holds"), nb::arg("cut"));
    m.def("survive_many", &survive_many, nb::arg("moves"), nb::arg("chances"), nb::arg("flow"), nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance"), nb::arg("cost"), nb::arg("end"), nb::arg("horizon"), nb::arg("n_slices"), nb::arg("steps_each"), nb::arg("surplus"), nb::arg("months"), nb::arg("start"), nb::arg("holds"), nb::arg("cut"), nb::arg("n_draws"), nb::arg("n_threads"));
    m.def("upset_by", &upset_by, nb::arg("moves"), nb::arg("rank"), nb::arg("masks"), nb::arg("replies"), nb::arg("escape"), nb::arg("once"), nb::arg("n_threads"));
    m.def("related_stable", &related_stable, nb::arg("moves"), nb::arg("relation"), nb::arg("tempts"), nb::arg("replies"), nb::arg("hurts"), nb::arg("escape"), nb::arg("n_threads"));
    m.def("agreed_over_draws", &agreed_over_draws, nb::arg("rank"), nb::arg("n_threads"));
    m.def("list_moves", &list_moves, nb::arg("moves"), nb::arg("cost"));
    m.def("move_components", &move_components, nb::arg("first"), nb::arg("target"));
    m.def("settle_components", &settle_components, nb::arg("first"), nb::arg("target"), nb::arg("cost"), nb::arg("chance"), nb::arg("flow"), nb::arg("tempo"), nb::arg("noise"), nb::arg("discount"), nb::arg("chance_first"), nb::arg("chance_target"), nb::arg("chance_rate"), nb::arg("value"), nb::arg("order"), nb::arg("begins"), nb::arg("rung"), nb::arg("found"), nb::arg("start"), nb::arg("most_unknowns"), nb::arg("select"), nb::arg("focus"), nb::arg("surplus"), nb::arg("given"));
}
