// Every key of the desk, what is said about wrong ones, and what is on.
#include "serve/config.hpp"

#include <gtest/gtest.h>

namespace miletus::serve {
namespace {

std::string problem_of(const std::string& text) {
    const auto config = parse_config(text, "venue.toml");
    return config ? "" : config.error();
}

std::vector<std::string> last_agents(const Config& config) {
    return config.duties.back().agents;
}

TEST(DeskConfig, is_off_unless_asked_for) {
    const auto config = parse_config("", "venue.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_FALSE(config->desk.wants_any());
    EXPECT_TRUE(config->exchange.seats.empty());
    EXPECT_EQ(last_agents(*config), std::vector<std::string>{"shadow"});
}

TEST(DeskConfig, an_empty_table_is_what_is_usual) {
    const auto config = parse_config("[listing]\n[marks]\n", "venue.toml");
    ASSERT_TRUE(config.has_value()) << config.error();
    ASSERT_TRUE(config->desk.listing.has_value() && config->desk.marks.has_value());
    EXPECT_EQ(config->exchange.seats.size(), 1U);
    EXPECT_EQ(last_agents(*config), std::vector<std::string>{"desk"});
    EXPECT_EQ(config->desk.listing->underlyings.size(), 2U);
    ASSERT_EQ(config->desk.marks->underlyings.size(), 2U);
    EXPECT_EQ(config->desk.marks->underlyings[1].name.view(), "ETH_USDC");
    EXPECT_EQ(config->desk.marks->underlyings[1].fixed->vol, 750'000);
    EXPECT_NE(config->desk.marks->session, config->desk.listing->session);
}

TEST(DeskConfig, what_is_said_of_listings_counts) {
    const auto config = parse_config(R"(
[listing]
refresh_seconds = 5
quiet_seconds = 60
keep_settled_seconds = 7
retry_after_seconds = 8
session = 71
[[listing.underlying]]
name = "SOL_USDC"
has_perpetual = false
futures = { dailies = 1, weeklies = 2, monthlies = 3, quarterlies = 0 }
options = { dailies = 4, weeklies = 5, monthlies = 6, quarterlies = 7 }
future_tick = 1000
future_lot_millionths = 10000
future_lots_max = 11
option_tick = 2000
option_lot_millionths = 100000
option_lots_max = 12
perpetual_range = 3000000
future_range = 2000000
option_range_deviations = 5
future_band = 100000
volatility = 900000
strike_delta = 50000
strike_step_min = 1000000
strikes_aimed = 8
strikes_max = 64
)",
                                     "venue.toml");
    ASSERT_TRUE(config.has_value()) << config.error();
    const listing::Settings& settings = *config->desk.listing;
    EXPECT_EQ(settings.refresh, Nanos(5'000'000'000));
    EXPECT_EQ(settings.quiet, Nanos(60'000'000'000));
    EXPECT_EQ(settings.keep_settled, Nanos(7'000'000'000));
    EXPECT_EQ(settings.retry_after, Nanos(8'000'000'000));
    EXPECT_EQ(settings.session, SessionId(71));
    ASSERT_EQ(settings.underlyings.size(), 1U);
    const listing::UnderlyingSettings& sol = settings.underlyings[0];
    EXPECT_EQ(sol.name, "SOL_USDC");
    EXPECT_FALSE(sol.has_perpetual);
    EXPECT_EQ(sol.futures.dailies, 1U);
    EXPECT_EQ(sol.futures.quarterlies, 0U);
    EXPECT_EQ(sol.options.monthlies, 6U);
    EXPECT_EQ(sol.future_terms.tick, IndexPrice(1000));
    EXPECT_EQ(sol.future_terms.lot_millionths, 10'000);
    EXPECT_EQ(sol.future_terms.lots_max, Lots(11));
    EXPECT_EQ(sol.option_terms.tick, IndexPrice(2000));
    EXPECT_EQ(sol.option_terms.lot_millionths, 100'000);
    EXPECT_EQ(sol.option_terms.lots_max, Lots(12));
    EXPECT_EQ(sol.perpetual_range, Rate(3'000'000));
    EXPECT_EQ(sol.future_range, Rate(2'000'000));
    EXPECT_EQ(sol.option_range_deviations, 5U);
    EXPECT_EQ(sol.future_band, Rate(100'000));
    EXPECT_EQ(sol.volatility, 900'000);
    EXPECT_EQ(sol.strike_delta, Rate(50'000));
    EXPECT_EQ(sol.strike_step_min, IndexPrice(1'000'000));
    EXPECT_EQ(sol.strikes_aimed, 8U);
    EXPECT_EQ(sol.strikes_max, 64U);
}

TEST(DeskConfig, what_is_said_of_marks_counts) {
    const auto config = parse_config(R"(
[marks]
interval_ms = 250
memory_seconds = 9
session = 72
[[marks.underlying]]
name = "SOL_USDC"
fixed = { vol = 900000, rho = -100000, eta = 500000, carry = 20000 }
[[marks.underlying]]
name = "BTC_USDC"
)",
                                     "venue.toml");
    ASSERT_TRUE(config.has_value()) << config.error();
    const marks::Settings& settings = *config->desk.marks;
    EXPECT_EQ(settings.interval, Nanos(250'000'000));
    EXPECT_EQ(settings.memory, Nanos(9'000'000'000));
    EXPECT_EQ(settings.session, SessionId(72));
    ASSERT_EQ(settings.underlyings.size(), 2U);
    ASSERT_TRUE(settings.underlyings[0].fixed.has_value());
    EXPECT_EQ(settings.underlyings[0].fixed->vol, 900'000);
    EXPECT_EQ(settings.underlyings[0].fixed->rho, -100'000);
    EXPECT_EQ(settings.underlyings[0].fixed->eta, 500'000);
    EXPECT_EQ(settings.underlyings[0].fixed->carry, 20'000);
    EXPECT_FALSE(settings.underlyings[1].fixed.has_value());
}

TEST(DeskConfig, a_mistake_is_told_with_file_line_and_key) {
    EXPECT_EQ(problem_of("listing = true\n"), "venue.toml:1: listing: must be a table: [listing]");
    EXPECT_EQ(problem_of("[listing]\nrefresh = 3\n"),
              "venue.toml:2: listing.refresh: no such key; known here: keep_settled_seconds, "
              "quiet_seconds, refresh_seconds, retry_after_seconds, session, underlying");
    EXPECT_EQ(problem_of("[listing]\nunderlying = 3\n"),
              "venue.toml:2: listing.underlying: must be an array of tables: "
              "[[listing.underlying]]");
    EXPECT_EQ(problem_of("[[listing.underlying]]\nfuture_tick = 7\n"),
              "venue.toml:1: listing.underlying.name: must be that of an underlying, such as "
              "\"BTC_USDC\"");
    EXPECT_EQ(problem_of("[[listing.underlying]]\nname = \"BTC_USDC\"\nstrike_delta = 500000\n"),
              "venue.toml:3: listing.underlying.strike_delta: must be a number from 1 to 499999");
    EXPECT_EQ(problem_of("[[listing.underlying]]\nname = \"BTC_USDC\"\nfuture_tick = 7\n"),
              "venue.toml:3: listing.underlying.future_tick: BTC_USDC: a tenth of future_tick, for "
              "one lot, must be whole millionths");
    EXPECT_EQ(problem_of("[[listing.underlying]]\nname = \"BTC_USDC\"\nstrikes_max = 11\n"),
              "venue.toml:3: listing.underlying.strikes_max: BTC_USDC: strikes_aimed must be above "
              "zero, and at most strikes_max");
    EXPECT_EQ(problem_of("[[listing.underlying]]\nname = \"BTC_USDC\"\n"
                         "options = { dailies = 33 }\n"),
              "venue.toml:3: listing.underlying.options.dailies: must be a number from 0 to 32");
    EXPECT_EQ(
        problem_of("[[listing.underlying]]\nname = \"SOL_USDC\"\n"),
        "venue.toml:2: listing.underlying.name: SOL_USDC: future_tick must be above zero, and "
        "below a billion");
    EXPECT_EQ(problem_of("[marks]\n"),
              "venue.toml:1: marks.underlying: is missing: nothing is listed, so say what is "
              "marked");
    EXPECT_EQ(problem_of("[listing]\nsession = 5\n[marks]\nsession = 5\n"),
              "venue.toml:4: marks.session: must be another one than that of listing");
    EXPECT_EQ(problem_of("[[marks.underlying]]\nname = \"BTC_USDC\"\nfixed = { eta = 3 }\n"),
              "venue.toml:3: marks.underlying.fixed.vol: is missing: a volatility in millionths, "
              "such as 600000");
}

TEST(DeskConfig, a_desk_needs_a_thread) {
    const std::string threads =
        "[[thread]]\nagents = [\"gateway\", \"sequencer\", \"journal\", \"engine\", \"attester\", "
        "\"segments\", \"shadow\"]\n";
    EXPECT_EQ(problem_of(threads), "");
    EXPECT_EQ(problem_of("[listing]\n" + threads),
              "venue.toml:2: thread: no thread has the agent \"desk\"");
    EXPECT_EQ(problem_of("[listing]\n" + threads + "[[thread]]\nagents = [\"desk\"]\n"), "");
    EXPECT_EQ(problem_of(threads + "[[thread]]\nagents = [\"desk\"]\n"), "");
}

}  // namespace
}  // namespace miletus::serve
