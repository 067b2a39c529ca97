// Serve: the venue as a process: from a configuration to an exit code. It composes what the other
// modules are, and decides nothing about trading.
#pragma once

#include "host/log.hpp"
#include "serve/config.hpp"
#include "serve/crew.hpp"
#include "serve/venue.hpp"

namespace miletus::serve {

// What the process returns.
enum class ExitCode : int {
    stopped = 0,          // in good order
    failed = 1,           // while it ran: a disk that refuses to write, a thread that cannot be had
    bad_usage = 2,        // options or configuration
    journal_refused = 3,  // damage, or a state that it does not lead to
    not_available = 4,    // the folder or an address belongs to somebody else, or cannot be used
};

// Until SIGTERM or SIGINT.
[[nodiscard]] ExitCode run(const Config& config, host::Log& log);

}  // namespace miletus::serve
