// What this server writes itself: heads of responses, and the proof that it understood the wish for
// a WebSocket.
#pragma once

#include "base/annotations.hpp"
#include "base/units.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace miletus::web {

// Such as "Not Found".
[[nodiscard]] std::string_view reason_of(unsigned status);

// Sec-WebSocket-Accept: base64 of 20 bytes.
constexpr std::size_t accept_bytes = 28;
[[nodiscard]] std::array<char, accept_bytes> accept_of(std::string_view key);
// Base64 of 16 bytes, whichever.
[[nodiscard]] bool is_websocket_key(std::string_view key);

// Digits of a number, without an allocation.
class Digits {
  public:
    explicit Digits(std::size_t number);
    [[nodiscard]] std::string_view text() const LIFETIME_BOUND { return {room_.data(), size_}; }

  private:
    std::array<char, 20> room_{};
    std::size_t size_ = 0;
};

// The header Date, written anew each second.
class DateHeader {
  public:
    // Such as: Date: Sun, 06 Nov 1994 08:49:37 GMT, with its \r\n.
    [[nodiscard]] std::string_view at(UnixNanos now) LIFETIME_BOUND;

  private:
    static constexpr std::string_view shape = "Date: ..., .. ... .... ..:..:.. GMT\r\n";
    std::array<char, shape.size()> text_{};
    std::int64_t second_ = -1;
};

}  // namespace miletus::web
