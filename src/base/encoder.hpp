// StateEncoder: the canonical bytes of state. Little-endian integers in a stated order, never raw
// structs, so that the same state gives the same bytes on every compiler. Snapshots, hashes and
// proofs share it.
#pragma once

#include "base/annotations.hpp"
#include "base/byte_sink.hpp"
#include "base/hash.hpp"

#include <algorithm>
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

class StateEncoder {
  public:
    explicit StateEncoder(ByteSink& sink LIFETIME_BOUND) : sink_(sink) {}
    ~StateEncoder() { flush(); }
    StateEncoder(const StateEncoder&) = delete;
    StateEncoder& operator=(const StateEncoder&) = delete;

    template <std::integral Integer>
    void add(Integer value) {
        if (used_ + sizeof(Integer) > buffer_.size()) {
            flush();
        }
        const auto bytes = std::bit_cast<std::array<std::byte, sizeof(Integer)>>(value);
        std::ranges::copy(bytes, std::span(buffer_).subspan(used_, sizeof(Integer)).begin());
        used_ += sizeof(Integer);
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
    ByteSink& sink_;
    std::array<std::byte, 4096> buffer_;
    std::size_t used_ = 0;
};

}  // namespace miletus
