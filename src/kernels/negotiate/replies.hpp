// The smallest key that the others can reach from every state: the one search that every concept of stability asks.
//
// For party i two keys per state: w_i (its rank) and M_i (the best rank among the state and i's moves from it). With
//   g_j(t) = min(key(t), min over k != j, k != i of h_k(t))        j has just moved to t
//   h_j(s) = min over those moves s -> t of j that count, of g_j(t)     j moves next from s
// the least fixed point gives, as min over j of h_j(s1), the smallest key that the others reach from s1 by legal sequences.
// Sweeps run over the parties in turn until nothing falls. A question is a party and a key; those of a group stand side by
// side in memory, eight to a state, so that a party's blocks, which jump far, fetch whole lines.
#pragma once
#include "panel.hpp"

// Blocks that are worked on together: of one kind, `count` of them from `first` in the party's order of blocks.
struct Tile {
    uint32_t first, count;
    int32_t kind;
};

constexpr size_t widest = 1024, most_sorted = 256;  // places of a block up to which blocks stand side by side; from which to sort

struct Tiling {
    std::vector<uint32_t> order;
    std::vector<Tile> wide, single;

    Tiling() = default;
    Tiling(const Moves& m, size_t width) : order(m.n_blocks) {
        std::vector<uint32_t> begin(m.n_kinds + 1, 0);
        for (size_t b = 0; b < m.n_blocks; ++b) ++begin[m.kind[b] + 1];
        for (size_t k = 0; k < m.n_kinds; ++k) begin[k + 1] += begin[k];
        std::vector<uint32_t> at(begin.begin(), begin.end() - 1);
        for (size_t b = 0; b < m.n_blocks; ++b) order[at[m.kind[b]]++] = uint32_t(b);
        for (size_t k = 0; k < m.n_kinds; ++k) {
            if (begin[k] == begin[k + 1] || m.size(order[begin[k]]) < 2) continue;
            const bool narrow = m.size(order[begin[k]]) > widest;
            for (uint32_t b = begin[k]; b < begin[k + 1];) {
                const uint32_t count = std::min(uint32_t(width), begin[k + 1] - b);
                if (!narrow && count >= 4) wide.push_back({b, count, int32_t(k)}), b += count;
                else single.push_back({b++, 1, int32_t(k)});
            }
        }
    }
};

template <typename T>
class Replies {
    typedef Panel<T> P;
    static constexpr size_t W = P::W;
    static constexpr T INF = P::INF;
    typedef typename P::Vec Vec;
    static const Vec* vectors(const T* at) { return reinterpret_cast<const Vec*>(at); }
    static constexpr size_t chunk = 32;  // states that share a stamp

  public:
    static constexpr size_t L = 8;  // questions at a time
    static constexpr size_t n_vec = L * sizeof(T) / sizeof(typename P::Vec);

    // What is asked: the smallest key of party `focal` among what the others reach; with `escape` the key is M_i.
    struct Question {
        int focal;
        bool escape;
    };
    std::vector<Question> questions;

  private:
    struct Scratch {
        Lines<T> w, g, out, apart;
        Lines<uint32_t> state;
        std::vector<uint8_t> run;
        std::vector<uint32_t> order;
        typename P::Row row;
    };
    const std::vector<Moves>& parties;
    const std::vector<Tiling>& tilings;
    const T* rank;  // (n_parties, n_states)
    const size_t n;
    const int n_parties, n_threads;
    std::vector<Scratch> scratch;
    Lines<T> key;                // (n_states, L)
    std::vector<Lines<T>> held;  // (n_states, L) each; the first holds the answers in the end
    std::vector<uint32_t> stamp;  // per chunk of states: the sweep that last changed something there

  public:
    Replies(const std::vector<Moves>& parties, const std::vector<Tiling>& tilings, const T* rank, int n_threads)
        : parties(parties), tilings(tilings), rank(rank), n(parties[0].n_states), n_parties(int(parties.size())), n_threads(n_threads),
          scratch(size_t(std::max(1, std::min(n_threads, most_threads)))) {}

