// WebSocket: the handshake that opens one, and the frames that follow.
#include "base/assert.hpp"
#include "edge/web/conversation.hpp"

#include <algorithm>
#include <bit>

namespace miletus::web {

using Stage = Connection::Stage;
using Offer = Connection::Offer;

namespace {

std::string_view text_in(std::span<const std::byte> bytes) {
    return {std::bit_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

// ---- The handshake ----

bool Conversation::is_websocket_path(std::string_view target) const {
    const std::string_view path = target.substr(0, target.find('?'));
    return std::ranges::find(settings_.websocket_paths, path) != settings_.websocket_paths.end();
}

std::optional<Fault> Conversation::fault_of_upgrade(const Connection& connection) const {
    const Request& request = connection.request;
    const std::string_view head = text_in(connection.in.front());
    if (!is_websocket_path(request.target.in(head))) {
        return Fault{.status = 404, .sentence = "no WebSocket opens here"};
    }
    if (!request.has_websocket_version) {
        return Fault{.status = 426, .sentence = "13 is the version of WebSocket here"};
    }
    const bool is_plain_get = request.method_id == Request::Method::get &&
                              !request.is_of_one_zero && !request.is_chunked &&
                              request.body_bytes == 0;
    if (!is_plain_get || !is_websocket_key(request.websocket_key.in(head))) {
        return Fault{.status = 400, .sentence = "this does not open a WebSocket"};
    }
    return std::nullopt;
}

Conversation::Step Conversation::upgrade(Connection& connection, UnixNanos now) {
    if (const std::optional<Fault> fault = fault_of_upgrade(connection)) {
        return refused(connection, *fault, now);
    }
    const std::string_view head = text_in(std::as_const(connection.in).front());
    const auto accept = accept_of(connection.request.websocket_key.in(head));
    // No extension is accepted, whichever was asked for: frames are what they seem.
    write(connection,
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: ");
    write(connection, {accept.data(), accept.size()});
    write(connection, "\r\n\r\n");
    ++counters_.websockets;
    connection.stage = Stage::websocket;
    connection.is_websocket = true;
    connection.deadline = now + settings_.ping_after;
    connection.offer = Offer::opened;
    return Step::offers;
}

// ---- Frames in ----

Conversation::Step Conversation::read_frames(Connection& connection, UnixNanos now) {
    const auto head = web::read_head(std::as_const(connection.in).front().subspan(connection.next));
    if (!head) {
        return broken_off(connection, head.error(), now);
    }
    const std::optional<FrameHead>& found = *head;
    if (!found) {
        return wait_for_more(connection, now);
    }
    return found->is_control() ? read_control(connection, *found, now)
                               : read_data(connection, *found, now);
}

Conversation::Step Conversation::wait_for_more(Connection& connection, UnixNanos now) {
    if (connection.has_fragments) {
        // Heads and control frames that were read lie between the message and what comes next.
        connection.in.cut_out(pool_, connection.end, connection.next);
        connection.next = connection.end;
    }
    if (connection.in.is_empty()) {
        connection.partial_since = never;
    } else if (connection.partial_since == never) {
        connection.partial_since = now;
    }
    return Step::wants_more;
}

Conversation::Step Conversation::read_data(Connection& connection, const FrameHead& head,
                                           UnixNanos now) {
    if (head.opcode == Opcode::binary) {
        return broken_off(connection, CloseCode::not_understood, now);
    }
    if ((head.opcode == Opcode::continuation) != connection.has_fragments) {
        return broken_off(connection, CloseCode::protocol_error, now);
    }
    const std::size_t before = connection.has_fragments ? connection.end - connection.start : 0;
    if (head.payload_bytes > settings_.message_bytes_max - before) {
        return broken_off(connection, CloseCode::too_big, now);
    }
    const std::span<std::byte> bytes = connection.in.front();
    const std::size_t from = connection.next + head.head_bytes;
    const std::size_t to = from + head.payload_bytes;
    if (bytes.size() < to) {
        return wait_for_more(connection, now);
    }
    const std::span<std::byte> payload = bytes.subspan(from, head.payload_bytes);
    unmask(payload, head.mask);
    if (connection.has_fragments) {
        copy_bytes(payload, bytes.subspan(connection.end));
        connection.end += payload.size();
    } else {
        connection.start = from;
        connection.end = to;
    }
    connection.next = to;
    connection.has_fragments = !head.is_final;
    if (!head.is_final) {
        return Step::goes_on;
    }
    if (!is_utf8(bytes.subspan(connection.start, connection.end - connection.start))) {
        return broken_off(connection, CloseCode::not_utf8, now);
    }
    connection.offer = Offer::message;
    return Step::offers;
}

Conversation::Step Conversation::read_control(Connection& connection, const FrameHead& head,
                                              UnixNanos now) {
    const std::span<std::byte> bytes = connection.in.front().subspan(connection.next);
    const std::size_t size = head.head_bytes + head.payload_bytes;
    if (bytes.size() < size) {
        return wait_for_more(connection, now);
    }
    const std::span<std::byte> payload = bytes.subspan(head.head_bytes, head.payload_bytes);
    unmask(payload, head.mask);
    if (head.opcode == Opcode::close) {
        const auto closing = read_closing(payload);
        if (!closing) {
            return broken_off(connection, closing.error(), now);
        }
        // The same code goes back, without the reason.
        write_frame(connection, Opcode::close,
                    payload.first(std::min<std::size_t>(payload.size(), 2)));
        connection.close_code = closing->code;
        connection.stage = Stage::ending;
        connection.deadline = now + settings_.close_max;
        return Step::ended;
    }
    if (head.opcode == Opcode::ping) {
        write_frame(connection, Opcode::pong, payload);
    }
    connection.next += size;
    if (!connection.has_fragments) {
        connection.in.take(pool_, connection.next);
        connection.next = 0;
        connection.partial_since = never;
    }
    return Step::goes_on;
}

Conversation::Step Conversation::broken_off(Connection& connection, CloseCode code, UnixNanos now) {
    ++counters_.malformed;
    end(connection, code, {}, now);
    return Step::ended;
}

// ---- Frames out ----

void Conversation::write_frame(Connection& connection, Opcode opcode,
                               std::span<const std::byte> payload) {
    const OwnHead head = own_head(opcode, payload.size());
    connection.out.append(pool_, head.bytes());
    connection.out.append(pool_, payload);
}

}  // namespace miletus::web
