// What a venue configures of its marks: of each underlying, and how often.
#pragma once

#include "base/units.hpp"
#include "protocol/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace miletus::marks {

// What to mark by where the book says nothing, in ppm: one volatility at the money for all
// expiries, and a smile around it as SSVI's rho and eta (pricing/surface/ssvi.hpp), where eta of
// zero is flat. Forwards grow from the index by a carry a year.
struct FixedSurface {
    std::int64_t vol = 0;
    std::int64_t rho = 0;
    std::int64_t eta = 0;
    std::int64_t carry = 0;
};

// Volatilities up to 1000 %, a carry within 100 % a year, and no arbitrage: eta (1 + |rho|) is two
// at most.
[[nodiscard]] constexpr bool is_sound(const FixedSurface& surface) {
    constexpr std::int64_t one = 1'000'000;
    const std::int64_t tilt = surface.rho < 0 ? -surface.rho : surface.rho;
    return 0 < surface.vol && surface.vol <= 10 * one && tilt < one && 0 <= surface.eta &&
           surface.eta <= 2 * one && surface.eta * (one + tilt) <= 2 * one * one &&
           -one <= surface.carry && surface.carry <= one;
}

struct UnderlyingSettings {
    protocol::Name name;
    std::optional<FixedSurface> fixed{};
};

constexpr Nanos interval_min{100'000'000};

struct Settings {
    std::vector<UnderlyingSettings> underlyings;  // others are not marked
    Nanos interval{1'000'000'000};                // between surfaces of one underlying
    Nanos memory{600'000'000'000};  // how long a smile outlives its quotes, where one is fixed
    // Of the operator, that commands are sent by; nobody else uses it.
    SessionId session{0x6D'6172'6B73};
};

// The first mistake, as a sentence.
[[nodiscard]] std::optional<std::string> mistake_in(const Settings& settings);

}  // namespace miletus::marks
