// Schemes, and the words behind them.
#include "edge/credentials/authorization.hpp"

#include "edge/credentials/letters.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace miletus::credentials {

namespace {

constexpr std::size_t header_max = 4096;

// Takes "name=value" off the front, up to a comma.
struct Field {
    std::string_view name;
    std::string_view value;
};
std::optional<Field> next_field(std::string_view& text) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = whole.find('=');
    if (equals == std::string_view::npos) {
        return std::nullopt;
    }
    return Field{.name = trimmed(whole.substr(0, equals)),
                 .value = trimmed(whole.substr(equals + 1))};
}

Outcome<Authorization> parse_signature(std::string_view text) {
    HttpSignature signature;
    const std::array<std::pair<std::string_view, std::string_view*>, 4> known = {
        {{"id", &signature.client_id},
         {"ts", &signature.timestamp},
         {"sig", &signature.signature},
         {"nonce", &signature.nonce}}};
    while (!text.empty()) {
        const std::optional<Field> field = next_field(text);
        if (!field.has_value()) {
            return std::unexpected(Denial::malformed);
        }
        for (const auto& [name, value] : known) {
            if (field->name != name) {
                continue;
            }
            if (!value->empty() || field->value.empty()) {
                return std::unexpected(Denial::malformed);
            }
            *value = field->value;
        }
    }
    const bool is_whole =
        std::ranges::none_of(known, [](const auto& entry) { return entry.second->empty(); });
    if (!is_whole) {
        return std::unexpected(Denial::malformed);
    }
    return Authorization(signature);
}

Outcome<Authorization> parse_basic(std::string_view text) {
    std::optional<std::string> pair = from_base64(text);
    if (!pair.has_value()) {
        return std::unexpected(Denial::malformed);
    }
    const std::string_view letters = *pair;
    const std::size_t colon = letters.find(':');
    const bool is_pair = colon != std::string_view::npos && colon > 0;
    BasicLogin login;
    if (is_pair) {
        login.client_id = letters.substr(0, colon);
        login.secret = Secret(letters.substr(colon + 1));
    }
    wipe(*pair);
    if (!is_pair) {
        return std::unexpected(Denial::malformed);
    }
    return Authorization(std::move(login));
}

}  // namespace

Outcome<Authorization> parse_authorization(std::string_view header) {
    if (header.size() > header_max) {
        return std::unexpected(Denial::malformed);
    }
    const std::string_view scheme = next_word(header);
    const std::string_view rest = trimmed(header);
    if (rest.empty()) {
        return std::unexpected(Denial::malformed);
    }
    if (is_same_in_any_case(scheme, "deri-hmac-sha256")) {
        return parse_signature(rest);
    }
    if (is_same_in_any_case(scheme, "basic")) {
        return parse_basic(rest);
    }
    if (is_same_in_any_case(scheme, "bearer")) {
        return Authorization(BearerToken{.token = rest});
    }
    return std::unexpected(Denial::malformed);
}

}  // namespace miletus::credentials
