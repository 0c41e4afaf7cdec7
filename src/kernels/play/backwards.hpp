// Values of a game backwards from its horizon, whatever the number of parties. See steps.hpp.
#pragma once
#include <memory>

#include "game.hpp"

// values, flow: (n_states, width of the game).
template <int B>
struct Backwards {
    const Game<B>& game;
    Row<B> values, flow;

    explicit Backwards(const Game<B>& game) : game(game), values(game.n * game.width), flow(game.n * game.width) {}
    virtual ~Backwards() = default;

    // n_steps steps of `step` months each, from `values` to `values`; four sweeps a step.
    virtual void steps(size_t n_steps, double step) = 0;

    // given: (n_draws or 1, n_parties, n_states)
    void load(Row<B>& to, const Matrix<3>& given, size_t first, size_t n_draws) const {
        for (int d = 0; d < B; ++d) {
            const size_t draw = given.shape(0) == 1 ? 0 : std::min(first + d, n_draws - 1);
            for (size_t i = 0; i < game.n_parties; ++i) {
                const double* from = given.data() + (draw * game.n_parties + i) * game.n;
                for (size_t s = 0; s < game.n; ++s) to.numbers()[(s * game.width + i) * B + d] = from[s];
            }
        }
    }

    // Draw d, to: (n_parties, n_states).
    void give(size_t d, double* to) const {
        for (size_t i = 0; i < game.n_parties; ++i)
            for (size_t s = 0; s < game.n; ++s) to[i * game.n + s] = values.numbers()[(s * game.width + i) * B + d];
    }
};

// The steps of a game as wide as it is; in a unit of their own for each B, so that they are compiled once.
template <int B>
std::unique_ptr<Backwards<B>> backwards(const Game<B>& game, bool surplus, int n_threads);
template <>
std::unique_ptr<Backwards<1>> backwards(const Game<1>& game, bool surplus, int n_threads);
template <>
std::unique_ptr<Backwards<8>> backwards(const Game<8>& game, bool surplus, int n_threads);
