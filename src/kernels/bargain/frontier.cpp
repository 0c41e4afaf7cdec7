// The outcomes that no other outcome improves for anyone without loss to someone. See bargain/frontier.py.
#include <limits>
#include <numeric>
#include <set>

#include "../arrays.hpp"
#include "../rooms.hpp"
#include "../watch.hpp"

namespace {

// Rows of K values, best sums first, ties in the sum by their values: whatever beats a row stands before it.
struct Rows {
    size_t n, k;
    std::vector<double> value;
    std::vector<uint32_t> number;

    Rows(const double* columns, size_t k_, size_t n_) : n(n_), k(k_), value(n_ * k_), number(n_) {
        std::vector<double> sum(n, 0.0);
        for (size_t i = 0; i < k; ++i)
            for (size_t s = 0; s < n; ++s) sum[s] += columns[i * n + s];
        std::vector<std::pair<double, uint32_t>> order(n);
        for (size_t s = 0; s < n; ++s) order[s] = {-sum[s], uint32_t(s)};
        Pace pace;
        std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
            pace.step(1 << 16);
            if (a.first != b.first) return a.first < b.first;
            for (size_t i = 0; i < k; ++i) {
                const double x = columns[i * n + a.second], y = columns[i * n + b.second];
                if (x != y) return x > y;
            }
            return a.second < b.second;
        });
        for (size_t p = 0; p < n; ++p) number[p] = order[p].second;
        for (size_t i = 0; i < k; ++i)
            for (size_t p = 0; p < n; ++p) value[p * k + i] = columns[i * n + number[p]];
    }

    bool repeats(size_t p) const { return p && std::equal(&value[p * k], &value[p * k] + k, &value[(p - 1) * k]); }
};

template <size_t K>
inline bool covers(const double* a, const double* b) {
    bool all = true;
    for (size_t i = 0; i < K; ++i) all &= a[i] >= b[i];
    return all;
}

// Every row against those kept so far; a row that beats another moves half-way to the front, where it is met sooner.
template <size_t K>
inline void keep_best(const Rows& rows, uint8_t* best) {
    std::vector<double> kept;
    bool last = false;
    Pace pace;
    for (size_t p = 0; p < rows.n; ++p, pace.step(256)) {
        const double* row = &rows.value[p * K];
        if (!rows.repeats(p)) {
            last = true;
            for (size_t j = 0; j < kept.size(); j += K)
                if (covers<K>(&kept[j], row)) {
                    last = false;
                    std::swap_ranges(&kept[j], &kept[j] + K, &kept[j / K / 2 * K]);
                    break;
                }
            if (last) kept.insert(kept.end(), row, row + K);
        }
        best[rows.number[p]] = last;
    }
}

// Three values or fewer: a staircase in the last two, first value falling; n log n however many are best.
inline void keep_staircase(const double* columns, size_t k, size_t n, uint8_t* best) {
    auto at = [&](size_t i, uint32_t s) { return i < k ? columns[i * n + s] : 0.0; };
    std::vector<uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    Pace pace;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
        pace.step(1 << 16);
        for (size_t i = 0; i < 3; ++i)
            if (at(i, a) != at(i, b)) return at(i, a) > at(i, b);
        return a < b;
    });
    std::set<std::pair<double, double>> stairs;  // second value rises, third falls
    bool last = false;
    for (size_t p = 0; p < n; ++p, pace.step()) {
        const uint32_t s = order[p];
        bool same = p > 0;
        for (size_t i = 0; same && i < 3; ++i) same = at(i, s) == at(i, order[p - 1]);
        if (!same) {
            const std::pair<double, double> here{at(1, s), at(2, s)};
            const auto above = stairs.lower_bound({here.first, -std::numeric_limits<double>::infinity()});
            last = above == stairs.end() || above->second < here.second;
            if (last) {
                auto next = stairs.insert(here).first;
                while (next != stairs.begin() && std::prev(next)->second <= here.second) stairs.erase(std::prev(next));
            }
        }
        best[s] = last;
    }
}

// values: (n_parties, n_outcomes), higher is better -> (n_outcomes,) 1 where no other outcome is as good for all and better for one.
Given<uint8_t, 1> pareto(Matrix<2> values) {
    const size_t k = values.shape(0), n = values.shape(1);
    require(n < 0x7FFFFFFF, "more than 2^31 outcomes");
    std::vector<uint8_t> best(n, 0);
    const double* columns = values.data();
    {
        Unlocked unlocked;
        if (k <= 3) {
            keep_staircase(columns, k, n, best.data());
        } else {
            constexpr size_t most = 16;
            require(k <= most, "more than 16 parties");
            const size_t wide = k <= 8 ? k : most;
            std::vector<double> padded;
            if (wide != k) {
                padded.assign(wide * n, 0.0);
                std::copy(columns, columns + k * n, padded.begin());
                columns = padded.data();
            }
            const Rows rows(columns, wide, n);
            switch (wide) {
                case 4: keep_best<4>(rows, best.data()); break;
                case 5: keep_best<5>(rows, best.data()); break;
                case 6: keep_best<6>(rows, best.data()); break;
                case 7: keep_best<7>(rows, best.data()); break;
                case 8: keep_best<8>(rows, best.data()); break;
                default: keep_best<most>(rows, best.data());
            }
        }
    }
    return hand_over(std::move(best));
}

}  // namespace

void open_pareto(nb::module_& m) { m.def("pareto", &pareto, nb::arg("values")); }
