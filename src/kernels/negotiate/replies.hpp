// The smallest key that the others can reach from every state: the one search that every concept of stability asks.
//
// For party i two keys per state: w_i (its rank) and M_i (the best rank among the state and i's moves from it). With
//   g_j(t) = min(key(t), min over k != j, k != i of h_k(t))        j has just moved to t
//   h_j(s) = min over those moves s -> t of j that count, of g_j(t)     j moves next from s
// the least fixed point gives, as min over j of h_j(s1), the smallest key that the others reach from s1 by legal sequences.
// Sweeps run over the parties in turn until nothing falls. A question is a party and a key; those of a group stand side by
// side in memory, eight to a state, so that a party's blocks, which jump far, fetch whole lines.
//
// Where two moves of j in a row are one move of j or none, as levers without guards on each other have it, it changes no answer if j
// may move twice, nor if a state counts among its own replies: a move that pays leads to a key above w_i. All such parties then share
// one array, the smallest of key(s) and of what they reach, and a sweep reads and writes that alone.
#pragma once
#include "descent.hpp"

// The best moves of one party as a list: from each state that has one, where they lead.
struct BestMoves {
    std::vector<uint32_t> from, to;
    std::vector<size_t> first;  // (n_from + 1,) in `to`; empty until they are listed
};

// A party that has moves, its states from the best down in every block.
template <typename T>
struct Mover {
    const Moves& moves;
    const std::vector<Classes>& classes;
    const T* rank;  // (n_states,)
    Order<T> order;
    bool composes;  // two moves in a row are one, or none
    BestMoves best = {};
};

// What is the same in every draw: the moves, of those who have any the classes of their places.
struct Movable {
    std::vector<Moves> parties;
    std::vector<size_t> movers;
    std::vector<std::vector<Classes>> classes;  // per mover
    std::vector<bool> composes;                 // whether two moves of it in a row are one

    explicit Movable(std::vector<Moves>&& all) : parties(std::move(all)) {
        for (size_t i = 0; i < parties.size(); ++i)
            if (parties[i].any()) movers.push_back(i);
    }

    void look() {
        for (size_t i : movers) {
            classes.push_back(classes_of(parties[i]));
            bool all = true;
            for (size_t b = 0; b < parties[i].n_blocks && all; ++b) all = parties[i].size(b) < 2 || classes.back()[parties[i].kind[b]].composes;
            composes.push_back(all);
        }
    }
};

template <typename T>
class Replies {
    typedef Line<T> Keys;
    static constexpr T INF = std::numeric_limits<T>::max();
    static constexpr size_t chunk = 32;  // states that share a stamp

  public:
    static constexpr size_t L = Keys::L;  // questions at a time

    // What is asked: the smallest key of a mover among what the others reach; with `escape` the key is M_i.
    struct Question {
        size_t focal;
        bool escape;
        bool operator==(const Question& other) const { return focal == other.focal && escape == other.escape; }
    };

    std::pair<size_t, size_t> span{0, 0};  // which of how many askings this is, where they are the whole call

  private:
    static constexpr size_t most_listed = size_t(1) << 20;  // states of which best moves are listed
    std::vector<Mover<T>>& movers;
    const size_t n, n_movers;
    const int n_threads;
    std::vector<Question> questions;
    std::vector<Descent<T>> scratch;
    std::vector<Descent<T, Single<T>>> narrow;
    Lines<T> key;                       // (n_states, L)
    std::vector<Lines<T>> held, spare;  // (n_states, L) each; the first held holds the answers in the end
    std::vector<uint32_t> stamp;        // per chunk of states: the sweep that last changed something there

  public:
    Replies(std::vector<Mover<T>>& movers, size_t n, int n_threads)
        : movers(movers), n(n), n_movers(movers.size()), n_threads(n_threads), scratch(size_t(std::max(1, std::min(n_threads, most_threads)))),
          narrow(scratch.size()) {}

    void ask(const std::vector<Question>& asked) {
        if (!key.size) key = blank();
        if (asked == questions) return;  // the keys stand already
        questions = asked;
        for (size_t q = 0; q < questions.size(); ++q) {
            const T* w = movers[questions[q].focal].rank;
            in_parallel(n, 1 << 14, n_threads, [&](size_t first, size_t last, int) {
                for (size_t s = first; s < last; ++s) key.data()[s * L + q] = w[s];
            });
            if (questions[q].escape) fill_best(questions[q].focal, q);
        }
    }

    // Another draw: the same ranks are others.
    void renew() { questions.clear(); }

