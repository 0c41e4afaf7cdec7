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

// V: (n_states, width of the game).
template <int B>
struct Forwards {
    using Lanes = LanesOf<B>;
    const Game<B>& game;
    const bool* holds;
    const size_t n, stride;
    std::vector<std::vector<size_t>> at;       // per party, per block: where its probabilities begin in `prob`
    std::vector<Row<B>> prob;                  // per party: shared blocks (size,); others (size + n_listed,)
    std::vector<std::vector<uint8_t>> inside;  // per party, per block: 0 none holds, 1 some, 2 all
    std::vector<typename Mover<B>::Scratch> scratch;
    Row<B> x, y, stayed, held;  // (n_states,): mass, after one more jump, weighted sums of both kinds
    Row<B> keep;                // (n_states,): share that no clock touches at a jump
    Lanes rate;

    Forwards(const Game<B>& game, const bool* holds)
        : game(game), holds(holds), n(game.n), stride(game.width), x(n), y(n), stayed(n), held(n), keep(n) {
        rate = game.tempos + game.most;
        raise_to(rate, everywhere<B>(1e-12));
        for (size_t s = 0; s < n; ++s) keep[s] = 1 - (game.leaving.empty() ? game.tempos : game.tempos + game.leaving[s]) / rate;
        for (const auto& mover : game.movers) {
            std::vector<size_t> begin{0};
            std::vector<uint8_t> within;
            for (size_t b = 0; b < mover.n_blocks; ++b) {
                const size_t each = mover.size(b);
                begin.push_back(begin.back() + each + (mover.shared(b) ? 0 : mover.n_listed_of(b)));
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

    void choose(const Lanes* V) {
        for (size_t k = 0; k < game.movers.size(); ++k) {
            const Mover<B>& mover = game.movers[k];
            if (mover.still) continue;
            auto& my = scratch[k];
            for (size_t b = 0; b < mover.n_blocks;) {
                Lanes* out = prob[k].data() + at[k][b];
                if (!mover.shared(b)) {
                    if (inside[k][b]) mover.choose(b, V + k, stride, my, out, out + mover.size(b));
                    ++b;
                    continue;
                }
                const size_t end = mover.run_end(b, mover.n_blocks), each = mover.size(b);
                mover.odds(b, end, V + k, stride, my);
                share_out(my.x.data(), my.sum.data(), end - b, each, out);
                b = end;
            }
        }
    }

    AS_WIDE_AS_MAY_BE static void share_out(const Lanes* odds, const Lanes* sum, size_t n_blocks, size_t each, Lanes* out) {
        for (size_t g = 0; g < n_blocks; ++g)
            for (size_t p = 0; p < each; ++p) out[g * each + p] = odds[g * each + p] / sum[g];
    }

    // y = x after one jump, on the states that hold.
    void jump() {
        checkpoint();
        keep_some();
        for (size_t k = 0; k < game.movers.size(); ++k)
            if (!game.movers[k].still) move(k);
        for (size_t c = 0; c < game.numbers.n_chances; ++c) happen(c);
        for (size_t s = 0; s < n; ++s)
            if (!holds[s]) y[s] = Lanes();
    }

    AS_WIDE_AS_MAY_BE void keep_some() {
        const Lanes *from = x.data(), *kept = keep.data();
        Lanes* to = y.data();
        for (size_t s = 0; s < n; ++s) to[s] = kept[s] * from[s];
    }

    AS_WIDE_AS_MAY_BE void move(size_t k) {
        const Mover<B>& mover = game.movers[k];
        const Lanes share = mover.tempo / rate, *from = x.data();
        Lanes* to = y.data();
        for (size_t b = 0; b < mover.n_blocks; ++b) {
            if (!inside[k][b]) continue;
            const size_t each = mover.size(b);
            const uint32_t* s = mover.members + mover.block[b];
            const Lanes* odd = prob[k].data() + at[k][b];
            if (mover.shared(b)) {
                Lanes mass = Lanes();
                for (size_t p = 0; p < each; ++p) mass += from[s[p]];
                mass *= share;
                for (size_t p = 0; p < each; ++p) to[s[p]] += odd[p] * mass;
                continue;
            }
            const int64_t *ends = mover.row + mover.first_row[mover.kind[b]], e0 = ends[0];
            const Lanes* go = odd + each;
            for (size_t p = 0; p < each; ++p) {
                if (!holds[s[p]]) continue;
                const Lanes mass = from[s[p]] * share;
                to[s[p]] += odd[p] * mass;
                for (int64_t e = ends[p]; e < ends[p + 1]; ++e) to[s[mover.target[e]]] += go[e - e0] * mass;
            }
        }
    }

    AS_WIDE_AS_MAY_BE void happen(size_t c) {
        const uint32_t *source = game.numbers.source[c].data(), *target = game.numbers.target[c].data();
        const Lanes share = game.chance[c] / rate, *from = x.data();
        Lanes* to = y.data();
        for (size_t e = 0; e < game.numbers.source[c].shape(0); ++e) to[target[e]] += from[source[e]] * share;
    }

    // Adds x to the two sums, with the chance of exactly so many jumps and of more.
    AS_WIDE_AS_MAY_BE void collect(const Lanes& chance, const Lanes& tail) {
        const Lanes time = tail / rate, share = chance, *from = x.data();
        Lanes *so_far = stayed.data(), *over_time = held.data();
        for (size_t s = 0; s < n; ++s) {
            so_far[s] += from[s] * share;
            over_time[s] += from[s] * time;
        }
    }

    // x after `months` under the choices made last; `held` = its integral over that time.
    void advance(double months, double cut) {
        Lanes chances, tails;
        const Lanes means = rate * months;
        double *chance = numbers_in<B>(&chances), *tail = numbers_in<B>(&tails), most = 0;
        const double* mean = numbers_in<B>(&means);
        for (int d = 0; d < B; ++d) most = std::max(most, mean[d]);
        require(most < 1e9, "more than 1e9 events are expected between two moments");
        const size_t parts = size_t(most / 500) + 1;  // e^-500 is still a number
        held.clear();
        for (size_t part = 0; part < parts; ++part) {
            for (int d = 0; d < B; ++d) chance[d] = std::exp(-mean[d] / double(parts)), tail[d] = 1 - chance[d];
            stayed.clear();
            collect(chances, tails);
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
                collect(chances, tails);
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
                const double *odd = prob[k].numbers() + at[k][b] * B, tempo = numbers_in<B>(&mover.tempo)[0];
                const int64_t row = mover.first_row[mover.kind[b]], e0 = mover.row[row];
                for (size_t p = 0; p < each; ++p) {
                    if (!holds[s[p]]) continue;
                    for (int64_t e = mover.row[row + p]; e < mover.row[row + p + 1]; ++e) {
                        const uint32_t q = mover.target[e];
                        if (!holds[s[q]]) use(int32_t(k), s[p], s[q], tempo * (mover.shared(b) ? odd[q * B] : odd[(each + size_t(e - e0)) * B]));
                    }
                }
            }
        }
        for (size_t c = 0; c < game.numbers.n_chances; ++c)
            for (size_t e = 0; e < game.numbers.source[c].shape(0); ++e) {
                const uint32_t from = game.numbers.source[c].data()[e], into = game.numbers.target[c].data()[e];
                if (holds[from] && !holds[into]) use(int32_t(game.n_parties + c), from, into, numbers_in<B>(&game.chance[c])[0]);
            }
    }

    // Values at `moment`, between the slices around it. slice(k): (n_states, stride) at times[k].
    template <typename Slice>
    void between(double moment, const std::vector<double>& times, Slice slice, Lanes* V) const {
        size_t k = 0;
        while (k + 2 < times.size() && times[k + 1] <= moment) ++k;
        if (times.size() == 1)
            std::copy_n(slice(k), n * stride, V);
        else
            mix(slice(k), slice(k + 1), (moment - times[k]) / (times[k + 1] - times[k]), n * stride, V);
    }

    AS_WIDE_AS_MAY_BE static void mix(const Lanes* before, const Lanes* after, double share, size_t count, Lanes* V) {
        for (size_t c = 0; c < count; ++c) V[c] = before[c] * (1 - share) + after[c] * share;
    }

    // alive[t * B + d]: mass left at months[t]; lasted[d]: its integral up to the last of them, in months. One slice means
    // choices that stay as they are.
    template <typename Slice>
    void run(const std::vector<double>& times, Slice slice, const Array<double>& months, double cut, double* alive,
             double* lasted, Exits* exits) {
        std::vector<double> moments(months.data(), months.data() + months.shape(0));
        Row<B> V(n * stride);
        for (double t : times)
            if (moments.size() && t < months.data()[months.shape(0) - 1]) moments.push_back(t);
        std::sort(moments.begin(), moments.end());
        moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
        const double each = cut / double(std::max<size_t>(1, moments.size()));
        double now = 0;
        Lanes so_far = Lanes();
        bool chosen = false;
        size_t shown = 0;
        for (double moment : moments) {
            if (moment > now) {
                if (!chosen || times.size() > 1) {
                    between((now + moment) / 2, times, slice, V.data());
                    choose(V.data());
                    chosen = true;
                }
                advance(moment - now, each);
                for (size_t s = 0; s < n; ++s) so_far += held[s];
                if (exits) count_exits(*exits);
                now = moment;
            }
            if (shown < months.shape(0) && months.data()[shown] == moment) {
                Lanes mass = Lanes();
                for (size_t s = 0; s < n; ++s) mass += x[s];
                std::copy_n(numbers_in<B>(&mass), B, alive + shown * B);
                ++shown;
            }
        }
        std::copy_n(numbers_in<B>(&so_far), B, lasted);
    }

    void count_exits(Exits& exits) const {
        size_t e = 0;
        const bool fresh = exits.who.empty();
        each_exit([&](int32_t who, uint32_t source, uint32_t target, double per_month) {
            const double flow = numbers_in<B>(&held[source])[0] * per_month;
            if (fresh) {
                exits.who.push_back(who), exits.source.push_back(source), exits.target.push_back(target), exits.flow.push_back(flow);
            } else {
                exits.flow[e] += flow;
            }
            ++e;
        });
    }
};
