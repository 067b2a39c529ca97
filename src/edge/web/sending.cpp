// What leaves: all that waits for a connection at once, sealed where it speaks TLS.
#include "base/assert.hpp"
#include "edge/web/room.hpp"

#include <algorithm>
#include <utility>

namespace miletus::web {

using Stage = Connection::Stage;

void Server::Room::look_after(Connection& connection) {
    if (!connection.is_open() && !std::exchange(connection.has_parted, true)) {
        websockets_ -= connection.is_websocket ? 1U : 0U;
        if (connection.was_shown) {
            parted_.push_back({.connection = id_of(connection),
                               .code = connection.close_code,
                               .address = connection.address,
                               .door = connection.door,
                               .is_tls = connection.is_tls});
        }
    }
    if (connection.stage == Stage::ending || connection.waiting_bytes() != 0) {
        tell(connection);
    }
}

void Server::Room::tell(Connection& connection) {
    if (connection.stage != Stage::dead && !std::exchange(connection.is_told, true)) {
        told_.push_back(slot_of(connection));
    }
}

// ---- What the owner says ----

bool Server::Room::is_too_slow(const Connection& connection) const {
    return connection.waiting_bytes() > settings_.out_bytes_max;
}

bool Server::Room::is_crowding(const Connection& connection) const {
    return pool_.lent_bytes() > settings_.buffer_bytes_max &&
           connection.lent_bytes() > settings_.buffer_bytes_max / present_;
}

bool Server::Room::held_too_much(Connection& connection) {
    if (is_too_slow(connection)) {
        ++counters_.too_slow_out;
    } else if (is_crowding(connection)) {
        ++counters_.crowded_out;
    } else {
        return false;
    }
    kill(connection, CloseCode::policy);
    return true;
}

Connection* Server::Room::listening(ConnectionId id) {
    Connection* const connection = find(id);
    if (connection == nullptr || connection->stage != Stage::websocket) {
        return nullptr;
    }
    return held_too_much(*connection) ? nullptr : connection;
}

Sent Server::Room::sent(Connection& connection) {
    tell(connection);
    return connection.waiting_bytes() > settings_.out_bytes_behind ? Sent::behind : Sent::taken;
}

Sent Server::Room::send(ConnectionId id, Opcode opcode, std::span<const std::byte> payload) {
    Connection* const connection = listening(id);
    if (connection == nullptr) {
        return Sent::gone;
    }
    conversation_.write_frame(*connection, opcode, payload);
    return sent(*connection);
}

Sent Server::Room::send(ConnectionId id, const Frame& frame) {
    Connection* const connection = listening(id);
    if (connection == nullptr) {
        return Sent::gone;
    }
    connection->out.append(pool_, frame.bytes());
    return sent(*connection);
}

void Server::Room::respond(Connection& connection, const Response& response) {
    if (!connection.awaits_answer || held_too_much(connection)) {
        return;
    }
    conversation_.respond(connection, response, now_);
    look_after(connection);
    // The next request may be here already, or the end.
    if (!connection.in.is_empty() || connection.has_ended) {
        queue(connection);
    }
}

// ---- Sending ----

bool Server::Room::send_all() {
    sending_.clear();
    std::swap(sending_, told_);
    bool has_worked = false;
    for (const Slot slot : sending_) {
        Connection* const connection = places_[slot].connection.get();
        if (connection != nullptr && std::exchange(connection->is_told, false)) {
            has_worked |= send(*connection);
        }
    }
    return has_worked;
}

bool Server::Room::send(Connection& connection) {
    bool has_worked = false;
    while (connection.stage != Stage::dead) {
        if (connection.tls) {
            seal(connection);
        }
        Buffer& buffer = connection.tls ? connection.sealed : connection.out;
        if (buffer.is_empty()) {
            break;
        }
        const bool has_taken_all = send_from(connection, buffer);
        has_worked = true;
        if (!has_taken_all) {
            break;
        }
    }
    if (connection.stage == Stage::ending && connection.waiting_bytes() == 0) {
        finish(connection);
    } else if (connection.waiting_bytes() != 0 &&
               (!connection.tls || !connection.sealed.is_empty())) {
        tell(connection);
    }
    return has_worked;
}

// Whether the network took it all.
bool Server::Room::send_from(Connection& connection, Buffer& buffer) {
    const std::size_t waiting = buffer.size();
    const host::Transfer transfer = network_.send(connection.id, std::as_const(buffer).front());
    if (!transfer.is_open) {
        kill(connection, CloseCode::broken);
        return false;
    }
    counters_.bytes_out += transfer.bytes;
    buffer.take(pool_, transfer.bytes);
    if (connection.stage == Stage::ending && transfer.bytes != 0) {
        connection.deadline = now_ + settings_.close_max;
    }
    return transfer.bytes == waiting;
}

void Server::Room::seal(Connection& connection) {
    constexpr std::size_t sealed_at_once = std::size_t{1} << 17U;
    TlsStream& tls = *connection.tls;
    if (!connection.sealed.is_empty()) {
        return;
    }
    std::size_t sealed = 0;
    while (!connection.out.is_empty() && sealed < sealed_at_once) {
        const std::size_t taken = tls.write(std::as_const(connection.out).front());
        if (taken == 0) {
            break;
        }
        sealed += taken;
        connection.out.take(pool_, taken);
    }
    const std::size_t waiting = tls.waiting_bytes();
    if (waiting != 0) {
        const std::span<std::byte> room = connection.sealed.room(pool_, waiting).first(waiting);
        connection.sealed.fill(tls.take(room));
    }
}

// All was sent: the other end is told that nothing follows, and heard until it agrees.
void Server::Room::finish(Connection& connection) {
    if (connection.tls && !std::exchange(connection.has_said_end, true)) {
        connection.tls->end();
        tell(connection);
        return;
    }
    if (connection.has_ended) {
        kill(connection, connection.close_code);
        return;
    }
    network_.finish(connection.id);
    connection.stage = Stage::lingering;
    connection.deadline = now_ + settings_.close_max;
}

}  // namespace miletus::web
