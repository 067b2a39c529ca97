// Names in Deribit's manner, and every date of two centuries against the standard calendar.
#include "engine/instruments/naming.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace miletus::instruments {
namespace {

using protocol::InstrumentKind;

constexpr std::int64_t nanos_of_day = 86'400'000'000'000;

UnixNanos at_eight(std::chrono::year_month_day date) {
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return UnixNanos((std::int64_t{days} * 24 + 8) * 3'600'000'000'000);
}

std::string option(std::int64_t strike, InstrumentKind kind) {
    const UnixNanos expiry = at_eight(std::chrono::year(2027) / 3 / 26);
    return std::string(instrument_name("BTC_USDC", kind, expiry, IndexPrice(strike)).view());
}

TEST(Naming, a_perpetual_is_called_so) {
    EXPECT_EQ(instrument_name("BTC_USDC", InstrumentKind::perpetual, {}, {}).view(),
              "BTC_USDC-PERPETUAL");
}

TEST(Naming, a_future_bears_its_date) {
    const UnixNanos expiry = at_eight(std::chrono::year(2027) / 3 / 26);
    EXPECT_EQ(instrument_name("ETH", InstrumentKind::future, expiry, {}).view(), "ETH-26MAR27");
    const UnixNanos single = at_eight(std::chrono::year(2005) / 1 / 5);
    EXPECT_EQ(instrument_name("ETH", InstrumentKind::future, single, {}).view(), "ETH-5JAN05");
    EXPECT_EQ(instrument_name("ETH", InstrumentKind::future, UnixNanos(0), {}).view(),
              "ETH-1JAN70");
}

TEST(Naming, an_option_bears_its_strike_and_its_kind) {
    EXPECT_EQ(option(100'000'000'000, InstrumentKind::call), "BTC_USDC-26MAR27-100000-C");
    EXPECT_EQ(option(100'000'000'000, InstrumentKind::put), "BTC_USDC-26MAR27-100000-P");
}

TEST(Naming, a_strike_with_decimals_writes_d_for_the_point) {
    EXPECT_EQ(option(500'000, InstrumentKind::put), "BTC_USDC-26MAR27-0d5-P");
    EXPECT_EQ(option(2'050'000, InstrumentKind::put), "BTC_USDC-26MAR27-2d05-P");
    EXPECT_EQ(option(1, InstrumentKind::put), "BTC_USDC-26MAR27-0d000001-P");
    EXPECT_EQ(option(12'345'678, InstrumentKind::put), "BTC_USDC-26MAR27-12d345678-P");
    EXPECT_EQ(option(10'000'000, InstrumentKind::put), "BTC_USDC-26MAR27-10-P");
}

TEST(Naming, the_longest_name_fits) {
    const UnixNanos expiry = at_eight(std::chrono::year(2027) / 12 / 31);
    EXPECT_EQ(instrument_name("ABCDEFGHIJKLMNOP", InstrumentKind::call, expiry,
                              IndexPrice(999'999'999'999'999))
                  .view(),
              "ABCDEFGHIJKLMNOP-31DEC27-999999999d999999-C");
}

TEST(Naming, every_date_until_2200_is_the_calendars) {
    constexpr std::string_view months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    const auto end = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1).time_since_epoch();
    for (std::int64_t day = 0; day < end.count(); ++day) {
        const std::chrono::year_month_day date{
            std::chrono::sys_days(std::chrono::days(static_cast<int>(day)))};
        const int year = static_cast<int>(date.year()) % 100;
        std::string expected = "X-" + std::to_string(static_cast<unsigned>(date.day()));
        expected += months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
        expected += (year < 10 ? "0" : "") + std::to_string(year);
        const UnixNanos last(day * nanos_of_day + nanos_of_day - 1);
        ASSERT_EQ(instrument_name("X", InstrumentKind::future, last, {}).view(), expected);
    }
}

}  // namespace
}  // namespace miletus::instruments
