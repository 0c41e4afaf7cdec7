// What is played: the numbers handed in, checked, and B draws of them side by side.
#pragma once
#include "mover.hpp"

constexpr size_t most_parties = 32;

// How many slices of values may be kept, of so many values each.
inline void require_slices(size_t n_slices, size_t each) {
    require(n_slices >= 1 && n_slices < size_t(1) << 32, "the number of slices must be from 1 to 2^32");
    if ((n_slices + 1) > (size_t(1) << 36) / std::max<size_t>(1, each)) throw std::overflow_error("the values of all slices do not fit in memory");
}

// Marks as handed in.
inline std::vector<bool> marks(const Array<bool>& given) {
    return std::vector<bool>(given.data(), given.data() + given.shape(0));
}

// What one game (B draws of it) is: views on arrays (n_draws or 1, ...), of which draws first..first + B are meant.
struct Numbers {
    std::vector<Moves> moves;
    size_t n, n_parties, n_chances;
    Matrix<2> tempo, noise, discount, chance;  // (n_draws or 1, n_parties or n_chances)
    std::vector<Matrix<2>> cost;               // per party (n_draws or 1, n_listed)
    std::vector<Array<uint32_t>> source, target;
    std::vector<bool> fast;           // per event, whether it is played apart
    std::vector<uint32_t> fleeting;   // states that fast events leave, in order
    std::vector<std::vector<std::pair<size_t, uint32_t>>> out_of;  // beside `fleeting`: fast events and where they lead

    Numbers(nb::handle moves_, nb::handle chances, Matrix<2> tempo, Matrix<2> noise, Matrix<2> discount, Matrix<2> chance,
            nb::handle costs, std::vector<bool> apart)
        : moves(moves_of(moves_)), n(moves[0].n_states), n_parties(moves.size()), n_chances(chance.shape(1)),
          tempo(tempo), noise(noise), discount(discount), chance(chance), fast(std::move(apart)) {
        for (nb::handle c : costs) cost.push_back(nb::cast<Matrix<2>>(c));
        for (nb::handle c : chances) {
            source.push_back(nb::cast<Array<uint32_t>>(c.attr("source")));
            target.push_back(nb::cast<Array<uint32_t>>(c.attr("target")));
        }
        check();
        if (std::find(fast.begin(), fast.end(), true) != fast.end()) set_apart();
    }

    // Lists the fleeting states; none of them may be where a fast event leads.
    void set_apart() {
        std::vector<std::vector<std::pair<size_t, uint32_t>>> ways(n);
        for (size_t c = 0; c < n_chances; ++c)
            for (size_t e = 0; fast[c] && e < source[c].shape(0); ++e) ways[source[c].data()[e]].emplace_back(c, target[c].data()[e]);
        for (size_t s = 0; s < n; ++s) {
            if (ways[s].empty()) continue;
            for (auto [c, into] : ways[s]) {
                require(ways[into].empty(), "a fast event leads to a state that a fast event leaves");
                for (size_t d = 0; d < chance.shape(0); ++d) require(at(chance, d, c) > 0, "a fast event must have a rate in every draw");
            }
            fleeting.push_back(uint32_t(s));
            out_of.push_back(ways[s]);
        }
    }

    void check() const {
        require(n_parties <= most_parties, "more than 32 parties");
        for (const Matrix<2>* each : {&tempo, &noise, &discount})
            require(each->shape(0) >= 1 && each->shape(1) == n_parties, "tempo, noise and discount must be given for every party");
        require(chance.shape(0) >= 1 && source.size() == n_chances, "a rate must be given for every event");
        require(fast.size() == n_chances, "whether it is fast must be given for every event");
        require(cost.size() == n_parties, "costs must be given for every party");
        for (size_t i = 0; i < n_parties; ++i) {
            moves[i].require_listed();
            require(cost[i].shape(0) >= 1 && cost[i].shape(1) == moves[i].n_listed, "a cost must be given for every listed move");
        }
        for (size_t c = 0; c < n_chances; ++c) {
            require(source[c].shape(0) == target[c].shape(0), "an event must have as many targets as sources");
            for (size_t e = 0; e < source[c].shape(0); ++e)
                require(source[c].data()[e] < n && target[c].data()[e] < n, "an event leads from or to no state");
        }
    }

