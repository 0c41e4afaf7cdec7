// One party's legal moves: states in blocks, blocks of the same kind share one list of moves. See graph/model.py.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace nb = nanobind;

template <typename T>
using Array = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

struct Moves {
    Array<uint32_t> members;
    Array<int64_t> block;
    Array<int32_t> kind;
    Array<int64_t> first_row, row;
    Array<uint32_t> target;
    Array<bool> complete;
    Array<uint32_t> block_of;

    explicit Moves(nb::handle m)
        : members(nb::cast<Array<uint32_t>>(m.attr("members"))),
          block(nb::cast<Array<int64_t>>(m.attr("block"))),
          kind(nb::cast<Array<int32_t>>(m.attr("kind"))),
          first_row(nb::cast<Array<int64_t>>(m.attr("first_row"))),
          row(nb::cast<Array<int64_t>>(m.attr("row"))),
          target(nb::cast<Array<uint32_t>>(m.attr("target"))),
          complete(nb::cast<Array<bool>>(m.attr("complete"))),
          block_of(nb::cast<Array<uint32_t>>(m.attr("block_of"))) {}

    size_t n_blocks() const { return kind.shape(0); }
    size_t n_states() const { return members.shape(0); }
};

inline std::vector<Moves> moves_of(nb::handle parties) {
    std::vector<Moves> out;
    for (nb::handle m : parties) out.emplace_back(m);
    return out;
}

// Calls work(first, last, thread) on `n_threads` threads over [0, n) in equal runs of `grain`, taken in turn.
template <typename Work>
void in_parallel(size_t n, size_t grain, int n_threads, Work work) {
    if (n_threads <= 1 || n <= grain) {
        if (n) work(size_t(0), n, 0);
        return;
    }
    std::atomic<size_t> next{0};
    auto run = [&](int thread) {
        for (size_t first; (first = next.fetch_add(grain)) < n;) work(first, std::min(first + grain, n), thread);
    };
    std::vector<std::thread> others;
    for (int t = 1; t < n_threads; ++t) others.emplace_back(run, t);
    run(0);
    for (auto& thread : others) thread.join();
}

template <typename T>
nb::ndarray<nb::numpy, T, nb::ndim<1>> hand_over(std::vector<T>&& v) {
    auto* kept = new std::vector<T>(std::move(v));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return nb::ndarray<nb::numpy, T, nb::ndim<1>>(kept->data(), {kept->size()}, owner);
}

// Builds the moves of one party whose levers are digits `radix` (first fastest) standing above `low` other settings.
// one_way[l]: 0 both, 1 up only, -1 down only. guard[l * 256 + setting]: bit of `enter` that must be set, or -1.
// enter: (n_states,) guards that hold in each state, or empty where the party has none.
inline nb::tuple build_moves(Array<int64_t> codes, int64_t low, Array<int64_t> radix, Array<int64_t> one_way,
                             Array<int64_t> guard, Array<uint64_t> enter) {
    const size_t n = codes.shape(0), n_levers = radix.shape(0);
    int64_t own = 1, high = 1;
    for (size_t l = 0; l < n_levers; ++l) own *= radix(l);
    if (n) high = codes(n - 1) / (low * own) + 1;
    const int64_t n_contexts = low * high;
    const bool guarded = enter.shape(0) > 0;

    std::vector<uint32_t> members(n), block_of(n);
    std::vector<int64_t> block;
    std::vector<int32_t> kind;
    std::vector<int64_t> first_row, row{0};
    std::vector<uint32_t> target;
    std::vector<uint8_t> complete;
    {
        nb::gil_scoped_release unlocked;
        std::vector<uint32_t> seen(n_contexts, 0);  // counts, then the number of the block
        auto context = [&](int64_t code) { return code % low + low * (code / (low * own)); };
        for (size_t s = 0; s < n; ++s) ++seen[context(codes(s))];
        block.push_back(0);
        std::vector<int64_t> next;
        for (int64_t c = 0; c < n_contexts; ++c)
            if (seen[c]) {
                next.push_back(block.back());
                block.push_back(block.back() + seen[c]);
                seen[c] = uint32_t(next.size() - 1);
            }
        for (size_t s = 0; s < n; ++s) {
            const uint32_t b = seen[context(codes(s))];
            members[next[b]++] = uint32_t(s);
            block_of[s] = b;
        }
        std::vector<uint32_t>().swap(seen);
        kind.resize(block.size() - 1);

        std::unordered_map<std::string, int32_t> known;
        std::string signature;
        std::vector<int64_t> digits;
        for (size_t b = 0; b + 1 < block.size(); ++b) {
            const size_t size = block[b + 1] - block[b];
            signature.clear();
            for (int64_t p = block[b]; p < block[b + 1]; ++p) {
                const uint32_t mine = uint32_t(codes(members[p]) / low % own);
                signature.append(reinterpret_cast<const char*>(&mine), sizeof mine);
                if (guarded) {
                    const uint64_t word = enter(members[p]);
                    signature.append(reinterpret_cast<const char*>(&word), sizeof word);
                }
            }
            auto [found, fresh] = known.emplace(signature, int32_t(known.size()));
            kind[b] = found->second;
            if (!fresh) continue;
            digits.assign(size * n_levers, 0);
            for (size_t p = 0; p < size; ++p) {
                int64_t mine = codes(members[block[b] + p]) / low % own;
                for (size_t l = 0; l < n_levers; ++l) {
                    digits[p * n_levers + l] = mine % radix(l);
                    mine /= radix(l);
                }
            }
            first_row.push_back(int64_t(row.size()) - 1);
            size_t listed = 0;
            for (size_t p = 0; p < size; ++p) {
                const uint64_t open = guarded ? enter(members[block[b] + p]) : 0;
                for (size_t q = 0; q < size; ++q) {
                    bool legal = p != q;
                    for (size_t l = 0; legal && l < n_levers; ++l) {
                        const int64_t from = digits[p * n_levers + l], to = digits[q * n_levers + l];
                        if (from == to) continue;
                        legal = !(one_way(l) > 0 && to < from) && !(one_way(l) < 0 && to > from);
                        const int64_t bit = guard(l * 256 + to);
                        if (legal && bit >= 0) legal = open >> bit & 1;
                    }
                    if (legal) target.push_back(uint32_t(q)), ++listed;
                }
                row.push_back(int64_t(target.size()));
            }
            complete.push_back(listed == size * (size - 1));
        }
    }
    return nb::make_tuple(hand_over(std::move(members)), hand_over(std::move(block)), hand_over(std::move(kind)),
                          hand_over(std::move(first_row)), hand_over(std::move(row)), hand_over(std::move(target)),
                          hand_over(std::move(complete)), hand_over(std::move(block_of)));
}
