// Sets of demands, as bits: those that contain no other. See bargain/hitting_sets.py.
#include <algorithm>
#include <numeric>

#include "../arrays.hpp"
#include "../rooms.hpp"
#include "../watch.hpp"

namespace {

// sets: (n_sets, n_words) -> numbers of the minimal ones among them, fewest members first; of equal sets the first.
Given<int64_t, 1> minimal(Grid<uint64_t, 2> sets) {
    const size_t n = sets.shape(0), w = sets.shape(1);
    require(n < 0x7FFFFFFF, "more than 2^31 sets");
    const uint64_t* bits = sets.data();
    std::vector<int64_t> found;
    {
        Unlocked unlocked;
        std::vector<uint32_t> size(n, 0);
        for (size_t s = 0; s < n; ++s)
            for (size_t k = 0; k < w; ++k) size[s] += uint32_t(__builtin_popcountll(bits[s * w + k]));
        std::vector<uint32_t> order(n);
        std::iota(order.begin(), order.end(), 0u);
        Pace pace;
        std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
            pace.step(1 << 16);
            if (size[a] != size[b]) return size[a] < size[b];
            const int c = w == 1 ? (bits[a] < bits[b] ? -1 : bits[a] > bits[b]) : std::memcmp(bits + a * w, bits + b * w, w * sizeof *bits);
            return c ? c < 0 : a < b;
        });
        std::vector<uint64_t> kept;
        for (size_t p = 0; p < n; ++p, pace.step(256)) {
            const uint64_t* here = bits + order[p] * w;
            if (p && std::equal(here, here + w, bits + order[p - 1] * w)) continue;
            bool inside = false;  // some kept set lies inside this one
            if (w == 1) {
                const uint64_t absent = ~here[0];
                for (size_t q = 0; q < kept.size() && !inside; q += 64) {
                    const size_t last = std::min(q + 64, kept.size());
                    for (size_t r = q; r < last; ++r) inside |= !(kept[r] & absent);
                }
            } else {
                for (size_t q = 0; q < kept.size() && !inside; q += w) {
                    uint64_t beyond = 0;
                    for (size_t k = 0; k < w; ++k) beyond |= kept[q + k] & ~here[k];
                    inside = !beyond;
                }
            }
            if (inside) continue;
            kept.insert(kept.end(), here, here + w);
            found.push_back(order[p]);
        }
    }
    return hand_over(std::move(found));
}

}  // namespace

void open_minimal(nb::module_& m) { m.def("minimal", &minimal, nb::arg("sets")); }
