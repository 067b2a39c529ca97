// Sobol's points against another implementation's, and how evenly they lie.
#include "pricing/paths/sobol.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace miletus::pricing {
namespace {

std::uint32_t coordinate(const std::vector<std::uint32_t>& directions, std::size_t dimensions,
                         std::uint32_t number, std::size_t dimension) {
    const std::uint32_t code = number ^ number >> 1U;
    std::uint32_t fraction = 0;
    for (std::size_t bit = 0; bit < sobol_bits; ++bit) {
        fraction ^= (code >> bit & 1U) != 0 ? directions[bit * dimensions + dimension] : 0;
    }
    return fraction;
}

// tools/pricing/sobol.py wrote the rows with SciPy, whose numbers are Joe and Kuo's.
TEST(Sobol, has_the_points_of_joe_and_kuo) {
    const std::vector<std::uint32_t> directions = sobol_directions(sobol_dimensions_max);
    std::ifstream file("tests/pricing/sobol.rows");
    std::string line;
    int rows = 0;
    while (std::getline(file, line)) {
        if (line.starts_with('#')) {
            continue;
        }
        std::istringstream words(line);
        std::size_t dimension = 0;
        words >> dimension >> std::hex;
        for (std::uint32_t number = 0; number < 64; ++number) {
            std::uint32_t right = 0;
            words >> right;
            ASSERT_EQ(coordinate(directions, sobol_dimensions_max, number, dimension), right << 2U)
                << "point " << number << ", dimension " << dimension;
        }
        ++rows;
    }
    EXPECT_EQ(rows, 21);
}

// The first points of the sequence's first three dimensions, as in every account of it.
TEST(Sobol, begins_in_the_middle) {
    const std::vector<std::uint32_t> directions = sobol_directions(3);
    constexpr std::uint32_t quarter = 1U << 30U;
    const std::vector<std::vector<std::uint32_t>> points{
        {0, 0, 0}, {2, 2, 2}, {3, 1, 1}, {1, 3, 3}};
    for (std::uint32_t number = 0; number < points.size(); ++number) {
        for (std::size_t dimension = 0; dimension < 3; ++dimension) {
            EXPECT_EQ(coordinate(directions, 3, number, dimension),
                      points[number][dimension] * quarter);
        }
    }
}

TEST(Sobol, has_one_of_a_thousand_points_in_each_thousandth_of_every_dimension) {
    constexpr std::uint32_t points = 1024;
    const std::vector<std::uint32_t> directions = sobol_directions(sobol_dimensions_max);
    for (std::size_t dimension = 0; dimension < sobol_dimensions_max; ++dimension) {
        std::set<std::uint32_t> places;
        for (std::uint32_t number = 0; number < points; ++number) {
            places.insert(coordinate(directions, sobol_dimensions_max, number, dimension) >> 22U);
        }
        ASSERT_EQ(places.size(), points) << dimension;
    }
}

TEST(Sobol, draws_rise_with_fractions) {
    EXPECT_EQ(draw_bits(0) ^ draw_origin, std::uint64_t{1} << 63U);
    constexpr std::uint64_t middle = std::uint64_t{1} << 51U;
    constexpr std::uint64_t whole_share = (middle - 1) << 1U;
    EXPECT_EQ(draw_bits(middle - 1) ^ draw_origin, draw_origin | whole_share);
    EXPECT_EQ(draw_bits(middle) ^ draw_origin, whole_share);
    EXPECT_EQ(draw_bits(2 * middle - 1) ^ draw_origin, 0U);
    Prng prng(3);
    for (int count = 0; count < 1000; ++count) {
        const std::uint64_t one = prng.next() >> 12U;
        const std::uint64_t other = prng.next() >> 12U;
        EXPECT_EQ(draw_bits(one) ^ draw_bits(other), draw_bits(one ^ other));
    }
}

TEST(Sobol, shifts_differ_by_seed_shift_and_dimension) {
    std::set<std::uint64_t> shifts;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        for (std::uint32_t shift = 0; shift < 10; ++shift) {
            for (std::uint32_t dimension = 0; dimension < 10; ++dimension) {
                const std::uint64_t fraction = digital_shift(seed, shift, dimension);
                EXPECT_LT(fraction, std::uint64_t{1} << 52U);
                shifts.insert(fraction);
            }
        }
    }
    EXPECT_EQ(shifts.size(), 1000U);
}

}  // namespace
}  // namespace miletus::pricing
