// When a trading session ends: every day at 08:00 UTC.
#pragma once

#include "base/units.hpp"

namespace miletus::engine {

// The first end after this moment.
[[nodiscard]] constexpr UnixNanos end_of_session(UnixNanos now) {
    constexpr std::int64_t nanos_per_day = 86'400'000'000'000;
    constexpr std::int64_t ends_at = 8 * 3'600'000'000'000;
    const std::int64_t since = (now.value() - ends_at) % nanos_per_day;
    return now + Nanos(since < 0 ? -since : nanos_per_day - since);
}

}  // namespace miletus::engine
