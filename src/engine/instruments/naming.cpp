// Builds instrument names without locale or allocation.
#include "engine/instruments/naming.hpp"

#include "base/assert.hpp"

namespace miletus::instruments {

namespace {

constexpr std::int64_t nanos_per_day = 86'400'000'000'000;
constexpr std::int64_t price_units = 1'000'000;

class NameWriter {
  public:
    void text(std::string_view letters) {
        for (const char letter : letters) {
            ASSERT(used_ < name_.letters.size());
            name_.letters[used_++] = letter;
        }
    }

    void number(std::int64_t value, std::size_t digits_min) {
        ASSERT(value >= 0);
        std::array<char, 20> digits{};
        std::size_t count = 0;
        for (; value != 0 || count < digits_min; value /= 10) {
            digits[count++] = static_cast<char>('0' + value % 10);
        }
        while (count != 0) {
            text({&digits[--count], 1});
        }
    }

    [[nodiscard]] protocol::InstrumentName name() const { return name_; }

  private:
    protocol::InstrumentName name_;
    std::size_t used_ = 0;
};

struct Date {
    std::int64_t year;
    std::size_t month;  // 0 is January
    std::int64_t day;
};

// Days since 1970 to a date: counts in 400-year eras of years that begin in March.
Date date_of(std::int64_t days) {
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = shifted / 146'097;
    const std::int64_t day_of_era = shifted % 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t march_month = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * march_month + 2) / 5 + 1;
    const std::int64_t month = march_month < 10 ? march_month + 2 : march_month - 10;
    const std::int64_t year = year_of_era + era * 400 + (month < 2 ? 1 : 0);
    return {.year = year, .month = static_cast<std::size_t>(month), .day = day};
}

void write_date(NameWriter& writer, UnixNanos moment) {
    constexpr std::string_view months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    const Date date = date_of(moment.value() / nanos_per_day);
    writer.number(date.day, 1);
    writer.text(months.substr(date.month * 3, 3));
    writer.number(date.year % 100, 2);
}

void write_strike(NameWriter& writer, IndexPrice strike) {
    writer.number(strike.value() / price_units, 1);
    std::int64_t fraction = strike.value() % price_units;
    if (fraction == 0) {
        return;
    }
    std::size_t digits = 6;
    for (; fraction % 10 == 0; fraction /= 10) {
        --digits;
    }
    writer.text("d");
    writer.number(fraction, digits);
}

}  // namespace

protocol::InstrumentName instrument_name(std::string_view underlying, protocol::InstrumentKind kind,
                                         UnixNanos expiry, IndexPrice strike) {
    NameWriter writer;
    writer.text(underlying);
    writer.text("-");
    if (kind == protocol::InstrumentKind::perpetual) {
        writer.text("PERPETUAL");
        return writer.name();
    }
    write_date(writer, expiry);
    if (kind != protocol::InstrumentKind::future) {
        writer.text("-");
        write_strike(writer, strike);
        writer.text(kind == protocol::InstrumentKind::call ? "-C" : "-P");
    }
    return writer.name();
}

}  // namespace miletus::instruments
