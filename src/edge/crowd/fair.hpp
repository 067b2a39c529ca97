// Fair: what an instrument is worth by the index, a carry and a smile, and how far from it quotes
// are.
#pragma once

#include "edge/crowd/market.hpp"
#include "edge/crowd/settings.hpp"

#include <cstdint>
#include <optional>

namespace miletus::crowd {

// How the crowd feels about an underlying, in ppm.
struct Feeling {
    std::int64_t premium = 0;     // of the perpetual over the index
    std::int64_t volatility = 0;  // more than usual
};

// In 1e-6 of the quote asset.
struct Fair {
    std::int64_t price = 0;
    std::int64_t half_spread = 0;
};

// Nothing where there is no price: no index, or the expiry has come.
[[nodiscard]] std::optional<Fair> fair_of(const Instrument& instrument, IndexPrice index,
                                          const UnderlyingSettings& settings,
                                          const Feeling& feeling, UnixNanos now);

}  // namespace miletus::crowd
