// Settings: what is listed on which underlying, and on what terms. Plain values, the same in the
// server and in the simulator.
#pragma once

#include "base/units.hpp"
#include "edge/listing/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace miletus::listing {

// Volatilities are 1 % to 300 % a year.
constexpr std::int64_t volatility_min = 10'000;
constexpr std::int64_t volatility_max = 3'000'000;

// Expiries of each kind.
constexpr std::uint32_t count_max = 32;

// Futures and options have their own.
struct ProductTerms {
    IndexPrice tick;                  // in 1e-6 of the quote asset
    std::int64_t lot_millionths = 0;  // of the base asset
    Lots lots_max;                    // largest order
};

struct UnderlyingSettings {
    std::string name;  // as the venue calls it
    bool has_perpetual = true;
    Counts futures{.dailies = 0, .weeklies = 2, .monthlies = 3, .quarterlies = 4};
    Counts options{.dailies = 3, .weeklies = 3, .monthlies = 3, .quarterlies = 4};
    ProductTerms future_terms;
    ProductTerms option_terms;
    Rate perpetual_range{10'000'000};  // prices go up to so much of the index, in ppm
    Rate future_range{4'000'000};
    // Those of an option go up to the index, and so many standard deviations of what is left of
    // its life more.
    std::uint32_t option_range_deviations = 4;
    Rate future_band;  // around the index, in ppm; 0 for none

    std::int64_t volatility = 600'000;  // in 1e-6 a year, until a better one is known
    Rate strike_delta{100'000};         // strikes cover calls with a delta this far from 0 and 1
    IndexPrice strike_step_min;
    std::uint32_t strikes_aimed = 12;  // of an expiry, as many at least
    std::uint32_t strikes_max = 128;   // of an expiry, with all that were added as prices moved
};

struct Settings {
    std::vector<UnderlyingSettings> underlyings;
    Nanos refresh{60'000'000'000};           // how often it looks whether something is missing
    Nanos quiet{1'800'000'000'000};          // nothing is listed on an expiry that is so near
    Nanos keep_settled{86'400'000'000'000};  // how long what is settled stays before it is archived
    Nanos retry_after{300'000'000'000};      // how long what was refused waits
    // Of the operator; nobody else uses it.
    SessionId session{0x6C69'7374'696E'67};
};

// BTC_USDC and ETH_USDC.
[[nodiscard]] Settings default_settings();

// The first mistake, as a sentence.
[[nodiscard]] std::optional<std::string> mistake_in(const Settings& settings);

}  // namespace miletus::listing
