// e^x and log x, two at a time and without branches: most of the time of play goes into them.
#pragma once
#include <cstdint>
#include <cstring>
#include <cstddef>

typedef double Two __attribute__((vector_size(16)));
typedef int64_t TwoInts __attribute__((vector_size(16)));

// e^x for x <= 0, within 1e-14 of it; 0 below -708. Reduction to |r| <= ln(2)/2 (Cody & Waite 1980), Taylor to r^11.
__attribute__((always_inline)) inline Two exponential(Two x) {
    const Two least = {-708.0, -708.0}, magic = {0x1.8p52, 0x1.8p52};
    const TwoInts kept = x > least;
    const Two at = (Two)(((TwoInts)x & kept) | ((TwoInts)least & ~kept));
    const Two shifted = at * 1.4426950408889634 + magic, k = shifted - magic;
    const Two r = (at - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    const Two r2 = r * r, r4 = r2 * r2;
    const Two p01 = 1.0 + r, p23 = 0.5 + r * (1.0 / 6), p45 = 1.0 / 24 + r * (1.0 / 120);
    const Two p67 = 1.0 / 720 + r * (1.0 / 5040), p89 = 1.0 / 40320 + r * (1.0 / 362880);
    const Two p1011 = 1.0 / 3628800 + r * (1.0 / 39916800);
    const Two sum = (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * (p89 + r2 * p1011));
    return (Two)(((TwoInts)sum + ((TwoInts)shifted << 52)) & kept);
}

inline void exponentials(double* x, size_t count) {  // room for one more is needed where count is odd
    for (size_t i = 0; i < count; i += 2) {
        Two at;
        std::memcpy(&at, x + i, sizeof at);
        at = exponential(at);
        std::memcpy(x + i, &at, sizeof at);
    }
}

// log x for normal x > 0, within 1e-15 of its size or of 1: x = 2^k m with m near 1, log m = 2 atanh((m - 1) / (m + 1)).
__attribute__((always_inline)) inline Two logarithm(Two x) {
    const TwoInts from = {0x3FE6A09E667F3BCD, 0x3FE6A09E667F3BCD}, bias = {int64_t(1023) << 52, int64_t(1023) << 52};
    typedef uint64_t TwoWords __attribute__((vector_size(16)));
    const TwoInts biased = (TwoInts)((TwoWords)((TwoInts)x - from + bias) >> 52);  // k + 1023
    const Two m = (Two)((TwoInts)x - (biased << 52) + bias);
    const Two k = (Two)(biased | (TwoInts)(Two){0x1p52, 0x1p52}) - (0x1p52 + 1023.0);
    const Two f = (m - 1.0) / (m + 1.0), f2 = f * f, f4 = f2 * f2, f8 = f4 * f4;
    const Two low = (1.0 / 3 + f2 * (1.0 / 5)) + f4 * (1.0 / 7 + f2 * (1.0 / 9));
    const Two high = (1.0 / 11 + f2 * (1.0 / 13)) + f4 * (1.0 / 15 + f2 * (1.0 / 17));
    return k * 0.6931471805599453 + (f + f) * (1.0 + f2 * (low + f8 * high));
}

inline void logarithms(double* to, const double* x, size_t count) {  // room for one more, as above
    for (size_t i = 0; i < count; i += 2) {
        Two at;
        std::memcpy(&at, x + i, sizeof at);
        at = logarithm(at);
        std::memcpy(to + i, &at, sizeof at);
    }
}
