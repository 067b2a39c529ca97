// StopSignal: SIGTERM and SIGINT as a question that any thread may ask.
#pragma once

#include <cstdint>

namespace miletus::host {

// From now on those signals end nothing by themselves, and neither does writing to a pipe that
// nobody reads.
void watch_stop_signals();
// How often somebody asked the process to stop.
[[nodiscard]] std::uint32_t stop_requests();

}  // namespace miletus::host
