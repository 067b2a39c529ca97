// The server over real sockets of this machine.
#include "edge/web/bench_test.hpp"
#include "host/socket_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace miletus::web {
namespace {

class Sockets : public testing::Test {
  protected:
    explicit Sockets() {
        host::SocketNetwork::allow_many_descriptors();
        network_ = std::move(*host::SocketNetwork::make());
        clients_ = std::move(*host::SocketNetwork::make());
        address_ = *network_->listen("tcp:127.0.0.1:0");
        server_ = std::make_unique<Server>(*network_, clock_, Settings{}, std::nullopt);
    }

    void turn() {
        server_->hear([&](const Inbound& inbound) {
            if (inbound.kind == Inbound::Kind::request) {
                EXPECT_EQ(host::text_of(inbound.address), "127.0.0.1");
                server_->respond(inbound.connection, {.body = inbound.target});
            } else if (inbound.kind == Inbound::Kind::message) {
                server_->send(inbound.connection, inbound.body);
            }
            return true;
        });
        server_->send_all();
    }
    // What this client hears until there are so many bytes, or the end.
    std::string hear(host::ConnectionId client, std::size_t bytes) {
        std::string heard;
        std::array<std::byte, 65536> room{};
        for (int count = 0; count < 1'000'000 && heard.size() < bytes; ++count) {
            turn();
            const host::Transfer got = clients_->receive(client, room);
            for (const std::byte byte : std::span(room).first(got.bytes)) {
                heard += static_cast<char>(byte);
            }
            if (!got.is_open) {
                break;
            }
        }
        return heard;
    }
    void send(host::ConnectionId client, std::string_view text) {
        while (!text.empty()) {
            text.remove_prefix(clients_->send(client, std::as_bytes(std::span(text))).bytes);
            turn();
        }
    }

    host::SystemClock clock_;
    std::unique_ptr<host::SocketNetwork> network_;
    std::unique_ptr<host::SocketNetwork> clients_;
    std::string address_;
    std::unique_ptr<Server> server_;
};

TEST_F(Sockets, carry_requests_and_messages_of_any_size) {
    const auto client = *clients_->connect(address_);
    send(client, "GET /one HTTP/1.1\r\nHost: v\r\n\r\n");
    EXPECT_TRUE(hear(client, 100).ends_with("\r\n\r\n/one"));
    send(client, upgrade_request);
    EXPECT_TRUE(hear(client, 100).starts_with("HTTP/1.1 101 "));
    const std::string text(1U << 20U, 'x');
    send(client, text_frame(text));
    const std::string expected = server_frame(0x81, text);
    EXPECT_EQ(hear(client, expected.size()), expected);
}

// A refusal is read whole by a client that had more to send, and the end behind it.
TEST_F(Sockets, a_refusal_is_not_lost_to_a_reset) {
    const auto client = *clients_->connect(address_);
    send(client, "POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 9000000\r\n\r\n");
    send(client, std::string(200'000, 'x'));
    const std::string heard = hear(client, std::string::npos);
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 413 ")) << heard;
    EXPECT_TRUE(heard.ends_with("}"));
}

TEST_F(Sockets, serve_thousands_at_once) {
    const std::uint64_t descriptors = host::SocketNetwork::allow_many_descriptors();
    const std::size_t count = std::min<std::uint64_t>(2'000, (descriptors - 100) / 2);
    std::vector<host::ConnectionId> clients;
    for (std::size_t at = 0; at < count; ++at) {
        clients.push_back(*clients_->connect(address_));
        send(clients.back(), upgrade_request);
    }
    for (int turns = 0; turns < 1000 && server_->websockets() < count; ++turns) {
        turn();
    }
    ASSERT_EQ(server_->websockets(), count);
    std::size_t heard = 0;
    for (const auto client : clients) {
        send(client, text_frame("here"));
    }
    for (const auto client : clients) {
        heard += hear(client, 6).size() >= 6 ? 1U : 0U;
    }
    EXPECT_EQ(heard, count);
    for (const auto client : clients) {
        clients_->close(client);
    }
    for (int turns = 0; turns < 1000 && server_->connections() != 0; ++turns) {
        turn();
    }
    EXPECT_EQ(server_->connections(), 0U);
}

}  // namespace
}  // namespace miletus::web
