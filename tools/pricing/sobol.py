# Makes src/pricing/paths/directions.hpp and tests/pricing/sobol.rows from the direction numbers of
# Joe and Kuo (new-joe-kuo-6.21201; S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
# two-dimensional projections", SIAM J. Sci. Comput. 30, 2008), of which SciPy carries a copy. The
# rows are SciPy's own first points, so that the tests compare with another implementation.
#
# usage: /usr/bin/python3 tools/pricing/sobol.py      (python3-scipy)
import pathlib

import numpy
import scipy.stats

DIMENSIONS = 1024
POINTS = 64
ROWS = (0, 1, 2, 3, 4, 5, 6, 7, 11, 17, 31, 52, 99, 100, 255, 256, 479, 480, 511, 777, 1023)
HEADER = "src/pricing/paths/directions.hpp"
REFERENCE = "tests/pricing/sobol.rows"


def loaded():
    folder = pathlib.Path(scipy.stats.__file__).parent
    numbers = numpy.load(folder / "_sobol_direction_numbers.npz")
    return numbers["poly"].tolist(), numbers["vinit"].tolist()


class Bits:
    """One stream of bits, the first in the lowest place of the first word."""

    def __init__(self):
        self.value, self.length = 0, 0

    def add(self, number, width):
        assert 0 <= number < 1 << width
        self.value |= number << self.length
        self.length += width

    def words(self):
        count = (self.length + 63) // 64
        return [self.value >> (64 * at) & (2**64 - 1) for at in range(count)]


def packed(polynomials, initial):
    """Each dimension but the first: its polynomial between the outer ones, then its numbers, which
    are odd, and the k-th of them below 2^k."""
    bits, counts = Bits(), {}
    last = 0
    for dimension in range(1, DIMENSIONS):
        polynomial = polynomials[dimension]
        degree = polynomial.bit_length() - 1
        assert degree >= last and polynomial & 1
        last = degree
        counts[degree] = counts.get(degree, 0) + 1
        bits.add(polynomial >> 1 & ((1 << (degree - 1)) - 1), degree - 1)
        for place in range(1, degree):
            number = initial[dimension][place]
            assert number & 1
            bits.add(number >> 1, place)
    return bits.words(), [counts[degree] for degree in sorted(counts)]


def write_header(words, counts):
    body = ", ".join(f"0x{word:016x}" for word in words)
    degrees = ", ".join(str(count) for count in counts)
    pathlib.Path(HEADER).write_text(
        "// Made by tools/pricing/sobol.py, which names the source: the primitive polynomials and\n"
        "// first direction numbers of each dimension but the first, by rising degree, as one\n"
        "// stream of bits.\n"
        "#pragma once\n\n"
        "#include <array>\n#include <cstdint>\n\n"
        "namespace miletus::pricing {\n\n"
        f"constexpr std::uint32_t sobol_dimensions_max = {DIMENSIONS};\n\n"
        "// How many dimensions have a polynomial of degree 1, 2, and so on.\n"
        f"constexpr std::array<std::uint32_t, {len(counts)}> dimensions_of_degree{{{degrees}}};\n\n"
        "// Of each, from the lowest bit of the first word on: the coefficients between the outer\n"
        "// ones, then the second number and those after it, less their lowest bit, which is set.\n"
        f"constexpr std::array<std::uint64_t, {len(words)}> direction_bits{{{body}}};\n\n"
        "}  // namespace miletus::pricing\n",
        encoding="ascii",
    )


def write_reference():
    points = scipy.stats.qmc.Sobol(d=DIMENSIONS, scramble=False, bits=30).random(POINTS)
    with open(REFERENCE, "w", encoding="ascii") as file:
        file.write(
            "# dimension, then points 0 to 63 of the Sobol sequence in it, times 2^30: SciPy's\n"
        )
        for row in ROWS:
            values = " ".join(f"{int(value * 2**30):x}" for value in points[:, row])
            file.write(f"{row} {values}\n")


def main():
    polynomials, initial = loaded()
    words, counts = packed(polynomials, initial)
    write_header(words, counts)
    write_reference()
    print(f"{HEADER}: {len(words)} words\n{REFERENCE}: {len(ROWS)} dimensions")


main()
