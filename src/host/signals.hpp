// Signals: what the operator asks of the process, as questions that any thread may put.
#pragma once

#include <cstdint>

namespace miletus::host {

// From now on these signals end nothing by themselves, and neither does writing to somebody who is
// gone.
void watch_signals();
// On this thread no signal of those arrives, and none interrupts what it asks of the system.
void leave_signals_to_others();
// How often SIGTERM or SIGINT came: an end in good order, please.
[[nodiscard]] std::uint32_t stop_requests();
// How often SIGHUP came: the clock is right.
[[nodiscard]] std::uint32_t clock_acceptances();

}  // namespace miletus::host
