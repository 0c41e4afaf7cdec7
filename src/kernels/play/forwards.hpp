// The chance that a condition has not yet been left, forwards in time. See docs/theory/play.md.
//
// Between two moments the choices are those at the values halfway; within, the chain is taken forward by uniformisation
// (Jensen 1953): a Poisson number of jumps at the rate that no state exceeds, cut where what is left out is below `cut`.
#pragma once
#include "game.hpp"

// Exits: what was left, by whom, from where to where, and how much probability went that way.
struct Exits {
    std::vector<int32_t> who;  // party, or n_parties + number of the event
    std::vector<uint32_t> source, target;
    std::vector<double> flow;
};

// to += by * share, draw by draw; the three do not overlap.
template <int B>
inline void add_product(double* __restrict to, const double* __restrict by, const double* __restrict share) {
    for (int d = 0; d < B; ++d) to[d] += by[d] * share[d];
}

template <int J, int B>
struct Forwards {
    static constexpr int L = J * B;
    const Game<J, B>& game;
    const bool* holds;
    const size_t n;
    std::vector<std::vector<size_t>> at;       // per party, per block: where its probabilities begin in `prob`
    std::vector<std::vector<double>> prob;     // per party: shared blocks (size, B); others (size + n_listed, B)
    std::vector<std::vector<uint8_t>> inside;  // per party, per block: 0 none holds, 1 some, 2 all
    std::vector<typename Mover<B>::Scratch> scratch;
    std::vector<double> x, y, stayed, held;  // (n_states, B): mass, after one more jump, weighted sums of both kinds
    std::vector<double> keep;                // (n_states, B): share that no clock touches at a jump
    double rate[B];

    Forwards(const Game<J, B>& game, const bool* holds) : game(game), holds(holds), n(game.n), x(n * B), y(n * B), held(n * B), keep(n * B) {
        for (int d = 0; d < B; ++d) rate[d] = std::max(game.tempos[d] + game.most[d], 1e-12);
        for (size_t s = 0; s < n; ++s)
            for (int d = 0; d < B; ++d)
                keep[s * B + d] = 1 - (game.tempos[d] + (game.leaving.empty() ? 0 : game.leaving[s * B + d])) / rate[d];
        for (const auto& mover : game.movers) {
            std::vector<size_t> begin{0};
            std::vector<uint8_t> within;
            for (size_t b = 0; b < mover.n_blocks; ++b) {
                const size_t each = mover.size(b);
                begin.push_back(begin.back() + (each + (mover.shared(b) ? 0 : mover.n_listed_of(b))) * B);
                size_t count = 0;
                for (size_t p = 0; p < each; ++p) count += holds[mover.members[mover.block[b] + p]];
                within.push_back(count == 0 ? 0 : count == each ? 2 : 1);
            }
            prob.emplace_back(begin.back());
            at.push_back(std::move(begin));
            inside.push_back(std::move(within));
            scratch.push_back(mover.scratch());
        }
    }

    void choose(const double* V) {
        for (size_t k = 0; k < game.movers.size(); ++k) {
            const Mover<B>& mover = game.movers[k];
            if (mover.still) continue;
            auto& my = scratch[k];
            for (size_t b = 0; b < mover.n_blocks;) {
                double* out = prob[k].data() + at[k][b];
                if (!mover.shared(b)) {
                    if (inside[k][b]) mover.choose(b, V + k * B, L, my, out, out + mover.size(b) * B);
                    ++b;
                    continue;
                }
                const size_t end = mover.run_end(b, mover.n_blocks), each = mover.size(b);
                mover.odds(b, end, V + k * B, L, my);
                for (size_t i = 0; i < (end - b) * each; ++i)
                    for (int d = 0; d < B; ++d) out[i * B + d] = my.x[i * B + d] / my.sum[i / each * B + d];
                b = end;
            }
        }
    }

