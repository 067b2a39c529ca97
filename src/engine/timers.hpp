// Timers: what falls due when, in (due, id) order. A subject has at most one timer; ids count up,
// so that equal times keep the order in which they were set. An indexed binary heap in a fixed
// table.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/memory.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <optional>

namespace miletus::engine {

class Timers {
  public:
    // Subjects are the slots 1..orders, and behind them the instruments.
    struct Subjects {
        std::uint32_t orders;
        std::uint32_t instruments;
    };
    explicit Timers(const Subjects& subjects);

    // Sets the subject's timer, in place of one it has.
    void set(std::uint32_t subject, UnixNanos due);
    void cancel(std::uint32_t subject);  // fine where it has none

    [[nodiscard]] bool is_due(UnixNanos now) const { return size_ != 0 && heap_[0].due <= now; }
    // Takes the first due one off; there is one.
    std::uint32_t pop();

    [[nodiscard]] std::optional<UnixNanos> due(std::uint32_t subject) const;

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    struct Timer {
        UnixNanos due;
        std::uint64_t id;
        std::uint32_t subject;
    };

    static bool is_before(const Timer& left, const Timer& right) {
        return left.due != right.due ? left.due < right.due : left.id < right.id;
    }
    enum class Kind : std::uint8_t { order, instrument };
    friend constexpr bool is_valid(Kind kind) { return kind <= Kind::instrument; }

    void add(const Timer& timer);
    void remove(std::uint32_t at);
    void put(std::uint32_t at, const Timer& timer);
    void rise(std::uint32_t at);
    void sink(std::uint32_t at);
    void sort(StateDecoder& decoder);

    Subjects subjects_;
    Block<Timer> heap_;
    Block<std::uint32_t> places_;  // by subject: place in the heap + 1, or 0
    std::uint32_t size_ = 0;
    std::uint64_t next_id_ = 1;
};

}  // namespace miletus::engine
