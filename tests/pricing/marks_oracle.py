# The oracle of marks: from the same whole numbers to the same whole numbers, to 50 digits and by
# formulas straight from the definition. Its rows are kept, so that tests need no Python.
#
# usage: /usr/bin/python3 tests/pricing/marks_oracle.py FILE
import random
import sys
from fractions import Fraction

import mpmath
from mpmath import erfc, exp, floor, log, mpf, nint, pi, sqrt

mpmath.mp.dps = 50

DAY = 86_400 * 10**9
YEAR = 365 * DAY
MICRO = 10**6
PART = 10**12
SURFACES = 12
OPTIONS_EACH = 30


def normal_distribution(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def normal_density(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def black(forward, strike, deviation, sign):
    if deviation == 0:
        return max(sign * (forward - strike), mpf(0))
    d1 = log(forward / strike) / deviation + deviation / 2
    d2 = d1 - deviation
    now, then = normal_distribution(sign * d1), normal_distribution(sign * d2)
    return sign * (forward * now - strike * then)


def nearest(x):
    """Halves away from zero."""
    size = floor(abs(x) + mpf(1) / 2)
    return int(size if x >= 0 else -size)


# ---- The surface between its expiries ----


def total_variance(smile, k):
    a, b, rho, m, sigma = (mpf(number) / PART for number in smile[2:])
    return a + b * (rho * (k - m) + sqrt((k - m) ** 2 + sigma**2))


def forward_at(surface, expiry):
    now, index, smiles = surface
    for smile in smiles:
        if smile[0] == expiry:
            return smile[1]
    points = [(now, index)] + [(smile[0], smile[1]) for smile in smiles]
    at = 1
    while at + 1 < len(points) and points[at][0] < expiry:
        at += 1
    (first, before), (second, after) = points[at - 1], points[at]
    growth = log(mpf(after) / before) * (expiry - first) / (second - first)
    return nearest(before * exp(growth))


def variance_at(surface, expiry, k):
    now, _, smiles = surface
    if expiry <= smiles[0][0]:
        return total_variance(smiles[0], k) * (expiry - now) / (smiles[0][0] - now)
    if expiry >= smiles[-1][0]:
        return total_variance(smiles[-1], k) * (expiry - now) / (smiles[-1][0] - now)
    for lower, upper in zip(smiles, smiles[1:]):
        if expiry <= upper[0]:
            before, after = total_variance(lower, k), total_variance(upper, k)
            return before + (after - before) * (expiry - lower[0]) / (upper[0] - lower[0])
    raise AssertionError(expiry)


# ---- One option ----


def scenarios():
    moves = ["up", "same", "down"]
    for quarter in range(-4, 5):
        for move in moves:
            yield mpf(quarter) * 16 / 400, move, mpf(1)
    for percent in (-66, -33, 50, 100, 200, 300, 400, 500):
        yield mpf(percent) / 100, "up", mpf(16) / abs(percent)


def moved_vol(vol, years, move):
    days = max(years * 365, mpf(1))
    power = mpf("0.30") if days < 30 else mpf("0.13")
    stretch = (30 / days) ** power
    if move == "up":
        return max(vol * (1 + stretch / 2), mpf("0.5"))
    return vol * (1 - stretch / 4) if move == "down" else vol


def mark_of(surface, option):
    now, index, _ = surface
    expiry, strike, tick, tick_value, sign = option
    forward = forward_at(surface, expiry)
    years = mpf(expiry - now) / YEAR
    variance = variance_at(surface, expiry, log(mpf(strike) / forward))
    vol, deviation = sqrt(variance / years), sqrt(variance)
    price = black(mpf(forward), mpf(strike), deviation, sign)
    units = mpf(tick_value) / tick
    outer_sign = 1 if forward <= strike else -1
    outer = int(floor(black(mpf(forward), mpf(strike), deviation, outer_sign) * units))
    forward_value, strike_value = forward * tick_value // tick, strike * tick_value // tick
    value = outer + max(sign * (forward_value - strike_value), 0)
    d1 = log(mpf(forward) / strike) / deviation + deviation / 2
    delta = nearest(outer_sign * normal_distribution(outer_sign * d1) * 10**9)
    delta += 0 if sign == outer_sign else sign * 10**9
    gamma = normal_density(d1) / (forward * deviation) * index
    most = value // (tick_value // 10) * (tick_value // 10)
    row = []
    for move, vol_move, weight in scenarios():
        moved = moved_vol(vol, years, vol_move) * sqrt(years)
        worth = black(forward * (1 + move), mpf(strike), moved, sign)
        row.append(max(int(nint((worth - price) * units * weight)), -most))
    return [
        value,
        forward,
        delta,
        nearest(gamma * 10**9),
        nearest(vol * 10**6),
    ] + row


# ---- Cases ----


def draw_surface(chance):
    """Smiles of one SSVI surface, which has no arbitrage."""
    now = 1_800_000_000 * 10**9 + chance.randrange(10**18)
    index = int(10 ** chance.uniform(6, 11.5))
    vol, rho, eta = chance.uniform(0.2, 1.2), chance.uniform(-0.6, 0.6), chance.uniform(0.1, 1.1)
    expiries = sorted(now + int(DAY * 10 ** chance.uniform(-1, 2.7)) for _ in range(4))
    smiles = []
    for expiry in expiries:
        years = (expiry - now) / YEAR
        theta = vol * vol * years
        phi = eta / (theta * (1 + theta)) ** 0.5
        rest = 1 - rho * rho
        numbers = [theta * rest / 2, theta * phi / 2, rho, -rho / phi, rest**0.5 / phi]
        forward = int(index * (1 + chance.uniform(-0.05, 0.1) * years))
        smiles.append([expiry, forward] + [round(number * PART) for number in numbers])
    return now, index, smiles


def draw_option(chance, surface):
    now, index, smiles = surface
    expiry = chance.choice(smiles)[0]
    if chance.random() < 0.4:
        expiry = now + int(DAY * 10 ** chance.uniform(-1.5, 3))
    years = float(Fraction(expiry - now, YEAR))
    tick = 10 ** chance.randrange(1, max(2, len(str(index)) - 3))
    distance = chance.uniform(-4, 4) * 0.6 * years**0.5
    strike = int(index * 2.718281828 ** max(-2.0, min(2.0, distance)))
    tick_value = 10 * max(1, tick * chance.choice([1, 10, 100]) // 100)
    strike -= strike % tick
    return expiry, max(strike, tick), tick, tick_value, chance.choice([1, -1])


def main(path):
    chance = random.Random(57)
    with open(path, "w", encoding="ascii") as file:
        file.write("# Marks to 50 digits: a surface, then its options, by marks_oracle.py\n")
        for _ in range(SURFACES):
            surface = draw_surface(chance)
            now, index, smiles = surface
            numbers = [now, index] + [number for smile in smiles for number in smile]
            file.write("surface " + " ".join(map(str, numbers)) + "\n")
            for _ in range(OPTIONS_EACH):
                option = draw_option(chance, surface)
                numbers = list(option) + mark_of(surface, option)
                file.write("option " + " ".join(map(str, numbers)) + "\n")
    print(f"{path}: {SURFACES * OPTIONS_EACH} options")


if __name__ == "__main__":
    main(sys.argv[1])
