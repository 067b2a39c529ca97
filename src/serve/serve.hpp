// Serve: the venue as a process: from a configuration to an exit code. It composes what the other
// modules are, and decides nothing about trading.
#pragma once

#include "host/log.hpp"
#include "serve/config.hpp"
#include "serve/crew.hpp"
#include "serve/venue.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <span>
#include <string>

namespace miletus::serve {

// What the process returns.
enum class ExitCode : int {
    stopped = 0,          // in good order
    failed = 1,           // while it ran: a disk that refuses to write, a thread that cannot be had
    bad_usage = 2,        // options or configuration
    journal_refused = 3,  // damage, or a state that it does not lead to
    not_available = 4,    // the folder or an address belongs to somebody else, or cannot be used
};

// Called once all addresses are listened on; and once a demonstration's market has come alive.
struct Witness {
    std::function<void(std::span<const OpenDoor> doors)> on_ready{};
    std::function<void()> on_alive{};
};

// Until SIGTERM or SIGINT.
[[nodiscard]] ExitCode run(const Config& config, host::Log& log);
[[nodiscard]] ExitCode run(const Config& config, host::Log& log, const Witness& witness);

// The venue that anybody gets with one command (demo.hpp).
struct DemoOptions {
    std::string folder;  // a temporary one where it is empty
    // Of Deribit's API, with TLS on the next one; 0 for any that is free. Where none is said, the
    // usual one, or the next that is free.
    std::optional<std::uint16_t> port{};
};

// Until SIGTERM or SIGINT. Tells people on `out` what is there and how to connect.
[[nodiscard]] ExitCode run_demo(const DemoOptions& options, host::Log& log, std::ostream& out);

}  // namespace miletus::serve
