// Patterns and names are taken apart at their points, and compared part by part.
#include "edge/gateway/deribit/rpc/channel.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace miletus::deribit {

namespace {

constexpr std::size_t name_bytes_max = 128;

// Takes what stands before the next point off the front.
[[nodiscard]] std::string_view take_part(std::string_view& text) {
    const std::size_t point = text.find('.');
    const std::string_view part = text.substr(0, point);
    text.remove_prefix(point == std::string_view::npos ? text.size() : point + 1);
    return part;
}

[[nodiscard]] constexpr bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
}
[[nodiscard]] bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_letter);
}

template <class Enum>
[[nodiscard]] bool take_choice(Enum& value, std::string_view part) {
    const std::optional<Enum> chosen = choice_named<Enum>(part);
    value = chosen.value_or(value);
    return chosen.has_value();
}
[[nodiscard]] bool take_name(std::string_view& value, std::string_view part) {
    value = part;
    return is_name(part);
}

// Whether the part can stand where the pattern has this one.
[[nodiscard]] bool take(Channel& channel, std::string_view pattern, std::string_view part) {
    if (!pattern.starts_with('{')) {
        return pattern == part;
    }
    if (pattern == "{instrument_name}") {
        return take_name(channel.instrument_name, part);
    }
    if (pattern == "{interval}") {
        return take_choice(channel.interval, part);
    }
    if (pattern == "{kind}") {
        return take_choice(channel.instrument_kind, part);
    }
    if (pattern == "{currency}") {
        return take_name(channel.currency, part);
    }
    if (pattern == "{index_name}") {
        return take_name(channel.index_name, part);
    }
    if (pattern == "{resolution}") {
        return take_choice(channel.resolution, part);
    }
    if (pattern == "{group}") {
        return take_choice(channel.group, part);
    }
    ASSERT(pattern == "{depth}");
    return take_choice(channel.depth, part);
}

[[nodiscard]] std::optional<Channel> match(const ChannelRow& row, std::string_view name) {
    Channel channel;
    channel.kind = row.kind;
    std::string_view pattern = row.pattern;
    while (!pattern.empty() && !name.empty()) {
        const std::string_view expected = take_part(pattern);
        if (!take(channel, expected, take_part(name))) {
            return std::nullopt;
        }
    }
    return pattern.empty() && name.empty() ? std::optional(channel) : std::nullopt;
}

enum class Case : std::uint8_t { small, capital };

void append_in(std::string& out, std::string_view text, Case wanted) {
    for (const char letter : text) {
        const bool is_small = letter >= 'a' && letter <= 'z';
        const bool is_capital = letter >= 'A' && letter <= 'Z';
        if (wanted == Case::small && is_capital) {
            out.push_back(static_cast<char>(letter - 'A' + 'a'));
        } else if (wanted == Case::capital && is_small) {
            out.push_back(static_cast<char>(letter - 'a' + 'A'));
        } else {
            out.push_back(letter);
        }
    }
}

void append_currency(std::string& out, const Channel& channel) {
    constexpr std::string_view any = "any";
    std::string small;
    append_in(small, channel.currency, Case::small);
    if (small == any || channel.kind == ChannelKind::user_portfolio) {
        out += small;
        return;
    }
    append_in(out, channel.currency, Case::capital);
}

void append_part(std::string& out, const Channel& channel, std::string_view pattern) {
    if (!pattern.starts_with('{')) {
        out += pattern;
    } else if (pattern == "{instrument_name}") {
        out += channel.instrument_name;
    } else if (pattern == "{interval}") {
        out += word(channel.interval);
    } else if (pattern == "{kind}") {
        out += word(channel.instrument_kind);
    } else if (pattern == "{currency}") {
        append_currency(out, channel);
    } else if (pattern == "{index_name}") {
        append_in(out, channel.index_name, Case::small);
    } else if (pattern == "{resolution}") {
        out += word(channel.resolution);
    } else if (pattern == "{group}") {
        out += word(channel.group);
    } else {
        out += word(channel.depth);
    }
}

}  // namespace

std::optional<Channel> parse_channel(std::string_view name) {
    if (name.size() > name_bytes_max || name.ends_with('.')) {
        return std::nullopt;
    }
    for (const ChannelRow& row : all_channels()) {
        const std::optional<Channel> channel = match(row, name);
        if (channel.has_value()) {
            return channel;
        }
    }
    return std::nullopt;
}

std::string canonical_name(const Channel& channel) {
    std::string out;
    std::string_view pattern = row(channel.kind).pattern;
    while (!pattern.empty()) {
        if (!out.empty()) {
            out.push_back('.');
        }
        append_part(out, channel, take_part(pattern));
    }
    return out;
}

}  // namespace miletus::deribit
