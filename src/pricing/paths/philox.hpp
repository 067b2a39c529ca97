// Philox4x32-10 in lanes, each of which draws for a path of its own: what a path draws at a step is
// a function of (seed, path, step) alone, so any thread may own any path. The first two rounds mix
// the path and the step apart from each other; each half of them is done once, where it is known.
#pragma once

#include "base/annotations.hpp"

#include <cstddef>
#include <cstdint>

namespace miletus::pricing {

constexpr std::uint32_t philox_factor_path = 0xD251'1F53U;
constexpr std::uint32_t philox_factor_step = 0xCD9E'8D57U;
constexpr std::uint32_t philox_key_low_step = 0x9E37'79B9U;
constexpr std::uint32_t philox_key_high_step = 0xBB67'AE85U;

// The step's half of the first two rounds, the same for all paths with the same upper half.
struct PhiloxStep {
    std::uint64_t first = 0;
    std::uint64_t third = 0;
    std::uint64_t fourth = 0;
};

[[nodiscard]] constexpr PhiloxStep philox_step(std::uint64_t seed, std::uint32_t path_high,
                                               std::uint32_t step) {
    const auto key_low = static_cast<std::uint32_t>(seed);
    const auto key_high = static_cast<std::uint32_t>(seed >> 32U);
    const std::uint64_t product = std::uint64_t{philox_factor_step} * step;
    const auto mixed = static_cast<std::uint32_t>(product >> 32U) ^ path_high ^ key_low;
    const std::uint64_t second_product = std::uint64_t{philox_factor_path} * mixed;
    return {.first = static_cast<std::uint32_t>(product) ^ (key_low + philox_key_low_step),
            .third = (second_product >> 32U) ^ (key_high + philox_key_high_step),
            .fourth = static_cast<std::uint32_t>(second_product)};
}

// Of the four numbers that a step yields, the first over the second, and the third over the fourth.
template <class L>
struct PhiloxWords {
    typename L::Word high;
    typename L::Word low;
};

template <class L>
class PhiloxPaths {
    using Word = typename L::Word;

  public:
    // `paths` are the lower halves of their numbers.
    ALWAYS_INLINE PhiloxPaths(std::uint64_t seed, Word paths, std::uint32_t domain) : seed_(seed) {
        const Word product_of_path = product(paths, L::word(philox_factor_path));
        const Word mixed = (product_of_path >> 32) ^ L::word(domain ^ (seed >> 32U));
        second_ = product(mixed, L::word(philox_factor_step));
        first_ = second_ >> 32;
        third_ = product_of_path;
    }

    // Only the lower halves of the words count until the last round, which puts all in place.
    ALWAYS_INLINE PhiloxWords<L> at(const PhiloxStep& step) const {
        Word a = first_ ^ L::word(step.first);
        Word b = second_;
        Word c = third_ ^ L::word(step.third);
        Word d = L::word(step.fourth);
        constexpr std::uint32_t rounds_done = 2;
        auto key_low = static_cast<std::uint32_t>(seed_) + rounds_done * philox_key_low_step;
        auto key_high =
            static_cast<std::uint32_t>(seed_ >> 32U) + rounds_done * philox_key_high_step;
        for (int round = 3; round < 10; ++round) {
            const Word of_a = product(a, L::word(philox_factor_path));
            const Word of_c = product(c, L::word(philox_factor_step));
            a = (of_c >> 32) ^ b ^ L::word(key_low);
            b = of_c;
            c = (of_a >> 32) ^ d ^ L::word(key_high);
            d = of_a;
            key_low += philox_key_low_step;
            key_high += philox_key_high_step;
        }
        const Word of_a = product(a, L::word(philox_factor_path));
        const Word of_c = product(c, L::word(philox_factor_step));
        return {of_c ^ ((b ^ L::word(key_low)) << 32), of_a ^ ((d ^ L::word(key_high)) << 32)};
    }

  private:
    std::uint64_t seed_;
    Word first_;
    Word second_;
    Word third_;
};

}  // namespace miletus::pricing
