// What a web server is told at its start: bounds on everything that a stranger can make grow, and
// how long it waits for whom.
#pragma once

#include "base/units.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace miletus::web {

struct Settings {
    std::uint32_t connections_max = 12'000;
    std::uint32_t per_address_max = 32;  // an address of IPv4, or a /64 of another
    bool is_local_unbounded = true;      // this machine may open as many connections as it likes

    std::uint32_t head_bytes_max = 1U << 14U;     // of a request, its line included
    std::uint32_t target_bytes_max = 1U << 13U;   // of its target
    std::uint32_t body_bytes_max = 1U << 20U;     // of a request, put together from its chunks
    std::uint32_t message_bytes_max = 1U << 20U;  // of a WebSocket message, put together
    // More than `behind` waiting to be sent: send() says so. More than `max` when something is
    // added: the connection is closed. One message always finds room where nothing waits.
    std::uint32_t out_bytes_behind = 1U << 18U;
    std::uint32_t out_bytes_max = 1U << 22U;
    // Memory for the buffers of all connections together, in and out. Beyond it, whoever holds more
    // than an even share is closed when something is added; so it is never more than twice this,
    // and what was being added.
    std::size_t buffer_bytes_max = std::size_t{1} << 30U;
    // Memory for buffers that is kept when nobody needs it.
    std::size_t spare_bytes_max = std::size_t{1} << 25U;

    Nanos greeting_max{10'000'000'000};  // until the first byte of the first request, TLS included
    Nanos head_max{10'000'000'000};      // from a request's first byte until its head is there
    Nanos body_max{30'000'000'000};      // for the body, or for all of a WebSocket message
    Nanos idle_max{60'000'000'000};      // between two requests
    Nanos close_max{2'000'000'000};      // until the other end closes too
    Nanos ping_after{30'000'000'000};    // a WebSocket that says nothing is asked
    Nanos silence_max{90'000'000'000};   // and closed where it does not answer

    // Targets, without what follows a question mark, on which a WebSocket opens.
    std::vector<std::string> websocket_paths{"/ws/api/v2"};
    // By the number of the door: whether one speaks TLS there.
    std::vector<bool> is_tls_door{};
};

// Since the start.
struct Counters {
    std::uint64_t arrivals = 0;
    std::uint64_t requests = 0;
    std::uint64_t websockets = 0;
    std::uint64_t messages = 0;
    std::uint64_t held_back = 0;              // times that the owner could not take something
    std::uint64_t turned_away = 0;            // no place, or too many from one address
    std::uint64_t turned_away_by_system = 0;  // no descriptors left
    std::uint64_t malformed = 0;              // requests, frames and handshakes that were none
    std::uint64_t too_slow_in = 0;            // closed because nothing came, or not fast enough
    std::uint64_t too_slow_out = 0;  // closed because they did not read what they were sent
    std::uint64_t crowded_out = 0;   // closed for more than an even share of the buffers
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

}  // namespace miletus::web
