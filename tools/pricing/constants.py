# Makes src/pricing/math/constants.hpp: the numbers of every approximation, to 60 digits, rounded
# once and written as hexadecimal. Each approximation is measured as it is made, with the rounded
# numbers, and a worse one than stated stops the generator.
#
# usage: /usr/bin/python3 tools/pricing/constants.py > src/pricing/math/constants.hpp
import struct
import sys

import mpmath
from mpmath import erfc, exp, log, mpf, pi, sqrt

mpmath.mp.dps = 60


# ---- Numbers ----


def rounded(value):
    return mpf(float(value))


def truncated(value, zero_bits):
    """The double below with so many zero bits at its end."""
    bits = struct.unpack("<Q", struct.pack("<d", float(value)))[0]
    bits &= ~((1 << zero_bits) - 1)
    return mpf(struct.unpack("<d", struct.pack("<Q", bits))[0])


def double_of_bits(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def hexadecimal(value):
    return float(value).hex()


# ---- Fitting ----


def chebyshev_nodes(low, high, count):
    middle, half = (mpf(low) + mpf(high)) / 2, (mpf(high) - mpf(low)) / 2
    return [middle + half * mpmath.cos(pi * (2 * k + 1) / (2 * count)) for k in range(count)]


def polynomial(function, low, high, degree):
    """Interpolates at Chebyshev's nodes: within a small factor of the best."""
    nodes = chebyshev_nodes(low, high, degree + 1)
    matrix = mpmath.matrix(degree + 1, degree + 1)
    values = mpmath.matrix(degree + 1, 1)
    for row, node in enumerate(nodes):
        for column in range(degree + 1):
            matrix[row, column] = node**column
        values[row] = function(node)
    return list(mpmath.lu_solve(matrix, values))


def evaluated(coefficients, x):
    result = mpf(0)
    for coefficient in reversed(coefficients):
        result = result * x + coefficient
    return result


def rational(function, nodes, above, below, rounds=8, scales=None):
    """Numerator and denominator, least squares of the relative error, or of the error times the
    scales, the denominator's weight of the round before (Sanathanan and Koerner)."""
    values = [function(node) for node in nodes]
    scales = scales or [1 / value for value in values]
    weights = [mpf(1)] * len(nodes)
    for _ in range(rounds):
        matrix = mpmath.matrix(len(nodes), above + 1 + below)
        right = mpmath.matrix(len(nodes), 1)
        for row, node in enumerate(nodes):
            weight = scales[row] / weights[row]
            for column in range(above + 1):
                matrix[row, column] = node**column * weight
            for column in range(1, below + 1):
                matrix[row, above + column] = -values[row] * node**column * weight
            right[row] = values[row] * weight
        solution, _ = mpmath.qr_solve(matrix, right)
        numerator = [solution[k] for k in range(above + 1)]
        denominator = [mpf(1)] + [solution[above + 1 + k] for k in range(below)]
        weights = [abs(evaluated(denominator, node)) for node in nodes]
    return numerator, denominator


def require(name, error, limit):
    print(f"{name}: {mpmath.nstr(error, 3)}", file=sys.stderr)
    if error > limit:
        sys.exit(f"{name}: {mpmath.nstr(limit, 3)} is the limit")


def largest(errors):
    return max(abs(error) for error in errors)


# ---- What is approximated ----

lines = []


def tell(comment):
    lines.append(f"\n// {comment}")


def number(name, value):
    lines.append(f"constexpr double {name} = {hexadecimal(value)};")


def numbers(name, values):
    body = ", ".join(hexadecimal(value) for value in values)
    lines.append(f"constexpr std::array<double, {len(values)}> {name}{{{body}}};")


def table(name, values):
    body = ", ".join(hexadecimal(value) for value in values)
    lines.append(f"constexpr lanes::Table {name}{{lanes::Table::Numbers{{{body}}}}};")


def make_exponential():
    sixteenth = log(mpf(2)) / 16
    half = sixteenth / 2 * mpf("1.0001")

    def rest(r):  # (exp(r) - 1 - r) / r^2
        return mpf(1) / 2 + r / 6 if abs(r) < mpf(10) ** -20 else (mpmath.expm1(r) - r) / r**2

    fit = polynomial(rest, -half, half, 4)
    samples = [half * (k / mpf(200) - 1) for k in range(401)]
    used = [rounded(c) for c in fit]
    require(
        "exponential",
        largest((1 + r + r * r * evaluated(used, r)) / exp(r) - 1 for r in samples),
        mpf("5e-17"),
    )
    powers = [mpf(2) ** (mpf(k) / 16) for k in range(16)]
    high = truncated(sixteenth, 21)
    tell("exp(x) = 2^(n/16) exp(r): the powers, what rounding took from them, relatively, and r.")
    table("exp_powers", powers)
    table("exp_powers_rest", [(power - rounded(power)) / rounded(power) for power in powers])
    number("sixteen_over_ln2", 16 / log(mpf(2)))
    number("ln2_sixteenth", high)
    number("ln2_sixteenth_rest", sixteenth - high)
    numbers("exp_terms", fit)


def make_logarithm():
    # Sixteen stretches from 0.703125 on, so that the one with 1 in it is exact there.
    offset = 0x3FE6800000000000
    inverses, highs, lows, reach = [], [], [], mpf(0)
    for stretch in range(16):
        begin = mpf(double_of_bits(offset + (stretch << 48)))
        end = mpf(double_of_bits(offset + ((stretch + 1) << 48)))
        inverse = mpf(1) if begin < 1 < end else truncated(2 / (begin + end), 40)
        logarithm = -log(inverse)
        # Multiples of what ln2_high is a multiple of: their sum is exact.
        high = mpmath.floor(logarithm * 2**42) / 2**42
        inverses.append(inverse)
        highs.append(high)
        lows.append(logarithm - high)
        reach = max(reach, abs(begin * inverse - 1), abs(end * inverse - 1))

    def rest(r):  # (log(1 + r) - r + r^2 / 2) / r^3
        if abs(r) < mpf(10) ** -15:
            return mpf(1) / 3 - r / 4
        return (mpmath.log1p(r) - r + r * r / 2) / r**3

    fit = polynomial(rest, -reach, reach, 8)
    used = [rounded(c) for c in fit]
    samples = [reach * (2 * k / mpf(401) - 1) for k in range(402)]
    require(
        "logarithm",
        largest(
            (r - r * r / 2 + r**3 * evaluated(used, r)) / mpmath.log1p(r) - 1 for r in samples
        ),
        mpf("3e-20"),
    )
    ln2_high = truncated(log(mpf(2)), 12)
    tell("log(x) = k ln 2 - log(inverse) + log(1 + r), r = z inverse - 1, x = 2^k z.")
    lines.append(f"constexpr std::uint64_t log_offset = {hex(offset)};")
    table("log_inverses", inverses)
    table("log_high", highs)
    table("log_low", lows)
    number("ln2_high", ln2_high)
    number("ln2_low", log(mpf(2)) - ln2_high)
    numbers("log_terms", fit)


def mills(x):
    return exp(x * x / 2) * erfc(x / sqrt(mpf(2))) * sqrt(pi / 2)


def make_mills():
    least, reach, middle = mpf(-1) / 4, mpf(40), mpf(3)
    stretched = chebyshev_nodes(
        (least - middle) / (least + middle), (reach - middle) / (reach + middle), 160
    )
    nodes = [middle * (1 + u) / (1 - u) for u in stretched]
    above, below = rational(mills, nodes, 10, 11, rounds=6)
    # By the density of zero as it is rounded: so half of all lies below zero, to the last digit.
    above[0] = mpf(1) / 2 / rounded(1 / sqrt(2 * pi))
    if min(above + below) <= 0:
        sys.exit("mills: a coefficient is not positive")
    up, down = [rounded(c) for c in above], [rounded(c) for c in below]
    samples = [least + (reach - least) * (k / mpf(500)) ** 2 for k in range(501)]
    require(
        "mills",
        largest(evaluated(up, x) / evaluated(down, x) / mills(x) - 1 for x in samples),
        mpf("2e-16"),
    )
    tell("Mills ratio on [-1/4, 40]. All are positive: nothing cancels.")
    numbers("mills_above", above)
    numbers("mills_below", below)


def make_mills_by_bell():
    """Where the ratio is needed only times the bell: of six and seven degrees."""
    reach, middle = mpf(9), mpf(2)
    stretched = chebyshev_nodes(-1, (reach - middle) / (reach + middle), 80)
    nodes = [middle * (1 + u) / (1 - u) for u in stretched]
    bells = [exp(-x * x / 2) for x in nodes]
    above, below = rational(mills, nodes, 6, 7, rounds=14, scales=bells)
    if min(above + below) <= 0:
        sys.exit("mills by bell: a coefficient is not positive")
    up, down = [rounded(c) for c in above], [rounded(c) for c in below]
    samples = [mpf(12) * k / 1000 for k in range(1001)]
    require(
        "mills by bell",
        largest(
            exp(-x * x / 2) * (evaluated(up, x) / evaluated(down, x) - mills(x)) for x in samples
        ),
        mpf("1.5e-16"),
    )
    tell("Mills ratio, where its error is multiplied by exp(-x^2 / 2): that is within 1.5e-16.")
    numbers("mills_by_bell_above", above)
    numbers("mills_by_bell_below", below)


def make_excess():
    reach, middle = mpf(40), mpf(3)
    stretched = chebyshev_nodes(-1, (reach - middle) / (reach + middle), 160)
    nodes = [middle * (1 + u) / (1 - u) for u in stretched]
    excess = lambda x: 1 - x * mills(x)
    above, below = rational(excess, nodes, 9, 11, rounds=6)
    if min(above + below) <= 0:
        sys.exit("excess: a coefficient is not positive")
    up, down = [rounded(c) for c in above], [rounded(c) for c in below]
    samples = [reach * (k / mpf(500)) ** 2 for k in range(501)]
    require(
        "excess",
        largest(evaluated(up, x) / evaluated(down, x) / excess(x) - 1 for x in samples),
        mpf("2e-16"),
    )
    tell("1 - x R(x) on [0, 40], R of Mills: by how much a normal number exceeds x, over n(x).")
    numbers("excess_above", above)
    numbers("excess_below", below)


def normal_quantile(p):
    """The x > 0 with a tail of p <= 1/2 above it, by Newton's steps from a crude start."""
    p = mpf(p)
    if p == mpf(1) / 2:
        return mpf(0)
    x = sqrt(-2 * log(p)) if p < mpf("0.1") else (mpf(1) / 2 - p) * sqrt(2 * pi)
    for _ in range(60):
        tail = erfc(x / sqrt(mpf(2))) / 2
        density = exp(-x * x / 2) / sqrt(2 * pi)
        step = (tail - p) / density
        step = step / (1 - x * step / 2)  # Halley
        x += step
        if abs(step) < abs(x) * mpf(10) ** -50:
            break
    return x


def make_quantile():
    centre, edge = mpf("0.425"), mpf(5)

    def central(r):  # q = sqrt(centre^2 - r)
        q = sqrt(centre**2 - r)
        if q < mpf(10) ** -25:
            return sqrt(2 * pi)
        return normal_quantile(mpf(1) / 2 - q) / q

    def tail(r):  # r = sqrt(-log p)
        return normal_quantile(exp(-r * r))

    tell("The inverse of the normal distribution: x / q by 0.425^2 - q^2 in the centre,")
    lines.append("// and x by sqrt(-log p), less 1.6 or 5, in the tail.")
    stretches = [
        ("central", central, mpf(0), mpf(0), centre**2),
        ("near", tail, mpf("1.6"), sqrt(-log(mpf("0.075"))) - mpf("0.001"), edge),
        ("far", tail, edge, edge, sqrt(mpf(1075) * log(mpf(2)))),
    ]
    for name, function, origin, low, high in stretches:
        nodes = [x - origin for x in chebyshev_nodes(low, high, 90)]
        shifted = lambda u: function(u + origin)
        above, below = rational(shifted, nodes, 7, 7)
        up, down = [rounded(c) for c in above], [rounded(c) for c in below]
        samples = [low + (high - low) * (k + mpf("0.5")) / 200 - origin for k in range(200)]
        require(
            f"quantile, {name}",
            largest(evaluated(up, u) / evaluated(down, u) / shifted(u) - 1 for u in samples),
            mpf("4e-16"),
        )
        numbers(f"quantile_{name}_above", above)
        numbers(f"quantile_{name}_below", below)


def make_circle():
    quarter = pi / 4 * mpf("1.0001")
    square = quarter**2

    def sine(y):  # (sin x - x) / x^3 by x^2
        x = sqrt(y)
        return -mpf(1) / 6 + y / 120 if x < mpf(10) ** -12 else (mpmath.sin(x) - x) / x**3

    def cosine(y):  # (cos x - 1 + x^2 / 2) / x^4 by x^2
        x = sqrt(y)
        return mpf(1) / 24 - y / 720 if x < mpf(10) ** -9 else (mpmath.cos(x) - 1 + y / 2) / y**2

    sine_fit = polynomial(sine, mpf(0), square, 5)
    cosine_fit = polynomial(cosine, mpf(0), square, 5)
    used_sine, used_cosine = [rounded(c) for c in sine_fit], [rounded(c) for c in cosine_fit]
    samples = [quarter * (k + mpf("0.5")) / 300 for k in range(300)]
    require(
        "sine",
        largest(
            (x + x**3 * evaluated(used_sine, x * x)) / mpmath.sin(x) - 1 for x in samples
        ),
        mpf("3e-17"),
    )
    require(
        "cosine",
        largest(
            (1 - x * x / 2 + x**4 * evaluated(used_cosine, x * x)) / mpmath.cos(x) - 1
            for x in samples
        ),
        mpf("2e-17"),
    )
    parts, left = [], pi / 2
    for _ in range(3):
        parts.append(truncated(left, 30))
        left -= parts[-1]
    parts.append(rounded(left))
    tell("sin and cos by the square of what is left of a turn, and a quarter of a turn in parts")
    lines.append("// that multiply with whole numbers below 2^30 without rounding.")
    number("two_over_pi", 2 / pi)
    numbers("quarter_turn", parts)
    numbers("sine_terms", sine_fit)
    numbers("cosine_terms", cosine_fit)


def make_bachelier():
    # Choi, Kim and Kwak, "Numerical Approximation of the Implied Volatility under Arithmetic
    # Brownian Motion", Applied Mathematical Finance 16 (2009): their rational function.
    above = (
        "3.994961687345134e-1 2.100960795068497e+1 4.980340217855084e+1 5.988761102690991e+2 "
        "1.848489695437094e+3 6.106322407867059e+3 2.493415285349361e+4 1.266458051348246e+4"
    )
    below = (
        "1 4.990534153589422e+1 3.093573936743112e+1 1.495105008310999e+3 1.323614537899738e+3 "
        "1.598919697679745e+4 2.392008891720782e+4 3.608817108375034e+3 -2.067719486400926e+2 "
        "1.174240599306013e+1"
    )
    tell("The standard deviation that a straddle implies where prices add up.")
    numbers("bachelier_above", [mpf(number) for number in above.split()])
    numbers("bachelier_below", [mpf(number) for number in below.split()])


def main():
    make_bachelier()
    make_circle()
    make_excess()
    make_exponential()
    make_logarithm()
    make_mills()
    make_mills_by_bell()
    make_quantile()
    tell("Named numbers.")
    number("inverse_sqrt_two_pi", 1 / sqrt(2 * pi))
    number("sqrt_two_pi", sqrt(2 * pi))
    print(
        "// Made by tools/pricing/constants.py, which says what each is and measures it.\n"
        "#pragma once\n\n"
        '#include "pricing/lanes/table.hpp"\n\n'
        "#include <array>\n#include <cstdint>\n\n"
        "namespace miletus::math {\n" + "\n".join(lines) + "\n\n}  // namespace miletus::math"
    )


main()
