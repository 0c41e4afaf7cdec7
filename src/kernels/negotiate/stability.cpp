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
    size_t most_bytes;
};

// out: (n_looks, n_parties, n_states). Parties are taken in groups, so that what the others reach fits in `most_bytes`.
template <typename T>
void solve(const std::vector<Moves>& parties, const std::vector<Tiling>& tilings, const T* rank, const Asked& asked, uint8_t* out) {
    const int n_parties = int(parties.size());
    const size_t n = parties[0].n_states, each = n * sizeof(T);
    const size_t copies = asked.sequences == Sequences::legal ? size_t(n_parties) : asked.sequences == Sequences::once ? size_t(1) << n_parties : 1;
    const int group = int(std::clamp<size_t>(asked.most_bytes / (2 * copies * each + each), 1, 8));
    for (int first = 0; first < n_parties; first += group) {
        Replies<T> replies(parties, tilings, rank, asked.n_threads);
        for (Which which : {Which::none, Which::any, Which::weak, Which::paying, Which::best}) {
            std::map<std::pair<int, bool>, int> number;
            for (int i = first; i < std::min(n_parties, first + group); ++i)
                for (const Look& look : asked.looks)
                    if (look.replies == which && which != Which::none && !number.count({i, look.escape})) {
                        number[{i, look.escape}] = int(replies.questions.size());
                        replies.ask(i, look.escape);
                    }
            if (!number.empty()) {
                if (asked.sequences == Sequences::legal) replies.by_legal_sequences(which);
                if (asked.sequences == Sequences::single) replies.by_single_moves(which);
                if (asked.sequences == Sequences::once) replies.by_moving_once(which);
            }
            for (int i = first; i < std::min(n_parties, first + group); ++i) {
                std::vector<int> numbers;
                std::vector<uint8_t*> verdicts;
                for (const bool escape : {false, true}) {
                    size_t where = asked.looks.size();
                    for (size_t k = 0; k < asked.looks.size(); ++k) {
                        if (asked.looks[k].replies != which || (which != Which::none && asked.looks[k].escape != escape)) continue;
                        if (which == Which::none && escape) continue;
                        if (where == asked.looks.size()) where = k;
                    }
                    if (where == asked.looks.size()) continue;
                    numbers.push_back(which == Which::none ? -1 : number.at({i, escape}));
                    verdicts.push_back(out + (where * size_t(n_parties) + size_t(i)) * n);
                }
                if (!numbers.empty()) replies.judge(i, numbers, verdicts);
            }
            replies.forget();
        }
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
    std::vector<Moves> parties;
    std::vector<Tiling> narrow, broad;  // for ranks of 16 and of 32 bits
    Asked asked;

    template <typename To, typename From>
    void widened(const From* ranks, const std::vector<Tiling>& tilings, const Asked& with, uint8_t* out) const {
        const std::vector<To> made(ranks, ranks + parties.size() * parties[0].n_states);
        solve<To>(parties, tilings, made.data(), with, out);
    }

    template <typename T>
    void run(const Grid<T, 3>& rank, uint8_t* out) {
        const size_t n_draws = rank.shape(0), n = rank.shape(2), all = rank.shape(1) * n, each = asked.looks.size() * all;
        const bool many = n_draws > 1;
        for (const Moves& m : parties) narrow.emplace_back(m, Panel<uint16_t>::W), broad.emplace_back(m, Panel<uint32_t>::W);
        Asked inside = asked;
        inside.n_threads = many || n < 4000 ? 1 : asked.n_threads;
        in_parallel(n_draws, 1, many ? asked.n_threads : 1, [&](size_t first, size_t last, int) {
            for (size_t d = first; d < last; ++d) {
                const T* ranks = rank.data() + d * all;
                const T top = *std::max_element(ranks, ranks + all);
                uint8_t* to = out + d * each;
                require(uint64_t(top) < 0xFFFFFFFFu, "ranks must be below 2^32 - 1");
                if (top >= 0xFFFFu) widened<uint32_t>(ranks, broad, inside, to);
                else if (sizeof(T) == 2) solve<uint16_t>(parties, narrow, reinterpret_cast<const uint16_t*>(ranks), inside, to);
                else widened<uint16_t>(ranks, narrow, inside, to);
                repeat(asked, all, to);
            }
        });
    }
};

// rank: (n_draws, n_parties, n_states) uint16 or uint32; draws run side by side. -> (n_draws, n_looks, n_parties, n_states) of 0/1.
Given<uint8_t, 4> stable(nb::handle moves, nb::ndarray<nb::ro, nb::ndim<3>, nb::c_contig, nb::device::cpu> rank, std::vector<int> replies,
                                std::vector<bool> escape, int sequences, int n_threads, size_t most_bytes) {
    Verdicts verdicts{moves_of(moves), {}, {}, {{}, Sequences(sequences), n_threads, most_bytes}};
    const size_t n_parties = verdicts.parties.size(), n = verdicts.parties[0].n_states, n_draws = rank.shape(0);
    require(rank.shape(1) == n_parties && rank.shape(2) == n, "ranks and moves are of different graphs");
    require(replies.size() == escape.size(), "`replies` and `escape` must be of one length");
    require(sequences >= 0 && sequences <= int(Sequences::once), "no such sequences");
    require(sequences != int(Sequences::once) || n_parties <= 12, "replies in which each moves once are for up to 12 parties");
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
    m.def("stable", &stable, nb::arg("moves"), nb::arg("rank"), nb::arg("replies"), nb::arg("escape"), nb::arg("sequences"), nb::arg("n_threads"), nb::arg("most_bytes"));
}
