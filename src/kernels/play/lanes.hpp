// B draws side by side, as one value that adds, multiplies and compares lane by lane.
#pragma once
#include <algorithm>

#include "../arrays.hpp"

typedef double Eight __attribute__((vector_size(64), aligned(64)));

template <int B>
struct Lane;
template <>
struct Lane<1> {
    typedef double lanes;
};
template <>
struct Lane<8> {
    typedef Eight lanes;
};
template <int B>
using LanesOf = typename Lane<B>::lanes;  // B is 1 or 8

// Functions that are compiled once more for processors with wider registers, which compute the same to the last bit: each lane
// takes the same steps, and no product is joined with a sum (-ffp-contract=off). The processor is asked when the module is loaded.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && __GNUC__ >= 12 && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define AS_WIDE_AS_MAY_BE __attribute__((target_clones("default", "arch=x86-64-v4")))
#else
#define AS_WIDE_AS_MAY_BE
#endif
// What these call with lanes as values is compiled into them: between processors such values travel in different registers.
#define INTO_ITS_CALLER __attribute__((always_inline)) inline

// The same number in every lane.
template <int B>
INTO_ITS_CALLER LanesOf<B> everywhere(double number) { return LanesOf<B>() + number; }

// A vector may be read and written as its elements.
template <int B>
INTO_ITS_CALLER double* numbers_in(LanesOf<B>* lanes) { return reinterpret_cast<double*>(lanes); }
template <int B>
INTO_ITS_CALLER const double* numbers_in(const LanesOf<B>* lanes) { return reinterpret_cast<const double*>(lanes); }

// The larger of both in every lane, and the least of all lanes: two at a time, which every processor compares at once.
typedef double Two __attribute__((vector_size(16), may_alias));
INTO_ITS_CALLER void raise_to(double& top, const double& v) { top = v > top ? v : top; }
INTO_ITS_CALLER void raise_to(Eight& top, const Eight& v) {
    Two* to = reinterpret_cast<Two*>(&top);
    const Two* from = reinterpret_cast<const Two*>(&v);
    for (int q = 0; q < 4; ++q) to[q] = from[q] > to[q] ? from[q] : to[q];
}
INTO_ITS_CALLER double least_of(const double& v) { return v; }
INTO_ITS_CALLER double least_of(const Eight& v) {
    const Two* q = reinterpret_cast<const Two*>(&v);
    const Two low = q[1] < q[0] ? q[1] : q[0], high = q[3] < q[2] ? q[3] : q[2], both = high < low ? high : low;
    return std::min(both[0], both[1]);
}

// An array of such values, on whole cache lines.
template <int B>
class Row {
    using Lanes = LanesOf<B>;
    Lines<double> kept;

  public:
    Row() = default;
    explicit Row(size_t size, double number = 0) : kept(size * B, number) {}
    Row(size_t size, Unset unset) : kept(size * B, unset) {}

    Lanes* data() { return reinterpret_cast<Lanes*>(kept.data()); }
    const Lanes* data() const { return reinterpret_cast<const Lanes*>(kept.data()); }
    Lanes& operator[](size_t i) { return data()[i]; }
    const Lanes& operator[](size_t i) const { return data()[i]; }
    bool empty() const { return kept.size == 0; }
    double* numbers() { return kept.data(); }
    const double* numbers() const { return kept.data(); }
    void clear() { std::fill_n(kept.data(), kept.size, 0.0); }
};
