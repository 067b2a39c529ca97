// Queries of HTTP targets, and forms: pairs of names and values, percent-decoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace miletus::deribit {

struct Target {
    std::string_view path;
    std::string_view query;
};
[[nodiscard]] Target target_of(std::string_view target);

// The method's name in a path or a message, without what clients put before it:
// "/api/v2/public/auth" and "/public/auth" are "public/auth"; "/api/v2" is empty.
[[nodiscard]] std::string_view method_in(std::string_view path);

// Takes the first pair off the query.
struct Pair {
    std::string_view name;
    std::string_view value;  // as it was sent
};
[[nodiscard]] Pair take_pair(std::string_view& query);

// Whether a Content-Type begins with this, which is in small letters.
[[nodiscard]] bool is_of_type(std::string_view content_type, std::string_view type);

// The name of a list without its brackets: channels[] and channels[0] are channels.
[[nodiscard]] std::string_view without_brackets(std::string_view name);

// Appends what the text stands for; false where a percent sign is not followed by two digits.
[[nodiscard]] bool percent_decode(std::string& out, std::string_view text);

}  // namespace miletus::deribit
