// Steps of one game at a time.
#include "steps.hpp"

template <>
std::unique_ptr<Backwards<1>> backwards(const Game<1>& game, bool surplus, int n_threads) {
    switch (game.width) {
        case 2: return std::make_unique<Steps<2, 1>>(game, surplus, n_threads);
        case 4: return std::make_unique<Steps<4, 1>>(game, surplus, n_threads);
        case 8: return std::make_unique<Steps<8, 1>>(game, surplus, n_threads);
        case 16: return std::make_unique<Steps<16, 1>>(game, surplus, n_threads);
        default: return std::make_unique<Steps<int(most_parties), 1>>(game, surplus, n_threads);
    }
}
