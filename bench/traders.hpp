// Who sends a flow's orders. Buyers and sellers are different people, so that no order meets one of
// its owner: both books must make the same trades, and the bare one knows no owners.
#pragma once

#include "base/units.hpp"
#include "bench/flow.hpp"

#include <cstdint>

namespace miletus::bench {

constexpr std::uint32_t trader_bits = 7;                        // of each side
constexpr std::uint32_t account_end = (2U << trader_bits) + 1;  // account 0 is the operator's

[[nodiscard]] inline AccountId account_of(const Command& command) {
    const std::uint32_t hash = static_cast<std::uint32_t>(command.id) * 0x9E3779B1U;
    const std::uint32_t trader = hash >> (32 - trader_bits);
    return AccountId(1 + trader * 2 + static_cast<std::uint32_t>(command.side));
}

}  // namespace miletus::bench
