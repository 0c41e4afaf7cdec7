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

template <int J, int B>
struct Game {
    static constexpr int L = J * B;
    const Numbers& numbers;
    const size_t n, n_parties;
    std::vector<Mover<B>> movers;
    std::vector<double> leaving, slow;  // (n_states, B): rate of events out of each state; of those that are not fast
    std::vector<double> chance;         // (n_chances, B)
    double most[B] = {}, most_slow[B] = {}, tempos[B] = {}, discount[L];

    Game(const Numbers& numbers, size_t first, size_t n_draws) : numbers(numbers), n(numbers.n), n_parties(numbers.n_parties) {
        size_t draw[B];
        for (int d = 0; d < B; ++d) draw[d] = std::min(first + d, n_draws - 1);
        std::fill(discount, discount + L, 1.0);
        for (size_t i = 0; i < n_parties; ++i) {
            const double* costs[B];
            double tempo[B], noise[B];
            for (int d = 0; d < B; ++d) {
                const Matrix<2>& cost = numbers.cost[i];
                costs[d] = cost.data() + (cost.shape(0) == 1 ? 0 : draw[d]) * cost.shape(1);
                tempo[d] = Numbers::at(numbers.tempo, draw[d], i);
                noise[d] = Numbers::at(numbers.noise, draw[d], i);
                discount[i * B + d] = Numbers::at(numbers.discount, draw[d], i);
            }
            movers.emplace_back(numbers.moves[i], costs, tempo, noise);
            for (int d = 0; d < B; ++d) tempos[d] += movers.back().tempo[d];
        }
        for (size_t c = 0; c < numbers.n_chances; ++c)
            for (int d = 0; d < B; ++d) chance.push_back(Numbers::at(numbers.chance, draw[d], c));
        if (!numbers.n_chances) return;
        leaving.assign(n * B, 0), slow.assign(n * B, 0);
        for (size_t c = 0; c < numbers.n_chances; ++c)
            for (size_t e = 0; e < numbers.source[c].shape(0); ++e)
                for (int d = 0; d < B; ++d) {
                    leaving[numbers.source[c].data()[e] * B + d] += chance[c * B + d];
                    if (!numbers.fast[c]) slow[numbers.source[c].data()[e] * B + d] += chance[c * B + d];
                }
        for (size_t s = 0; s < n; ++s)
            for (int d = 0; d < B; ++d) {
                most[d] = std::max(most[d], leaving[s * B + d]);
                most_slow[d] = std::max(most_slow[d], slow[s * B + d]);
            }
    }
};

// Calls work with the number of lanes that the parties need, and B draws side by side; more parties, draws one by one.
template <int B, typename Work>
void with_lanes(size_t n_parties, Work work) {
    if (n_parties <= 2) return work(std::integral_constant<int, 2>(), std::integral_constant<int, B>());
    if (n_parties <= 3 && B > 1) return work(std::integral_constant<int, 3>(), std::integral_constant<int, B>());
    if (n_parties <= 4) return work(std::integral_constant<int, 4>(), std::integral_constant<int, B>());
    if (n_parties <= 8) return work(std::integral_constant<int, 8>(), std::integral_constant<int, B>());
    if (n_parties <= 16) return work(std::integral_constant<int, 16>(), std::integral_constant<int, 1>());
    return work(std::integral_constant<int, int(most_parties)>(), std::integral_constant<int, 1>());
}
