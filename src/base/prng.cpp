// Philox4x32-10 rounds, and the uniform draws on top.
#include "base/prng.hpp"

#include "base/assert.hpp"

namespace miletus {

namespace {

constexpr std::uint32_t low(std::uint64_t wide) {
    return static_cast<std::uint32_t>(wide);
}
constexpr std::uint32_t high(std::uint64_t wide) {
    return static_cast<std::uint32_t>(wide >> 32U);
}

}  // namespace

PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = std::uint64_t{0xD2511F53U} * counter[0];
        const std::uint64_t second = std::uint64_t{0xCD9E8D57U} * counter[2];
        counter = {high(second) ^ counter[1] ^ key[0], low(second),
                   high(first) ^ counter[3] ^ key[1], low(first)};
        key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
    }
    return counter;
}

std::uint64_t Prng::next() {
    const PhiloxCounter words =
        philox({low(draws_), high(draws_), 0, 0}, {low(seed_), high(seed_)});
    ++draws_;
    return (std::uint64_t{words[1]} << 32U) | words[0];
}

std::uint64_t Prng::below(std::uint64_t bound) {
    ASSERT(bound != 0);
    // Rejects the short last stretch, so that every value is equally likely.
    const std::uint64_t unfair = -bound % bound;
    for (;;) {
        const std::uint64_t draw = next();
        if (draw >= unfair) {
            return draw % bound;
        }
    }
}

std::int64_t Prng::between(std::int64_t low_end, std::int64_t high_end) {
    ASSERT(low_end <= high_end);
    const auto width = static_cast<std::uint64_t>(high_end) - static_cast<std::uint64_t>(low_end);
    const std::uint64_t draw = width + 1 == 0 ? next() : below(width + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low_end) + draw);
}

}  // namespace miletus
