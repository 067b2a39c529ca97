// What is listed by default is without a mistake; each mistake is told by its name.
#include "edge/listing/settings.hpp"

#include <gtest/gtest.h>

namespace miletus::listing {
namespace {

TEST(Settings, by_default_have_no_mistake) {
    EXPECT_EQ(mistake_in(default_settings()), std::nullopt);
    EXPECT_EQ(mistake_in(Settings{}), std::nullopt);
}

// The mistake after a change to the first underlying's settings.
template <class Change>
std::string told(Change change) {
    Settings settings = default_settings();
    change(settings.underlyings[0]);
    return mistake_in(settings).value_or("nothing");
}

TEST(Settings, tell_what_is_wrong_with_terms) {
    using Underlying = UnderlyingSettings;
    EXPECT_EQ(told([](Underlying& btc) { btc.future_terms.tick = IndexPrice(0); }),
              "BTC_USDC: future_tick must be above zero, and below a billion");
    EXPECT_EQ(told([](Underlying& btc) { btc.option_terms.lot_millionths = 0; }),
              "BTC_USDC: option_lot_millionths must be above zero");
    EXPECT_EQ(told([](Underlying& btc) { btc.future_terms.lot_millionths = 1; }),
              "BTC_USDC: a tenth of future_tick, for one lot, must be whole millionths");
    EXPECT_EQ(told([](Underlying& btc) { btc.option_terms.lots_max = Lots(0); }),
              "BTC_USDC: option_lots_max must be 1 to 4294967295");
    EXPECT_EQ(told([](Underlying& btc) { btc.perpetual_range = Rate(1'000'000); }),
              "BTC_USDC: perpetual_range and future_range must be above 1000000 millionths, and at "
              "most 1000000000");
    EXPECT_EQ(told([](Underlying& btc) { btc.option_range_deviations = 101; }),
              "BTC_USDC: option_range_deviations must be at most 100");
    EXPECT_EQ(told([](Underlying& btc) { btc.future_band = Rate(-1); }),
              "BTC_USDC: future_band must be 0 for none, or below 1000000 millionths");
    EXPECT_EQ(told([](Underlying& btc) { btc.options.weeklies = 33; }),
              "BTC_USDC: options: at most 32 expiries of each kind");
}

TEST(Settings, tell_what_is_wrong_with_strikes) {
    using Underlying = UnderlyingSettings;
    EXPECT_EQ(told([](Underlying& btc) { btc.volatility = 9'999; }),
              "BTC_USDC: volatility must be 10000 to 3000000 millionths");
    EXPECT_EQ(told([](Underlying& btc) { btc.strike_delta = Rate(500'000); }),
              "BTC_USDC: strike_delta must be above 0, and below 500000 millionths");
    EXPECT_EQ(told([](Underlying& btc) { btc.strike_step_min = IndexPrice(300'000'000); }),
              "BTC_USDC: strike_step_min must be 1, 2, 2.5 or 5 times a power of ten");
    EXPECT_EQ(told([](Underlying& btc) { btc.strike_step_min = IndexPrice(50); }),
              "BTC_USDC: strikes, for one lot, must be whole millionths: strike_step_min is too "
              "small");
    EXPECT_EQ(told([](Underlying& btc) { btc.strikes_aimed = 129; }),
              "BTC_USDC: strikes_aimed must be above zero, and at most strikes_max");
    EXPECT_EQ(told([](Underlying& btc) { btc.strikes_max = 1025; }),
              "BTC_USDC: strikes_max must be at most 1024");
}

// A step of 2 is whole for half a coin, and the next one, 2.5, is not.
TEST(Settings, look_at_the_steps_above_the_least_one) {
    EXPECT_EQ(told([](UnderlyingSettings& btc) {
                  btc.option_terms.lot_millionths = 500'000;
                  btc.strike_step_min = IndexPrice(20);
              }),
              "BTC_USDC: strikes, for one lot, must be whole millionths: strike_step_min is too "
              "small");
    EXPECT_EQ(told([](UnderlyingSettings& btc) {
                  btc.option_terms.lot_millionths = 500'000;
                  btc.strike_step_min = IndexPrice(50);
              }),
              "nothing");
}

TEST(Settings, tell_what_is_wrong_with_the_whole) {
    const auto told_of_all = [](auto change) {
        Settings settings = default_settings();
        change(settings);
        return mistake_in(settings).value_or("nothing");
    };
    EXPECT_EQ(told_of_all([](Settings& all) { all.underlyings[1].name = "BTC_USDC"; }),
              "BTC_USDC comes twice");
    EXPECT_EQ(told_of_all([](Settings& all) { all.underlyings[1].name = "eth"; }),
              "an underlying's name is 1 to 16 capital letters, digits, or underscores");
    EXPECT_EQ(told_of_all([](Settings& all) { all.refresh = Nanos(0); }),
              "refresh must be a second or more");
    EXPECT_EQ(told_of_all([](Settings& all) { all.quiet = Nanos(-1); }),
              "quiet and keep_settled must not be below zero");
    EXPECT_EQ(told_of_all([](Settings& all) { all.retry_after = Nanos(0); }),
              "retry_after must be a second or more");
    EXPECT_EQ(told_of_all([](Settings& all) { all.session = SessionId(0); }),
              "session must not be zero");
}

}  // namespace
}  // namespace miletus::listing
