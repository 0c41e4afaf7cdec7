// Stability under a relation between every two states that need not be a ranking: unknown preference, degrees of it.
//
// relation(i, s, t): what t is to party i, compared with s, as a code from -2 to 3; sets of codes are masks of bit code + 2.
// The states that the others reach from s1 are a row of bits; a move is stopped when that row meets the states that a
// concept counts as a sanction.
#include "../rooms.hpp"
#include "../sequences.hpp"

namespace {

struct Related {
    const int8_t* code;  // (n_parties, n_states, n_states)
    size_t n;
    uint32_t among;
    bool operator()(int i, uint32_t s, uint32_t t) const { return among >> (code[(i * n + s) * n + t] + 2) & 1; }
};

struct LookAhead {  // what one concept looks at; replies = 0: at its own next move only
    uint32_t tempts, replies, hurts;
    bool escape;
};

// The states that a group reaches from each component, as rows of bits.
template <typename G>
std::vector<uint64_t> rows_of(const G& group, size_t words) {
    std::vector<uint64_t> row(group.size() * words, 0);
    Pace pace;
    for (size_t c = 0; c < group.size(); ++c, pace.step(256)) {
        uint64_t* mine = row.data() + c * words;
        for (size_t k = group.landed_at[c]; k < group.landed_at[c + 1]; ++k)
            mine[group.landed[k] / 64] |= uint64_t(1) << (group.landed[k] % 64);
        for (size_t k = group.next_at[c]; k < group.next_at[c + 1]; ++k) {
            const uint64_t* theirs = row.data() + size_t(group.next[k]) * words;
            for (size_t w = 0; w < words; ++w) mine[w] |= theirs[w];
        }
    }
    return row;
}

struct Judge {
    const std::vector<Moves>& parties;
    const std::vector<std::vector<uint32_t>>& place;
    const int8_t* code;
    const size_t n;
    const int me;

    bool is(uint32_t s, uint32_t t, uint32_t among) const { return Related{code, n, among}(me, s, t); }

    template <typename Use>
    bool each_move(uint32_t s, Use use) const {  // true if `use` was true for all
        const Moves& own = parties[me];
        const uint32_t b = own.block_of[s];
        const size_t p = place[me][s], last = own.n_moves(own.kind[b], p, own.size(b));
        for (size_t k = 0; k < last; ++k)
            if (!use(own.states(b)[own.leads_to(own.kind[b], p, k)])) return false;
        return true;
    }

    // Stability of every state under those concepts that credit the others with these replies.
    void with_replies(uint32_t replies, const std::vector<LookAhead>& looks, uint8_t* out, size_t stride) const {
        const size_t words = (n + 63) / 64;
        std::vector<int> others;
        for (int j = 0; j < int(parties.size()); ++j)
            if (j != me) others.push_back(j);
        const Related may{code, n, replies};
        const Group<Related> group(parties, place, others, false, may);
        const std::vector<uint64_t> rows = rows_of(group, words);
        std::vector<uint64_t> hurting(words);
        Pace pace;
        for (uint32_t s = 0; s < n; ++s, pace.step(16)) {
            uint32_t marked = 0;  // the mask that `hurting` shows
            for (size_t k = 0; k < looks.size(); ++k) {
                if (looks[k].replies != replies) continue;
                out[k * stride + s] = each_move(s, [&](uint32_t s1) {
                    if (!is(s, s1, looks[k].tempts)) return true;
                    if (marked != looks[k].hurts) mark(s, marked = looks[k].hurts, hurting);
                    return stopped(s, s1, looks[k], rows.data() + size_t(group.start[s1]) * words, hurting);
                });
            }
        }
    }

    void mark(uint32_t s, uint32_t among, std::vector<uint64_t>& bits) const {
        const int8_t* mine = code + (size_t(me) * n + s) * n;
        std::fill(bits.begin(), bits.end(), 0);
        for (size_t t = 0; t < n; ++t) bits[t / 64] |= uint64_t(among >> (mine[t] + 2) & 1) << (t % 64);
    }

