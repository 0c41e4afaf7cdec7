// Stability of every state for every party, under concepts given as data: which replies are feared, and whether the party
// may answer back.
#include <map>

#include "../rooms.hpp"
#include "replies.hpp"

namespace {

enum class Sequences { legal, single, once };

struct Look {
    Which replies;
    bool escape;
};

struct Asked {
    std::vector<Look> looks;
    Sequences sequences;
    int n_threads;
    bool alone = false;  // one draw, which is the whole call
};

// The concepts of one kind of replies: with and without escape, the first of each that asks.
std::map<bool, size_t> of_kind(const Asked& asked, Which which) {
    std::map<bool, size_t> found;
    for (size_t k = 0; k < asked.looks.size(); ++k)
        if (asked.looks[k].replies == which) found.emplace(which != Which::none && asked.looks[k].escape, k);
    return found;
}

// out: (n_looks, n_parties, n_states). Parties are taken in groups of as many as have their questions side by side.
template <typename T>
void solve(const Movable& field, const T* rank, const Asked& asked, uint8_t* out) {
    const size_t n_parties = field.parties.size(), n = field.parties[0].n_states, n_movers = field.movers.size();
    size_t keys = 1;
    for (Which which : {Which::any, Which::weak, Which::paying, Which::best}) keys = std::max(keys, of_kind(asked, which).size());
    const size_t group = Replies<T>::L / keys;
    std::vector<Mover<T>> movers;
    for (size_t k = 0; k < n_movers; ++k) {
        const Moves& moves = field.parties[field.movers[k]];
        const T* mine = rank + field.movers[k] * n;
        movers.push_back({moves, field.classes[k], mine, Order<T>(moves, mine, asked.n_threads), field.composes[k]});
    }
    std::memset(out, 1, asked.looks.size() * n_parties * n);  // until a move is found that nobody answers
    Replies<T> replies(movers, n, asked.n_threads);
    size_t n_asked = 0, n_to_ask = 0;
    for (Which which : {Which::any, Which::weak, Which::paying, Which::best}) n_to_ask += of_kind(asked, which).empty() ? 0 : (n_movers + group - 1) / group;
    std::map<bool, size_t> nash = of_kind(asked, Which::none);  // judged beside what is judged first
    for (Which which : {Which::any, Which::weak, Which::paying, Which::best, Which::none}) {
        const std::map<bool, size_t> looks = which == Which::none ? std::map<bool, size_t>() : of_kind(asked, which);
        if (looks.empty() && (which != Which::none || nash.empty())) continue;
        for (size_t first = 0; first < n_movers; first += group) {
            const size_t last = std::min(n_movers, first + group);
            std::vector<typename Replies<T>::Question> questions;
            for (size_t i = first; i < last; ++i)
                for (const auto& [escape, _] : looks) questions.push_back({i, escape});
            replies.ask(questions);
            if (!questions.empty()) {
                replies.span = asked.alone ? std::pair(n_asked, n_to_ask) : std::pair(size_t(0), size_t(0)), ++n_asked;
                if (asked.sequences == Sequences::legal) replies.by_legal_sequences(which);
                if (asked.sequences == Sequences::single) replies.by_single_moves(which);
                if (asked.sequences == Sequences::once) replies.by_moving_once(which);
            }
            for (size_t i = first, q = 0; i < last; ++i) {
                std::vector<int> numbers;
                std::vector<uint8_t*> verdicts;
                auto judged = [&](size_t look, int number) {
                    numbers.push_back(number);
                    verdicts.push_back(out + (look * n_parties + field.movers[i]) * n);
                };
                for (const auto& [_, look] : looks) judged(look, int(q++));
                for (const auto& [_, look] : nash) judged(look, -1);
                replies.judge(i, numbers, verdicts);
            }
            replies.forget();
        }
        nash.clear();
    }
}

// Concepts that ask the same get the same verdicts.
void repeat(const Asked& asked, size_t each, uint8_t* out) {
    for (size_t k = 0; k < asked.looks.size(); ++k)
        for (size_t j = 0; j < k; ++j)
            if (asked.looks[j].replies == asked.looks[k].replies &&
                (asked.looks[j].escape == asked.looks[k].escape || asked.looks[k].replies == Which::none)) {
                std::copy_n(out + j * each, each, out + k * each);
                break;
            }
}

struct Verdicts {
    Movable field;
    Asked asked;

