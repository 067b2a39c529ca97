// Signals: what the operator asks of the process, as questions that any thread may put.
#pragma once

#include <cstdint>

namespace miletus::host {

// From now on these signals end nothing by themselves, and neither does writing to somebody who is
// gone.
void watch_signals();
// How often SIGTERM or SIGINT came: an end in good order, please.
[[nodiscard]] std::uint32_t stop_requests();
// How often SIGHUP came: the clock is right.
[[nodiscard]] std::uint32_t clock_acceptances();

}  // namespace miletus::host
