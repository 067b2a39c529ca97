// Files that are right, and what is said about those that are not.
#include "serve/config.hpp"

#include <gtest/gtest.h>

namespace miletus::serve {
namespace {

std::string problem_of(const std::string& text) {
    const auto config = parse_config(text, "venue.toml");
    return config ? "" : config.error();
}

TEST(Config, an_empty_file_is_the_default) {
    const auto config = parse_config("", "venue.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->folder, "data");
    ASSERT_EQ(config->doors.size(), 2U);
    EXPECT_EQ(config->doors[1].address, "unix:data/operator.sock");
    EXPECT_TRUE(config->doors[1].is_operators);
    EXPECT_EQ(config->exchange.limits.accounts, Limits().accounts);
}

TEST(Config, what_is_said_counts) {
    const auto config = parse_config(R"(
data = "elsewhere"
[journal]
segment_mib = 8
[gateway]
silence_seconds = 5
history_units = 65536
[limits]
accounts = 100
position_lots = 1000000000000
[keys]
7 = "00000000000000000000000000000000000000000000000000000000000000ff"
[[door]]
address = "tcp:127.0.0.1:0"
operator = true
[[thread]]
agents = ["gateway", "sequencer", "journal", "engine"]
cpu = 1
idle = "spin"
[[thread]]
agents = ["segments", "shadow", "attester"]
background = true
)",
                                     "venue.toml");
    ASSERT_TRUE(config.has_value()) << config.error();
    EXPECT_EQ(config->folder, "elsewhere");
    EXPECT_EQ(config->exchange.journal.segment_bytes, 8U << 20U);
    EXPECT_EQ(config->gateway.silence_max, Nanos(5'000'000'000));
    EXPECT_EQ(config->history_units, 65536U);
    EXPECT_EQ(config->exchange.limits.accounts, 100U);
    EXPECT_EQ(config->exchange.limits.position_lots, 1'000'000'000'000);
    EXPECT_EQ(config->gateway.keys.at(AccountId(7))[31], 255);
    ASSERT_EQ(config->doors.size(), 1U);
    ASSERT_EQ(config->duties.size(), 2U);
    EXPECT_EQ(config->duties[0].processor, 1U);
    EXPECT_TRUE(config->duties[0].spins);
    EXPECT_FALSE(config->duties[0].is_background);
    EXPECT_FALSE(config->duties[1].spins);
    EXPECT_TRUE(config->duties[1].is_background);
}

TEST(Config, a_mistake_is_told_with_file_line_and_key) {
    EXPECT_EQ(problem_of("\n\n[limits]\naccounts = 0\n"),
              "venue.toml:4: limits.accounts: must be a number from 1 to 67108864");
    EXPECT_EQ(problem_of("[limits]\naccounts = \"many\"\n"),
              "venue.toml:2: limits.accounts: must be a number from 1 to 67108864");
    EXPECT_EQ(problem_of("[limits]\nanswers_per_session = 12\n"),
              "venue.toml:2: limits.answers_per_session: must be a power of two");
    EXPECT_EQ(problem_of("[limits]\nsessions = 8\nsessions_per_account = 9\n"),
              "venue.toml:3: limits.sessions_per_account: must be at most limits.sessions, 8");
    EXPECT_EQ(problem_of("[limits]\nsessions = 8\n"),
              "venue.toml:1: limits.sessions_per_account: must be at most limits.sessions, 8");
    EXPECT_EQ(problem_of("data = 7\n"), "venue.toml:1: data: must be a text in quotes");
    EXPECT_EQ(problem_of("[gateway]\nconections = 7\n"),
              "venue.toml:2: gateway.conections: no such key; known here: connections, "
              "history_units, silence_seconds");
    EXPECT_EQ(problem_of("journal = 3\n"), "venue.toml:1: journal: must be a table: [journal]");
    EXPECT_EQ(problem_of("door = 3\n"), "venue.toml:1: door: must be an array of tables: [[door]]");
    EXPECT_EQ(problem_of("[keys]\n7 = \"abc\"\n"),
              "venue.toml:2: keys.7: must be 64 hexadecimal digits in quotes");
    EXPECT_EQ(
        problem_of("[keys]\nseven = \"abc\"\n"),
        "venue.toml:2: keys.seven: must be the number of an account, from 1: the operator comes in "
        "through doors of its own");
    EXPECT_EQ(problem_of("[[door]]\noperator = true\n"),
              "venue.toml:1: door.address: is missing, such as \"tcp:127.0.0.1:7411\"");
    EXPECT_TRUE(problem_of("[limits\n").starts_with("venue.toml:1: "));
}

TEST(Config, every_agent_has_one_thread) {
    EXPECT_EQ(problem_of("[[thread]]\nagents = [\"gateway\"]\n"),
              "venue.toml:1: thread: no thread has the agent \"sequencer\"");
    EXPECT_EQ(problem_of("[[thread]]\nagents = [\"gateway\", \"gateway\"]\n"),
              "venue.toml:2: thread.agents: \"gateway\" has a thread already");
    EXPECT_EQ(problem_of("[[thread]]\nagents = [\"gatekeeper\"]\n"),
              "venue.toml:2: thread.agents: no such agent: \"gatekeeper\"");
    EXPECT_EQ(problem_of("[[thread]]\nidle = \"sleep\"\nagents = []\n"),
              "venue.toml:2: thread.idle: must be \"spin\" or \"rest\"");
    EXPECT_EQ(problem_of("[[thread]]\nidle = \"spin\"\nagents = 3\n"),
              "venue.toml:3: thread.agents: must be an array of names");
}

TEST(Config, more_events_than_fit_the_ring_are_refused) {
    EXPECT_TRUE(problem_of("[limits]\nevent_units = 64\n")
                    .starts_with("venue.toml:2: limits.event_units: one command may cause "));
    EXPECT_TRUE(problem_of("[limits]\norders_per_account = 100000\n")
                    .starts_with("venue.toml:1: limits.event_units: one command may cause "));
}

TEST(Config, an_account_has_one_key_and_the_operator_none) {
    const std::string key = "\"" + std::string(64, '0') + "\"\n";
    EXPECT_TRUE(problem_of("[keys]\n0 = " + key).starts_with("venue.toml:2: keys.0: must be"));
    EXPECT_EQ(problem_of("[keys]\n7 = " + key + "07 = " + key),
              "venue.toml:2: keys.7: has a key already");
}

}  // namespace
}  // namespace miletus::serve
