// Small dense linear systems: LU with partial pivoting, in place, right-hand sides side by side.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "../watch.hpp"

struct Dense {
    int n = 0;
    std::vector<double> a;
    std::vector<int> pivot;

    void clear(int size) {
        n = size;
        a.assign(size_t(n) * n, 0.0);
        pivot.resize(n);
    }
    double& at(int r, int c) { return a[size_t(r) * n + c]; }

    bool factor() {
        for (int k = 0; k < n; ++k) {
            if (k % 64 == 63) checkpoint();
            int p = k;
            for (int r = k + 1; r < n; ++r)
                if (std::fabs(at(r, k)) > std::fabs(at(p, k))) p = r;
            pivot[k] = p;
            if (!(std::fabs(at(p, k)) > 1e-300)) return false;
            if (p != k) std::swap_ranges(&at(k, 0), &at(k, 0) + n, &at(p, 0));
            const double inverse = 1 / at(k, k);
            const double* top = &at(k, 0);
            for (int r = k + 1; r < n; ++r) {
                double* row = &at(r, 0);
                if (row[k] == 0) continue;
                const double f = row[k] *= inverse;
                for (int c = k + 1; c < n; ++c) row[c] -= f * top[c];
            }
        }
        return true;
    }

    // b: (n, width), row by row.
    void solve(double* b, int width) {
        for (int k = 0; k < n; ++k)
            if (pivot[k] != k) std::swap_ranges(b + size_t(k) * width, b + size_t(k + 1) * width, b + size_t(pivot[k]) * width);
        for (int r = 0; r < n; ++r) {
            if (r % 64 == 63) checkpoint();
            for (int k = 0; k < r; ++k) subtract(b, r, k, at(r, k), width);
        }
        for (int r = n - 1; r >= 0; --r) {
            if (r % 64 == 63) checkpoint();
            for (int k = r + 1; k < n; ++k) subtract(b, r, k, at(r, k), width);
            for (int c = 0; c < width; ++c) b[size_t(r) * width + c] /= at(r, r);
        }
    }

  private:
    static void subtract(double* b, int r, int k, double f, int width) {
        if (f == 0) return;
        for (int c = 0; c < width; ++c) b[size_t(r) * width + c] -= f * b[size_t(k) * width + c];
    }
};
