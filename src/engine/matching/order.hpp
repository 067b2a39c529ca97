// The records that books are made of. Orders and levels are packed: a command out of cache costs as
// many lines as it touches.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <cstdint>

namespace miletus::matching {

// A resting order: half a cache line. Links are slot numbers, 0 is none. A free slot has no
// quantity.
struct alignas(32) Order {
    std::uint32_t next;
    std::uint32_t prev;
    std::uint32_t level;       // index of its level; 0 of one that waits outside the book
    std::uint32_t generation;  // which of the slot's orders it is
    std::int32_t price;
    std::uint32_t quantity;
    std::uint32_t account;
    std::uint32_t traits;  // OrderTraits
};
static_assert(sizeof(Order) == 32);

// The rest of an order in 32 bits: its book, its side, and how it behaves when it takes again.
class OrderTraits {
  public:
    static constexpr std::uint32_t instruments_max = 1U << 24U;

    explicit constexpr OrderTraits(std::uint32_t bits) : bits_(bits) {}
    constexpr OrderTraits(InstrumentId instrument, protocol::Side side, bool expires,
                          protocol::SelfTrade self_trade, protocol::PostOnly post_only)
        : bits_((instrument.value() << 8U) | static_cast<std::uint32_t>(side) |
                (expires ? expires_bit : 0U) | (static_cast<std::uint32_t>(self_trade) << 2U) |
                (static_cast<std::uint32_t>(post_only) << 4U)) {}

    [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
    [[nodiscard]] constexpr InstrumentId instrument() const { return InstrumentId(bits_ >> 8U); }
    [[nodiscard]] constexpr protocol::Side side() const {
        return static_cast<protocol::Side>(bits_ & 1U);
    }
    [[nodiscard]] constexpr bool expires() const { return (bits_ & expires_bit) != 0; }
    [[nodiscard]] constexpr protocol::SelfTrade self_trade() const {
        return static_cast<protocol::SelfTrade>((bits_ >> 2U) & 3U);
    }
    [[nodiscard]] constexpr protocol::PostOnly post_only() const {
        return static_cast<protocol::PostOnly>((bits_ >> 4U) & 3U);
    }

    // Whether the bits are some order's of this book, and no others.
    [[nodiscard]] constexpr bool is_of(InstrumentId instrument) const {
        return is_valid(post_only()) &&
               bits_ ==
                   OrderTraits(instrument, side(), expires(), self_trade(), post_only()).bits();
    }

  private:
    static constexpr std::uint32_t expires_bit = 2U;
    std::uint32_t bits_;
};

// All orders of one side at one price, oldest first.
struct Level {
    std::uint32_t head;
    std::uint32_t tail;
    std::int64_t total;  // lots
};
static_assert(sizeof(Level) == 16);

}  // namespace miletus::matching
