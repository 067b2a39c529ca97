// Frames of WebSocket (RFC 6455), as bytes: pure functions, and a frame that is encoded once for
// all who are to hear it. Nothing is ever compressed, so nothing can unfold to more than was sent.
#pragma once

#include "base/annotations.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace miletus::web {

enum class Opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10,
};

enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    not_understood = 1003,  // binary, where text was expected
    none_given = 1005,      // never sent
    broken = 1006,          // never sent
    not_utf8 = 1007,
    policy = 1008,
    too_big = 1009,
    failure = 1011,
    restarting = 1012,
    try_again_later = 1013,
};

// The payload of a control frame, and what precedes the payload of any frame of ours.
constexpr std::size_t control_bytes_max = 125;
constexpr std::size_t own_head_bytes_max = 10;
constexpr std::size_t reason_bytes_max = control_bytes_max - 2;

// ---- What a client sent ----

struct FrameHead {
    bool is_final = false;
    Opcode opcode = Opcode::continuation;
    std::size_t head_bytes = 0;
    std::uint64_t payload_bytes = 0;
    std::array<std::byte, 4> mask{};

    [[nodiscard]] bool is_control() const { return opcode >= Opcode::close; }
};

// The head of the frame that the bytes begin with; nothing where more bytes must come first. What
// can never become a client's frame is refused as early as it shows.
[[nodiscard]] std::expected<std::optional<FrameHead>, CloseCode> read_head(
    std::span<const std::byte> bytes);

// Takes the mask off (or puts it on) a payload that begins at this place of the frame's.
void unmask(std::span<std::byte> payload, const std::array<std::byte, 4>& mask);

struct Closing {
    CloseCode code = CloseCode::none_given;
    std::string_view reason;
};

// What a close frame's payload says, or the code of what is wrong with it.
[[nodiscard]] std::expected<Closing, CloseCode> read_closing(std::span<const std::byte> payload
                                                             LIFETIME_BOUND);

// Shortest forms only, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::span<const std::byte> text);

// ---- What is sent to a client ----

struct OwnHead {
    std::array<std::byte, own_head_bytes_max> room{};
    std::size_t size = 0;

    [[nodiscard]] std::span<const std::byte> bytes() const LIFETIME_BOUND {
        return std::span(room).first(size);
    }
};

// Of a whole, unmasked frame with so much payload.
[[nodiscard]] OwnHead own_head(Opcode opcode, std::size_t payload_bytes);

// One text message as the bytes of its frame, to be sent to many. It keeps its memory: encode the
// next message into the same one.
class Frame {
  public:
    Frame() = default;
    explicit Frame(std::string_view text) { encode(text); }

    void encode(std::string_view text);
    [[nodiscard]] std::span<const std::byte> bytes() const LIFETIME_BOUND { return bytes_; }

  private:
    std::vector<std::byte> bytes_;
};

}  // namespace miletus::web