    template <typename To, typename From>
    void widened(const From* ranks, const Asked& with, uint8_t* out) const {
        const std::vector<To> made(ranks, ranks + field.parties.size() * field.parties[0].n_states);
        solve<To>(field, made.data(), with, out);
    }

    template <typename T>
    void run(const Grid<T, 3>& rank, uint8_t* out) {
        const size_t n_draws = rank.shape(0), n = rank.shape(2), all = rank.shape(1) * n, each = asked.looks.size() * all;
        const bool many = n_draws > 1;
        field.look();
        Asked inside = asked;
        inside.alone = !many;
        inside.n_threads = many || n < 4000 ? 1 : asked.n_threads;
        in_parallel(n_draws, 1, many ? asked.n_threads : 1, [&](size_t first, size_t last, int) {
            for (size_t d = first; d < last; ++d) {
                const T* ranks = rank.data() + d * all;
                const T top = *std::max_element(ranks, ranks + all);
                uint8_t* to = out + d * each;
                require(uint64_t(top) < 0xFFFFFFFFu, "ranks must be below 2^32 - 1");
                if (many) progress(double(d), double(n_draws));
                if (top >= 0xFFFFu) widened<uint32_t>(ranks, inside, to);
                else if (sizeof(T) == 2) solve<uint16_t>(field, reinterpret_cast<const uint16_t*>(ranks), inside, to);
                else widened<uint16_t>(ranks, inside, to);
                repeat(asked, all, to);
            }
        });
    }
};

// rank: (n_draws, n_parties, n_states) uint16 or uint32; draws run side by side. -> (n_draws, n_looks, n_parties, n_states) of 0/1.
Given<uint8_t, 4> stable(nb::handle moves, nb::ndarray<nb::ro, nb::ndim<3>, nb::c_contig, nb::device::cpu> rank, std::vector<int> replies,
                                std::vector<bool> escape, int sequences, int n_threads) {
    Verdicts verdicts{Movable(moves_of(moves)), {{}, Sequences(sequences), n_threads}};
    const size_t n_parties = verdicts.field.parties.size(), n = verdicts.field.parties[0].n_states, n_draws = rank.shape(0);
    require(rank.shape(1) == n_parties && rank.shape(2) == n, "ranks and moves are of different graphs");
    require(replies.size() == escape.size(), "`replies` and `escape` must be of one length");
    require(sequences >= 0 && sequences <= int(Sequences::once), "no such sequences");
    require(sequences != int(Sequences::once) || verdicts.field.movers.size() <= 12, "replies in which each moves once are for up to 12 parties that can move");
    for (size_t k = 0; k < replies.size(); ++k) verdicts.asked.looks.push_back({which_of(replies[k]), escape[k]});
    Result<uint8_t> out(n_draws * replies.size() * n_parties * n);
    const bool small = rank.dtype() == nb::dtype<uint16_t>();
    require(small || rank.dtype() == nb::dtype<uint32_t>(), "ranks must be uint16 or uint32");
    {
        Unlocked unlocked;
        if (small) verdicts.run<uint16_t>(Grid<uint16_t, 3>(rank), out.data());
        else verdicts.run<uint32_t>(Grid<uint32_t, 3>(rank), out.data());
    }
    return out.give<4>({n_draws, replies.size(), n_parties, n});
}

}  // namespace

void open_stability(nb::module_& m) {
    m.def("stable", &stable, nb::arg("moves"), nb::arg("rank"), nb::arg("replies"), nb::arg("escape"), nb::arg("sequences"), nb::arg("n_threads"));
}