    bool stopped(uint32_t s, uint32_t s1, const LookAhead& look, const uint64_t* row, const std::vector<uint64_t>& hurting) const {
        for (size_t w = 0; w < hurting.size(); ++w) {
            uint64_t both = row[w] & hurting[w];
            if (w == s1 / 64) both &= ~(uint64_t(1) << (s1 % 64));  // to come back to s1 is not a reply
            if (both && !look.escape) return true;
            for (; both; both &= both - 1) {
                const uint32_t s2 = uint32_t(w * 64 + __builtin_ctzll(both));
                if (each_move(s2, [&](uint32_t s3) { return is(s, s3, look.hurts); })) return true;
            }
        }
        return false;
    }
};

// tempts, replies, hurts: per concept a mask of codes. -> (n_looks, n_parties, n_states) of 0/1.
Given<uint8_t, 3> related_stable(nb::handle parties_, Grid<int8_t, 3> relation, std::vector<uint32_t> tempts, std::vector<uint32_t> replies,
                                        std::vector<uint32_t> hurts, std::vector<bool> escape, int n_threads) {
    const std::vector<Moves> parties = moves_of(parties_);
    const size_t n = parties[0].n_states, n_parties = parties.size(), n_looks = tempts.size();
    require(relation.shape(0) == n_parties && relation.shape(1) == n && relation.shape(2) == n, "the relation and the moves are of different graphs");
    require(replies.size() == n_looks && hurts.size() == n_looks && escape.size() == n_looks, "the concepts' masks must be of one length");
    Result<uint8_t> out(n_looks * n_parties * n);
    {
        Unlocked unlocked;
        for (size_t k = 0; k < n_parties * n * n; ++k) require(relation.data()[k] >= -2 && relation.data()[k] <= 3, "a relation's codes run from -2 to 3");
        std::vector<LookAhead> looks;
        for (size_t k = 0; k < n_looks; ++k) looks.push_back({tempts[k], replies[k], hurts[k], escape[k]});
        std::sort(replies.begin(), replies.end());
        replies.erase(std::unique(replies.begin(), replies.end()), replies.end());
        const auto place = places_of(parties);
        in_parallel(n_parties, 1, n_threads, [&](size_t first, size_t last, int) {
            for (size_t i = first; i < last; ++i) {
                const Judge judge{parties, place, relation.data(), n, int(i)};
                for (uint32_t kind : replies) judge.with_replies(kind, looks, out.data() + i * n, n_parties * n);
            }
        });
    }
    return out.give<3>({n_looks, n_parties, n});
}

// rank: (n_draws, n_states) of one party -> (n_states, n_states): -1, 0 or 1 where all draws agree, 3 where they differ.
Given<int8_t, 2> agreed_over_draws(Grid<uint32_t, 2> rank, int n_threads) {
    const size_t n_draws = rank.shape(0), n = rank.shape(1);
    require(n < 1 << 17, "too many states to compare two by two");
    Result<int8_t> out(n * n);
    {
        Unlocked unlocked;
        in_parallel(n, 16, n_threads, [&](size_t first, size_t last, int) {
            std::vector<uint8_t> seen(n);  // bits: 1 worse, 2 equal, 4 better
            for (size_t s = first; s < last; ++s) {
                std::fill(seen.begin(), seen.end(), 0);
                for (size_t d = 0; d < n_draws; ++d) {
                    const uint32_t* w = rank.data() + d * n;
                    for (size_t t = 0; t < n; ++t) seen[t] |= uint8_t(w[t] > w[s] ? 4 : w[t] == w[s] ? 2 : 1);
                }
                for (size_t t = 0; t < n; ++t) out.data()[s * n + t] = seen[t] == 4 ? 1 : seen[t] == 2 ? 0 : seen[t] == 1 ? -1 : 3;
            }
        });
    }
    return out.give<2>({n, n});
}

}  // namespace

void open_relations(nb::module_& m) {
    m.def("related_stable", &related_stable, nb::arg("moves"), nb::arg("relation"), nb::arg("tempts"), nb::arg("replies"), nb::arg("hurts"), nb::arg("escape"), nb::arg("n_threads"));
    m.def("agreed_over_draws", &agreed_over_draws, nb::arg("rank"), nb::arg("n_threads"));
}
