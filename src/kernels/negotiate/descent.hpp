// Smallest keys over a party's moves, block by block: one walk down the places of a block, from the one that the party likes best.
//
// Seen from a place the moves that gain are those to places passed before it, so a smallest key carried along answers for all of
// them at once, and a block of n places costs n steps instead of the n² of its moves. Places with the same moves, into and out
// of them, are of one class; where one-way levers and guards make several, each class carries a smallest key of its own.
#pragma once
#include <limits>
#include <unordered_map>

#include "../moves.hpp"

// Keys of all questions at one state or place, side by side.
template <typename T>
struct Line {
    static constexpr size_t L = 8, n_vec = L * sizeof(T) / 16;
    typedef T Vec __attribute__((vector_size(16), may_alias));
    Vec v[n_vec];

    static Line all(T value) {
        Line made;
        for (Vec& each : made.v) each = Vec{} + value;
        return made;
    }
    static const Line& at(const T* keys, size_t s) { return *reinterpret_cast<const Line*>(keys + s * L); }
    static Line& at(T* keys, size_t s) { return *reinterpret_cast<Line*>(keys + s * L); }
    void lower(const Line& by) {
        for (size_t k = 0; k < n_vec; ++k) v[k] = v[k] < by.v[k] ? v[k] : by.v[k];
    }
    Line operator|(const Line& other) const {
        Line made;
        for (size_t k = 0; k < n_vec; ++k) made.v[k] = v[k] | other.v[k];
        return made;
    }
    Line operator&(const Line& other) const {
        Line made;
        for (size_t k = 0; k < n_vec; ++k) made.v[k] = v[k] & other.v[k];
        return made;
    }
    Line operator~() const {
        Line made;
        for (size_t k = 0; k < n_vec; ++k) made.v[k] = ~v[k];
        return made;
    }
    bool operator!=(const Line& other) const {
        Vec apart = v[0] ^ other.v[0];
        for (size_t k = 1; k < n_vec; ++k) apart |= v[k] ^ other.v[k];
        uint64_t halves[2];
        std::memcpy(halves, &apart, sizeof halves);
        return (halves[0] | halves[1]) != 0;
    }
};

// The key of one question alone.
template <typename T>
struct Single {
    T v;

    static Single all(T value) { return {value}; }
    void lower(const Single& by) { v = by.v < v ? by.v : v; }
};

constexpr size_t most_classed = size_t(1) << 22;  // moves of a kind above which its places are not put in classes
constexpr size_t few_places = 2;                  // in a class on average, below which moves are walked one by one

// The places of one kind in classes: from each place of a class a move leads to every other place of the classes that it leads to.
struct Classes {
    bool there = false;                       // whether walking by classes is the shorter way
    bool composes = false;                    // every two moves in a row are one move, or lead back
    std::vector<uint32_t> of;                 // class of each place
    std::vector<std::vector<uint32_t>> from;  // per class, those that lead to it
    std::vector<uint8_t> leads;               // (n_classes, n_classes)

    size_t size() const { return from.size(); }

    bool compose() const {
        for (size_t c = 0; c < size(); ++c)
            for (uint32_t d = 0; d < size(); ++d)
                for (uint32_t e = 0; leads[c * size() + d] && e < size(); ++e)
                    if (leads[d * size() + e] && !leads[c * size() + e]) return false;
        return true;
    }

    void find(const Moves& m, int32_t k, size_t n) {
        of.assign(n, 0);
        if (m.complete[k]) {
            there = composes = true, from = {{0}}, leads = {1};
            return;
        }
        const int64_t* row = m.row + m.first_row[k];
        if (size_t(row[n] - row[0]) > most_classed) return;
        std::vector<std::vector<uint32_t>> near(2 * n);  // where moves lead from a place, then from where they lead to it, itself included
        for (size_t p = 0; p < n; ++p) {
            near[p].assign(m.target + row[p], m.target + row[p + 1]);
            near[p].insert(std::lower_bound(near[p].begin(), near[p].end(), uint32_t(p)), uint32_t(p));
            for (uint32_t q : near[p]) near[n + q].push_back(uint32_t(p));
        }
        std::vector<uint32_t> first;  // of each class, the first of its places
        std::unordered_map<size_t, std::vector<uint32_t>> known;
        for (size_t p = 0; p < n; ++p) {
            size_t digest = 0;
            for (const auto* each : {&near[p], &near[n + p]})
                for (uint32_t q : *each) digest = (digest ^ q) * 0x9E3779B97F4A7C15ull, digest ^= digest >> 29;
            std::vector<uint32_t>& alike = known[digest];
            const auto same = std::find_if(alike.begin(), alike.end(), [&](uint32_t c) {
                return near[first[c]] == near[p] && near[n + first[c]] == near[n + p];
            });
            of[p] = same == alike.end() ? uint32_t(first.size()) : *same;
            if (same == alike.end()) alike.push_back(of[p]), first.push_back(uint32_t(p));
        }
        there = first.size() * few_places <= n || first.size() <= 4;
        if (!there) return;
        from.resize(first.size()), leads.assign(first.size() * first.size(), 0);
        for (uint32_t c = 0; c < first.size(); ++c)
            for (uint32_t q : near[first[c]])
                if (!std::exchange(leads[c * first.size() + of[q]], 1)) from[of[q]].push_back(c);
        composes = compose();
    }
};