    // Nobody moves twice in a row.
    void by_legal_sequences(Which which) {
        std::vector<size_t> own(n_movers, 0);  // the array that each writes: the first is shared
        held.push_back(blank());
        gather(key);
        for (size_t j = 0; j < n_movers; ++j)
            if (!movers[j].composes) own[j] = held.size(), held.push_back(blank());
        const bool listed = which == Which::best && n_threads == 1 && n <= most_listed;
        for (size_t j = 0; j < n_movers && listed; ++j)
            if (movers[j].best.first.empty()) list_best(j);
        stamp.assign(n / chunk + 1, 1);
        std::vector<uint32_t> swept(n_movers, 0);
        uint32_t step = 1;
        for (size_t quiet = 0, j = 0; quiet < n_movers; j = (j + 1) % n_movers) {
            std::vector<const T*> from{held[0].data()};
            for (size_t k = 1; k < held.size(); ++k)
                if (k != own[j]) from.push_back(held[k].data());
            progress(double(span.first) + std::min(0.95, double(step) / double(4 * n_movers)), double(span.second));  // some four rounds are usual
            ++step;
            const bool fell = listed ? sweep_listed(j, from, held[own[j]].data()) : sweep(j, which, from, held[own[j]].data(), swept[j], step);
            swept[j] = step;
            quiet = fell ? 1 : quiet + 1;  // what j does next does not hang on what j does itself
        }
        for (size_t k = 1; k < held.size(); ++k) gather(held[k]);
    }

    void by_single_moves(Which which) {
        held.push_back(blank());
        for (size_t j = 0; j < n_movers; ++j) sweep(j, which, {key.data()}, held[0].data(), 0, 0);
    }

    // Every opponent at most once, in any order: over the sets of those who may still move, small ones first.
    void by_moving_once(Which which) {
        for (size_t set = 0; set < size_t(1) << n_movers; ++set) {
            held.push_back(blank());
            for (size_t j = 0; j < n_movers; ++j)
                if (set >> j & 1) sweep(j, which, {key.data(), held[set ^ (size_t(1) << j)].data()}, held[set].data(), 0, 0);
        }
        std::swap(held.front(), held.back());
    }

    void forget() {
        for (Lines<T>& each : held) spare.push_back(std::move(each));
        held.clear();
    }

    // Per concept: out[(n_states)] becomes 0 where a move that gains is not answered by a reply with a key of at most w. Blocks in
    // which all are 0 are passed over. Questions `numbers` are all of one mover; -1 stands for no reply at all (Nash), which takes the place of a question of another.
    void judge(size_t focal, std::vector<int> numbers, const std::vector<uint8_t*>& out) {
        if (numbers.size() == 1) return judge_one(focal, numbers[0], out[0]);
        const T* w = movers[focal].rank;
        Keys counts = Keys::all(held.empty() ? 0 : INF);
        int other = 0;
        while (std::count(numbers.begin(), numbers.end(), other)) ++other;
        for (int& number : numbers)
            if (number < 0) number = other, reinterpret_cast<T*>(counts.v)[other] = 0;
        const T* replies = held.empty() ? key.data() : held[0].data();
        each_block(focal, scratch, [&](size_t size, const uint32_t* states, Descent<T>& my, auto smallest) {
            bool left = false;
            for (const uint8_t* each : out)
                for (size_t p = 0; p < size; ++p) left |= each[states[p]];
            if (!left) return;
            for (size_t p = 0; p < size; ++p) my.g[p] = ~Keys::at(replies, states[p]) & counts;  // by how much replies fall short of the largest key
            smallest(Which::paying);
            const T* short_by = reinterpret_cast<const T*>(my.out.data());
            for (size_t k = 0; k < out.size(); ++k)
                for (size_t p = 0; p < size; ++p) out[k][states[p]] &= T(~short_by[p * L + size_t(numbers[k])]) <= w[states[p]];
        });
    }

  private:
    void judge_one(size_t focal, int number, uint8_t* out) {
        const T *w = movers[focal].rank, *replies = held.empty() || number < 0 ? nullptr : held[0].data() + number;
        each_block(focal, narrow, [&](size_t size, const uint32_t* states, auto& my, auto smallest) {
            if (std::none_of(states, states + size, [&](uint32_t s) { return out[s]; })) return;
            for (size_t p = 0; p < size; ++p) my.g[p] = {replies ? T(~replies[states[p] * L]) : T(0)};
            smallest(Which::paying);
            for (size_t p = 0; p < size; ++p) out[states[p]] &= T(~my.out[p].v) <= w[states[p]];
        });
    }

    Lines<T> blank() {
        Lines<T> made;
        if (spare.empty()) made = Lines<T>(n * L, Unset());
        else made = std::move(spare.back()), spare.pop_back();
        in_parallel(n * L, 1 << 18, n_threads, [&](size_t first, size_t last, int) { std::fill(made.data() + first, made.data() + last, INF); });
        return made;
    }

    void gather(const Lines<T>& more) {
        in_parallel(n, 1 << 15, n_threads, [&](size_t first, size_t last, int) {
            for (size_t s = first; s < last; ++s) Keys::at(held[0].data(), s).lower(Keys::at(more.data(), s));
        });
    }

