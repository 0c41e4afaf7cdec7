// Steps of eight draws side by side.
#include "steps.hpp"

template <>
std::unique_ptr<Backwards<8>> backwards(const Game<8>& game, bool surplus, int n_threads) {
    switch (game.width) {
        case 2: return std::make_unique<Steps<2, 8>>(game, surplus, n_threads);
        case 3: return std::make_unique<Steps<3, 8>>(game, surplus, n_threads);
        case 4: return std::make_unique<Steps<4, 8>>(game, surplus, n_threads);
        default: return std::make_unique<Steps<8, 8>>(game, surplus, n_threads);
    }
}
