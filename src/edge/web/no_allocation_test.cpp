// Once everyone is known, messages and requests come and go without an allocation.
#include "base/allocations_test.hpp"
#include "edge/web/bench_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace miletus::web {
namespace {

// A network without any memory of its own: each connection repeats one text, whenever it is read.
class Echo final : public host::Network {
  public:
    explicit Echo(std::size_t connections) : texts_(connections), first_(connections, true) {
        for (std::size_t at = 0; at < connections; ++at) {
            ids_.push_back(static_cast<host::ConnectionId>(at));
        }
    }

    void repeat(std::size_t at, std::string first, std::string text) {
        opening_.resize(texts_.size());
        opening_[at] = std::move(first);
        texts_[at] = std::move(text);
    }

    [[nodiscard]] std::span<const host::ConnectionId> ready() override { return ids_; }
    [[nodiscard]] std::optional<host::Arrival> accepted() override {
        if (arrived_ == ids_.size()) {
            return std::nullopt;
        }
        ++arrived_;
        return host::Arrival{.connection = ids_[arrived_ - 1]};
    }
    [[nodiscard]] host::IoResult<host::ConnectionId> connect(const std::string&) override {
        return ids_[0];
    }
    [[nodiscard]] host::Transfer receive(host::ConnectionId connection,
                                         std::span<std::byte> room) override {
        const auto at = static_cast<std::size_t>(connection);
        const std::string& text = first_[at] ? opening_[at] : texts_[at];
        first_[at] = false;
        std::ranges::copy(std::as_bytes(std::span(text)), room.begin());
        return {.bytes = text.size()};
    }
    [[nodiscard]] host::Transfer send(host::ConnectionId,
                                      std::span<const std::byte> bytes) override {
        ++sends;
        sent_bytes += bytes.size();
        return {.bytes = bytes.size()};
    }
    void finish(host::ConnectionId) override {}
    void close(host::ConnectionId) override { ++closes; }
    [[nodiscard]] std::uint64_t turned_away() const override { return 0; }

    std::uint64_t sends = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t closes = 0;

  private:
    std::vector<host::ConnectionId> ids_;
    std::vector<std::string> opening_;
    std::vector<std::string> texts_;
    std::vector<bool> first_;
    std::size_t arrived_ = 0;
};

TEST(NoAllocation, messages_requests_and_frames_allocate_nothing) {
    Echo network(4);
    // Whole messages, pieces of one with a ping between, requests with and without a body.
    network.repeat(0, std::string(upgrade_request), text_frame("order") + text_frame("cancel"));
    network.repeat(1, std::string(upgrade_request),
                   client_frame(0x01, std::string(900, 'a')) + client_frame(0x89, "ping") +
                       client_frame(0x80, std::string(5000, 'b')));
    const std::string get = "GET /api/v2/public/ticker HTTP/1.1\r\nHost: v\r\n\r\n";
    network.repeat(2, get, get);
    const std::string post =
        "POST / HTTP/1.1\r\nHost: v\r\nContent-Type: application/json\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    network.repeat(3, post, post);
    HandClock clock;
    Server server(network, clock, {}, std::nullopt);
    std::vector<ConnectionId> sockets;
    const Frame frame(std::string(500, 'f'));
    const auto turn = [&] {
        server.hear([&](const Inbound& inbound) {
            if (inbound.kind == Inbound::Kind::request) {
                server.respond(inbound.connection, {.body = "{}"});
            } else if (inbound.kind == Inbound::Kind::opened_websocket) {
                sockets.push_back(inbound.connection);
            } else {
                server.send(inbound.connection, inbound.body);
            }
            return true;
        });
        for (const ConnectionId socket : sockets) {
            for (int count = 0; count < 10; ++count) {
                server.send(socket, frame);
            }
        }
        server.send_all();
        clock.pass(Nanos(1'000'000));
    };
    for (int count = 0; count < 100; ++count) {
        turn();
    }
    const std::uint64_t allocations_before = allocations.made;
    const std::uint64_t messages_before = server.counters().messages;
    const std::uint64_t sends_before = network.sends;
    const std::uint64_t turns = 3000;
    for (std::uint64_t count = 0; count < turns; ++count) {
        turn();
    }
    EXPECT_EQ(allocations.made - allocations_before, 0U);
    EXPECT_EQ(server.counters().messages - messages_before, 3 * turns);
    // All that waits for a connection leaves in one piece.
    EXPECT_EQ(network.sends - sends_before, 4 * turns);
    EXPECT_EQ(network.closes, 0U);
}

}  // namespace
}  // namespace miletus::web
