// Numbers without gaps, time that never runs backwards, and a clock that is not believed blindly.
#include "journal/sequencer.hpp"

#include "protocol/records.hpp"

#include <gtest/gtest.h>

#include <array>

namespace miletus::journal {
namespace {

constexpr UnixNanos start_time{1'000'000'000'000};

protocol::CommandHeader stamped(Sequencer& sequencer, UnixNanos now) {
    std::array<Unit, 1> command{};
    EXPECT_TRUE(sequencer.may_stamp(now));
    sequencer.stamp(command, now);
    return view_as<protocol::CommandHeader>(command);
}

TEST(Sequencer, numbers_without_gaps_and_carries_the_epoch) {
    Sequencer sequencer({.next = Sequence(7), .last_time = start_time, .epoch = 3});
    for (std::uint64_t sequence = 7; sequence < 20; ++sequence) {
        const protocol::CommandHeader header = stamped(sequencer, start_time);
        EXPECT_EQ(header.sequence, Sequence(sequence));
        EXPECT_EQ(header.epoch, 3U);
        EXPECT_EQ(sequencer.last(), Sequence(sequence));
    }
}

TEST(Sequencer, a_clock_that_is_set_back_stands_still_in_the_log) {
    Sequencer sequencer({.last_time = start_time});
    EXPECT_EQ(stamped(sequencer, start_time + Nanos(50)).time, start_time + Nanos(50));
    EXPECT_EQ(stamped(sequencer, start_time).time, start_time + Nanos(50));
    EXPECT_EQ(stamped(sequencer, start_time + Nanos(51)).time, start_time + Nanos(51));
}

TEST(Sequencer, a_process_starts_as_late_as_it_likes) {
    Sequencer sequencer({.last_time = start_time});
    const UnixNanos days_later = start_time + Nanos(300'000'000'000'000);
    EXPECT_EQ(stamped(sequencer, days_later).time, days_later);
}

TEST(Sequencer, stops_where_the_clock_jumps_ahead_until_an_operator_accepts_it) {
    Sequencer sequencer({.last_time = start_time});
    stamped(sequencer, start_time);
    const UnixNanos ahead = start_time + Sequencer::jump_max;
    EXPECT_TRUE(sequencer.may_stamp(ahead));
    const UnixNanos jumped = ahead + Sequencer::jump_max + Nanos(1);
    EXPECT_FALSE(sequencer.may_stamp(jumped));
    // Once it has lied, it is not believed when it comes back either.
    EXPECT_FALSE(sequencer.may_stamp(start_time));
    sequencer.accept_clock();
    EXPECT_EQ(stamped(sequencer, jumped).time, jumped);
    EXPECT_FALSE(sequencer.may_stamp(jumped + Sequencer::jump_max + Nanos(1)));
}

// Where a disk stands still, nothing can be stamped, and the clock goes on as it should.
TEST(Sequencer, a_disk_that_takes_no_command_for_long_is_no_jump_of_the_clock) {
    Sequencer sequencer({.last_time = start_time});
    stamped(sequencer, start_time);
    UnixNanos now = start_time;
    for (int second = 0; second < 60; ++second) {
        now = now + Sequencer::tick_interval;
        EXPECT_TRUE(sequencer.may_stamp(now));
    }
    EXPECT_EQ(stamped(sequencer, now).time, now);
}

TEST(Sequencer, a_tick_is_due_when_nothing_has_entered_the_log_for_a_while) {
    Sequencer sequencer({.last_time = start_time});
    stamped(sequencer, start_time);
    EXPECT_FALSE(sequencer.is_tick_due(start_time + (Sequencer::tick_interval - Nanos(1))));
    EXPECT_TRUE(sequencer.is_tick_due(start_time + Sequencer::tick_interval));
    EXPECT_FALSE(sequencer.is_tick_due(start_time + Nanos(-1)));
}

}  // namespace
}  // namespace miletus::journal
