// Sockets of this machine, both ends in one test.
#include "host/socket_network.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <vector>

namespace miletus::host {
namespace {

constexpr std::uint32_t patience_ms = 10'000;

class SocketNetworkTest : public testing::Test {
  protected:
    // Both ends of a new connection: the one that came in, and the one that went out.
    struct Ends {
        ConnectionId venue{};
        ConnectionId client{};
    };
    Ends connect_to(const std::string& address) {
        const auto went_out = clients->connect(address);
        EXPECT_TRUE(went_out.has_value());
        std::optional<Arrival> came_in;
        while (!came_in) {
            venue->wait(patience_ms);
            EXPECT_TRUE(venue->ready().empty());
            came_in = venue->accepted();
        }
        return {.venue = came_in->connection, .client = *went_out};
    }
    static std::vector<std::byte> bytes(std::size_t count, int value) {
        return std::vector<std::byte>(count, static_cast<std::byte>(value));
    }

    std::unique_ptr<SocketNetwork> venue = *SocketNetwork::make();
    std::unique_ptr<SocketNetwork> clients = *SocketNetwork::make();
};

TEST_F(SocketNetworkTest, bytes_arrive_in_order_however_they_are_cut) {
    const auto address = venue->listen("tcp:127.0.0.1:0");
    ASSERT_TRUE(address.has_value());
    const Ends ends = connect_to(*address);
    std::size_t sent = 0;
    std::size_t received = 0;
    constexpr std::size_t total = 3'000'000;
    std::array<std::byte, 1000> piece{};
    std::array<std::byte, 777> room{};
    while (received < total) {
        for (std::size_t at = 0; at < piece.size(); ++at) {
            piece[at] = static_cast<std::byte>((sent + at) % 251);
        }
        const std::size_t left = std::min(piece.size(), total - sent);
        sent += left == 0 ? 0 : clients->send(ends.client, std::span(piece).first(left)).bytes;
        const std::size_t got = venue->receive(ends.venue, room).bytes;
        for (std::size_t at = 0; at < got; ++at) {
            ASSERT_EQ(room[at], static_cast<std::byte>((received + at) % 251));
        }
        received += got;
    }
}

TEST_F(SocketNetworkTest, tells_which_connection_has_something_to_say) {
    const auto address = venue->listen("tcp:127.0.0.1:0");
    const Ends first = connect_to(*address);
    const Ends second = connect_to(*address);
    EXPECT_TRUE(venue->ready().empty());
    EXPECT_EQ(clients->send(second.client, bytes(5, 1)).bytes, 5U);
    venue->wait(patience_ms);
    const auto ready = venue->ready();
    ASSERT_EQ(ready.size(), 1U);
    EXPECT_EQ(ready.front(), second.venue);
    EXPECT_NE(first.venue, second.venue);
}

TEST_F(SocketNetworkTest, an_end_is_told_after_the_last_bytes) {
    const auto address = venue->listen("tcp:127.0.0.1:0");
    const Ends ends = connect_to(*address);
    EXPECT_EQ(clients->send(ends.client, bytes(5, 1)).bytes, 5U);
    clients->close(ends.client);
    venue->wait(patience_ms);
    std::array<std::byte, 10> room{};
    EXPECT_EQ(venue->receive(ends.venue, room).bytes, 5U);
    EXPECT_FALSE(venue->receive(ends.venue, room).is_open);
    venue->close(ends.venue);
}

TEST_F(SocketNetworkTest, what_nobody_reads_is_refused_at_last_and_not_waited_for) {
    const auto address = venue->listen("tcp:127.0.0.1:0");
    const Ends ends = connect_to(*address);
    const auto block = bytes(1U << 16U, 7);
    Transfer last;
    for (int turn = 0; turn < 1000; ++turn) {
        last = venue->send(ends.venue, block);
        if (last.bytes == 0) {
            break;
        }
    }
    EXPECT_EQ(last.bytes, 0U);
    EXPECT_TRUE(last.is_open);
}

TEST_F(SocketNetworkTest, a_unix_socket_left_behind_is_replaced_and_one_in_use_is_not) {
    const std::string path = testing::TempDir() + "miletus_network_test.sock";
    std::filesystem::remove(path);
    ASSERT_TRUE(venue->listen("unix:" + path).has_value());
    EXPECT_EQ(std::filesystem::status(path).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const Ends ends = connect_to("unix:" + path);
    EXPECT_EQ(venue->send(ends.venue, bytes(3, 1)).bytes, 3U);
    EXPECT_EQ(clients->listen("unix:" + path).error().code, EADDRINUSE);
    venue->close_doors();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(SocketNetworkTest, addresses_that_mean_nothing_are_refused) {
    for (const char* address : {"", "tcp:", "tcp:127.0.0.1", "tcp:127.0.0.1:70000",
                                "tcp:localhost:80", "unix:", "http:127.0.0.1:80"}) {
        EXPECT_EQ(venue->listen(address).error().code, EINVAL) << address;
    }
}

TEST_F(SocketNetworkTest, who_comes_in_says_from_where) {
    for (const auto& [address, text] :
         {std::pair("tcp:127.0.0.1:0", "127.0.0.1"), std::pair("tcp:::1:0", "::1")}) {
        const auto door = venue->listen(address);
        if (!door) {
            continue;  // a machine without addresses of that kind
        }
        ASSERT_TRUE(clients->connect(*door).has_value());
        std::optional<Arrival> arrival;
        while (!arrival) {
            venue->wait(patience_ms);
            EXPECT_TRUE(venue->ready().empty());
            arrival = venue->accepted();
        }
        EXPECT_EQ(text_of(arrival->address), text);
        EXPECT_TRUE(arrival->address.is_local());
    }
}

TEST_F(SocketNetworkTest, an_end_that_finished_still_hears_the_other) {
    const Ends ends = connect_to(*venue->listen("tcp:127.0.0.1:0"));
    EXPECT_EQ(venue->send(ends.venue, bytes(3, 1)).bytes, 3U);
    venue->finish(ends.venue);
    std::array<std::byte, 10> room{};
    clients->wait(patience_ms);
    EXPECT_EQ(clients->receive(ends.client, room).bytes, 3U);
    EXPECT_FALSE(clients->receive(ends.client, room).is_open);
    EXPECT_EQ(clients->send(ends.client, bytes(5, 2)).bytes, 5U);
    venue->wait(patience_ms);
    EXPECT_EQ(venue->receive(ends.venue, room).bytes, 5U);
}

// Descriptors run out between a client's connecting and its being let in.
TEST_F(SocketNetworkTest, who_cannot_be_held_is_turned_away_and_not_left_at_the_door) {
    const auto address = venue->listen("tcp:127.0.0.1:0");
    const auto client = clients->connect(*address);
    ASSERT_TRUE(client.has_value());
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(lowest);
    const rlimit none_left{.rlim_cur = static_cast<rlim_t>(lowest), .rlim_max = before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none_left), 0);
    venue->wait(patience_ms);
    EXPECT_TRUE(venue->ready().empty());
    EXPECT_FALSE(venue->accepted().has_value());
    EXPECT_EQ(venue->turned_away(), 1U);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    std::array<std::byte, 10> room{};
    clients->wait(patience_ms);
    EXPECT_FALSE(clients->receive(*client, room).is_open);
    connect_to(*address);  // and the next one comes in
}

}  // namespace
}  // namespace miletus::host