inline std::vector<Classes> classes_of(const Moves& m) {
    std::vector<Classes> made(m.n_kinds);
    std::vector<bool> done(m.n_kinds, false);
    Pace pace;
    for (size_t b = 0; b < m.n_blocks; ++b, pace.step())
        if (m.size(b) > 1 && !done[m.kind[b]]) made[m.kind[b]].find(m, m.kind[b], m.size(b)), done[m.kind[b]] = true;
    return made;
}

// The places of every block from the one that a party likes best down.
template <typename T>
struct Order {
    static constexpr uint32_t lower = uint32_t(1) << 31;  // marks a place that is liked less than the one before it
    Lines<uint32_t> place;                                // (n_states,) grouped as the states of the moves are

    Order() = default;
    Order(const Moves& m, const T* w, int n_threads) : place(m.n_states, Unset()) {
        in_parallel(m.n_blocks, 1 << 10, n_threads, [&](size_t first, size_t last, int) {
            std::vector<uint64_t> liked;  // how little a place is liked, and the place
            std::vector<uint32_t> before;
            for (size_t b = first; b < last; ++b) sort(m, w, b, before, liked);
        });
    }

    // Whether other ranks put the places of every block in this very order, ties included.
    bool fits(const Moves& m, const T* w) const {
        for (size_t b = 0; b < m.n_blocks; ++b) {
            const size_t n = m.size(b);
            const uint32_t *states = m.states(b), *own = place.data() + m.block[b];
            for (size_t k = 1; k < n; ++k) {
                const T before = w[states[own[k - 1] & ~lower]], here = w[states[own[k] & ~lower]];
                if (own[k] & lower ? here >= before : here != before) return false;
            }
        }
        return true;
    }

    // Begins with the order of the block before, because it is seldom another.
    void sort(const Moves& m, const T* w, size_t b, std::vector<uint32_t>& before, std::vector<uint64_t>& liked) {
        const size_t n = m.size(b);
        const uint32_t* states = m.states(b);
        liked.resize(n);
        if (before.size() != n) {
            before.resize(n);
            for (size_t p = 0; p < n; ++p) before[p] = uint32_t(p);
        }
        for (size_t k = 0; k < n; ++k) liked[k] = uint64_t(std::numeric_limits<T>::max() - w[states[before[k]]]) << 32 | before[k];
        size_t shifts = 0;
        for (size_t k = 1; k < n && shifts <= 8 * n; ++k) {
            const uint64_t each = liked[k];
            size_t at = k;
            for (; at && liked[at - 1] > each; --at, ++shifts) liked[at] = liked[at - 1];
            liked[at] = each;
        }
        if (shifts > 8 * n) std::sort(liked.begin(), liked.end());
        uint32_t* out = place.data() + m.block[b];
        for (size_t k = 0; k < n; ++k) {
            before[k] = uint32_t(liked[k]);
            out[k] = before[k] | (k && liked[k] >> 32 != liked[k - 1] >> 32 ? lower : 0);
        }
    }
};

// What one thread works with while it walks down blocks.
template <typename T, typename Keys = Line<T>>
class Descent {
    static constexpr uint32_t lower = Order<T>::lower;
    std::vector<Keys> above, later;
    std::vector<std::pair<size_t, size_t>> top;  // per class, the places that it leads to and likes best

  public:
    std::vector<Keys> g, out;  // per place: the keys there, and the smallest over the moves from it that count

    void room(size_t n) {
        if (g.size() < n) g.resize(n), out.resize(n);
    }