    // y = x after one jump, on the states that hold.
    void jump() {
        checkpoint();
        double* to = y.data();
        const double* from = x.data();
        for (size_t c = 0; c < n * B; ++c) to[c] = keep[c] * from[c];
        for (size_t k = 0; k < game.movers.size(); ++k) {
            const Mover<B>& mover = game.movers[k];
            if (mover.still) continue;
            double share[B];
            for (int d = 0; d < B; ++d) share[d] = mover.tempo[d] / rate[d];
            for (size_t b = 0; b < mover.n_blocks; ++b) {
                if (!inside[k][b]) continue;
                const size_t each = mover.size(b);
                const uint32_t* s = mover.members + mover.block[b];
                const double* odd = prob[k].data() + at[k][b];
                if (mover.shared(b)) {
                    double mass[B] = {};
                    for (size_t p = 0; p < each; ++p)
                        for (int d = 0; d < B; ++d) mass[d] += from[size_t(s[p]) * B + d];
                    for (int d = 0; d < B; ++d) mass[d] *= share[d];
                    for (size_t p = 0; p < each; ++p)
                        add_product<B>(to + size_t(s[p]) * B, odd + p * B, mass);
                    continue;
                }
                const int64_t row = mover.first_row[mover.kind[b]], e0 = mover.row[row];
                const double* go = odd + each * B;
                for (size_t p = 0; p < each; ++p) {
                    if (!holds[s[p]]) continue;
                    double mass[B];
                    for (int d = 0; d < B; ++d) mass[d] = from[size_t(s[p]) * B + d] * share[d];
                    add_product<B>(to + size_t(s[p]) * B, odd + p * B, mass);
                    for (int64_t e = mover.row[row + p]; e < mover.row[row + p + 1]; ++e)
                        add_product<B>(to + size_t(s[mover.target[e]]) * B, go + (e - e0) * B, mass);
                }
            }
        }
        for (size_t c = 0; c < game.numbers.n_chances; ++c) {
            const uint32_t *source = game.numbers.source[c].data(), *target = game.numbers.target[c].data();
            double share[B];
            for (int d = 0; d < B; ++d) share[d] = game.chance[c * B + d] / rate[d];
            for (size_t e = 0; e < game.numbers.source[c].shape(0); ++e)
                add_product<B>(to + size_t(target[e]) * B, from + size_t(source[e]) * B, share);
        }
        for (size_t s = 0; s < n; ++s)
            if (!holds[s])
                for (int d = 0; d < B; ++d) to[s * B + d] = 0;
    }

    // Adds x to the two sums, with the chance of exactly so many jumps and of more.
    void collect(const double* chance, const double* tail) {
        double time[B];
        for (int d = 0; d < B; ++d) time[d] = tail[d] / rate[d];
        for (size_t s = 0; s < n; ++s) {
            add_product<B>(stayed.data() + s * B, x.data() + s * B, chance);
            add_product<B>(held.data() + s * B, x.data() + s * B, time);
        }
    }

    // x after `months` under the choices made last; `held` = its integral over that time.
    void advance(double months, double cut) {
        double chance[B], tail[B], mean[B], most = 0;
        for (int d = 0; d < B; ++d) {
            mean[d] = rate[d] * months;
            most = std::max(most, mean[d]);
        }
        require(most < 1e9, "more than 1e9 events are expected between two moments");
        const size_t parts = size_t(most / 500) + 1;  // e^-500 is still a number
        std::fill(held.begin(), held.end(), 0);
        for (size_t part = 0; part < parts; ++part) {
            for (int d = 0; d < B; ++d) chance[d] = std::exp(-mean[d] / double(parts)), tail[d] = 1 - chance[d];
            stayed.assign(n * B, 0);
            collect(chance, tail);
            for (size_t jumps = 1;; ++jumps) {
                double left = 0;
                for (int d = 0; d < B; ++d) {
                    if (double(jumps) < mean[d] / double(parts)) left = 1;
                    left = std::max(left, tail[d]);
                }
                if (left < cut) break;
                jump();
                std::swap(x, y);
                for (int d = 0; d < B; ++d) {
                    chance[d] *= mean[d] / double(parts) / double(jumps);
                    tail[d] = std::max(0.0, tail[d] - chance[d]);
                    if (double(jumps) > mean[d] / double(parts))  // past the mode the rest falls faster than geometrically
                        tail[d] = std::min(tail[d], chance[d] * mean[d] / double(parts) / (double(jumps) + 1 - mean[d] / double(parts)));
                }
                collect(chance, tail);
            }
            std::swap(x, stayed);
        }
    }

