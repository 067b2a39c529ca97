// What the owner calls.
#include "edge/web/server.hpp"

#include "edge/web/room.hpp"

#include <utility>

namespace miletus::web {

Server::Server(host::Network& network, host::Clock& clock, const Settings& settings,
               std::optional<TlsIdentity> identity)
    : room_(std::make_unique<Room>(network, clock, settings, std::move(identity))) {}

Server::~Server() = default;

bool Server::begin_turn() {
    return room_->begin_turn();
}

const Inbound* Server::next() {
    return room_->next();
}

void Server::settle(bool is_taken) {
    room_->settle(is_taken);
}

bool Server::send_all() {
    return room_->send_all();
}

void Server::respond(ConnectionId connection, const Response& response) {
    if (Connection* const found = room_->find(connection)) {
        room_->respond(*found, response);
    }
}

Sent Server::send(ConnectionId connection, std::string_view text) {
    return room_->send(connection, Opcode::text, std::as_bytes(std::span(text)));
}

Sent Server::send(ConnectionId connection, const Frame& frame) {
    return room_->send(connection, frame);
}

void Server::ping(ConnectionId connection) {
    static_cast<void>(room_->send(connection, Opcode::ping, {}));
}

void Server::close(ConnectionId connection, CloseCode code, std::string_view reason) {
    if (Connection* const found = room_->find(connection)) {
        room_->end(*found, code, reason);
    }
}

bool Server::is_open(ConnectionId connection) const {
    return room_->find(connection) != nullptr;
}

std::size_t Server::waiting_bytes(ConnectionId connection) const {
    const Connection* const found = room_->find(connection);
    return found == nullptr ? 0 : found->waiting_bytes();
}

std::size_t Server::connections() const {
    return room_->connections();
}

std::size_t Server::websockets() const {
    return room_->websockets();
}

const Counters& Server::counters() const {
    return room_->counters();
}

void Server::stop_reading() {
    room_->stop_reading();
}

void Server::say_goodbye() {
    room_->say_goodbye();
}

bool Server::has_told_all() const {
    return room_->has_told_all();
}

}  // namespace miletus::web
