// Units and ids: integers that cannot be mixed up. Each has only the operations that mean
// something; overflow trips an ASSERT or, where a client can cause it, yields an empty optional.
// Never a wrap.
#pragma once

#include "base/assert.hpp"

#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>

namespace miletus {

__extension__ typedef __int128 int128;

// An identity: compared and copied, never computed with.
template <class Tag, std::unsigned_integral Rep>
class Id {
  public:
    using Value = Rep;

    constexpr Id() = default;
    explicit constexpr Id(Rep value) : value_(value) {}

    [[nodiscard]] constexpr Rep value() const { return value_; }
    friend constexpr auto operator<=>(Id, Id) = default;

  private:
    Rep value_{};
};

// A signed amount of one unit: it adds to and subtracts from its own kind only.
template <class Tag>
class Measure {
  public:
    using Value = std::int64_t;

    constexpr Measure() = default;
    explicit constexpr Measure(std::int64_t value) : value_(value) {}

    [[nodiscard]] constexpr std::int64_t value() const { return value_; }
    friend constexpr auto operator<=>(Measure, Measure) = default;

    friend constexpr Measure operator+(Measure left, Measure right) {
        std::int64_t sum = 0;
        ASSERT(!__builtin_add_overflow(left.value_, right.value_, &sum));
        return Measure(sum);
    }
    friend constexpr Measure operator-(Measure left, Measure right) {
        std::int64_t difference = 0;
        ASSERT(!__builtin_sub_overflow(left.value_, right.value_, &difference));
        return Measure(difference);
    }
    constexpr Measure operator-() const { return Measure(0) - *this; }
    constexpr Measure& operator+=(Measure other) { return *this = *this + other; }
    constexpr Measure& operator-=(Measure other) { return *this = *this - other; }

  private:
    std::int64_t value_{};
};

using Amount = Measure<struct AmountTag>;      // smallest unit of an asset
using LotValue = Measure<struct LotValueTag>;  // smallest units of an asset, for one lot
using Lots = Measure<struct LotsTag>;          // lots of an instrument
using Ticks = Measure<struct TicksTag>;        // ticks of an instrument; negative for combos
using Grid = Measure<struct GridTag>;          // tenths of a tick: marks and settlements
using IndexPrice = Measure<struct IndexTag>;   // 1e-6 of the quote asset
using Rate = Measure<struct RateTag>;          // parts per million
using Nanos = Measure<struct NanosTag>;        // a span of time
using TradeNumber = Id<struct TradeNumberTag, std::uint64_t>;

// A moment, in nanoseconds since 1970 UTC. Moments differ by spans.
class UnixNanos {
  public:
    using Value = std::int64_t;

    constexpr UnixNanos() = default;
    explicit constexpr UnixNanos(std::int64_t value) : value_(value) {}

    [[nodiscard]] constexpr std::int64_t value() const { return value_; }
    friend constexpr auto operator<=>(UnixNanos, UnixNanos) = default;

    friend constexpr UnixNanos operator+(UnixNanos moment, Nanos span) {
        return UnixNanos((Nanos(moment.value_) + span).value());
    }
    friend constexpr Nanos operator-(UnixNanos left, UnixNanos right) {
        return Nanos(left.value_) - Nanos(right.value_);
    }

  private:
    std::int64_t value_{};
};

using AccountId = Id<struct AccountTag, std::uint32_t>;
using OwnerId = Id<struct OwnerTag, std::uint32_t>;
using AssetId = Id<struct AssetTag, std::uint16_t>;
using UnderlyingId = Id<struct UnderlyingTag, std::uint16_t>;
using InstrumentId = Id<struct InstrumentTag, std::uint32_t>;
using SessionId = Id<struct SessionTag, std::uint64_t>;
using ClientSequence = Id<struct ClientSequenceTag, std::uint64_t>;
using ClientOrderId = Id<struct ClientOrderTag, std::uint64_t>;
using Sequence = Id<struct SequenceTag, std::uint64_t>;

// An exchange order id: the slot that holds the order, and which of that slot's orders it is. A
// slot never issues the same generation twice, so an id is unique for the life of the venue.
class OrderId {
  public:
    using Value = std::uint64_t;

    constexpr OrderId() = default;
    explicit constexpr OrderId(std::uint64_t value) : value_(value) {}
    constexpr OrderId(std::uint32_t slot, std::uint32_t generation)
        : value_((std::uint64_t{generation} << 32U) | slot) {}

    [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
    [[nodiscard]] constexpr std::uint32_t slot() const {
        return static_cast<std::uint32_t>(value_);
    }
    [[nodiscard]] constexpr std::uint32_t generation() const {
        return static_cast<std::uint32_t>(value_ >> 32U);
    }
    friend constexpr auto operator<=>(OrderId, OrderId) = default;

  private:
    std::uint64_t value_{};
};

[[nodiscard]] constexpr std::optional<std::int64_t> narrow(int128 wide) {
    if (wide > std::numeric_limits<std::int64_t>::max() ||
        wide < std::numeric_limits<std::int64_t>::min()) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(wide);
}

// Of a sum that its parts' bounds keep within an i64.
[[nodiscard]] constexpr Amount exact_amount(int128 wide) {
    const std::optional<std::int64_t> narrowed = narrow(wide);
    ASSERT(narrowed.has_value());
    return Amount(*narrowed);
}

template <class Unit>
[[nodiscard]] constexpr Unit magnitude(Unit value) {
    return value < Unit(0) ? -value : value;
}

// Either way.
[[nodiscard]] constexpr bool is_within(std::int64_t value, std::int64_t most) {
    return value >= -most && value <= most;
}

// What a number of lots is worth; empty where no i64 holds it.
[[nodiscard]] constexpr std::optional<Amount> value_of(LotValue per_lot, Lots lots) {
    std::int64_t value = 0;
    if (__builtin_mul_overflow(per_lot.value(), lots.value(), &value)) {
        return std::nullopt;
    }
    return Amount(value);
}

// The sum; empty where no i64 holds it.
template <class Unit>
[[nodiscard]] constexpr std::optional<Unit> checked_sum(Unit left, Unit right) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left.value(), right.value(), &sum)) {
        return std::nullopt;
    }
    return Unit(sum);
}

}  // namespace miletus
