// Sequencer: gives each command its number, its epoch and its time, and thereby its place in
// history. Time never runs backwards; where the clock jumps ahead, it stops and asks, since a time
// once in the log stays: orders would expire that should not. Pure: the time is handed to it.
#pragma once

#include "base/unit_buffer.hpp"
#include "base/units.hpp"

#include <span>

namespace miletus::journal {

class Sequencer {
  public:
    struct Start {
        Sequence next{1};
        UnixNanos last_time{};
        std::uint32_t epoch = 0;
    };
    // However far the clock came between two processes, the first command takes it as it is.
    explicit Sequencer(const Start& start)
        : next_(start.next), last_time_(start.last_time), epoch_(start.epoch) {}

    // The most that the clock may come ahead between two looks at it. (Between two commands it may
    // be more: a disk may take none for a while.)
    static constexpr Nanos jump_max{5'000'000'000};
    static constexpr Nanos tick_interval{1'000'000'000};

    // Whether commands may be stamped now. Once the clock has jumped, none may until
    // accept_clock().
    [[nodiscard]] bool may_stamp(UnixNanos now);
    // The operator says that the clock is right.
    void accept_clock() { trusts_clock_ = true; }
    // Whether time should enter the log, although nobody asks for anything.
    [[nodiscard]] bool is_tick_due(UnixNanos now) const {
        return now - last_time_ >= tick_interval;
    }

    // Only where may_stamp() said so.
    void stamp(std::span<Unit> command, UnixNanos now);

    [[nodiscard]] Sequence last() const { return Sequence(next_.value() - 1); }
    [[nodiscard]] UnixNanos last_time() const { return last_time_; }

  private:
    Sequence next_;
    UnixNanos last_time_;  // of a command
    UnixNanos last_look_;  // at the clock, by may_stamp()
    std::uint32_t epoch_;
    bool trusts_clock_ = true;  // of the next command, whatever it says
    bool has_jumped_ = false;
};

}  // namespace miletus::journal
