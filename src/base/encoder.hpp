// Encoder: the canonical bytes of state. Little-endian integers in a stated order, never raw
// structs, so that the same state gives the same bytes on every compiler. Snapshots, hashes and
// proofs share it.
#pragma once

#include "base/assert.hpp"
#include "base/hash.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace miletus {

static_assert(std::endian::native == std::endian::little, "messages and state are little-endian");

// Where canonical bytes go.
template <class Sink>
concept ByteSink = requires(Sink& sink, std::span<const std::byte> bytes) { sink.update(bytes); };

template <ByteSink Sink>
class Encoder {
  public:
    explicit Encoder(Sink& sink) : sink_(sink) {}
    ~Encoder() { flush(); }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;

    template <std::integral Integer>
    void add(Integer value) {
        if (used_ + sizeof(Integer) > buffer_.size()) {
            flush();
        }
        const auto bytes = std::bit_cast<std::array<std::byte, sizeof(Integer)>>(value);
        for (const std::byte byte : bytes) {
            buffer_[used_++] = byte;
        }
    }

    // Units, ids and enumerations encode as their integer.
    template <class Value>
        requires requires(Value value) { value.value(); }
    void add(Value value) {
        add(value.value());
    }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void add(Enum value) {
        add(std::to_underlying(value));
    }

    void add_text(std::string_view text) {
        add(static_cast<std::uint32_t>(text.size()));
        for (const char letter : text) {
            add(letter);
        }
    }

    void flush() {
        sink_.update(std::span(buffer_).first(used_));
        used_ = 0;
    }

  private:
    Sink& sink_;
    std::array<std::byte, 4096> buffer_;
    std::size_t used_ = 0;
};

using StateEncoder = Encoder<Xxh3>;

}  // namespace miletus
