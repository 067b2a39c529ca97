// Connection: one client's end at the gateway: its bytes under way, who it is, and how far it has
// been told.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/native/native.hpp"
#include "host/network.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace miletus::native_gateway {

struct Connection {
    enum class State : std::uint8_t { greeting, live };

    State state = State::greeting;
    bool has_spoken = false;   // a command of its session was passed on
    bool is_readable = false;  // waits to be read, or to be carried on with
    bool is_told = false;      // waits to be sent something
    bool is_behind = false;    // is told from the history, from `position` on
    host::ConnectionId id{};
    std::uint32_t door = 0;
    client_feed::Listener listener;
    UnixNanos heard;             // when it was last heard
    std::uint64_t position = 0;  // in the history
    native::ByteQueue in;
    native::ByteQueue out;

    Connection(const host::Arrival& arrival, UnixNanos now, std::size_t in_bytes,
               std::size_t out_bytes)
        : id(arrival.connection), door(arrival.door), heard(now), in(in_bytes), out(out_bytes) {}

    // Room for a goodbye is kept at all times.
    static constexpr std::size_t goodbye_bytes =
        sizeof(native::FrameHead) + sizeof(native::Goodbye);

    // A message as a frame; false where it must wait.
    [[nodiscard]] bool put(native::FrameKind kind, std::span<const std::byte> body) {
        return out.room_left() >= sizeof(native::FrameHead) + body.size() + goodbye_bytes &&
               native::put_frame(out, kind, body);
    }
    // Tells the events from `position` on, as far as there is room and as many as these; whether it
    // has caught up. The history must hold the position. Room for an answer is left.
    [[nodiscard]] bool catch_up(const client_feed::History& history, std::uint32_t events_max);
    // An event as this listener may see it.
    [[nodiscard]] bool put_event(std::span<const Unit> event);
};

}  // namespace miletus::native_gateway