    void ask(const std::vector<Question>& asked) {
        questions = asked;
        if (!key.size) key = blank(n * L);
        for (size_t q = 0; q < questions.size(); ++q) {
            const T* w = rank + size_t(questions[q].focal) * n;
            in_parallel(n, 1 << 14, n_threads, [&](size_t first, size_t last, int) {
                for (size_t s = first; s < last; ++s) key.data()[s * L + q] = w[s];
            });
            if (questions[q].escape) fill_best(questions[q].focal, q);
        }
    }

    // Nobody moves twice in a row.
    void by_legal_sequences(Which which) {
        for (int j = 0; j < n_parties; ++j) held.push_back(moves(j) ? blank(n * L) : Lines<T>());
        stamp.assign(n / chunk + 1, 1);
        std::vector<uint32_t> swept(parties.size(), 0);
        uint32_t step = 1;
        for (int quiet = 0, j = 0; quiet < n_parties; j = (j + 1) % n_parties) {
            std::vector<const T*> from{key.data()};
            for (int k = 0; k < n_parties; ++k)
                if (k != j && moves(k)) from.push_back(held[k].data());
            ++step;
            const bool fell = moves(j) && sweep(j, which, from, held[j].data(), false, swept[j], step);
            swept[j] = step;
            quiet = fell ? 1 : quiet + 1;  // what j does next does not hang on what j does itself
        }
        for (int k = 0; k < n_parties; ++k) gather(held[k]);
    }

    void by_single_moves(Which which) {
        held.push_back(blank(n * L));
        for (int j = 0; j < n_parties; ++j) sweep(j, which, {key.data()}, held[0].data(), true, 0, 0);
    }

    // Every opponent at most once, in any order: over the sets of those who may still move, small ones first.
    void by_moving_once(Which which) {
        for (size_t set = 0; set < size_t(1) << n_parties; ++set) {
            held.push_back(blank(n * L));
            for (int j = 0; j < n_parties; ++j)
                if (set >> j & 1) sweep(j, which, {key.data(), held[set ^ (size_t(1) << j)].data()}, held[set].data(), true, 0, 0);
        }
        std::swap(held.front(), held.back());
    }

    void forget() { held.clear(); }

    // Per concept: out[(n_states)] 1 where every move that gains is answered by a reply with a key of at most w. Questions
    // `numbers` are all of one party; -1 stands for no reply at all (Nash).
    void judge(int focal, const std::vector<int>& numbers, const std::vector<uint8_t*>& out) {
        const Moves& m = parties[focal];
        for (uint8_t* verdict : out) std::memset(verdict, 1, n);
        each_tile(focal, [&](const Tile& tile, bool wide, Scratch& my) {
            const size_t size = m.size(tilings[focal].order[tile.first]), n_panels = wide ? numbers.size() : 1;
            fetch_ranks(my, size, focal);
            for (size_t p = 0; p < size; ++p)
                for (size_t k = 0; k < numbers.size(); ++k)
                    for (size_t c = 0; c < (wide ? W : 1); ++c) {
                        const T reply = numbers[k] < 0 ? INF : held[0].data()[size_t(my.state.data()[p * W + c]) * L + size_t(numbers[k])];
                        my.g.data()[wide ? (k * size + p) * W + c : p * W + k] = reply;
                    }
            for (size_t p = 0; p < size; ++p) {
                P::choose(m, tile.kind, p, size, Which::paying, my.w.data(), my.row);
                for (size_t k = 0; k < n_panels; ++k) {
                    T* worst = my.out.data();
                    P::largest(my.row, my.g.data() + k * size * W, worst);
                    for (size_t c = 0; c < (wide ? tile.count : numbers.size()); ++c) {
                        const size_t at = p * W + (wide ? c : 0);
                        out[wide ? k : c][my.state.data()[at]] = worst[c] <= my.w.data()[at];
                    }
                }
            }
        });
    }

  private:
    bool moves(int j) const { return !tilings[j].wide.empty() || !tilings[j].single.empty(); }

    Lines<T> blank(size_t size) const {
        Lines<T> made(size, Unset());
        in_parallel(size, 1 << 18, n_threads, [&](size_t first, size_t last, int) { std::fill(made.data() + first, made.data() + last, INF); });
        return made;
    }

