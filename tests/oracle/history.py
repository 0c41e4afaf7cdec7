"""Survival curves, Cox's likelihood, scores and likelihoods of counts, by loops straight from the definitions."""

from __future__ import annotations

import math


def kaplan_meier(entry, exit_, ended, year):
    """Product over the ends up to `year` of 1 − ended / at risk."""
    share = 1.0
    for t in sorted({x for x, d in zip(exit_, ended, strict=True) if d and x <= year}):
        at_risk = sum(a < t <= b for a, b in zip(entry, exit_, strict=True))
        share *= 1 - sum(b == t and d for b, d in zip(exit_, ended, strict=True)) / at_risk
    return share


def partial_likelihood(entry, exit_, ended, x, beta):
    """Cox's log partial likelihood with delayed entry and Breslow's ties."""
    score = [sum(b * v for b, v in zip(beta, row, strict=True)) for row in x]
    total = 0.0
    for k, (t, d) in enumerate(zip(exit_, ended, strict=True)):
        if d:
            risk = sum(math.exp(s) for s, a, b in zip(score, entry, exit_, strict=True) if a < t <= b)
            total += score[k] - math.log(risk)
    return total


def schoenfeld(entry, exit_, ended, x, beta):
    """Covariates at each end less their risk-weighted mean over those at risk."""
    score = [sum(b * v for b, v in zip(beta, row, strict=True)) for row in x]
    rows = []
    for k, (t, d) in enumerate(zip(exit_, ended, strict=True)):
        if d:
            there = [j for j in range(len(x)) if entry[j] < t <= exit_[j]]
            weight = [math.exp(score[j]) for j in there]
            mean = [sum(w * x[j][c] for w, j in zip(weight, there, strict=True)) / sum(weight) for c in range(len(x[0]))]
            rows.append([x[k][c] - mean[c] for c in range(len(mean))])
    return rows


def brier(exit_, ended, foretold, year):
    """Mean squared error with inverse weights of the chance to be in sight still."""
    zero, lost = [0.0] * len(exit_), [not d for d in ended]

    def in_sight(t, before):
        times = sorted({x for x, c in zip(exit_, lost, strict=True) if c and (x < t or (x == t and not before))})
        return kaplan_meier(zero, exit_, lost, times[-1]) if times else 1.0

    total = 0.0
    for t, d, p in zip(exit_, ended, foretold, strict=True):
        if d and t <= year:
            total += p**2 / in_sight(t, before=True)
        elif t > year:
            total += (1 - p) ** 2 / in_sight(year, before=False)
    return total / len(exit_)


def two_types(entry, exit_, ended, share, fast, slow):
    """Log likelihood of a mixture of two constant hazards, given survival to entry."""
    total = 0.0
    for a, t, d in zip(entry, exit_, ended, strict=True):
        held = share * math.exp(-fast * t) + (1 - share) * math.exp(-slow * t)
        ends = share * fast * math.exp(-fast * t) + (1 - share) * slow * math.exp(-slow * t)
        total += math.log(ends if d else held) - math.log(share * math.exp(-fast * a) + (1 - share) * math.exp(-slow * a))
    return total


def self_exciting(y, share, base, echo, memory, size, first):
    """Log likelihood of thinned negative binomial counts, λ_t = base + echo · y_{t−1} / share_{t−1} + memory · λ_{t−1}."""
    total, lam = 0.0, first
    for t, count in enumerate(y):
        if t:
            lam = base + echo * y[t - 1] / share[t - 1] + memory * lam
        mean = share[t] * lam
        total += math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
        total += size * math.log(size / (size + mean)) + count * math.log(mean / (size + mean))
    return total


def count_cdf(count, mean, size):
    """Chance of at most so many events: of the negative binomial (Poisson where size is infinite), term by term."""
    if math.isinf(size):
        return sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
    ways = (math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + k * math.log(mean / (size + mean)) for k in range(count + 1))
    return sum(math.exp(way + size * math.log(size / (size + mean))) for way in ways)
