// Each dimension's numbers follow from its first few by its polynomial's recurrence.
#include "pricing/paths/sobol.hpp"

#include "base/prng.hpp"

#include <array>

namespace miletus::pricing {

namespace {

class BitStream {
  public:
    std::uint32_t take(std::uint32_t width) {
        std::uint32_t bits = 0;
        for (std::uint32_t at = 0; at < width; ++at, ++position_) {
            const std::uint64_t word = direction_bits[position_ / 64];
            bits |= static_cast<std::uint32_t>(word >> (position_ % 64) & 1U) << at;
        }
        return bits;
    }

  private:
    std::size_t position_ = 0;
};

using Numbers = std::array<std::uint32_t, sobol_bits>;

// Number k, counted from 0, is the fraction m / 2^(k + 1) of an odd m.
std::uint32_t as_fraction(std::uint32_t number, std::uint32_t at) {
    return number << (sobol_bits - 1 - at);
}

Numbers first_dimension() {
    Numbers numbers{};
    for (std::uint32_t at = 0; at < sobol_bits; ++at) {
        numbers[at] = as_fraction(1, at);
    }
    return numbers;
}

Numbers next_dimension(BitStream& bits, std::uint32_t degree) {
    const std::uint32_t polynomial = bits.take(degree - 1);
    Numbers numbers{};
    for (std::uint32_t at = 0; at < degree; ++at) {
        numbers[at] = as_fraction(bits.take(at) << 1U | 1U, at);
    }
    for (std::uint32_t at = degree; at < sobol_bits; ++at) {
        const std::uint32_t oldest = numbers[at - degree];
        numbers[at] = oldest ^ oldest >> degree;
        for (std::uint32_t back = 1; back < degree; ++back) {
            if ((polynomial >> (degree - 1 - back) & 1U) != 0) {
                numbers[at] ^= numbers[at - back];
            }
        }
    }
    return numbers;
}

// Domains keep shifts apart from what paths draw under the same seed.
constexpr std::uint32_t domain_of_shifts = 1;

}  // namespace

std::vector<std::uint32_t> sobol_directions(std::size_t dimensions) {
    std::vector<std::uint32_t> directions(sobol_bits * dimensions);
    const auto put = [&](std::size_t dimension, const Numbers& numbers) {
        for (std::size_t bit = 0; bit < sobol_bits; ++bit) {
            directions[bit * dimensions + dimension] = numbers[bit];
        }
    };
    put(0, first_dimension());
    BitStream bits;
    std::size_t dimension = 1;
    std::uint32_t degree = 1;
    for (const std::uint32_t count : dimensions_of_degree) {
        for (std::uint32_t at = 0; at < count && dimension < dimensions; ++at, ++dimension) {
            put(dimension, next_dimension(bits, degree));
        }
        ++degree;
    }
    return directions;
}

std::uint64_t digital_shift(std::uint64_t seed, std::uint32_t shift, std::uint32_t dimension) {
    const PhiloxKey key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)};
    const PhiloxCounter drawn = philox({dimension, shift, 0, domain_of_shifts}, key);
    return (std::uint64_t{drawn[0]} << 32U | drawn[1]) >> 12U;
}

}  // namespace miletus::pricing
