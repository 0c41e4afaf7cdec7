// Builds the moves of one party from its levers: which states differ in them only, and which changes its rules allow.
#include <unordered_map>

#include "../moves.hpp"
#include "../rooms.hpp"

namespace {

constexpr size_t most_places = 4096;             // of a complete block, above which its moves are not listed
constexpr uint64_t most_listed = 100'000'000;    // moves of one party; four bytes each
constexpr uint64_t most_compared = 600'000'000;  // pairs of places, some nanoseconds each

// The levers of one party: digits `radix` (first fastest) above `low` other settings.
struct Levers {
    int64_t low, own = 1;
    std::vector<int64_t> radix;
    std::vector<int> shift;
    std::vector<uint64_t> field;
    uint64_t spare = 0, up = 0, down = 0;  // bits above the fields; those of levers that only go up, or down
    const int64_t* guard;

    Levers(int64_t low, const Array<int64_t>& radix_, const Array<int64_t>& one_way, const Array<int64_t>& guard_)
        : low(low), radix(radix_.data(), radix_.data() + radix_.shape(0)), guard(guard_.data()) {
        require(low >= 1 && low < int64_t(1) << 32, "`low` must be from 1 to 2^32");
        require(one_way.shape(0) == radix.size() && guard_.shape(0) >= 256 * radix.size(), "`one_way` and `guard` must go with `radix`");
        int at = 0;
        for (size_t l = 0; l < radix.size(); ++l) {
            require(radix[l] >= 1 && radix[l] <= 256, "a lever must have from 1 to 256 settings");
            require((own *= radix[l]) <= (int64_t(1) << 32) / low, "there are more than 2^32 combinations of settings");
            int width = 0;
            while (int64_t(1) << width < radix[l]) ++width;
            shift.push_back(at);
            field.push_back(((uint64_t(1) << width) - 1) << at);
            if (!width) continue;
            at += width;
            require(at < 64, "the settings of a party do not fit in a word");
            const uint64_t above = uint64_t(1) << at++;
            spare |= above;
            if (one_way(l) > 0) up |= above;
            if (one_way(l) < 0) down |= above;
        }
        for (size_t g = 0; g < 256 * radix.size(); ++g) require(guard[g] < 64, "a guard must have a bit below 64");
    }

    int64_t own_of(int64_t code) const { return code / low % own; }
    int64_t context(int64_t code) const { return code % low + low * (code / (low * own)); }

    uint64_t packed(int64_t mine) const {
        uint64_t out = 0;
        for (size_t l = 0; l < radix.size(); ++l, mine /= radix[l - 1]) out |= uint64_t(mine % radix[l]) << shift[l];
        return out;
    }

    uint64_t guards_of(int64_t mine) const {  // bits of the guards on the settings that a place has
        uint64_t out = 0;
        for (size_t l = 0; l < radix.size(); ++l, mine /= radix[l - 1]) {
            const int64_t bit = guard[l * 256 + size_t(mine % radix[l])];
            if (bit >= 0) out |= uint64_t(1) << bit;
        }
        return out;
    }

    // No one-way lever goes back: in every such field the difference does not borrow the bit above it.
    bool goes(uint64_t from, uint64_t to) const {
        return (((to | spare) - from) & up) == up && (((from | spare) - to) & down) == down;
    }
};

struct Parts {
    std::vector<uint32_t> members, block_of, target;
    std::vector<int64_t> block{0}, first_row, row{0};
    std::vector<int32_t> kind;
    std::vector<uint8_t> complete;
    std::vector<uint64_t> own;
};

// States grouped by what they are apart from the party's levers.
void group_states(const Array<int64_t>& codes, const Levers& levers, Parts& out) {
    const size_t n = codes.shape(0);
    const int64_t n_contexts = levers.low * (codes(n - 1) / (levers.low * levers.own) + 1);
    out.members.resize(n), out.block_of.resize(n);
    if (n_contexts > int64_t(8 * n + (1 << 20))) {  // few of very many contexts: sort them
        std::vector<std::pair<int64_t, uint32_t>> order(n);
        for (size_t s = 0; s < n; ++s) order[s] = {levers.context(codes(s)), uint32_t(s)};
        checkpoint();
        std::sort(order.begin(), order.end());
        for (size_t p = 0; p < n; ++p) {
            if (p && order[p].first != order[p - 1].first) out.block.push_back(int64_t(p));
            out.members[p] = order[p].second;
            out.block_of[order[p].second] = uint32_t(out.block.size() - 1);
        }
        out.block.push_back(int64_t(n));
        return;
    }
    std::vector<uint32_t> seen(size_t(n_contexts), 0);  // counts, then the number of the block
    for (size_t s = 0; s < n; ++s) out.block_of[s] = uint32_t(levers.context(codes(s))), ++seen[out.block_of[s]];
    checkpoint();
    std::vector<uint32_t> next;
    for (uint32_t& count : seen)
        if (count) {
            next.push_back(uint32_t(out.block.back()));
            out.block.push_back(out.block.back() + count);
            count = uint32_t(next.size() - 1);
        }
    checkpoint();
    for (size_t s = 0; s < n; ++s) {
        out.block_of[s] = seen[out.block_of[s]];
        out.members[next[out.block_of[s]]++] = uint32_t(s);
    }
}

// One new kind: the places' settings, and its moves where not every place leads to every other.
struct Kind {
    const Levers& levers;
    const std::vector<uint64_t>& own, &has, &open;  // per place: packed settings, guards on them, guards that hold there
    bool legal(size_t p, size_t q) const { return levers.goes(own[p], own[q]) && !(has[q] & ~has[p] & ~open[p]); }

