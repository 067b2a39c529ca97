// Every key of the gateway that speaks Deribit's API, and who sits where because of it.
#include "serve/config.hpp"

#include <gtest/gtest.h>

namespace miletus::serve {
namespace {

std::string problem_of(const std::string& text) {
    const auto config = parse_config(text, "venue.toml");
    return config ? "" : config.error();
}

TEST(DeribitConfigTest, is_off_unless_asked_for) {
    const auto config = parse_config("", "venue.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_FALSE(config->deribit.has_value());
    EXPECT_FALSE(config->crowd.has_value());
    EXPECT_FALSE(wants_agent(*config, "deribit"));
    EXPECT_TRUE(seat_holders(*config).empty());
}

TEST(DeribitConfigTest, an_empty_table_listens_on_this_machine_only) {
    const auto config = parse_config("data = \"there\"\n[deribit]\n", "venue.toml");
    ASSERT_TRUE(config.has_value() && config->deribit.has_value()) << config.error();
    EXPECT_EQ(config->deribit->door.address, "tcp:127.0.0.1:7412");
    EXPECT_EQ(config->deribit->door.ports_tried, 1U);
    EXPECT_FALSE(config->deribit->tls_door.has_value());
    EXPECT_EQ(config->deribit->credentials, "there/credentials");
    EXPECT_FALSE(config->deribit->is_testnet);
    ASSERT_EQ(config->exchange.seats.size(), 1U);
    EXPECT_TRUE(config->exchange.seats[0].hears_answers);
    EXPECT_EQ(config->duties.back().agents, std::vector<std::string>{"deribit"});
}

TEST(DeribitConfigTest, what_is_said_counts) {
    const auto config = parse_config(R"(
[listing]
[deribit]
address = "tcp:0.0.0.0:80"
tls_address = "tcp:0.0.0.0:443"
certificate = "/etc/venue/certificate.pem"
key = "credential:key"
credentials = "/var/keys"
seal_key = "credential:seal"
connections = 20
connections_per_address = 4
buffers_mib = 64
requests_per_second = 30
requests_at_once = 31
orders_per_second = 0
orders_at_once = 33
testnet = true
)",
                                     "venue.toml");
    ASSERT_TRUE(config.has_value() && config->deribit.has_value()) << config.error();
    const DeribitConfig& deribit = *config->deribit;
    EXPECT_EQ(deribit.door.address, "tcp:0.0.0.0:80");
    ASSERT_TRUE(deribit.tls_door.has_value());
    EXPECT_EQ(deribit.tls_door->address, "tcp:0.0.0.0:443");
    EXPECT_EQ(deribit.certificate, "/etc/venue/certificate.pem");
    EXPECT_EQ(deribit.key, "credential:key");
    EXPECT_EQ(deribit.credentials, "/var/keys");
    EXPECT_EQ(deribit.seal_key, "credential:seal");
    EXPECT_EQ(deribit.connections, 20U);
    EXPECT_EQ(deribit.connections_per_address, 4U);
    EXPECT_EQ(deribit.buffers_mib, 64U);
    EXPECT_EQ(deribit.requests_per_second, 30U);
    EXPECT_EQ(deribit.requests_at_once, 31U);
    EXPECT_EQ(deribit.orders_per_second, 0U);
    EXPECT_EQ(deribit.orders_at_once, 33U);
    EXPECT_TRUE(deribit.is_testnet);
    EXPECT_EQ(seat_of(*config, SeatHolder::desk), 0U);
    EXPECT_EQ(seat_of(*config, SeatHolder::deribit), 1U);
    EXPECT_FALSE(config->exchange.seats[0].hears_answers);
    EXPECT_TRUE(config->exchange.seats[1].hears_answers);
}

TEST(DeribitConfigTest, a_mistake_is_told_with_file_line_and_key) {
    EXPECT_EQ(problem_of("[deribit]\naddress = \"\"\n"),
              "venue.toml:2: deribit.address: must be one to listen on, such as "
              "\"tcp:127.0.0.1:7412\"");
    EXPECT_EQ(problem_of("[deribit]\nconnections = 0\n"),
              "venue.toml:2: deribit.connections: must be a number from 1 to 65536");
    EXPECT_TRUE(problem_of("[deribit]\nadress = \"\"\n")
                    .starts_with("venue.toml:2: deribit.adress: no such key; known here: "));
}

TEST(DeribitConfigTest, has_a_thread_where_threads_are_named) {
    const std::string threads =
        "[[thread]]\nagents = [\"gateway\", \"sequencer\", \"journal\", \"engine\", \"attester\", "
        "\"segments\", \"shadow\"";
    EXPECT_EQ(problem_of("[deribit]\n" + threads + "]\n"),
              "venue.toml:2: thread: no thread has the agent \"deribit\"");
    const auto config = parse_config("[deribit]\n" + threads + ", \"deribit\"]\n", "venue.toml");
    ASSERT_TRUE(config.has_value()) << config.error();
    EXPECT_EQ(config->duties.size(), 1U);
}

}  // namespace
}  // namespace miletus::serve
