// Timers: what falls due when, in (due, id) order. A subject has at most one timer; ids count up,
// so that equal times keep the order in which they were set. An indexed binary heap in a fixed
// table.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/memory.hpp"
#include "base/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace miletus::engine {

enum class TimerKind : std::uint8_t { order, instrument, underlying, account, venue };
constexpr std::size_t timer_kinds = 5;
constexpr bool is_valid(TimerKind kind) {
    return kind <= TimerKind::venue;
}

struct Subject {
    TimerKind kind{};
    std::uint32_t number = 0;
    friend bool operator==(const Subject&, const Subject&) = default;
};

class Timers {
  public:
    // How many subjects there are of each kind: their numbers are below.
    using Counts = std::array<std::uint32_t, timer_kinds>;
    explicit Timers(const Counts& counts);

    // Sets the subject's timer, in place of one it has.
    void set(Subject subject, UnixNanos due);
    void cancel(Subject subject);  // fine where it has none

    [[nodiscard]] bool is_due(UnixNanos now) const { return size_ != 0 && heap_[0].due <= now; }
    // Takes the first due one off; there is one.
    Subject pop();

    [[nodiscard]] std::optional<UnixNanos> due(Subject subject) const;

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    struct Timer {
        UnixNanos due;
        std::uint64_t id;
        std::uint32_t subject;  // its index
    };

    static bool is_before(const Timer& left, const Timer& right) {
        return left.due != right.due ? left.due < right.due : left.id < right.id;
    }
    [[nodiscard]] std::uint32_t index_of(Subject subject) const;
    [[nodiscard]] Subject subject_at(std::uint32_t index) const;
    void cancel_at(std::uint32_t index);
    void add(const Timer& timer);
    void remove(std::uint32_t at);
    void put(std::uint32_t at, const Timer& timer);
    void rise(std::uint32_t at);
    void sink(std::uint32_t at);
    void sort(StateDecoder& decoder);

    Counts counts_;
    Counts firsts_{};  // index of each kind's first subject
    Block<Timer> heap_;
    Block<std::uint32_t> places_;  // by index: place in the heap + 1, or 0
    std::uint32_t size_ = 0;
    std::uint64_t next_id_ = 1;
};

}  // namespace miletus::engine