    void gather(const Lines<T>& more) {
        if (!more.size || more.data() == held[0].data()) return;
        if (!held[0].size) held[0] = blank(n * L);
        T* into = held[0].data();
        in_parallel(n * L, 1 << 18, n_threads, [&](size_t first, size_t last, int) {
            Vec* to = reinterpret_cast<Vec*>(into + first);
            for (size_t v = 0; v < (last - first) * sizeof(T) / sizeof(Vec); ++v) to[v] = P::least(to[v], vectors(more.data() + first)[v]);
        });
    }

    // Calls work(tile, wide, scratch) for every tile of a party, its states known in scratch.
    template <typename Work>
    void each_tile(int j, Work work) {
        for (const bool wide : {true, false}) {
            const std::vector<Tile>& tiles = wide ? tilings[j].wide : tilings[j].single;
            const size_t grain = std::max<size_t>(1, std::min<size_t>(16, tiles.size() / (8 * size_t(std::max(1, n_threads)))));
            in_parallel(tiles.size(), grain, n_threads, [&](size_t first, size_t last, int thread) {
                Scratch& my = scratch[thread];
                for (size_t t = first; t < last; ++t) {
                    locate(j, tiles[t], my);
                    work(tiles[t], wide, my);
                }
            });
        }
    }

    // States of a tile, (size, W); columns beyond its blocks repeat the last one. run: columns are neighbours in memory.
    void locate(int j, const Tile& tile, Scratch& my) {
        const Moves& m = parties[j];
        const uint32_t* order = tilings[j].order.data() + tile.first;
        const size_t size = m.size(order[0]), room = size * W;
        if (my.state.size < room) {
            my.state = Lines<uint32_t>(room), my.w = Lines<T>(room), my.run.resize(size), my.row.room(size);
            my.g = Lines<T>(room * L), my.out = Lines<T>(room * L), my.apart = Lines<T>(room);
        }
        uint32_t* state = my.state.data();
        for (size_t c = 0; c < W; ++c) {
            const uint32_t* s = m.states(order[std::min<size_t>(c, tile.count - 1)]);
            for (size_t p = 0; p < size; ++p) state[p * W + c] = s[p];
        }
        for (size_t p = 0; p < size; ++p) {
            uint32_t apart = 0;
            for (size_t c = 0; c < W; ++c) apart |= state[p * W + c] ^ (state[p * W] + uint32_t(c));
            my.run[p] = apart == 0;
        }
    }

    void fetch_ranks(Scratch& my, size_t size, int j) const {
        const T* w = rank + size_t(j) * n;
        const uint32_t* state = my.state.data();
        for (size_t p = 0; p < size; ++p) {
            T* row = my.w.data() + p * W;
            if (my.run[p]) std::copy_n(w + state[p * W], W, row);
            else
                for (size_t c = 0; c < W; ++c) row[c] = w[state[p * W + c]];
        }
    }

    // Whether anything in a tile has changed after the sweep `before`.
    bool stale(const Scratch& my, size_t size, uint32_t before) const {
        uint32_t latest = 0;
        const uint32_t* state = my.state.data();
        for (size_t p = 0; p < size; ++p)
            for (size_t c = 0; c < W; c += my.run[p] ? W - 1 : 1) latest = std::max(latest, __atomic_load_n(&stamp[state[p * W + c] / chunk], __ATOMIC_RELAXED));
        return latest <= before;
    }

    // Panels of all questions: the smallest of `from` at the states of a tile. A single block has its questions as columns.
    void fetch(Scratch& my, size_t size, const std::vector<const T*>& from, bool wide) const {
        const uint32_t* state = my.state.data();
        for (size_t p = 0; p < size; ++p) {
            alignas(16) T least[W][L];
            for (size_t c = 0; c < (wide ? W : 1); ++c) {
                const size_t at = size_t(state[p * W + c]) * L;
                Vec smallest[n_vec];
                std::copy_n(vectors(from[0] + at), n_vec, smallest);
                for (size_t k = 1; k < from.size(); ++k)
                    for (size_t v = 0; v < n_vec; ++v) smallest[v] = P::least(smallest[v], vectors(from[k] + at)[v]);
                std::copy_n(smallest, n_vec, reinterpret_cast<Vec*>(least[c]));
            }
            if (wide)
                for (size_t q = 0; q < questions.size(); ++q)
                    for (size_t c = 0; c < W; ++c) my.g.data()[(q * size + p) * W + c] = least[c][q];
            else std::copy_n(least[0], L, my.g.data() + p * W);
        }
    }

