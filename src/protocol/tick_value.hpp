// What the terms of a listing come to in money.
#pragma once

#include "protocol/records.hpp"

#include <cstdint>
#include <optional>

namespace miletus::protocol {

// What one lot gains when the price rises by a tick, in smallest units of the quote asset: tick x
// lot, from 1e-6 and the base asset's smallest units. The listing rule made it whole; of terms that
// no listing has it may be rounded, and empty where no i64 holds it.
[[nodiscard]] constexpr std::optional<LotValue> tick_value_of(const ListingTerms& terms,
                                                              std::uint32_t base_decimals,
                                                              std::uint32_t quote_decimals) {
    int128 value = int128{terms.tick.value()} * terms.lot.value();
    std::uint32_t up = quote_decimals;
    for (std::uint32_t down = base_decimals + 6; down != 0; --down) {
        if (up != 0) {
            --up;
        } else {
            value /= 10;
        }
    }
    for (; up != 0; --up) {
        value *= 10;
    }
    const std::optional<std::int64_t> fits = narrow(value);
    return fits.has_value() ? std::optional(LotValue(*fits)) : std::nullopt;
}

}  // namespace miletus::protocol
