// Words, dates and digests of the protocol.
#include "edge/web/text.hpp"

#include "base/assert.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <span>
#include <utility>

namespace miletus::web {

namespace {

constexpr std::int64_t nanos_per_second = 1'000'000'000;
constexpr std::size_t key_bytes = 24;  // of base64
constexpr std::string_view key_padding = "==";
constexpr std::string_view accept_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr auto reasons = std::to_array<std::pair<unsigned, std::string_view>>({
    {200, "OK"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
});

void put(std::span<char> room, std::size_t at, std::string_view text) {
    std::ranges::copy(text, room.subspan(at).begin());
}

void put_number(std::span<char> room, std::size_t at, std::size_t digits, unsigned number) {
    for (std::size_t left = digits; left != 0; --left) {
        room[at + left - 1] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
}

}  // namespace

std::string_view reason_of(unsigned status) {
    const auto* const found =
        std::ranges::find(reasons, status, &std::pair<unsigned, std::string_view>::first);
    return found == reasons.end() ? "Unknown" : found->second;
}

std::array<char, accept_bytes> accept_of(std::string_view key) {
    constexpr std::size_t digest_bytes = 20;
    std::string text(key);
    text += accept_suffix;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ASSERT(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1);
    ASSERT(size == digest_bytes);
    std::array<unsigned char, accept_bytes + 1> encoded{};  // it ends with a zero
    ASSERT(EVP_EncodeBlock(encoded.data(), digest.data(), digest_bytes) == accept_bytes);
    std::array<char, accept_bytes> accept{};
    std::ranges::transform(std::span(encoded).first<accept_bytes>(), accept.begin(),
                           [](unsigned char letter) { return static_cast<char>(letter); });
    return accept;
}

bool is_websocket_key(std::string_view key) {
    const auto is_letter = [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
    };
    return key.size() == key_bytes && key.ends_with(key_padding) &&
           std::ranges::all_of(key.substr(0, key_bytes - key_padding.size()), is_letter);
}

Digits::Digits(std::size_t number) {
    const auto written = std::to_chars(room_.data(), std::to_address(room_.end()), number);
    size_ = static_cast<std::size_t>(written.ptr - room_.data());
}

std::string_view DateHeader::at(UnixNanos now) {
    const std::int64_t second = std::max<std::int64_t>(now.value() / nanos_per_second, 0);
    if (second != second_) {
        second_ = second;
        const std::chrono::sys_seconds moment{std::chrono::seconds(second)};
        const auto midnight = std::chrono::floor<std::chrono::days>(moment);
        const std::chrono::year_month_day date(midnight);
        const std::chrono::hh_mm_ss time(moment - midnight);
        const std::span<char> room(text_);
        put(room, 0, shape);
        put(room, 6, days[std::chrono::weekday(midnight).c_encoding()]);
        put_number(room, 11, 2, static_cast<unsigned>(date.day()));
        put(room, 14, months[static_cast<unsigned>(date.month()) - 1]);
        put_number(room, 18, 4, static_cast<unsigned>(static_cast<int>(date.year())));
        put_number(room, 23, 2, static_cast<unsigned>(time.hours().count()));
        put_number(room, 26, 2, static_cast<unsigned>(time.minutes().count()));
        put_number(room, 29, 2, static_cast<unsigned>(time.seconds().count()));
    }
    return {text_.data(), text_.size()};
}

}  // namespace miletus::web
