// Parameters: those of an underlying that say what its instruments cost and where they may trade.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <cstdint>

namespace miletus::market_data {

// In ppm. What they are at first is what the engine has where nobody set anything.
struct Parameters {
    std::int64_t maker_fee = 0;
    std::int64_t taker_fee = 500;
    std::int64_t option_fee = 300;
    std::int64_t option_fee_cap = 125'000;
    std::int64_t collar_perpetual = 50'000;
    std::int64_t collar_future = 50'000;
    std::int64_t collar_option = 100'000;

    // One that is not among them changes nothing.
    void set(protocol::Parameter parameter, std::int64_t value);
    [[nodiscard]] std::int64_t collar_of(protocol::InstrumentKind kind) const;
};

}  // namespace miletus::market_data
