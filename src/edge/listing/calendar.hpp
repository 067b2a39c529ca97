// Calendar: when instruments expire: on days, on Fridays, on the last Friday of a month, and of a
// quarter, always at 08:00 UTC.
#pragma once

#include "base/units.hpp"

#include <cstdint>
#include <vector>

namespace miletus::listing {

// How many of each lie ahead at any time.
struct Counts {
    std::uint32_t dailies = 0;
    std::uint32_t weeklies = 0;
    std::uint32_t monthlies = 0;
    std::uint32_t quarterlies = 0;
};

// All that lie after now, soonest first. A day that is several of them comes once, and counts for
// each.
[[nodiscard]] std::vector<UnixNanos> expiries(UnixNanos now, const Counts& counts);

}  // namespace miletus::listing
