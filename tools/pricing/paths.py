# Makes src/pricing/paths/constants.hpp: what normal draws and powers of two along paths are
# approximated by. Each approximation is measured as it is made, with the rounded numbers, and a
# worse one than stated stops the generator.
#
# usage: /usr/bin/python3 tools/pricing/paths.py > src/pricing/paths/constants.hpp
import struct
import sys

import mpmath
from mpmath import erfinv, log, mpf, pi, sqrt

mpmath.mp.dps = 50

SEGMENTS = 16
NORMAL_TERMS = 12
GROWTH_TERMS = 6


def rounded(value):
    return mpf(float(value))


def hexadecimal(value):
    return float(value).hex()


def joined(values):
    return ", ".join(hexadecimal(value) for value in values)


def polynomial(function, low, high, terms):
    """By powers of the distance from the middle; interpolates at Chebyshev's nodes."""
    middle, half = (low + high) / 2, (high - low) / 2
    nodes = [mpmath.cos(pi * (2 * k + 1) / (2 * terms)) for k in range(terms)]
    matrix = mpmath.matrix(terms, terms)
    values = mpmath.matrix(terms, 1)
    for row, node in enumerate(nodes):
        for column in range(terms):
            matrix[row, column] = node**column
        values[row] = function(middle + half * node)
    return [c / half**power for power, c in enumerate(mpmath.lu_solve(matrix, values))]


def evaluated(coefficients, x):
    result = mpf(0)
    for coefficient in reversed(coefficients):
        result = result * x + coefficient
    return result


def require(name, error, limit):
    print(f"{name}: {mpmath.nstr(error, 3)}", file=sys.stderr)
    if error > limit:
        sys.exit(f"{name}: {mpmath.nstr(limit, 3)} is the limit")


def distance(share):
    """How far out the two tails begin that hold this share together."""
    return sqrt(mpf(2)) * erfinv(1 - share)


def normal_rows(octaves):
    """A polynomial for each half octave of the share, at the place where its bits lead: a row of
    them for each term. The first octave ends in 1."""
    columns = [None] * SEGMENTS
    worst = mpf(0)
    for octave in octaves:
        for half in range(2):
            low = mpf(2) ** -octave * (1 + mpf(half) / 2)
            high = low + mpf(2) ** -(octave + 1)
            fit = polynomial(distance, low, high, NORMAL_TERMS)
            used = [rounded(c) for c in fit]
            middle = (low + high) / 2
            for k in range(101):
                share = low + (high - low) * k / 100
                error = abs(evaluated(used, share - middle) - distance(share))
                worst = max(worst, error)
            columns[(1023 - octave) % 8 * 2 + half] = fit
    require(f"normal from 2^-{octaves[-1]} on", worst, mpf("1e-13"))
    return [[column[term] for column in columns] for term in range(NORMAL_TERMS)]


def table(numbers):
    return f"lanes::Table::Numbers{{{joined(numbers)}}}"


def tables(rows):
    return ",\n".join(f"    lanes::Table{{{table(row)}}}" for row in rows)


def growth_powers():
    """2^(k / 16) with k << 48 taken from the bits: adding n << 48, where n is any whole number that
    ends in the four bits of k, gives 2^(n / 16)."""
    powers = []
    for k in range(16):
        bits = struct.unpack("<q", struct.pack("<d", float(mpf(2) ** (mpf(k) / 16))))[0]
        powers.append(struct.unpack("<d", struct.pack("<q", bits - (k << 48)))[0])
    return powers


def growth_terms():
    """2^(x / 16) for |x| <= 1/2, the first term being one."""
    sixteenth = log(mpf(2)) / 16

    def rest(x):
        return sixteenth if x == 0 else mpmath.expm1(x * sixteenth) / x

    fit = polynomial(rest, -mpf(1) / 2, mpf(1) / 2, GROWTH_TERMS - 1)
    used = [mpf(1)] + [rounded(c) for c in fit]
    worst = max(
        abs(evaluated(used, x) / mpf(2) ** (x / 16) - 1)
        for x in (mpf(k) / 400 - mpf(1) / 2 for k in range(401))
    )
    require("growth", worst, mpf("1e-14"))
    return used


def main():
    near, far = (tables(normal_rows(range(first, first + 8))) for first in (1, 9))
    terms = growth_terms()
    print(
        "// Made by tools/pricing/paths.py, which says what each is and measures it.\n"
        "#pragma once\n\n"
        '#include "pricing/lanes/table.hpp"\n\n'
        "#include <array>\n\n"
        "namespace miletus::pricing {\n\n"
        f"using NormalTerms = std::array<lanes::Table, {NORMAL_TERMS}>;\n\n"
        "// Where two tails begin that hold a share together: a polynomial of the distance from\n"
        "// the middle of each half octave of the share, lowest term first. Near ones are for\n"
        "// shares from 2^-8 on, and far ones for those from 2^-16 to there.\n"
        f"constexpr NormalTerms near_normal_terms{{\n{near}}};\n"
        f"constexpr NormalTerms far_normal_terms{{\n{far}}};\n\n"
        "// 2^(k / 16) by the lowest four bits of k, with bits to which k << 48 is added.\n"
        f"constexpr lanes::Table growth_powers{{{table(growth_powers())}}};\n"
        "// 2^(x / 16) for |x| <= 1/2, lowest term first.\n"
        f"constexpr std::array<double, {GROWTH_TERMS}> growth_terms{{{joined(terms)}}};\n"
        f"constexpr double sixteenth_of_ln2 = {hexadecimal(log(mpf(2)) / 16)};\n\n"
        "}  // namespace miletus::pricing"
    )


main()
