// The smallest key that the others can reach from every state: the one search that every concept of stability asks.
//
// For party i two keys per state: w_i (its rank) and M_i (the best rank among the state and i's moves from it). With
//   g_j(t) = min(key(t), min over k != j, k != i of h_k(t))        j has just moved to t
//   h_j(s) = min over those moves s -> t of j that count, of g_j(t)     j moves next from s
// the least fixed point gives, as min over j of h_j(s1), the smallest key that the others reach from s1 by legal sequences.
// Sweeps run over the parties in turn until nothing falls. A question is a party and a key; each has its own arrays.
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

  public:
    // What is asked: the smallest key of party `focal` among what the others reach; with `escape` the key is M_i.
    struct Question {
        int focal;
        bool escape;
        const T* key = nullptr;
        std::vector<const T*> answer;  // the reply's key is the smallest of these
    };
    std::vector<Question> questions;

  private:
    // One question in a sweep of one party: the smallest of `from` is pulled along its moves into `into`.
    struct Pull {
        std::vector<const T*> from;
        T* into;
    };
    struct Scratch {
        Lines<T> w, g, out;
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
    std::vector<Lines<T>> best;               // per focal party asked with escape: M_i
    std::vector<std::vector<Lines<T>>> held;  // what the answers point to

  public:
    Replies(const std::vector<Moves>& parties, const std::vector<Tiling>& tilings, const T* rank, int n_threads)
        : parties(parties), tilings(tilings), rank(rank), n(parties[0].n_states), n_parties(int(parties.size())), n_threads(n_threads),
          scratch(size_t(std::max(1, std::min(n_threads, most_threads)))), best(parties.size()) {}

    void ask(int focal, bool escape) {
        if (escape && !best[focal].size) fill_best(focal);
        questions.push_back({focal, escape, escape ? best[focal].data() : rank + size_t(focal) * n, {}});
    }

    void forget() { questions.clear(), held.clear(); }

    // Nobody moves twice in a row.
    void by_legal_sequences(Which which) {
        held.resize(questions.size());
        for (size_t q = 0; q < questions.size(); ++q)
            for (int j = 0; j < n_parties; ++j) held[q].emplace_back(moves(j) && j != questions[q].focal ? n : 0, INF);
        for (bool fell = true; fell;) {
            fell = false;
            for (int j = 0; j < n_parties; ++j) {
                std::vector<Pull> pulls;
                for (size_t q = 0; q < questions.size(); ++q) {
                    if (questions[q].focal == j) continue;
                    pulls.push_back({{questions[q].key}, held[q][j].data()});
                    for (int k = 0; k < n_parties; ++k)
                        if (k != j && k != questions[q].focal && moves(k)) pulls.back().from.push_back(held[q][k].data());
                }
                fell |= sweep(j, which, pulls, false);
            }
        }
        for (size_t q = 0; q < questions.size(); ++q)
            for (int k = 0; k < n_parties; ++k)
                if (k != questions[q].focal && moves(k)) questions[q].answer.push_back(held[q][k].data());
    }

    void by_single_moves(Which which) {
        held.resize(questions.size());
        for (auto& mine : held) mine.emplace_back(n, INF);
        for (int j = 0; j < n_parties; ++j) {
            std::vector<Pull> pulls;
            for (size_t q = 0; q < questions.size(); ++q)
                if (questions[q].focal != j) pulls.push_back({{questions[q].key}, held[q][0].data()});
            sweep(j, which, pulls, true);
        }
        for (size_t q = 0; q < questions.size(); ++q) questions[q].answer = {held[q][0].data()};
    }

    // Every opponent at most once, in any order: over the sets of those who may still move, small ones first.
    void by_moving_once(Which which) {
        held.resize(questions.size());
        for (auto& mine : held)
            for (size_t set = 0; set < size_t(1) << n_parties; ++set) mine.emplace_back(n, INF);
        for (size_t set = 1; set < size_t(1) << n_parties; ++set)
            for (int j = 0; j < n_parties; ++j) {
                if (!(set >> j & 1)) continue;
                std::vector<Pull> pulls;
                for (size_t q = 0; q < questions.size(); ++q)
                    if (questions[q].focal != j)
                        pulls.push_back({{questions[q].key, held[q][set ^ (size_t(1) << j)].data()}, held[q][set].data()});
                sweep(j, which, pulls, true);
            }
        for (size_t q = 0; q < questions.size(); ++q) questions[q].answer = {held[q].back().data()};
    }

    // Per concept: out[(n_states)] 1 where every move that gains is answered by a reply with a key of at most w. Questions
    // `numbers` are all of one party; -1 stands for no reply at all (Nash).
    void judge(int focal, const std::vector<int>& numbers, const std::vector<uint8_t*>& out) {
        const Moves& m = parties[focal];
        for (uint8_t* verdict : out) std::fill(verdict, verdict + n, 1);
        each_tile(focal, [&](const Tile& tile, bool wide, Scratch& my) {
            const size_t size = m.size(tilings[focal].order[tile.first]);
            fetch(my, 0, size, {rank + size_t(focal) * n}, my.w.data());
            const size_t n_panels = wide ? numbers.size() : 1;
            for (size_t k = 0; k < numbers.size(); ++k) {
                T* to = my.g.data() + (wide ? k * size * W : 0);
                const std::vector<const T*> from = numbers[k] < 0 ? std::vector<const T*>{} : questions[numbers[k]].answer;
                if (wide) fetch(my, 0, size, from, to);
                else fetch_column(my, size, from, to, k);
            }
            for (size_t p = 0; p < size; ++p) {
                P::choose(m, tile.kind, p, size, Which::paying, my.w.data(), my.row);
                for (size_t k = 0; k < n_panels; ++k) {
                    T* worst = my.out.data();
                    P::largest(my.row, my.g.data() + k * size * W, worst);
                    if (wide)
                        for (size_t b = 0; b < tile.count; ++b) out[k][my.state.data()[p * W + b]] = worst[b] <= my.w.data()[p * W + b];
                    else
                        for (size_t c = 0; c < numbers.size(); ++c) out[c][my.state.data()[p * W]] = worst[c] <= my.w.data()[p * W];
                }
            }
        });
    }

  private:
    bool moves(int j) const { return !tilings[j].wide.empty() || !tilings[j].single.empty(); }

    // Calls work(tile, wide, scratch) for every tile of a party, its states known in scratch.
    template <typename Work>
    void each_tile(int j, Work work) {
        for (const bool wide : {true, false}) {
            const std::vector<Tile>& tiles = wide ? tilings[j].wide : tilings[j].single;
            const size_t grain = std::max<size_t>(1, std::min<size_t>(64, tiles.size() / (8 * size_t(std::max(1, n_threads)))));
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
        const size_t size = m.size(order[0]), room = size * W, panels = std::max<size_t>(1, questions.size() + 1);
        if (my.state.size < room) {
            my.state = Lines<uint32_t>(room), my.w = Lines<T>(room), my.run.resize(size), my.row.room(size);
        }
        if (my.g.size < room * panels) my.g = Lines<T>(room * panels), my.out = Lines<T>(room * panels);
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

    // to[p, c] = the smallest of `from` at the states of a tile.
    void fetch(Scratch& my, size_t first, size_t last, const std::vector<const T*>& from, T* to) const {
        const uint32_t* state = my.state.data();
        for (size_t p = first; p < last; ++p) {
            T* row = to + p * W;
            std::fill_n(row, W, INF);
            for (const T* array : from) {
                if (my.run[p]) {
                    const T* at = array + state[p * W];
                    for (size_t c = 0; c < W; ++c) row[c] = std::min(row[c], at[c]);
                } else {
                    for (size_t c = 0; c < W; ++c) row[c] = std::min(row[c], array[state[p * W + c]]);
                }
            }
        }
    }

    void fetch_column(Scratch& my, size_t size, const std::vector<const T*>& from, T* to, size_t column) const {
        for (size_t p = 0; p < size; ++p) {
            T least = INF;
            for (const T* array : from) least = std::min(least, array[my.state.data()[p * W]]);
            to[p * W + column] = least;
        }
    }

    // What a tile's panels hold for each pull: side by side in one panel where there is a single block.
    static T* panel_of(T* base, size_t k, size_t size, bool wide) { return base + (wide ? k * size * W : 0); }

    void pull_tile(const Moves& m, const Tile& tile, bool wide, size_t size, Which which, size_t n_panels, Scratch& my) const {
        const bool complete = m.complete[tile.kind];
        if (complete && which == Which::any) {
            for (size_t k = 0; k < n_panels; ++k) P::all_but_one(size, panel_of(my.g.data(), k, size, wide), panel_of(my.out.data(), k, size, wide));
            return;
        }
        if (complete && !wide && size >= most_sorted && which != Which::best)
            return P::from_the_top(size, my.w.data(), which == Which::weak, my.g.data(), my.order, my.out.data());
        Pace pace;
        for (size_t p = 0; p < size; ++p, pace.step(64)) {
            P::choose(m, tile.kind, p, size, which, my.w.data(), my.row);
            for (size_t k = 0; k < n_panels; ++k) P::smallest(my.row, panel_of(my.g.data(), k, size, wide), panel_of(my.out.data(), k, size, wide) + p * W);
        }
    }

    // True if anything fell. lower: what is there already stays if it is smaller.
    bool sweep(int j, Which which, const std::vector<Pull>& pulls, bool lower) {
        if (pulls.empty()) return false;
        const Moves& m = parties[j];
        std::atomic<bool> fell{false};
        each_tile(j, [&](const Tile& tile, bool wide, Scratch& my) {
            const size_t size = m.size(tilings[j].order[tile.first]);
            if (which != Which::any) fetch(my, 0, size, {rank + size_t(j) * n}, my.w.data());
            for (size_t k = 0; k < pulls.size(); ++k) {
                if (wide) fetch(my, 0, size, pulls[k].from, panel_of(my.g.data(), k, size, wide));
                else fetch_column(my, size, pulls[k].from, my.g.data(), k);
            }
            pull_tile(m, tile, wide, size, which, wide ? pulls.size() : 1, my);
            bool here = false;
            for (size_t k = 0; k < pulls.size(); ++k)
                here |= wide ? put(my, size, tile.count, panel_of(my.out.data(), k, size, wide), 0, pulls[k].into, lower)
                             : put(my, size, 1, my.out.data(), k, pulls[k].into, lower);
            if (here) fell = true;
        });
        return fell;
    }

    static bool put(const Scratch& my, size_t size, size_t count, const T* out, size_t column, T* into, bool lower) {
        bool fell = false;
        for (size_t p = 0; p < size; ++p) {
            const T* now = out + p * W + column;
            const uint32_t* state = my.state.data() + p * W;
            if (count == W && my.run[p] && !lower) {
                T* old = into + state[0];
                if (std::memcmp(old, now, W * sizeof(T)) == 0) continue;
                std::memcpy(old, now, W * sizeof(T));
                fell = true;
                continue;
            }
            for (size_t c = 0; c < count; ++c) {
                T& old = into[state[c]];
                const T value = lower ? std::min(old, now[c]) : now[c];
                fell |= value != old;
                old = value;
            }
        }
        return fell;
    }

    void fill_best(int i) {
        const T* w = rank + size_t(i) * n;
        best[i] = Lines<T>(n);
        std::copy(w, w + n, best[i].data());
        const Moves& m = parties[i];
        each_tile(i, [&](const Tile& tile, bool, Scratch& my) {
            const size_t size = m.size(tilings[i].order[tile.first]);
            fetch(my, 0, size, {w}, my.w.data());
            for (size_t p = 0; p < size; ++p) {
                if (!m.complete[tile.kind] || !p) {
                    P::choose(m, tile.kind, p, size, Which::any, my.w.data(), my.row);
                    P::largest(my.row, my.w.data(), my.out.data());
                    if (m.complete[tile.kind])
                        for (size_t c = 0; c < W; ++c) my.out.data()[c] = std::max(my.out.data()[c], my.w.data()[c]);
                }
                for (size_t c = 0; c < tile.count; ++c) {
                    T& made = best[i].data()[my.state.data()[p * W + c]];
                    made = std::max(made, my.out.data()[c]);
                }
            }
        });
    }
};
