// Noisy choices: the logit equilibrium followed from much noise to little; with exact choices its support is tried on the way.
#pragma once
#include "support.hpp"

class Branch : protected Support {
  protected:
    using Support::Support;

    std::vector<double> residual, chance, trial;

    double scale_of(int k, double noise) const { return std::max(c.noise[k], noise); }

    // Chances of each move of party k in x, and that of staying (returned); `log_sum` above staying.
    double choose(int x, int k, double noise, double* p, double& log_sum) const {
        const int first = start[at(x, k)], last = start[at(x, k) + 1];
        double most = v[at(x, k)];
        for (int o = first; o < last; ++o) most = std::max(most, to(option[o], k, k));
        double total = std::exp((v[at(x, k)] - most) / noise);
        const double stay = total;
        for (int o = first; o < last; ++o) total += p[o - first] = std::exp((to(option[o], k, k) - most) / noise);
        for (int o = first; o < last; ++o) p[o - first] /= total;
        log_sum = most + noise * std::log(total) - v[at(x, k)];
        return stay / total;
    }

    // Residual of the value equations, and their derivative if asked for.
    double residual_of(double noise, bool derive) {
        checkpoint();
        const int n = m * N;
        residual.resize(n);
        chance.resize(option.size() + 1);
        if (derive) matrix.clear(n);
        for (int x = 0; x < m; ++x)
            for (int i = 0; i < N; ++i) {
                residual[at(x, i)] = (c.discount[i] + leave[x]) * v[at(x, i)] - base[at(x, i)];
                if (derive) matrix.at(at(x, i), at(x, i)) += c.discount[i] + leave[x];
            }
        for (const Drift& d : drift)
            for (int i = 0; i < N; ++i) {
                residual[at(d.from, i)] -= d.rate * v[at(d.to, i)];
                if (derive) matrix.at(at(d.from, i), at(d.to, i)) -= d.rate;
            }
        for (int x = 0; x < m; ++x)
            for (int k = 0; k < N; ++k)
                if (start[at(x, k)] < start[at(x, k) + 1]) add(x, k, scale_of(k, noise), derive);
        double worst = 0;
        for (double r : residual) worst = std::max(worst, std::isfinite(r) ? std::fabs(r) : 1e300);
        return worst;
    }

    void add(int x, int k, double noise, bool derive) {
        const int first = start[at(x, k)], last = start[at(x, k) + 1];
        const double T = c.tempo[k];
        double log_sum;
        double* p = chance.data() + first;
        const double stay = choose(x, k, noise, p, log_sum);
        for (int i = 0; i < N; ++i) {
            const int r = at(x, i);
            double mean = stay * v[r], moved = 0;
            for (int o = first; o < last; ++o) mean += p[o - first] * to(option[o], i, k), moved += p[o - first];
            const bool smooth = i == k && c.surplus;
            residual[r] -= T * (smooth ? log_sum : mean - v[r]);
            if (!derive) continue;
            matrix.at(r, r) += T * moved;
            if (!smooth) matrix.at(r, at(x, k)) -= T * stay * (v[r] - mean) / noise;
            for (int o = first; o < last; ++o) {
                const int y = option[o].inside;
                if (y < 0) continue;
                matrix.at(r, at(y, i)) -= T * p[o - first];
                if (!smooth) matrix.at(r, at(y, k)) -= T * p[o - first] * (to(option[o], i, k) - mean) / noise;
            }
        }
    }

    double tiny() const {
        double size = 0;
        for (int x = 0; x < m; ++x)
            for (int i = 0; i < N; ++i) size = std::max(size, (c.discount[i] + leave[x] + c.tempo[i]) * std::fabs(v[at(x, i)]) + std::fabs(base[at(x, i)]));
        return 1e-14 * size * (N + 4) + std::numeric_limits<double>::min();
    }

    bool newton(double noise, int most_steps) {
        double now = residual_of(noise, true);
        for (int step = 0; step < most_steps; ++step) {
            if (now <= tiny()) return true;
            if (!matrix.factor()) return false;
            right = residual;
            matrix.solve(right.data(), 1);
            const std::vector<double> before = v;
            double size = 1, then = 0;
            for (;; size /= 2) {
                for (size_t a = 0; a < v.size(); ++a) v[a] = before[a] - size * right[a];
                then = residual_of(noise, size == 1);
                if (then < now || then <= tiny()) break;
                if (size < 0.01 || (step > 2 && then <= 100 * tiny())) {
                    v = before;
                    return now <= 1e4 * tiny();
                }
            }
            if (size != 1) residual_of(noise, true);
            now = then;
        }
        return now <= 1e3 * tiny();
    }

    // The logit equilibrium from much noise to little; with exact choices its support is tried on the way.
    bool follow(bool to_exact) {
        if (!to_exact) {
            stay_put();
            for (int k = 0; k < N; ++k) spread = std::max(spread, c.noise[k]);
        }
        double last = 0;  // of the noises, the smallest
        for (int k = 0; k < N; ++k) last = k && last < c.noise[k] ? last : c.noise[k];
        last = std::max(last, (to_exact ? 1e-8 : 1e-9) * spread);
        double noise = std::max(last, 4 * spread), factor = 0.25, tried = 0.05 * spread;
        if (!newton(noise, 60)) return false;
        std::vector<double> earlier, here = v;
        double earlier_noise = 0;
        for (int steps = 0; noise > last; ++steps) {
            if (steps > 150) return false;
            if (to_exact && noise < tried) {
                tried = noise / 10;
                if (sharpen(noise)) return true;
                v = here;
            }
            const double next = std::max(last, noise * factor);
            if (!earlier.empty())
                for (size_t a = 0; a < v.size(); ++a) v[a] = here[a] + (here[a] - earlier[a]) * (next - noise) / (noise - earlier_noise);
            bool good = newton(next, 12);
            if (!good) {
                v = here;
                good = newton(next, 12);
            }
            if (!good) {
                v = here;
                factor = std::sqrt(factor);
                if (factor > 0.99) return false;
                continue;
            }
            earlier = here, earlier_noise = noise, here = v, noise = next;
            factor = std::max(0.1, factor * factor * (factor > 0.7 ? 0.9 : 1.0));
        }
        if (to_exact && sharpen(noise)) return true;
        v = here;
        residual_of(noise, false);
        std::copy_n(chance.begin(), weight.size(), weight.begin());
        return !to_exact;
    }

    bool sharpen(double noise) {
        residual_of(noise, false);
        std::copy_n(chance.begin(), weight.size(), weight.begin());
        read_support(0.003);
        return pivot_to_end();
    }
};
