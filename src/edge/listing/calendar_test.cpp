// The calendar at the ends of years, of Februaries and of quarters, and at the stroke of eight.
// Golden dates come from Python's datetime and a loop over days; 27 March 2026 and the like are
// expiries that Deribit lists.
#include "edge/listing/calendar.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace miletus::listing {
namespace {

using std::chrono::nanoseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr Counts of_options{.dailies = 3, .weeklies = 3, .monthlies = 3, .quarterlies = 4};

struct Moment {
    year_month_day date;
    nanoseconds time_of_day;
};

UnixNanos at(const Moment& moment) {
    return UnixNanos(
        nanoseconds(sys_days(moment.date).time_since_epoch() + moment.time_of_day).count());
}

UnixNanos at_eight(const year_month_day& date) {
    return at({.date = date, .time_of_day = std::chrono::hours(8)});
}

UnixNanos just_before_eight(const year_month_day& date) {
    return at({.date = date, .time_of_day = std::chrono::hours(8) - std::chrono::milliseconds(1)});
}

// As they stand in names of instruments.
std::string dates(UnixNanos now, const Counts& counts) {
    constexpr std::string_view months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    std::string text;
    for (const UnixNanos expiry : expiries(now, counts)) {
        const std::chrono::sys_time<nanoseconds> time{nanoseconds(expiry.value())};
        const auto day = std::chrono::floor<std::chrono::days>(time);
        EXPECT_EQ(time - day, std::chrono::hours(8));
        const year_month_day date(day);
        const std::size_t month = unsigned{date.month()} - 1;
        text += (text.empty() ? "" : " ") + std::to_string(unsigned{date.day()}) +
                std::string(months.substr(month * 3, 3)) + std::to_string(int{date.year()} % 100);
    }
    return text;
}

using namespace std::chrono_literals;

TEST(Calendar, lists_days_weeks_months_and_quarters) {
    const Moment evening{.date = 2026y / 11 / 21, .time_of_day = 18h};
    EXPECT_EQ(dates(at(evening), of_options),
              "22NOV26 23NOV26 24NOV26 27NOV26 4DEC26 11DEC26 25DEC26 29JAN27 26MAR27 25JUN27 "
              "24SEP27");
    EXPECT_EQ(dates(at_eight(2026y / 3 / 27),
                    {.dailies = 0, .weeklies = 2, .monthlies = 3, .quarterlies = 4}),
              "3APR26 10APR26 24APR26 29MAY26 26JUN26 25SEP26 25DEC26 26MAR27");
}

TEST(Calendar, goes_on_at_eight_and_not_a_millisecond_earlier) {
    EXPECT_EQ(dates(just_before_eight(2026y / 3 / 27), of_options),
              "27MAR26 28MAR26 29MAR26 3APR26 10APR26 24APR26 29MAY26 26JUN26 25SEP26 25DEC26");
    EXPECT_EQ(dates(at_eight(2026y / 3 / 27), of_options),
              "28MAR26 29MAR26 30MAR26 3APR26 10APR26 17APR26 24APR26 29MAY26 26JUN26 25SEP26 "
              "25DEC26 26MAR27");
    EXPECT_EQ(dates(at_eight(2026y / 3 / 27) + Nanos(1), of_options),
              dates(at_eight(2026y / 3 / 27), of_options));
}

TEST(Calendar, goes_over_the_end_of_a_year) {
    const Moment noon{.date = 2026y / 12 / 30, .time_of_day = 12h};
    EXPECT_EQ(dates(at(noon), of_options),
              "31DEC26 1JAN27 2JAN27 8JAN27 15JAN27 29JAN27 26FEB27 26MAR27 25JUN27 24SEP27 "
              "31DEC27");
    EXPECT_EQ(dates(at_eight(2026y / 12 / 31), of_options),
              "1JAN27 2JAN27 3JAN27 8JAN27 15JAN27 29JAN27 26FEB27 26MAR27 25JUN27 24SEP27 "
              "31DEC27");
    EXPECT_EQ(dates(just_before_eight(2026y / 12 / 25), of_options),
              "25DEC26 26DEC26 27DEC26 1JAN27 8JAN27 29JAN27 26FEB27 26MAR27 25JUN27 24SEP27");
    EXPECT_EQ(dates(at_eight(2026y / 12 / 25), of_options),
              "26DEC26 27DEC26 28DEC26 1JAN27 8JAN27 15JAN27 29JAN27 26FEB27 26MAR27 25JUN27 "
              "24SEP27 31DEC27");
}

TEST(Calendar, knows_leap_years) {
    const Counts days{.dailies = 3, .weeklies = 0, .monthlies = 0, .quarterlies = 0};
    EXPECT_EQ(dates(at_eight(2028y / 2 / 28), days), "29FEB28 1MAR28 2MAR28");
    EXPECT_EQ(dates(at_eight(2027y / 2 / 27), days), "28FEB27 1MAR27 2MAR27");
    EXPECT_EQ(dates(at_eight(2100y / 2 / 27), days), "28FEB0 1MAR0 2MAR0");
    EXPECT_EQ(dates(just_before_eight(2028y / 2 / 25), of_options),
              "25FEB28 26FEB28 27FEB28 3MAR28 10MAR28 31MAR28 28APR28 30JUN28 29SEP28 29DEC28");
    EXPECT_EQ(dates(at_eight(2028y / 2 / 25), of_options),
              "26FEB28 27FEB28 28FEB28 3MAR28 10MAR28 17MAR28 31MAR28 28APR28 26MAY28 30JUN28 "
              "29SEP28 29DEC28");
}

// October 2027 and May 2026 have five Fridays: the fourth is an ordinary one.
TEST(Calendar, takes_the_fifth_friday_where_a_month_has_one) {
    EXPECT_EQ(dates(just_before_eight(2027y / 10 / 29), of_options),
              "29OCT27 30OCT27 31OCT27 5NOV27 12NOV27 26NOV27 31DEC27 31MAR28 30JUN28 29SEP28");
    EXPECT_EQ(dates(at_eight(2027y / 10 / 29), of_options),
              "30OCT27 31OCT27 1NOV27 5NOV27 12NOV27 19NOV27 26NOV27 31DEC27 28JAN28 31MAR28 "
              "30JUN28 29SEP28");
    EXPECT_EQ(dates(at_eight(2026y / 5 / 1), of_options),
              "2MAY26 3MAY26 4MAY26 8MAY26 15MAY26 22MAY26 29MAY26 26JUN26 31JUL26 25SEP26 25DEC26 "
              "26MAR27");
}

TEST(Calendar, of_nothing_is_empty) {
    EXPECT_TRUE(expiries(at_eight(2026y / 3 / 27), {}).empty());
    EXPECT_EQ(dates(UnixNanos(0), {.dailies = 1, .weeklies = 1, .monthlies = 1, .quarterlies = 1}),
              "1JAN70 2JAN70 30JAN70 27MAR70");
}

// Day by day over years, against a search that knows nothing but which days are Fridays.
TEST(Calendar, agrees_with_a_search_through_all_days) {
    const auto is_friday = [](sys_days day) {
        return day.time_since_epoch().count() % 7 == 1;  // the second of January 1970 was one
    };
    const auto month_of = [](sys_days day) {
        return year_month_day(day).month();
    };
    for (sys_days today = 2023y / 12 / 1; today < sys_days(2029y / 1 / 10);
         today += std::chrono::days(1)) {
        Counts left = of_options;
        std::vector<UnixNanos> found;
        for (sys_days day = today + std::chrono::days(1); left.quarterlies + left.monthlies != 0;
             day += std::chrono::days(1)) {
            const bool is_last = month_of(day) != month_of(day + std::chrono::days(7));
            const bool is_monthly = is_friday(day) && is_last;
            const bool is_quarterly = is_monthly && unsigned{month_of(day)} % 3 == 0;
            bool is_listed = false;
            const auto take = [&is_listed](bool is_such, std::uint32_t& count) {
                if (is_such && count != 0) {
                    --count;
                    is_listed = true;
                }
            };
            take(true, left.dailies);
            take(is_friday(day), left.weeklies);
            take(is_monthly, left.monthlies);
            take(is_quarterly, left.quarterlies);
            if (is_listed) {
                found.push_back(at_eight(day));
            }
        }
        ASSERT_EQ(expiries(at_eight(today), of_options), found);
    }
}

}  // namespace
}  // namespace miletus::listing
