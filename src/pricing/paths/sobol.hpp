// Sobol's points: direction numbers, and the bits that normal draws are made of.
#pragma once

#include "pricing/paths/directions.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace miletus::pricing {

constexpr std::uint32_t sobol_bits = 32;

// By bit of a point's number in Gray's code, then by dimension: what it adds to the point, of which
// 2^32 would be one. At most sobol_dimensions_max.
[[nodiscard]] std::vector<std::uint32_t> sobol_directions(std::size_t dimensions);

// What a fraction of 2^52 is to a draw: its first bit says on which side of the middle it lies, and
// the others how large a share lies farther out, which is counted from the other end above the
// middle. Draws rise with fractions; and bits of an exclusive or are the exclusive or of the bits.
[[nodiscard]] constexpr std::uint64_t draw_bits(std::uint64_t fraction) {
    constexpr std::uint64_t below = (std::uint64_t{1} << 51U) - 1;
    const std::uint64_t side = fraction >> 51U;
    const std::uint64_t share = (fraction & below) ^ (side != 0 ? below : 0);
    return side << 63U | share << 1U;
}
// Of no fraction at all: draws below the middle are the negative ones.
constexpr std::uint64_t draw_origin = std::uint64_t{1} << 63U;

// The digital shift of one dimension, a fraction of 2^52.
[[nodiscard]] std::uint64_t digital_shift(std::uint64_t seed, std::uint32_t shift,
                                          std::uint32_t dimension);

}  // namespace miletus::pricing