    // order: the block's places from the best down; w: ranks by state.
    void smallest(const Moves& m, size_t b, const Classes& classes, const uint32_t* order, const T* w, Which which) {
        if (!classes.there) return one_by_one(m, b, w, which);
        const size_t n = m.size(b);
        above.assign(classes.size(), Keys::all(std::numeric_limits<T>::max()));
        if (which == Which::best) return best(m, b, classes, order);
        if (classes.size() == 1) return which == Which::paying ? gaining(n, order, One{*this}) : not_losing(n, order, which == Which::any, One{*this});
        which == Which::paying ? gaining(n, order, Several{*this, classes}) : not_losing(n, order, which == Which::any, Several{*this, classes});
    }

  private:
    // How the smallest key above a place is read and lowered: one for all, or one for each class.
    struct One {
        Descent& my;
        const Keys& read(const std::vector<Keys>& kept, uint32_t) const { return kept[0]; }
        void lower(std::vector<Keys>& kept, uint32_t, const Keys& by) const { kept[0].lower(by); }
    };
    struct Several {
        Descent& my;
        const Classes& classes;
        const Keys& read(const std::vector<Keys>& kept, uint32_t p) const { return kept[classes.of[p]]; }
        void lower(std::vector<Keys>& kept, uint32_t p, const Keys& by) const {
            for (uint32_t c : classes.from[classes.of[p]]) kept[c].lower(by);
        }
    };

    template <typename Kept>
    void gaining(size_t n, const uint32_t* order, Kept kept) {
        for (size_t first = 0, last; first < n; first = last) {
            for (last = first; last < n && (last == first || !(order[last] & lower)); ++last) {
                const uint32_t p = order[last] & ~lower;
                out[p] = kept.read(above, p);
            }
            for (size_t k = first; k < last; ++k) {
                const uint32_t p = order[k] & ~lower;
                kept.lower(above, p, g[p]);
            }
        }
    }

    // Those that are liked as much count as well, all but the place itself; `alike`: all places count as liked alike.
    template <typename Kept>
    void not_losing(size_t n, const uint32_t* order, bool alike, Kept kept) {
        for (size_t first = 0, last; first < n; first = last) {
            for (last = first; last < n && (last == first || alike || !(order[last] & lower)); ++last) {
                const uint32_t p = order[last] & ~lower;
                out[p] = kept.read(above, p);
                kept.lower(above, p, g[p]);
            }
            later.assign(above.size(), Keys::all(std::numeric_limits<T>::max()));
            for (size_t k = last; k-- > first;) {
                const uint32_t p = order[k] & ~lower;
                out[p].lower(kept.read(later, p));
                kept.lower(later, p, g[p]);
            }
        }
    }

    void best(const Moves& m, size_t b, const Classes& classes, const uint32_t* order) {
        for (size_t p = 0; p < m.size(b); ++p) out[p] = above[classes.of[p]];  // where nothing is liked more: nothing
        each_best(m, b, classes, order, [&](uint32_t p, uint32_t q, bool fewer) { fewer ? void(out[p] = g[q]) : out[p].lower(g[q]); });
    }

  public:
    // Calls use(p, q, fewer) for the places q that place p's class leads to and likes best, if it likes them more than p, with few settings
    // changed; `fewer`: with fewer than all those before, which then do not count.
    template <typename Use>
    void each_best(const Moves& m, size_t b, const Classes& classes, const uint32_t* order, Use use) {
        const size_t n = m.size(b), n_classes = classes.size();
        const int32_t kind = m.kind[b];
        top.assign(n_classes, {0, 0});
        for (size_t first = 0, last; first < n; first = last) {
            for (last = first; last < n && (last == first || !(order[last] & lower)); ++last) {
                const uint32_t p = order[last] & ~lower, c = classes.of[p];
                int fewest = std::numeric_limits<int>::max();
                for (size_t k = top[c].first; k < top[c].second; ++k) {
                    const uint32_t q = order[k] & ~lower;
                    if (!classes.leads[c * n_classes + classes.of[q]]) continue;
                    const int n_set = m.n_set(kind, p, q);
                    if (n_set > fewest) continue;
                    use(p, q, n_set < fewest);
                    fewest = n_set;
                }
            }
            for (size_t k = first; k < last; ++k)
                for (uint32_t c : classes.from[classes.of[order[k] & ~lower]])
                    if (!top[c].second) top[c] = {first, last};
        }
    }

  private:
    void one_by_one(const Moves& m, size_t b, const T* w, Which which) {
        const uint32_t* states = m.states(b);
        const size_t n = m.size(b);
        Pace pace;
        for (size_t p = 0; p < n; ++p, pace.step(64)) {
            Keys least = Keys::all(std::numeric_limits<T>::max());
            each_from(m, which, b, p, [&](uint32_t q) { return w[states[q]]; }, [&](uint32_t q) {
                least.lower(g[q]);
                return false;
            });
            out[p] = least;
        }
    }
};
