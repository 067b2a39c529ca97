// What a venue may not configure of its marks.
#include "edge/marks/settings.hpp"

#include <gtest/gtest.h>

namespace miletus::marks {
namespace {

Settings of_btc() {
    return {.underlyings = {
                {.name = protocol::Name("BTC_USDC"), .fixed = FixedSurface{.vol = 500'000}}}};
}

TEST(MarksSettings, are_good_by_default) {
    EXPECT_EQ(mistake_in(Settings()), std::nullopt);
    EXPECT_EQ(mistake_in(of_btc()), std::nullopt);
}

TEST(MarksSettings, an_underlying_comes_once) {
    Settings settings = of_btc();
    settings.underlyings.push_back(settings.underlyings[0]);
    EXPECT_EQ(mistake_in(settings), "BTC_USDC comes twice");
}

TEST(MarksSettings, a_fixed_surface_has_no_arbitrage) {
    Settings settings = of_btc();
    settings.underlyings[0].fixed = FixedSurface{.vol = 500'000, .rho = 500'000, .eta = 1'500'000};
    EXPECT_EQ(mistake_in(settings),
              "BTC_USDC: the fixed surface has arbitrage: eta (1 + |rho|) must be 2 at most");
}

TEST(MarksSettings, times_and_sessions_are_checked) {
    Settings settings = of_btc();
    settings.interval = Nanos(99'999'999);
    EXPECT_EQ(mistake_in(settings), "interval must be a tenth of a second or more");
    settings = of_btc();
    settings.memory = Nanos(-1);
    EXPECT_EQ(mistake_in(settings), "memory must not be below zero");
    settings = of_btc();
    settings.session = SessionId(0);
    EXPECT_EQ(mistake_in(settings), "session must not be zero");
}

}  // namespace
}  // namespace miletus::marks
