// Lines, then fields, then numbers. Times of quotes become ages before the newest of them, and
// expiries become years after it.
#include "surface_report/chain_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>

namespace miletus::surface_report {

namespace {

enum class Column : std::uint8_t {
    timestamp,
    currency,
    kind,
    strike,
    expiry,
    time,
    bid,
    ask,
    mark,
    forward,
    index,
    age,
};
constexpr std::size_t columns = 12;

struct Name {
    std::string_view text;
    Column column;
};

// The first of a column's names is the one that mistakes are told by.
constexpr std::array names{Name{"timestamp", Column::timestamp},
                           Name{"currency", Column::currency},
                           Name{"option_type", Column::kind},
                           Name{"strike", Column::strike},
                           Name{"expiry_datetime", Column::expiry},
                           Name{"time_to_maturity", Column::time},
                           Name{"bid_price", Column::bid},
                           Name{"ask_price", Column::ask},
                           Name{"mark_price", Column::mark},
                           Name{"futures_price", Column::forward},
                           Name{"index_price", Column::index},
                           Name{"age", Column::age},
                           Name{"underlying", Column::currency},
                           Name{"kind", Column::kind},
                           Name{"type", Column::kind},
                           Name{"expiry", Column::expiry},
                           Name{"time", Column::time},
                           Name{"bid", Column::bid},
                           Name{"ask", Column::ask},
                           Name{"mark", Column::mark},
                           Name{"forward", Column::forward},
                           Name{"index", Column::index}};

constexpr std::size_t number_of(Column column) {
    return static_cast<std::size_t>(column);
}

std::string_view name_of(Column column) {
    return names[number_of(column)].text;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// What stands between quotation marks, where two of them are one.
std::string without_marks(std::string_view field) {
    if (field.size() < 2 || field.front() != '"' || field.back() != '"') {
        return std::string(field);
    }
    field = field.substr(1, field.size() - 2);
    std::string text;
    for (std::size_t at = 0; at < field.size(); ++at) {
        text += field[at];
        at += field.substr(at).starts_with("\"\"") ? 1U : 0U;
    }
    return text;
}

// Between commas; one in quotation marks may hold commas.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    bool is_quoted = false;
    std::size_t start = 0;
    for (std::size_t at = 0; at <= line.size(); ++at) {
        const bool is_end = at == line.size();
        if (!is_end && line[at] == '"') {
            is_quoted = !is_quoted;
        }
        if (is_end || (line[at] == ',' && !is_quoted)) {
            fields.push_back(without_marks(trimmed(line.substr(start, at - start))));
            start = at + 1;
        }
    }
    return fields;
}

std::uint32_t bits_of(char byte) {
    return static_cast<unsigned char>(byte);
}

// Whether a byte goes on within a letter of UTF-8: it begins with the bits 10.
bool goes_on(char byte) {
    return (bits_of(byte) & 0xC0U) == 0x80U;
}

// How many bytes the letter at the beginning of a text has, or 0 where it is none: cut off, longer
// than it must be, half of a pair, beyond the last letter, or of no meaning in XML.
std::size_t letter_size(std::string_view text) {
    const std::uint32_t first = bits_of(text.front());
    if (first < 0x80) {
        return 1;
    }
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) {
        return 0;
    }
    std::uint32_t letter = first & (0x7FU >> size);
    for (const char byte : text.substr(1, size - 1)) {
        if (!goes_on(byte)) {
            return 0;
        }
        letter = letter << 6U | (bits_of(byte) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x1'0000};
    const bool is_half = 0xD800 <= letter && letter <= 0xDFFF;
    const bool is_meant = letter != 0xFFFE && letter != 0xFFFF;
    return least[size] <= letter && letter <= 0x10'FFFF && !is_half && is_meant ? size : 0;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t size = letter_size(text);
        if (size == 0) {
            return false;
        }
        text.remove_prefix(size);
    }
    return true;
}

std::string at_line(std::size_t line) {
    return "line " + std::to_string(line);
}

std::string at_field(std::size_t line, Column column) {
    return at_line(line) + ", column " + std::string(name_of(column));
}

// Cut between letters, not within one.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 40;
    if (text.size() <= longest) {
        return "\"" + std::string(text) + "\"";
    }
    std::size_t size = longest;
    while (size > 0 && goes_on(text[size])) {
        --size;
    }
    return "\"" + std::string(text.substr(0, size)) + "…\"";
}

// Days since 1970 of a date in the Gregorian calendar, from the first of March on.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
    const std::int64_t from_march = (month + 9) % 12;
    const std::int64_t years = year - (month <= 2 ? 1 : 0);
    const std::int64_t era = years / 400;
    const std::int64_t of_era = years - era * 400;
    const std::int64_t of_year = (153 * from_march + 2) / 5 + day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

// Whole numbers of so many digits, one after the other.
class Digits {
  public:
    explicit Digits(std::string_view text) : text_(text) {}

