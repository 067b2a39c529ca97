// A chunked body, byte by byte where it is structure and at once where it is data.
#include "edge/web/chunks.hpp"

#include "edge/web/buffer.hpp"

#include <algorithm>

namespace miletus::web {

namespace {

constexpr std::uint32_t line_bytes_max = 256;
constexpr std::uint32_t digits_max = 8;
constexpr std::uint8_t carriage_return = '\r';
constexpr std::uint8_t line_feed = '\n';

// 16 where it is none.
std::uint32_t hex_digit(std::uint8_t byte) {
    if (byte >= '0' && byte <= '9') {
        return byte - std::uint32_t{'0'};
    }
    const std::uint8_t lower = byte | 0x20U;
    return lower >= 'a' && lower <= 'f' ? lower - std::uint32_t{'a'} + 10 : 16;
}

bool is_text(std::uint8_t byte) {
    return (byte >= ' ' && byte != 0x7F) || byte == '\t';
}

}  // namespace

ChunkDecoder::Step ChunkDecoder::unfold(std::span<std::byte> bytes) {
    Step result;
    while (result.state == State::wants_more && result.read < bytes.size()) {
        if (place_ != Place::data) {
            result.state = step(std::to_integer<std::uint8_t>(bytes[result.read]));
            ++result.read;
            continue;
        }
        const std::size_t count = std::min<std::uint64_t>(chunk_left_, bytes.size() - result.read);
        copy_bytes(bytes.subspan(result.read, count), bytes.subspan(result.written));
        result.read += count;
        result.written += count;
        chunk_left_ -= count;
        if (chunk_left_ == 0) {
            place_ = Place::data_cr;
        }
    }
    return result;
}

ChunkDecoder::State ChunkDecoder::move_on(bool is_expected, Place next) {
    place_ = next;
    return is_expected ? State::wants_more : State::malformed;
}

ChunkDecoder::State ChunkDecoder::step(std::uint8_t byte) {
    switch (place_) {
        case Place::size:
        case Place::extension:
            return step_in_size(byte);
        case Place::size_end: {
            const bool is_last = chunk_left_ == 0;
            if (chunk_left_ > body_left_) {
                return State::too_long;
            }
            body_left_ -= chunk_left_;
            return move_on(byte == line_feed, is_last ? Place::trailer_start : Place::data);
        }
        case Place::data:
        case Place::data_cr:
            return move_on(byte == carriage_return, Place::data_lf);
        case Place::data_lf:
            digits_ = 0;
            line_bytes_ = 0;
            return move_on(byte == line_feed, Place::size);
        case Place::trailer_start:
        case Place::trailer:
        case Place::trailer_lf:
        case Place::last_lf:
            return step_in_trailer(byte);
    }
    return State::malformed;
}

ChunkDecoder::State ChunkDecoder::step_in_size(std::uint8_t byte) {
    ++line_bytes_;
    if (line_bytes_ > line_bytes_max) {
        return State::malformed;
    }
    const std::uint32_t digit = hex_digit(byte);
    if (place_ == Place::size && digit < 16) {
        ++digits_;
        chunk_left_ = chunk_left_ * 16 + digit;
        return digits_ <= digits_max ? State::wants_more : State::too_long;
    }
    if (byte == carriage_return) {
        return move_on(digits_ != 0, Place::size_end);
    }
    if (place_ == Place::size) {
        return move_on(digits_ != 0 && byte == ';', Place::extension);
    }
    return move_on(is_text(byte), Place::extension);
}

// Lines that nobody asked for, read over.
ChunkDecoder::State ChunkDecoder::step_in_trailer(std::uint8_t byte) {
    if (trailer_left_ == 0) {
        return State::too_long;
    }
    --trailer_left_;
    if (place_ == Place::last_lf) {
        return byte == line_feed ? State::complete : State::malformed;
    }
    if (place_ == Place::trailer_lf) {
        return move_on(byte == line_feed, Place::trailer_start);
    }
    if (byte == carriage_return) {
        return move_on(true, place_ == Place::trailer_start ? Place::last_lf : Place::trailer_lf);
    }
    return move_on(is_text(byte), Place::trailer);
}

}  // namespace miletus::web