    uint64_t count(bool free) const {
        const uint64_t size = own.size();
        if (free) return size * (size - 1);
        uint64_t found = 0;
        Pace pace;
        for (size_t p = 0; p < size; ++p, pace.step(64))
            for (size_t q = 0; q < size; ++q) found += p != q && legal(p, q);
        return found;
    }

    void list(Parts& out, bool free) const {
        const size_t size = own.size();
        const uint64_t n_moves = count(free);
        const bool complete = n_moves == uint64_t(size) * (size - 1);
        out.first_row.push_back(int64_t(out.row.size()) - 1);
        out.complete.push_back(complete);
        out.own.insert(out.own.end(), own.begin(), own.end());
        if (complete && size > most_places) {
            out.row.resize(out.row.size() + size, out.row.back());
            return;
        }
        if (out.target.size() + n_moves > most_listed) throw std::overflow_error("the moves of one party are more than 100,000,000");
        out.target.reserve(out.target.size() + n_moves);
        Pace pace;
        for (size_t p = 0; p < size; ++p, pace.step(64)) {
            for (size_t q = 0; q < size; ++q)
                if (p != q && (complete || legal(p, q))) out.target.push_back(uint32_t(q));
            out.row.push_back(int64_t(out.target.size()));
        }
    }
};

void find_kinds(const Array<int64_t>& codes, const Levers& levers, const Array<uint64_t>& enter, Parts& out) {
    const bool guarded = enter.shape(0) > 0, free = !guarded && !levers.up && !levers.down;
    std::unordered_map<std::string, int32_t> known;
    std::string signature;
    std::vector<uint64_t> own, has, open;
    uint64_t compared = 0;
    Pace pace;
    out.kind.resize(out.block.size() - 1);
    for (size_t b = 0; b + 1 < out.block.size(); ++b, pace.step(64)) {
        progress(double(b), double(out.kind.size()));
        signature.clear();
        for (int64_t p = out.block[b]; p < out.block[b + 1]; ++p) {
            const uint32_t mine = uint32_t(levers.own_of(codes(out.members[p])));
            signature.append(reinterpret_cast<const char*>(&mine), sizeof mine);
            if (!guarded) continue;
            const uint64_t word = enter(out.members[p]);
            signature.append(reinterpret_cast<const char*>(&word), sizeof word);
        }
        const auto [found, fresh] = known.emplace(signature, int32_t(known.size()));
        out.kind[b] = found->second;
        if (!fresh) continue;
        const uint64_t size = uint64_t(out.block[b + 1] - out.block[b]);
        if (!free && (compared += size * size) > most_compared)
            throw std::overflow_error("the moves of one party are too many to compare one by one");
        own.clear(), has.clear(), open.clear();
        for (int64_t p = out.block[b]; p < out.block[b + 1]; ++p) {
            const int64_t mine = levers.own_of(codes(out.members[p]));
            own.push_back(levers.packed(mine));
            has.push_back(guarded ? levers.guards_of(mine) : 0);
            open.push_back(guarded ? enter(out.members[p]) : 0);
        }
        Kind{levers, own, has, open}.list(out, free);
    }
}

// codes: (n_states,) ascending. one_way[l]: 0 both, 1 up only, -1 down only. guard[l * 256 + setting]: bit of `enter` that
// must be set to enter it, or -1; no two share a bit. enter: (n_states,) guards that hold in each state, or empty.
nb::tuple build_moves(Array<int64_t> codes, int64_t low, Array<int64_t> radix, Array<int64_t> one_way, Array<int64_t> guard,
                             Array<uint64_t> enter) {
    const size_t n = codes.shape(0);
    require(n > 0 && n < 0x7FFFFFFF, "there must be from 1 to 2^31 - 2 states");
    require(codes(0) >= 0 && codes(n - 1) < int64_t(1) << 32, "codes must be from 0 to 2^32");
    require(enter.shape(0) == 0 || enter.shape(0) == n, "`enter` must have one entry per state, or none");
    const Levers levers(low, radix, one_way, guard);
    Parts out;
    {
        Unlocked unlocked;
        for (size_t s = 1; s < n; ++s) require(codes(s - 1) < codes(s), "codes must ascend");
        group_states(codes, levers, out);
        find_kinds(codes, levers, enter, out);
    }
    std::vector<uint64_t> fields = levers.field;
    return nb::make_tuple(hand_over(std::move(out.members)), hand_over(std::move(out.block)), hand_over(std::move(out.kind)),
                          hand_over(std::move(out.first_row)), hand_over(std::move(out.row)), hand_over(std::move(out.target)),
                          hand_over(std::move(out.complete)), hand_over(std::move(out.block_of)), hand_over(std::move(out.own)),
                          hand_over(std::move(fields)));
}

}  // namespace

void open_build(nb::module_& m) {
    m.def("build_moves", &build_moves, nb::arg("codes"), nb::arg("low"), nb::arg("radix"), nb::arg("one_way"), nb::arg("guard"), nb::arg("enter"));
}
