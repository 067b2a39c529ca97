// Words to access and back.
#include "edge/credentials/scopes.hpp"

#include "edge/credentials/letters.hpp"

#include <algorithm>

namespace miletus::credentials {

namespace {

constexpr std::array<std::string_view, area_count> area_words = {
    "account", "trade", "wallet", "block_trade", "block_rfq", "custody"};
constexpr std::array<std::string_view, 3> access_words = {"none", "read", "read_write"};
constexpr std::uint64_t expires_max_s = 31'536'000;
constexpr std::int64_t second_ns = 1'000'000'000;

template <class Enum, std::size_t count>
std::optional<Enum> named(const std::array<std::string_view, count>& words, std::string_view word) {
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) {
        return std::nullopt;
    }
    return static_cast<Enum>(found - words.begin());
}

struct Pair {
    std::string_view name;
    std::string_view value;
};
// Of "name:value"; both may be empty.
Pair pair_of(std::string_view word) {
    const std::size_t colon = std::min(word.find(':'), word.size());
    return {.name = word.substr(0, colon), .value = word.substr(std::min(colon + 1, word.size()))};
}

struct AreaAccess {
    Area area{};
    Access access{};
};
std::optional<AreaAccess> area_access_of(const Pair& pair) {
    const std::optional<Area> area = named<Area>(area_words, pair.name);
    const std::optional<Access> access = named<Access>(access_words, pair.value);
    if (!area.has_value() || !access.has_value()) {
        return std::nullopt;
    }
    return AreaAccess{.area = *area, .access = *access};
}

}  // namespace

std::string_view word_of(Area area) {
    return area_words.at(std::to_underlying(area));
}

std::string_view word_of(Access access) {
    return access_words.at(std::to_underlying(access));
}

Scopes Scopes::within(const Scopes& most) const {
    Scopes narrowed = *this;
    for (std::size_t area = 0; area < area_count; ++area) {
        narrowed.access_.at(area) = std::min(access_.at(area), most.access_.at(area));
    }
    return narrowed;
}

std::string Scopes::text() const {
    std::string text;
    for (std::size_t area = 0; area < area_count; ++area) {
        if (access_.at(area) != Access::none) {
            text += text.empty() ? "" : " ";
            text += area_words.at(area);
            text += ':';
            text += word_of(access_.at(area));
        }
    }
    return text;
}

std::optional<Scopes> parse_maximum(std::string_view text) {
    Scopes scopes;
    for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
        const std::optional<AreaAccess> asked = area_access_of(pair_of(word));
        if (!asked.has_value()) {
            return std::nullopt;
        }
        scopes.set(asked->area, asked->access);
    }
    return scopes;
}

Scopes ScopeRequest::granted(const Scopes& most) const {
    Scopes scopes = most;
    for (std::size_t area = 0; area < area_count; ++area) {
        scopes.set(static_cast<Area>(area), areas.at(area).value_or(Access::read_write));
    }
    return scopes.within(most);
}

ScopeRequest parse_scope(std::string_view text) {
    ScopeRequest request;
    for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
        const Pair pair = pair_of(word);
        if (const std::optional<AreaAccess> asked = area_access_of(pair); asked.has_value()) {
            request.areas.at(std::to_underlying(asked->area)) = asked->access;
        } else if (pair.name == "session" && is_session_name(pair.value)) {
            request.session = pair.value;
        } else if (pair.name == "expires") {
            const std::optional<std::uint64_t> seconds = number_of(pair.value, expires_max_s);
            if (seconds.has_value() && *seconds > 0) {
                request.expires_after = Nanos(static_cast<std::int64_t>(*seconds) * second_ns);
            }
        } else if (pair.name == "ip") {
            request.address = IpAddress::parse(pair.value);
            request.has_bad_address |= !request.address.has_value();
        }
    }
    return request;
}

bool is_session_name(std::string_view name) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:@";
    return !name.empty() && name.size() <= session_name_max &&
           name.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace miletus::credentials