    // Calls use(who, source, target, rate) for every way out of what holds, in a fixed order (first draw).
    template <typename Use>
    void each_exit(Use use) const {
        for (size_t k = 0; k < game.movers.size(); ++k) {
            const Mover<B>& mover = game.movers[k];
            if (mover.still) continue;
            for (size_t b = 0; b < mover.n_blocks; ++b) {
                if (inside[k][b] != 1) continue;
                const size_t each = mover.size(b);
                const uint32_t* s = mover.members + mover.block[b];
                const double* odd = prob[k].data() + at[k][b];
                const int64_t row = mover.first_row[mover.kind[b]], e0 = mover.row[row];
                for (size_t p = 0; p < each; ++p) {
                    if (!holds[s[p]]) continue;
                    for (int64_t e = mover.row[row + p]; e < mover.row[row + p + 1]; ++e) {
                        const uint32_t q = mover.target[e];
                        if (!holds[s[q]]) use(int32_t(k), s[p], s[q], mover.tempo[0] * (mover.shared(b) ? odd[q * B] : odd[(each + size_t(e - e0)) * B]));
                    }
                }
            }
        }
        for (size_t c = 0; c < game.numbers.n_chances; ++c)
            for (size_t e = 0; e < game.numbers.source[c].shape(0); ++e) {
                const uint32_t from = game.numbers.source[c].data()[e], into = game.numbers.target[c].data()[e];
                if (holds[from] && !holds[into]) use(int32_t(game.n_parties + c), from, into, game.chance[c * B]);
            }
    }

    // Values at `moment`, between the slices around it. slice(k): (n_states, J, B) at times[k].
    template <typename Slice>
    static void between(double moment, const std::vector<double>& times, Slice slice, size_t count, double* V) {
        size_t k = 0;
        while (k + 2 < times.size() && times[k + 1] <= moment) ++k;
        const double* before = slice(k);
        if (times.size() == 1) {
            std::copy(before, before + count, V);
            return;
        }
        const double share = (moment - times[k]) / (times[k + 1] - times[k]);
        for (size_t c = 0; c < count; ++c) V[c] = before[c] * (1 - share);
        const double* after = slice(k + 1);
        for (size_t c = 0; c < count; ++c) V[c] += after[c] * share;
    }

    // alive[t * B + d]: mass left at months[t]; lasted[d]: its integral up to the last of them, in months. One slice means
    // choices that stay as they are.
    template <typename Slice>
    void run(const std::vector<double>& times, Slice slice, const Array<double>& months, double cut, double* alive,
             double* lasted, Exits* exits) {
        std::vector<double> moments(months.data(), months.data() + months.shape(0)), V(n * L);
        for (double t : times)
            if (moments.size() && t < months.data()[months.shape(0) - 1]) moments.push_back(t);
        std::sort(moments.begin(), moments.end());
        moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
        const double each = cut / double(std::max<size_t>(1, moments.size()));
        double now = 0;
        std::fill(lasted, lasted + B, 0.0);
        bool chosen = false;
        size_t shown = 0;
        for (double moment : moments) {
            if (moment > now) {
                if (!chosen || times.size() > 1) {
                    between((now + moment) / 2, times, slice, n * L, V.data());
                    choose(V.data());
                    chosen = true;
                }
                advance(moment - now, each);
                for (size_t s = 0; s < n; ++s)
                    for (int d = 0; d < B; ++d) lasted[d] += held[s * B + d];
                if (exits) count_exits(*exits);
                now = moment;
            }
            if (shown < months.shape(0) && months.data()[shown] == moment) {
                for (int d = 0; d < B; ++d) {
                    double mass = 0;
                    for (size_t s = 0; s < n; ++s) mass += x[s * B + d];
                    alive[shown * B + d] = mass;
                }
                ++shown;
            }
        }
    }

    void count_exits(Exits& exits) const {
        size_t e = 0;
        const bool fresh = exits.who.empty();
        each_exit([&](int32_t who, uint32_t source, uint32_t target, double per_month) {
            const double flow = held[size_t(source) * B] * per_month;
            if (fresh) {
                exits.who.push_back(who), exits.source.push_back(source), exits.target.push_back(target), exits.flow.push_back(flow);
            } else {
                exits.flow[e] += flow;
            }
            ++e;
        });
    }
};
