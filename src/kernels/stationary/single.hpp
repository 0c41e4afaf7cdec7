// One state whose moves all lead to known states, nobody with noise.
#pragma once
#include "contest.hpp"
#include "standoff.hpp"

class Single {
    const Contest& c;
    Standoff stage;
    std::vector<double> worth, base, best, rate;
    std::vector<int64_t> chosen;
    std::vector<int> mover;

  public:
    explicit Single(const Contest& c) : c(c), worth(c.n_parties * c.n_parties), base(c.n_parties), best(c.n_parties), rate(c.n_parties), chosen(c.n_parties) {}

    uint32_t settle(uint32_t s) {
        const int N = c.n_parties;
        double leave = 0;
        std::copy_n(c.flow + size_t(s) * N, N, base.data());
        for (int64_t e = c.chance_first(s); e < c.chance_first(s + 1); ++e) {
            leave += c.chance_rate(e);
            const double* v = c.value + size_t(c.chance_target(e)) * N;
            for (int i = 0; i < N; ++i) base[i] += c.chance_rate(e) * v[i];
        }
        mover.clear();
        for (int k = 0; k < N; ++k)
            if (c.tempo[k] > 0 && find_best(s, k)) mover.push_back(k);
        const int m = int(mover.size());
        if (m > Standoff::most) return 0;
        stage.begin(m);
        for (int x = 0; x < m; ++x) {
            const int k = mover[x];
            const double own = c.discount[k] + leave;
            stage.constant[x] = best[k] * own - base[k];
            double size = std::fabs(best[k] * own) + std::fabs(base[k]);
            for (int y = 0; y < m; ++y) {
                const int j = mover[y];
                stage.slope[x][y] = x == y ? 0.0 : c.tempo[j] * (best[k] - worth[x_of(j, k)]);
                size += std::fabs(c.tempo[j]) * (std::fabs(best[k]) + std::fabs(worth[x_of(j, k)]));
            }
            stage.slack[x] = 4e-16 * size;
        }
        uint32_t n_found = 0;
        double top = 0;
        stage.every([&](const double* share) {
            const double score = score_of(share, leave);
            if (n_found++ == 0 || score > top + 1e-12 * std::fabs(top)) {
                top = score;
                for (int x = 0; x < m; ++x) rate[mover[x]] = share[x];
            }
        });
        if (n_found) write(s, leave);
        return n_found && stage.cut_short ? n_found | not_all : n_found;
    }

  private:
    size_t x_of(int j, int i) const { return size_t(j) * c.n_parties + i; }

    bool find_best(uint32_t s, int k) {
        const Listing& l = c.party[k];
        const int N = c.n_parties;
        int64_t at = -1;
        double most = 0;
        for (int64_t e = l.first(s); e < l.first(s + 1); ++e) {
            const double v = c.value[size_t(l.target(e)) * N + k] - l.price(e);
            if (at < 0 || v > most) at = e, most = v;
        }
        if (at < 0) return false;
        chosen[k] = at;
        best[k] = most;
        std::copy_n(c.value + size_t(l.target(at)) * N, N, worth.data() + x_of(k, 0));
        worth[x_of(k, k)] = most;
        return true;
    }

    double value_of(int i, const double* share, double leave) const {
        double above = base[i], below = c.discount[i] + leave;
        for (size_t x = 0; x < mover.size(); ++x) {
            const double h = c.tempo[mover[x]] * share[x];
            above += h * worth[x_of(mover[x], i)];
            below += h;
        }
        return above / below;
    }

    double score_of(const double* share, double leave) const {
        if (c.select == Select::best_for) return value_of(c.focus, share, leave);
        if (c.select == Select::worst_for) return -value_of(c.focus, share, leave);
        double moved = 0;
        for (size_t x = 0; x < mover.size(); ++x) moved += c.tempo[mover[x]] * share[x];
        return c.select == Select::most_movers ? moved : -moved;
    }

    void write(uint32_t s, double leave) {
        double share[Standoff::most];
        for (size_t x = 0; x < mover.size(); ++x) share[x] = rate[mover[x]];
        for (int i = 0; i < c.n_parties; ++i) c.value[size_t(s) * c.n_parties + i] = value_of(i, share, leave);
        for (size_t x = 0; x < mover.size(); ++x) {
            if (share[x] == 0) continue;
            c.party[mover[x]].chance[chosen[mover[x]]] = share[x];
        }
    }
};
