// Units: every message is one to N consecutive 64-byte units. UnitBuffer is the ring that carries
// them: positions only grow, the writer never waits, and a message that starts near the end runs
// into a spare tail instead of wrapping, so that each message lies in one piece. Owned by one
// thread; a gate tells others what they may read.
#pragma once

#include "base/annotations.hpp"
#include "base/assert.hpp"
#include "base/memory.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

namespace miletus {

struct alignas(64) Unit {
    std::array<std::byte, 64> bytes;
};
static_assert(sizeof(Unit) == 64);

[[nodiscard]] constexpr std::uint32_t units_for(std::size_t bytes) {
    return static_cast<std::uint32_t>((bytes + sizeof(Unit) - 1) / sizeof(Unit));
}

#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif
// Reads units as the message they hold. The caller has checked the type and the size.
template <class Message>
    requires std::is_trivially_copyable_v<Message>
[[nodiscard]] const Message& view_as(std::span<const Unit> units LIFETIME_BOUND) {
    ASSERT(units.size_bytes() >= sizeof(Message));
    return *std::launder(reinterpret_cast<const Message*>(units.data()));
}

// The repeated entries that follow a message's fixed part.
template <class Entry, class Message>
[[nodiscard]] std::span<const Entry> entries_after(std::span<const Unit> units LIFETIME_BOUND,
                                                   std::uint32_t count) {
    static_assert(sizeof(Message) % alignof(Entry) == 0);
    const std::span<const std::byte> bytes =
        std::as_bytes(units).subspan(sizeof(Message), count * sizeof(Entry));
    return {std::launder(reinterpret_cast<const Entry*>(bytes.data())), count};
}
template <class Entry, class Message>
[[nodiscard]] std::span<Entry> entries_after(std::span<Unit> units LIFETIME_BOUND,
                                             std::uint32_t count) {
    static_assert(sizeof(Message) % alignof(Entry) == 0);
    const std::span<std::byte> bytes =
        std::as_writable_bytes(units).subspan(sizeof(Message), count * sizeof(Entry));
    return {std::launder(reinterpret_cast<Entry*>(bytes.data())), count};
}
#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif

// Constructs a message in the front of these units.
template <class Message>
    requires std::is_trivially_copyable_v<Message>
Message& place_in(std::span<Unit> units LIFETIME_BOUND, const Message& message) {
    ASSERT(units.size_bytes() >= sizeof(Message));
    return *new (units.data()) Message(message);
}

class UnitBuffer {
  public:
    // The longest message of a fixed size, in units.
    static constexpr std::uint32_t units_fixed_max = 3;

    // `message_units_max` is the longest message that append() will be asked for.
    UnitBuffer(std::uint32_t units, std::uint32_t message_units_max)
        : units_(std::size_t{units} + message_units_max), mask_(units - 1) {
        ASSERT(std::has_single_bit(units));
        ASSERT(message_units_max >= units_fixed_max);
    }

    [[nodiscard]] std::uint64_t position() const { return position_; }
    [[nodiscard]] std::uint64_t capacity() const { return mask_ + 1; }

    // The next `count` units, to be filled by the caller before anything else is appended.
    [[nodiscard]] std::span<Unit> append(std::uint32_t count) LIFETIME_BOUND {
        const std::span<Unit> units = units_.items().subspan(position_ & mask_, count);
        position_ += count;
        return units;
    }

    // One message of a fixed size, which `make` returns: built in the ring itself. Copied there
    // from the stack, it would have to wait for its own stores.
    template <class Make, class Message = std::invoke_result_t<Make>>
    [[gnu::always_inline]] Message& append(Make make) LIFETIME_BOUND {
        static_assert(std::is_trivially_copyable_v<Message> && sizeof(Message) % sizeof(Unit) == 0);
        static_assert(sizeof(Message) <= units_fixed_max * sizeof(Unit));
        // The spare tail takes what runs past the end.
        Unit& first = units_[position_ & mask_];
        position_ += sizeof(Message) / sizeof(Unit);
        return *new (&first) Message(make());
    }

    // More units of the message that was appended last, right behind those it has.
    [[nodiscard]] std::span<Unit> append_behind(std::uint32_t has, std::uint32_t count)
        LIFETIME_BOUND {
        const std::uint64_t behind = ((position_ - has) & mask_) + has;
        position_ += count;
        return units_.items().subspan(behind, count);
    }

    [[nodiscard]] std::span<const Unit> at(std::uint64_t position, std::uint32_t count) const
        LIFETIME_BOUND {
        ASSERT(position + count <= position_ && position_ - position <= capacity());
        return units_.items().subspan(position & mask_, count);
    }

    // The same for another thread, which knows from a gate that these units are published and not
    // given back: it reads nothing that the writer changes.
    [[nodiscard]] std::span<const Unit> shared_at(std::uint64_t position, std::uint32_t count) const
        LIFETIME_BOUND {
        return units_.items().subspan(position & mask_, count);
    }

  private:
    Block<Unit> units_;
    std::uint64_t mask_;
    std::uint64_t position_ = 0;
};

}  // namespace miletus