    // Arrays with a leading axis of draws have one draw for all, or `n_draws`.
    void require_draws(size_t n_draws) const {
        auto fits = [&](const Matrix<2>& m) { return m.shape(0) == 1 || m.shape(0) >= n_draws; };
        for (const Matrix<2>* each : {&tempo, &noise, &discount, &chance}) require(fits(*each), "arrays of different numbers of draws");
        for (const Matrix<2>& each : cost) require(fits(each), "arrays of different numbers of draws");
    }

    void require_values(const Matrix<3>& values, size_t n_draws) const {
        require(values.shape(0) == 1 || values.shape(0) >= n_draws, "arrays of different numbers of draws");
        require(values.shape(0) >= 1 && values.shape(1) == n_parties && values.shape(2) == n, "worths and moves are of different graphs");
    }

    static double at(const Matrix<2>& m, size_t draw, size_t k) {
        return m.data()[(m.shape(0) == 1 ? 0 : draw) * m.shape(1) + k];
    }
};

// For how many parties values are kept: the numbers for which steps are compiled.
template <int B>
size_t width_of(size_t n_parties) {
    if (B > 1 && n_parties == 3) return 3;
    size_t width = 2;
    while (width < n_parties) width *= 2;
    return width;
}

// B draws of it; values of `width` parties lie side by side, those beyond the game's own being nobody's.
template <int B>
struct Game {
    using Lanes = LanesOf<B>;
    const Numbers& numbers;
    const size_t n, n_parties, width;
    std::vector<Mover<B>> movers;
    Row<B> leaving, slow;  // (n_states,): rate of events out of each state; of those that are not fast
    Row<B> chance;         // (n_chances,)
    Row<B> discount;       // (width,)
    Lanes most = Lanes(), most_slow = Lanes(), tempos = Lanes();

    Game(const Numbers& numbers, size_t first, size_t n_draws)
        : numbers(numbers), n(numbers.n), n_parties(numbers.n_parties), width(width_of<B>(n_parties)), chance(numbers.n_chances), discount(width, 1) {
        size_t draw[B];
        for (int d = 0; d < B; ++d) draw[d] = std::min(first + d, n_draws - 1);
        auto drawn = [&](const Matrix<2>& given, size_t k) {
            Lanes lanes;
            for (int d = 0; d < B; ++d) numbers_in<B>(&lanes)[d] = Numbers::at(given, draw[d], k);
            return lanes;
        };
        for (size_t i = 0; i < n_parties; ++i) {
            const double* costs[B];
            const Matrix<2>& cost = numbers.cost[i];
            for (int d = 0; d < B; ++d) costs[d] = cost.data() + (cost.shape(0) == 1 ? 0 : draw[d]) * cost.shape(1);
            discount[i] = drawn(numbers.discount, i);
            movers.emplace_back(numbers.moves[i], costs, drawn(numbers.tempo, i), drawn(numbers.noise, i));
            tempos += movers.back().tempo;
        }
        for (size_t c = 0; c < numbers.n_chances; ++c) chance[c] = drawn(numbers.chance, c);
        if (!numbers.n_chances) return;
        leaving = Row<B>(n), slow = Row<B>(n);
        for (size_t c = 0; c < numbers.n_chances; ++c)
            for (size_t e = 0; e < numbers.source[c].shape(0); ++e) {
                leaving[numbers.source[c].data()[e]] += chance[c];
                if (!numbers.fast[c]) slow[numbers.source[c].data()[e]] += chance[c];
            }
        for (size_t s = 0; s < n; ++s) {
            raise_to(most, leaving[s]);
            raise_to(most_slow, slow[s]);
        }
    }
};

// Calls work with the number of draws that are played side by side: eight, or of very many parties one.
template <typename Work>
void with_lanes(size_t n_parties, Work work) {
    if (n_parties <= 8) return work(std::integral_constant<int, 8>());
    return work(std::integral_constant<int, 1>());
}
