// Tokens: two numbers with a dash between them.
#include "edge/gateway/deribit/objects/pages.hpp"

#include "edge/gateway/deribit/objects/questions.hpp"

#include <limits>

namespace miletus::deribit {

IdText page_token(const PagePlace& place) {
    IdText token;
    token.push_number(static_cast<std::uint64_t>(place.time.value()));
    token.push('-');
    token.push_number(place.number);
    return token;
}

void write_continuation(JsonWriter& writer, const std::optional<PagePlace>& next) {
    if (next.has_value()) {
        writer.text("continuation", page_token(*next).view());
    } else {
        writer.null("continuation");
    }
}

std::optional<PagePlace> page_place(std::string_view token) {
    const std::size_t dash = token.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto time = number_in_id(token.substr(0, dash));
    const auto number = number_in_id(token.substr(dash + 1));
    constexpr std::uint64_t time_max = std::numeric_limits<std::int64_t>::max();
    if (!time.has_value() || !number.has_value() || *time > time_max) {
        return std::nullopt;
    }
    return PagePlace{.time = UnixNanos(static_cast<std::int64_t>(*time)), .number = *number};
}

}  // namespace miletus::deribit
