// When a trading session ends: every day at 08:00 UTC.
#pragma once

#include "base/units.hpp"

namespace miletus::engine {

constexpr Nanos session_length{86'400'000'000'000};

// The first end after this moment.
[[nodiscard]] constexpr UnixNanos end_of_session(UnixNanos now) {
    constexpr std::int64_t ends_at = 8 * 3'600'000'000'000;
    const std::int64_t since = (now.value() - ends_at) % session_length.value();
    return now + (since < 0 ? Nanos(-since) : session_length - Nanos(since));
}

}  // namespace miletus::engine
