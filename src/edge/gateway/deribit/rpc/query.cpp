// By hand: what is signed is the target as it was sent, so nothing is changed in place.
#include "edge/gateway/deribit/rpc/query.hpp"

#include "edge/gateway/deribit/rpc/word.hpp"

namespace miletus::deribit {

namespace {

std::optional<unsigned> digit_of(char letter) {
    if (letter >= '0' && letter <= '9') {
        return static_cast<unsigned>(letter - '0');
    }
    if (letter >= 'a' && letter <= 'f') {
        return static_cast<unsigned>(letter - 'a') + 10U;
    }
    if (letter >= 'A' && letter <= 'F') {
        return static_cast<unsigned>(letter - 'A') + 10U;
    }
    return std::nullopt;
}

std::optional<char> byte_of(std::string_view digits) {
    if (digits.size() < 2) {
        return std::nullopt;
    }
    const std::optional<unsigned> high = digit_of(digits[0]);
    const std::optional<unsigned> low = digit_of(digits[1]);
    if (!high.has_value() || !low.has_value()) {
        return std::nullopt;
    }
    return static_cast<char>(*high * 16 + *low);
}

}  // namespace

Target target_of(std::string_view target) {
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) {
        return {.path = target, .query = ""};
    }
    return {.path = target.substr(0, mark), .query = target.substr(mark + 1)};
}

std::string_view method_in(std::string_view path) {
    while (path.starts_with('/')) {
        path.remove_prefix(1);
    }
    constexpr std::string_view prefix = "api/v2";
    if (path == prefix) {
        return "";
    }
    if (path.starts_with(prefix) && path[prefix.size()] == '/') {
        path.remove_prefix(prefix.size());
        while (path.starts_with('/')) {
            path.remove_prefix(1);
        }
    }
    return path;
}

Pair take_pair(std::string_view& query) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    const std::size_t sign = pair.find('=');
    if (sign == std::string_view::npos) {
        return {.name = pair, .value = ""};
    }
    return {.name = pair.substr(0, sign), .value = pair.substr(sign + 1)};
}

bool is_of_type(std::string_view content_type, std::string_view type) {
    return is_word(content_type.substr(0, type.size()), type);
}

std::string_view without_brackets(std::string_view name) {
    return name.ends_with(']') ? name.substr(0, name.find('[')) : name;
}

bool percent_decode(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t plain = text.find_first_of("%+");
        out.append(text.substr(0, plain));
        if (plain == std::string_view::npos) {
            return true;
        }
        const bool is_escape = text[plain] == '%';
        text.remove_prefix(plain + 1);
        if (!is_escape) {
            out.push_back(' ');
            continue;
        }
        const std::optional<char> byte = byte_of(text);
        if (!byte.has_value()) {
            return false;
        }
        out.push_back(*byte);
        text.remove_prefix(2);
    }
    return true;
}

}  // namespace miletus::deribit
