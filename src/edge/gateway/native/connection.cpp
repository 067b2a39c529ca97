// What a connection is told.
#include "edge/gateway/native/connection.hpp"

#include <array>

namespace miletus::native_gateway {

using client_feed::as_seen_by;
using native::FrameKind;

bool Connection::put_event(std::span<const Unit> event) {
    std::array<Unit, protocol::units_of<protocol::Trade>(0)> room{};
    return put(FrameKind::event, std::as_bytes(as_seen_by(listener, event, room)));
}

bool Connection::catch_up(const client_feed::History& history, std::uint32_t events_max) {
    for (std::uint32_t count = 0; count < events_max && position != history.end(); ++count) {
        const std::span<const Unit> event = history.at(position);
        const bool hears = may_hear(listener, client_feed::addressees_of(event));
        if (hears && (out.room_left() < 2 * native::frame_max || !put_event(event))) {
            return false;
        }
        position += event.size();
    }
    return position == history.end();
}

}  // namespace miletus::native_gateway
