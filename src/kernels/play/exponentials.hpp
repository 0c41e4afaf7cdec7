// e^x and log x, eight at a time and without branches: most of the time of play goes into them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lanes.hpp"

typedef int64_t EightInts __attribute__((vector_size(64)));
typedef uint64_t EightWords __attribute__((vector_size(64)));

// e^x for x <= 0, within 1e-14 of it; 0 below -708. Reduction to |r| <= ln(2)/2 (Cody & Waite 1980), Taylor to r^11.
INTO_ITS_CALLER void exponential(Eight& x) {
    const Eight magic = everywhere<8>(0x1.8p52), shifted = x * 1.4426950408889634 + magic, k = shifted - magic;
    const Eight r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    const Eight r2 = r * r, r4 = r2 * r2;
    const Eight p01 = 1.0 + r, p23 = 0.5 + r * (1.0 / 6), p45 = 1.0 / 24 + r * (1.0 / 120);
    const Eight p67 = 1.0 / 720 + r * (1.0 / 5040), p89 = 1.0 / 40320 + r * (1.0 / 362880);
    const Eight p1011 = 1.0 / 3628800 + r * (1.0 / 39916800);
    const Eight sum = (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * (p89 + r2 * p1011));
    const EightWords above = (EightWords)(-708.0 - x) >> 63;  // the sign: a comparison would be made number by number
    x = (Eight)(((EightWords)sum + ((EightWords)shifted << 52)) & (0 - above));
}

// log x for normal x > 0, within 1e-15 of its size or of 1: x = 2^k m with m near 1, log m = 2 atanh((m - 1) / (m + 1)).
INTO_ITS_CALLER void logarithm(Eight& x) {
    const EightInts from = EightInts() + 0x3FE6A09E667F3BCD, bias = EightInts() + (int64_t(1023) << 52);
    const EightInts biased = (EightInts)((EightWords)((EightInts)x - from + bias) >> 52);  // k + 1023
    const Eight m = (Eight)((EightInts)x - (biased << 52) + bias);
    const Eight k = (Eight)(biased | (EightInts)everywhere<8>(0x1p52)) - (0x1p52 + 1023.0);
    const Eight f = (m - 1.0) / (m + 1.0), f2 = f * f, f4 = f2 * f2, f8 = f4 * f4;
    const Eight low = (1.0 / 3 + f2 * (1.0 / 5)) + f4 * (1.0 / 7 + f2 * (1.0 / 9));
    const Eight high = (1.0 / 11 + f2 * (1.0 / 13)) + f4 * (1.0 / 15 + f2 * (1.0 / 17));
    x = k * 0.6931471805599453 + (f + f) * (1.0 + f2 * (low + f8 * high));
}

// Up to eight numbers, the others 1; and back.
INTO_ITS_CALLER Eight some_of(const double* x, size_t count) {
    Eight some = everywhere<8>(1);
    std::memcpy(&some, x, std::min<size_t>(8, count) * sizeof(double));
    return some;
}
INTO_ITS_CALLER void put(const Eight& some, double* x, size_t count) { std::memcpy(x, &some, std::min<size_t>(8, count) * sizeof(double)); }

template <int B>
INTO_ITS_CALLER void exponentials(LanesOf<B>* x, size_t count) {
    if constexpr (B == 8) {
        for (size_t i = 0; i < count; ++i) exponential(x[i]);
    } else {
        for (size_t i = 0; i < count; i += 8) {
            Eight some = some_of(x + i, count - i);
            exponential(some);
            put(some, x + i, count - i);
        }
    }
}

template <int B>
INTO_ITS_CALLER void logarithms(LanesOf<B>* to, const LanesOf<B>* x, size_t count) {
    if constexpr (B == 8) {
        for (size_t i = 0; i < count; ++i) logarithm(to[i] = x[i]);
    } else {
        for (size_t i = 0; i < count; i += 8) {
            Eight some = some_of(x + i, count - i);
            logarithm(some);
            put(some, to + i, count - i);
        }
    }
}