    // Calls work(size, states, scratch, smallest) for every block of a mover that has more than one state.
    template <typename Scratch, typename Work>
    void each_block(size_t j, std::vector<Scratch>& scratch, Work work) {
        const Mover<T>& mover = movers[j];
        const Moves& m = mover.moves;
        const size_t grain = std::max<size_t>(1, std::min<size_t>(1 << 9, m.n_blocks / (8 * scratch.size())));
        in_parallel(m.n_blocks, grain, n_threads, [&](size_t first, size_t last, int thread) {
            Scratch& my = scratch[thread];
            for (size_t b = first; b < last; ++b) {
                if (m.size(b) < 2) continue;
                my.room(m.size(b));
                work(m.size(b), m.states(b), my, [&](Which which) {
                    my.smallest(m, b, mover.classes[m.kind[b]], mover.order.place.data() + m.block[b], mover.rank, which);
                });
            }
        });
    }

    // Whether anything in a block has changed after the sweep `before`.
    bool changed(const uint32_t* states, size_t size, uint32_t before) const {
        for (size_t p = 0; p < size; ++p)
            if (__atomic_load_n(&stamp[states[p] / chunk], __ATOMIC_RELAXED) > before) return true;
        return false;
    }

    // The best moves of mover j, which stay the same from sweep to sweep, once as a list.
    void list_best(size_t j) {
        BestMoves& best = movers[j].best;
        const Moves& m = movers[j].moves;
        best.first.push_back(0);
        Pace pace;
        for (size_t b = 0; b < m.n_blocks; ++b, pace.step(64)) {
            if (m.size(b) < 2) continue;
            const uint32_t* states = m.states(b);
            const Classes& classes = movers[j].classes[m.kind[b]];
            const auto put = [&](uint32_t p, uint32_t q, bool alone) {  // the places of a block come one after the other
                if (best.from.empty() || best.from.back() != states[p]) best.from.push_back(states[p]), best.first.push_back(best.to.size());
                if (alone) best.to.resize(best.first[best.from.size() - 1]);
                best.to.push_back(states[q]);
                best.first.back() = best.to.size();
                return false;
            };
            if (classes.there) {
                scratch[0].each_best(m, b, classes, movers[j].order.place.data() + m.block[b], put);
                continue;
            }
            for (uint32_t p = 0; p < m.size(b); ++p)
                each_from(m, Which::best, b, p, [&](uint32_t q) { return movers[j].rank[states[q]]; }, [&](uint32_t q) { return put(p, q, false); });
        }
    }

    // One sweep of mover j over its best moves, as in `sweep`; what falls counts at once, which leads to the same in the end.
    bool sweep_listed(size_t j, const std::vector<const T*>& from, T* into) {
        const BestMoves& best = movers[j].best;
        const Keys mine = own_questions(j);
        bool fell = false;
        for (size_t k = 0; k < best.from.size(); ++k) {
            Keys& at = Keys::at(into, best.from[k]);
            Keys now = at;
            for (size_t to = best.first[k]; to < best.first[k + 1]; ++to)
                for (const T* keys : from) now.lower(Keys::at(keys, best.to[to]) | mine);
            if (now != at) at = now, fell = true;
        }
        return fell;
    }

    // All bits at the questions of mover j itself, none at those of others.
    Keys own_questions(size_t j) const {
        Keys mine = Keys::all(0);
        for (size_t q = 0; q < questions.size(); ++q)
            if (questions[q].focal == j) reinterpret_cast<T*>(mine.v)[q] = INF;
        return mine;
    }

    // One sweep of mover j, whose own questions are left alone; true if anything fell. Blocks in which nothing changed after the
    // sweep `before` are left as they are.
    bool sweep(size_t j, Which which, const std::vector<const T*>& from, T* into, uint32_t before, uint32_t step) {
        const Keys mine = own_questions(j);
        std::atomic<bool> fell{false};
        each_block(j, scratch, [&](size_t size, const uint32_t* states, Descent<T>& my, auto smallest) {
            if (before && !changed(states, size, before)) return;
            for (size_t p = 0; p < size; ++p) {
                Keys least = Keys::at(from[0], states[p]);
                for (size_t k = 1; k < from.size(); ++k) least.lower(Keys::at(from[k], states[p]));
                my.g[p] = least;
            }
            smallest(which);
            bool here = false;
            for (size_t p = 0; p < size; ++p) {
                Keys now = my.out[p] | mine;
                Keys& at = Keys::at(into, states[p]);
                now.lower(at);
                if (!(now != at)) continue;
                at = now, here = true;
                if (step) __atomic_store_n(&stamp[states[p] / chunk], step, __ATOMIC_RELAXED);
            }
            if (here) fell = true;
        });
        return fell;
    }

    // Question q's key becomes M_i: the best that i can make of a state.
    void fill_best(size_t i, size_t q) {
        const T* w = movers[i].rank;
        each_block(i, scratch, [&](size_t size, const uint32_t* states, Descent<T>& my, auto smallest) {
            for (size_t p = 0; p < size; ++p) my.g[p] = Keys::all(T(INF - w[states[p]]));
            smallest(Which::any);
            for (size_t p = 0; p < size; ++p) {
                T& made = key.data()[size_t(states[p]) * L + q];
                made = std::max(made, T(INF - *reinterpret_cast<const T*>(my.out[p].v)));
            }
        });
    }
};