    std::int64_t next(std::size_t count) {
        std::int64_t number = 0;
        if (text_.size() < count) {
            is_good_ = false;
            return 0;
        }
        for (const char letter : text_.substr(0, count)) {
            is_good_ = is_good_ && '0' <= letter && letter <= '9';
            number = number * 10 + (letter - '0');
        }
        text_.remove_prefix(count);
        return number;
    }
    void skip(std::string_view allowed) {
        is_good_ = is_good_ && !text_.empty() && allowed.find(text_.front()) != allowed.npos;
        text_.remove_prefix(text_.empty() ? 0 : 1);
    }
    double fraction() {
        double value = 0;
        double digit = 0.1;
        if (!text_.empty() && text_.front() == '.') {
            text_.remove_prefix(1);
            is_good_ = is_good_ && !text_.empty() && '0' <= text_.front() && text_.front() <= '9';
            while (!text_.empty() && '0' <= text_.front() && text_.front() <= '9') {
                value += digit * (text_.front() - '0');
                digit *= 0.1;
                text_.remove_prefix(1);
            }
        }
        return value;
    }
    [[nodiscard]] std::string_view left() const { return text_; }
    [[nodiscard]] bool is_good() const { return is_good_; }

  private:
    std::string_view text_;
    bool is_good_ = true;
};

std::int64_t days_in(std::int64_t year, std::int64_t month) {
    const bool is_december = month == 12;
    return days_of(is_december ? year + 1 : year, is_december ? 1 : month + 1, 1) -
           days_of(year, month, 1);
}

// Seconds since 1970 at which a day begins.
std::optional<double> date_of(Digits& digits) {
    const std::int64_t year = digits.next(4);
    digits.skip("-");
    const std::int64_t month = digits.next(2);
    digits.skip("-");
    const std::int64_t day = digits.next(2);
    const bool is_date = digits.is_good() && year >= 1970 && 1 <= month && month <= 12 &&
                         1 <= day && day <= days_in(year, month);
    return is_date ? std::optional(static_cast<double>(days_of(year, month, day)) * 86'400)
                   : std::nullopt;
}

// Seconds in hours and minutes, of a day or of a zone.
std::optional<double> clock_of(Digits& digits) {
    const std::int64_t hours = digits.next(2);
    digits.skip(":");
    const std::int64_t minutes = digits.next(2);
    const bool is_clock = digits.is_good() && hours <= 23 && minutes <= 59;
    return is_clock ? std::optional(static_cast<double>(hours * 3600 + minutes * 60))
                    : std::nullopt;
}

// Seconds that a zone is ahead; Z and nothing at all are none.
std::optional<double> zone_of(Digits& digits) {
    if (digits.left() == "Z" || digits.left().empty()) {
        return 0;
    }
    const double sign = digits.left().front() == '-' ? -1 : 1;
    digits.skip("+-");
    const std::optional<double> ahead = clock_of(digits);
    return ahead && digits.left().empty() ? std::optional(sign * *ahead) : std::nullopt;
}

// Seconds since 1970 of 2026-01-16T08:00:00+00:00, of such a moment with a fraction, a Z or nothing
// behind it, or of a date alone. Leap seconds are none: days have 86400 seconds.
std::optional<double> moment_of(std::string_view text) {
    Digits digits(text);
    const std::optional<double> date = date_of(digits);
    if (!date || digits.left().empty()) {
        return date;
    }
    digits.skip("T ");
    const std::optional<double> clock = clock_of(digits);
    digits.skip(":");
    const std::int64_t seconds = digits.next(2);
    const double fraction = digits.fraction();
    const bool is_clock = clock && digits.is_good() && seconds <= 59;
    const std::optional<double> ahead = is_clock ? zone_of(digits) : std::nullopt;
    return ahead ? std::optional(*date + *clock + static_cast<double>(seconds) + fraction - *ahead)
                 : std::nullopt;
}

// One row as it stands, before ages and years are known.
struct Row {
    pricing::Quote quote;
    std::string currency;
    std::string expiry;
    double index = 0;
    std::optional<double> time;
    std::optional<double> age;
    std::optional<double> moment;
    std::optional<double> expires;
};

class Reader {
  public:
    std::expected<std::vector<NamedChain>, std::string> read(std::string_view text) {
        std::size_t line = 0;
        while (!text.empty() && problem_.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            ++line;
            read_line(trimmed(text.substr(0, end)), line);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (problem_.empty() && !has_header_) {
            problem_ = "line 1: the file is empty; its first line names the columns";
        }
        if (!problem_.empty()) {
            return std::unexpected(problem_);
        }
        return chains();
    }

  private:
    void read_line(std::string_view line, std::size_t number) {
        if (line.empty()) {
            return;
        }
        if (!is_utf8(line)) {
            problem_ = at_line(number) + ": not text in UTF-8; save the file in that encoding";
            return;
        }
        if (!has_header_) {
            read_header(line, number);
            return;
        }
        const std::vector<std::string> fields = fields_of(line);
        if (fields.size() != width_) {
            problem_ = at_line(number) + ": " + std::to_string(fields.size()) +
                       " fields, where the first line names " + std::to_string(width_) +
                       " columns; give each column a field, empty where there is nothing";
            return;
        }
        read_row(fields, number);
    }

    void read_header(std::string_view line, std::size_t number) {
        constexpr std::string_view mark_of_bytes = "\xEF\xBB\xBF";
        if (line.starts_with(mark_of_bytes)) {
            line.remove_prefix(mark_of_bytes.size());
        }
        const std::vector<std::string> fields = fields_of(line);
        width_ = fields.size();
        has_header_ = true;
        for (const Name& name : names) {
            const auto found = std::ranges::find(fields, name.text);
            std::optional<std::size_t>& place = places_[number_of(name.column)];
            if (found != fields.end() && !place) {
                place = static_cast<std::size_t>(found - fields.begin());
            }
        }
        for (const Column column : {Column::kind, Column::strike, Column::bid, Column::ask}) {
            need(places_[number_of(column)].has_value(), column, number);
        }
        const bool has_time = places_[number_of(Column::time)].has_value();
        const bool has_moments = places_[number_of(Column::expiry)].has_value() &&
                                 places_[number_of(Column::timestamp)].has_value();
        if (problem_.empty() && !has_time && !has_moments) {
            problem_ = at_line(number) +
                       ": nothing says when options expire; name a column time_to_maturity, in "
                       "years, or two, timestamp and expiry_datetime";
        }
    }

    void need(bool is_there, Column column, std::size_t number) {
        if (!is_there && problem_.empty()) {
            problem_ = at_line(number) + ": no column " + std::string(name_of(column)) +
                       "; the first line has to name it";
        }
    }

    void read_row(const std::vector<std::string>& fields, std::size_t number) {
        Row row;
        const auto field = [&](Column column) -> std::string_view {
            const std::optional<std::size_t>& place = places_[number_of(column)];
            return place ? std::string_view(fields[*place]) : std::string_view();
        };
        const auto read_number = [&](Column column, double& value, bool is_needed) {
            return this->read_number(field(column), column, number, value, is_needed);
        };
        row.currency = field(Column::currency);
        row.expiry = field(Column::expiry);
        const bool is_good =
            read_kind(field(Column::kind), number, row.quote.kind) &&
            read_number(Column::strike, row.quote.strike, true) &&
            read_number(Column::bid, row.quote.bid, false) &&
            read_number(Column::ask, row.quote.ask, false) &&
            read_number(Column::mark, row.quote.mark, false) &&
            read_number(Column::forward, row.quote.forward, false) &&
            read_number(Column::index, row.index, false) &&
            read_optional(field(Column::age), Column::age, number, row.age) &&
            read_moment(row.expiry, Column::expiry, number, row.expires) &&
            read_moment(field(Column::timestamp), Column::timestamp, number, row.moment) &&
            read_time(field(Column::time), number, row);
        if (is_good) {
            rows_.push_back(row);
        }
    }

    bool read_kind(std::string_view text, std::size_t line, std::int8_t& kind) {
        for (const std::string_view word : {"call", "C", "c", "Call", "CALL"}) {
            if (text == word) {
                kind = pricing::call;
                return true;
            }
        }
        for (const std::string_view word : {"put", "P", "p", "Put", "PUT"}) {
            if (text == word) {
                kind = pricing::put;
                return true;
            }
        }
        problem_ = at_field(line, Column::kind) + ": " + quoted(text) + "; write call or put";
        return false;
    }

    bool read_number(std::string_view text, Column column, std::size_t line, double& value,
                     bool is_needed) {
        if (text.empty() && !is_needed) {
            return true;
        }
        const auto [end, error] = std::from_chars(text.data(), std::to_address(text.end()), value);
        if (error == std::errc::result_out_of_range) {
            value = std::numeric_limits<double>::infinity();
            return true;
        }
        if (error != std::errc() || end != std::to_address(text.end())) {
            problem_ = at_field(line, column) + ": " + quoted(text) +
                       " is no number; write it as 82000 or 0.0105" +
                       (is_needed ? "" : ", or nothing");
            return false;
        }
        return true;
    }

    bool read_optional(std::string_view text, Column column, std::size_t line,
                       std::optional<double>& value) {
        if (text.empty()) {
            return true;
        }
        return read_number(text, column, line, value.emplace(), false);
    }

    bool read_moment(std::string_view text, Column column, std::size_t line,
                     std::optional<double>& moment) {
        if (text.empty()) {
            return true;
        }
        moment = moment_of(text);
        if (!moment) {
            problem_ = at_field(line, column) + ": " + quoted(text) +
                       " is no moment; write it as 2026-03-27T08:00:00Z";
        }
        return moment.has_value();
    }

    bool read_time(std::string_view text, std::size_t line, Row& row) {
        if (!text.empty()) {
            return read_number(text, Column::time, line, row.time.emplace(), true);
        }
        if (!row.expires || !row.moment) {
            problem_ = at_line(line) +
                       ": nothing says when the option expires; give time_to_maturity in years, "
                       "or timestamp and expiry_datetime";
            return false;
        }
        return true;
    }

    // Rows of one expiry get one time, and each its age. A time that is no number stays with its
    // row, so that no other quote is lost by it.
    [[nodiscard]] std::vector<NamedChain> chains() {
        double newest = 0;
        for (const Row& row : rows_) {
            newest = std::max(newest, row.moment.value_or(0));
        }
        constexpr double year = 365.0 * 86'400;
        std::vector<NamedChain> result;
        std::map<std::pair<std::string_view, std::string_view>, double> times;
        std::map<std::string_view, std::size_t> places;
        for (Row& row : rows_) {
            row.quote.time = row.time.value_or((row.expires.value_or(0) - newest) / year);
            if (!row.expiry.empty() && std::isfinite(row.quote.time)) {
                row.quote.time =
                    times.try_emplace({row.currency, row.expiry}, row.quote.time).first->second;
            }
            row.quote.age = row.age.value_or(newest - row.moment.value_or(newest));
            const auto place = places.try_emplace(row.currency, result.size()).first->second;
            if (place == result.size()) {
                result.push_back({.name = row.currency, .quotes = {}, .labels = {}});
            }
            result[place].quotes.push_back(row.quote);
            result[place].labels.emplace_back(row.expiry.substr(0, 10));
            indices_[place].push_back(row.index);
        }
        for (std::size_t at = 0; at < result.size(); ++at) {
            result[at].spot = middle_of(indices_[at]);
        }
        return result;
    }

    static double middle_of(std::vector<double> values) {
        std::erase_if(values, [](double value) { return !(value > 0); });
        std::ranges::sort(values);
        return values.empty() ? 0 : values[values.size() / 2];
    }

    std::array<std::optional<std::size_t>, columns> places_;
    std::size_t width_ = 0;
    bool has_header_ = false;
    std::vector<Row> rows_;
    std::map<std::size_t, std::vector<double>> indices_;
    std::string problem_;
};

}  // namespace

std::expected<std::vector<NamedChain>, std::string> read_chains(std::string_view text) {
    return Reader().read(text);
}

}  // namespace miletus::surface_report
