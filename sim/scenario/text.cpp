// Parsing and printing of scalars.
#include "sim/scenario/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace miletus::scenario {

namespace {

constexpr std::int64_t second = 1'000'000'000;

struct SpanUnit {
    std::string_view suffix;
    std::int64_t nanos;
};
constexpr std::array<SpanUnit, 5> span_units = {
    {{"ns", 1}, {"s", second}, {"m", 60 * second}, {"h", 3600 * second}, {"d", 86'400 * second}}};

std::string two_digits(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view line) {
    line = line.substr(0, line.find('#'));
    std::vector<std::string_view> words;
    for (std::size_t at = line.find_first_not_of(' '); at != std::string_view::npos;
         at = line.find_first_not_of(' ', at)) {
        const std::size_t end = std::min(line.find(' ', at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

std::optional<std::int64_t> integer_of(std::string_view text) {
    return decimal_of(text, 0);
}

std::optional<UnixNanos> time_of(std::string_view text) {
    const std::string_view date = text.substr(0, text.find('T'));
    if (date.size() != 10) {
        return std::nullopt;
    }
    const auto year = integer_of(date.substr(0, 4));
    const auto month = integer_of(date.substr(5, 2));
    const auto day = integer_of(date.substr(8, 2));
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day when{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!when.ok()) {
        return std::nullopt;
    }
    std::int64_t seconds =
        std::chrono::sys_seconds(std::chrono::sys_days(when)).time_since_epoch().count();
    if (date.size() != text.size()) {
        const std::string_view clock = text.substr(11);
        const auto hours = integer_of(clock.substr(0, 2));
        const auto minutes = integer_of(clock.size() >= 5 ? clock.substr(3, 2) : "x");
        const auto rest = integer_of(clock.size() == 8 ? clock.substr(6, 2) : "0");
        if (!hours || !minutes || !rest) {
            return std::nullopt;
        }
        seconds += *hours * 3600 + *minutes * 60 + *rest;
    }
    return UnixNanos(seconds * second);
}

std::optional<Nanos> span_of(std::string_view text) {
    for (const SpanUnit& unit : span_units) {
        const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
        if (text.substr(digits.size()) == unit.suffix) {
            const auto count = integer_of(digits);
            return count ? std::optional(Nanos(*count * unit.nanos)) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string time_text(UnixNanos moment) {
    const std::int64_t seconds = moment.value() / second;
    const std::chrono::sys_days day{std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds(std::chrono::seconds(seconds)))};
    const std::chrono::year_month_day date(day);
    const std::int64_t clock = seconds - std::chrono::sys_seconds(day).time_since_epoch().count();
    return std::to_string(static_cast<int>(date.year())) + "-" +
           two_digits(static_cast<unsigned>(date.month())) + "-" +
           two_digits(static_cast<unsigned>(date.day())) + "T" + two_digits(clock / 3600) + ":" +
           two_digits(clock / 60 % 60) + ":" + two_digits(clock % 60);
}

}  // namespace miletus::scenario