    // True if anything fell. lower: what is there already stays if it is smaller. Party j's own questions are left alone.
    // Question by question, so that nothing narrow is stored that a wide load would wait for.
    bool store(Scratch& my, int j, size_t size, const Tile& tile, bool wide, T* into, bool lower, uint32_t step) {
        const uint32_t* state = my.state.data();
        const size_t count = wide ? tile.count : 1;
        T* apart = my.apart.data();
        std::fill_n(apart, size * W, T(0));
        for (size_t q = 0; q < questions.size(); ++q) {
            if (questions[q].focal == j) continue;
            const T* made = my.out.data() + (wide ? q * size * W : q);
            for (size_t p = 0; p < size; ++p)
                for (size_t c = 0; c < count; ++c) {
                    T& at = into[size_t(state[p * W + c]) * L + q];
                    const T now = lower ? std::min(at, made[p * W + c]) : made[p * W + c];
                    apart[p * W + c] |= T(at ^ now), at = now;
                }
        }
        bool fell = false;
        for (size_t p = 0; p < size; ++p)
            for (size_t c = 0; c < count; ++c) {
                if (!apart[p * W + c]) continue;
                fell = true;
                if (step) __atomic_store_n(&stamp[state[p * W + c] / chunk], step, __ATOMIC_RELAXED);
            }
        return fell;
    }

    void pull(const Moves& m, int j, const Tile& tile, bool wide, size_t size, Which which, Scratch& my) const {
        const bool complete = m.complete[tile.kind];
        auto each_panel = [&](auto work) {
            for (size_t q = 0; q < (wide ? questions.size() : 1); ++q)
                if (!wide || questions[q].focal != j) work(my.g.data() + q * size * W, my.out.data() + q * size * W);
        };
        if (complete && which == Which::any) return each_panel([&](const T* g, T* out) { P::all_but_one(size, g, out); });
        if (complete && !wide && size >= most_sorted && which != Which::best)
            return P::from_the_top(size, my.w.data(), which == Which::weak, my.g.data(), my.order, my.out.data());
        Pace pace;
        for (size_t p = 0; p < size; ++p, pace.step(64)) {
            P::choose(m, tile.kind, p, size, which, my.w.data(), my.row);
            each_panel([&](const T* g, T* out) { P::smallest(my.row, g, out + p * W); });
        }
    }

    // One sweep of party j; tiles in which nothing changed after the sweep `before` are left as they are.
    bool sweep(int j, Which which, const std::vector<const T*>& from, T* into, bool lower, uint32_t before, uint32_t step) {
        const Moves& m = parties[j];
        std::atomic<bool> fell{false};
        each_tile(j, [&](const Tile& tile, bool wide, Scratch& my) {
            const size_t size = m.size(tilings[j].order[tile.first]);
            if (before && stale(my, size, before)) return;
            if (which != Which::any) fetch_ranks(my, size, j);
            fetch(my, size, from, wide);
            pull(m, j, tile, wide, size, which, my);
            if (store(my, j, size, tile, wide, into, lower, step)) fell = true;
        });
        return fell;
    }

    // Question q's key becomes M_i: the best that i can make of a state.
    void fill_best(int i, size_t q) {
        const Moves& m = parties[i];
        each_tile(i, [&](const Tile& tile, bool, Scratch& my) {
            const size_t size = m.size(tilings[i].order[tile.first]);
            const bool complete = m.complete[tile.kind];
            fetch_ranks(my, size, i);
            for (size_t p = 0; p < size; ++p) {
                if (!complete || !p) {
                    P::choose(m, tile.kind, p, size, Which::any, my.w.data(), my.row);
                    P::largest(my.row, my.w.data(), my.out.data());
                    for (size_t c = 0; complete && c < W; ++c) my.out.data()[c] = std::max(my.out.data()[c], my.w.data()[c]);
                }
                for (size_t c = 0; c < tile.count; ++c) {
                    T& made = key.data()[size_t(my.state.data()[p * W + c]) * L + q];
                    made = std::max(made, my.out.data()[c]);
                }
            }
        });
    }
};
