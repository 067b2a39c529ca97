// The second part of the demonstration: a real venue behind a socket, ended in the middle of its
// work, and what its client finds after the next start.
#pragma once

#include <iosfwd>
#include <string>

namespace miletus::nothing_lost {

// In a folder that is made and removed. Returns whether everything was there.
[[nodiscard]] bool run(std::ostream& out, const std::string& folder);

}  // namespace miletus::nothing_lost
