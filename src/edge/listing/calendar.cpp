// Days, Fridays and last Fridays.
#include "edge/listing/calendar.hpp"

#include <chrono>
#include <set>

namespace miletus::listing {

namespace {

using std::chrono::days;
using std::chrono::Friday;
using std::chrono::nanoseconds;
using std::chrono::sys_days;
using std::chrono::year_month;

constexpr std::chrono::hours hour_of_expiry{8};
constexpr std::uint32_t months_of_quarter = 3;

UnixNanos expiry_on(sys_days day) {
    return UnixNanos(nanoseconds(day.time_since_epoch() + hour_of_expiry).count());
}

// The first day whose expiry lies after now.
sys_days first_day_after(UnixNanos now) {
    const std::chrono::sys_time<nanoseconds> moment{nanoseconds(now.value())};
    return std::chrono::floor<days>(moment - hour_of_expiry) + days(1);
}

// `count` of them from this day on, in months that are whole multiples of `every`.
void add_last_fridays(sys_days first, std::uint32_t every, std::uint32_t count,
                      std::set<UnixNanos>& found) {
    const std::chrono::year_month_day date(first);
    year_month month = date.year() / date.month();
    for (std::uint32_t left = count; left != 0; month += std::chrono::months(1)) {
        const sys_days last_friday(month / Friday[std::chrono::last]);
        if (static_cast<unsigned>(month.month()) % every == 0 && last_friday >= first) {
            found.insert(expiry_on(last_friday));
            --left;
        }
    }
}

}  // namespace

std::vector<UnixNanos> expiries(UnixNanos now, const Counts& counts) {
    const sys_days first = first_day_after(now);
    std::set<UnixNanos> found;
    for (std::uint32_t day = 0; day < counts.dailies; ++day) {
        found.insert(expiry_on(first + days(day)));
    }
    const sys_days friday = first + (Friday - std::chrono::weekday(first));
    for (std::uint32_t week = 0; week < counts.weeklies; ++week) {
        found.insert(expiry_on(friday + std::chrono::weeks(week)));
    }
    add_last_fridays(first, 1, counts.monthlies, found);
    add_last_fridays(first, months_of_quarter, counts.quarterlies, found);
    return {found.begin(), found.end()};
}

}  // namespace miletus::listing
