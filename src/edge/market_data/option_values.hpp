// What an option's prices imply: volatilities and Greeks, by Black's formula on the forward.
#pragma once

#include "edge/market_data/ticker.hpp"

#include <cstdint>
#include <optional>

namespace miletus::market_data {

// In 10^-price_decimals of the quote asset.
struct Forward {
    std::int64_t price = 0;
    ForwardSource source{};
    InstrumentId future;
    friend constexpr bool operator==(const Forward&, const Forward&) = default;
};

// What the values come from. Time runs by the minute: within one they stay as they are.
struct OptionInputs {
    Forward forward;
    std::optional<Grid> mark{};
    std::optional<Ticks> bid{};
    std::optional<Ticks> ask{};
    UnixNanos minute;
    friend constexpr bool operator==(const OptionInputs&, const OptionInputs&) = default;
};

[[nodiscard]] OptionValues values_of(const Instrument& option, const OptionInputs& inputs);

// What this price implies at this moment, in 0.01 %; none where it implies none.
[[nodiscard]] std::optional<std::int64_t> implied_volatility(const Instrument& option,
                                                             std::int64_t forward, Ticks price,
                                                             UnixNanos now);

}  // namespace miletus::market_data
