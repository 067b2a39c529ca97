// Bytes between a session and a connection.
#include "client/client.hpp"

#include "base/result.hpp"

#include <utility>

namespace miletus::client {

Client::Client(host::Network& network, std::string address, const Identity& identity)
    : network_(network), address_(std::move(address)), session_(identity) {}

Client::~Client() {
    disconnect();
}

host::IoResult<void> Client::connect() {
    disconnect();
    connection_ = TRY(network_.connect(address_));
    session_.connected();
    return {};
}

void Client::disconnect() {
    if (const auto connection = std::exchange(connection_, std::nullopt)) {
        network_.close(*connection);
        session_.disconnected();
    }
}

bool Client::poll() {
    if (!connection_) {
        return false;
    }
    const host::ConnectionId connection = *connection_;
    const bool is_open = receive() && send();
    if (!is_open) {
        connection_.reset();
        network_.close(connection);
        session_.ended();
    }
    return is_open;
}

bool Client::send() {
    ASSERT(connection_.has_value());
    const std::span<const std::byte> outgoing = session_.outgoing();
    if (outgoing.empty()) {
        return true;
    }
    const host::Transfer sent = network_.send(*connection_, outgoing);
    session_.sent(sent.bytes);
    return sent.is_open;
}

// After the welcome; an end of the connection is for the next poll() to tell.
void Client::send_on() {
    if (connection_) {
        static_cast<void>(send());
    }
}

bool Client::receive() {
    ASSERT(connection_.has_value());
    const std::span<std::byte> room = session_.room();
    if (room.size() < native::frame_max) {
        return true;  // what came must be heard first
    }
    const host::Transfer received = network_.receive(*connection_, room);
    session_.received(received.bytes);
    return received.is_open;
}

}  // namespace miletus::client
