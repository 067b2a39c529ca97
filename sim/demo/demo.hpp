// The demonstration: a small market on the real engine, told as order books and a trade tape. The
// same seed tells the same story, to the byte.
#pragma once

#include <cstdint>
#include <iosfwd>

namespace miletus::demo {

// Returns whether the replay of the log gave the same state.
[[nodiscard]] bool run(std::ostream& out, std::uint64_t seed);

}  // namespace miletus::demo
