// What each room gives to Python.
#pragma once
#include <nanobind/nanobind.h>

void open_moves(nanobind::module_& m);
void open_build(nanobind::module_& m);
void open_stability(nanobind::module_& m);
void open_reach(nanobind::module_& m);
void open_rests(nanobind::module_& m);
void open_resting(nanobind::module_& m);
void open_relations(nanobind::module_& m);
void open_coalitions(nanobind::module_& m);
void open_unlock(nanobind::module_& m);
void open_pareto(nanobind::module_& m);
void open_minimal(nanobind::module_& m);
void open_play(nanobind::module_& m);
void open_survival(nanobind::module_& m);
void open_survival_of_draws(nanobind::module_& m);
void open_listing(nanobind::module_& m);
void open_components(nanobind::module_& m);
