// Sixteen numbers that lanes look up by index: whole, and in halves for lanes that can move 32 bits
// at a time only.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace miletus::lanes {

struct alignas(64) Table {
    using Numbers = std::array<double, 16>;
    using Halves = std::array<float, 16>;

    constexpr explicit Table(const Numbers& numbers) : entries(numbers) {
        for (std::size_t at = 0; at < numbers.size(); ++at) {
            const auto bits = std::bit_cast<std::uint64_t>(numbers[at]);
            lower[at] = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
            upper[at] = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32U));
        }
    }

    Numbers entries;
    Halves lower{};
    Halves upper{};
};

}  // namespace miletus::lanes
