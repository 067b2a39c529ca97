// The codec of frames.
#include "edge/web/frames.hpp"

#include "edge/web/buffer.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace miletus::web {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t opcode_bits = 0x0F;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7F;
constexpr std::uint8_t two_bytes_follow = 126;
constexpr std::uint8_t eight_bytes_follow = 127;

std::uint8_t number(std::byte byte) {
    return std::to_integer<std::uint8_t>(byte);
}

bool is_known(Opcode opcode) {
    return opcode <= Opcode::binary || (opcode >= Opcode::close && opcode <= Opcode::pong);
}

std::uint64_t big_endian(std::span<const std::byte> bytes) {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes) {
        value = value << 8U | number(byte);
    }
    return value;
}

// Whether a client may send it.
bool is_sendable(std::uint16_t code) {
    constexpr std::uint16_t own_first = 3000;  // of libraries and applications
    constexpr std::uint16_t own_last = 4999;
    constexpr std::uint16_t bad_gateway = 1014;
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= bad_gateway) ||
           (code >= own_first && code <= own_last);
}

// How long the sequence that begins so is, or 0 where none does; and the range of its second byte,
// which is where overlong forms, surrogates and what lies above U+10FFFF show.
struct Start {
    std::size_t size = 0;
    std::uint8_t second_min = 0x80;
    std::uint8_t second_max = 0xBF;
};

Start start_of(std::uint8_t first) {
    if (first >= 0xC2 && first <= 0xDF) {
        return {.size = 2};
    }
    if (first >= 0xE0 && first <= 0xEF) {
        const std::uint8_t least = first == 0xE0 ? 0xA0 : 0x80;
        const std::uint8_t most = first == 0xED ? 0x9F : 0xBF;
        return {.size = 3, .second_min = least, .second_max = most};
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const std::uint8_t least = first == 0xF0 ? 0x90 : 0x80;
        const std::uint8_t most = first == 0xF4 ? 0x8F : 0xBF;
        return {.size = 4, .second_min = least, .second_max = most};
    }
    return {};
}

constexpr std::size_t ascii_block = 64;

bool is_ascii(std::span<const std::byte, ascii_block> text) {
    std::byte all{0};
    for (const std::byte byte : text) {
        all |= byte;
    }
    return number(all) < 0x80;
}

}  // namespace

// ---- What a client sent ----

std::expected<std::optional<FrameHead>, CloseCode> read_head(std::span<const std::byte> bytes) {
    if (bytes.empty()) {
        return std::nullopt;
    }
    const std::uint8_t first = number(bytes[0]);
    FrameHead head{.is_final = (first & final_bit) != 0,
                   .opcode = static_cast<Opcode>(first & opcode_bits)};
    const bool is_split_control = head.is_control() && !head.is_final;
    if ((first & reserved_bits) != 0 || !is_known(head.opcode) || is_split_control) {
        return std::unexpected(CloseCode::protocol_error);
    }
    if (bytes.size() < 2) {
        return std::nullopt;
    }
    const std::uint8_t second = number(bytes[1]);
    const std::uint8_t length = second & length_bits;
    if ((second & mask_bit) == 0 || (head.is_control() && length > control_bytes_max)) {
        return std::unexpected(CloseCode::protocol_error);
    }
    std::size_t more = 0;
    if (length >= two_bytes_follow) {
        more = length == two_bytes_follow ? 2 : 8;
    }
    head.head_bytes = 2 + more + head.mask.size();
    head.payload_bytes = length;
    if (more != 0) {
        if (bytes.size() < 2 + more) {
            return std::nullopt;
        }
        head.payload_bytes = big_endian(bytes.subspan(2, more));
        // The shortest form is the only one.
        const std::uint64_t least =
            more == 2 ? two_bytes_follow : std::numeric_limits<std::uint16_t>::max() + 1U;
        if (head.payload_bytes < least || head.payload_bytes >> 63U != 0) {
            return std::unexpected(CloseCode::protocol_error);
        }
    }
    if (bytes.size() < head.head_bytes) {
        return std::nullopt;
    }
    std::ranges::copy(bytes.subspan(2 + more, head.mask.size()), head.mask.begin());
    return head;
}

void unmask(std::span<std::byte> payload, const std::array<std::byte, 4>& mask) {
    // Wide blocks, so that the compiler takes each in one step.
    std::array<std::byte, 32> wide{};
    for (std::size_t at = 0; at < wide.size(); ++at) {
        wide[at] = mask[at % mask.size()];
    }
    while (payload.size() >= wide.size()) {
        const auto block = payload.first<32>();
        for (std::size_t at = 0; at < wide.size(); ++at) {
            block[at] ^= wide[at];
        }
        payload = payload.subspan(wide.size());
    }
    for (std::size_t at = 0; at < payload.size(); ++at) {
        payload[at] ^= mask[at % mask.size()];
    }
}

std::expected<Closing, CloseCode> read_closing(std::span<const std::byte> payload) {
    if (payload.empty()) {
        return Closing{};
    }
    if (payload.size() == 1) {
        return std::unexpected(CloseCode::protocol_error);
    }
    const auto code = static_cast<std::uint16_t>(big_endian(payload.first(2)));
    const std::span<const std::byte> reason = payload.subspan(2);
    if (!is_sendable(code)) {
        return std::unexpected(CloseCode::protocol_error);
    }
    if (!is_utf8(reason)) {
        return std::unexpected(CloseCode::not_utf8);
    }
    return Closing{.code = static_cast<CloseCode>(code),
                   .reason = {std::bit_cast<const char*>(reason.data()), reason.size()}};
}

bool is_utf8(std::span<const std::byte> text) {
    while (!text.empty()) {
        if (text.size() >= ascii_block && is_ascii(text.first<ascii_block>())) {
            text = text.subspan(ascii_block);
            continue;
        }
        const std::uint8_t first = number(text[0]);
        if (first < 0x80) {
            text = text.subspan(1);
            continue;
        }
        const Start start = start_of(first);
        if (start.size == 0 || text.size() < start.size || number(text[1]) < start.second_min ||
            number(text[1]) > start.second_max) {
            return false;
        }
        const auto is_inner = [](std::byte byte) {
            return (number(byte) & 0xC0U) == 0x80;
        };
        if (!std::ranges::all_of(text.subspan(2, start.size - 2), is_inner)) {
            return false;
        }
        text = text.subspan(start.size);
    }
    return true;
}

// ---- What is sent to a client ----

OwnHead own_head(Opcode opcode, std::size_t payload_bytes) {
    OwnHead head;
    const auto put = [&head](std::uint64_t value) {
        head.room[head.size] = static_cast<std::byte>(value & 0xFFU);
        ++head.size;
    };
    put(final_bit | static_cast<std::uint64_t>(opcode));
    std::size_t more = 0;
    if (payload_bytes < two_bytes_follow) {
        put(payload_bytes);
    } else if (payload_bytes <= std::numeric_limits<std::uint16_t>::max()) {
        put(two_bytes_follow);
        more = 2;
    } else {
        put(eight_bytes_follow);
        more = 8;
    }
    for (std::size_t left = more; left != 0; --left) {
        put(std::uint64_t{payload_bytes} >> (8 * (left - 1)));
    }
    return head;
}

void Frame::encode(std::string_view text) {
    const OwnHead head = own_head(Opcode::text, text.size());
    bytes_.resize(head.size + text.size());
    const std::span<std::byte> all(bytes_);
    copy_bytes(head.bytes(), all);
    copy_bytes(std::as_bytes(std::span(text)), all.subspan(head.size));
}

}  // namespace miletus::web
