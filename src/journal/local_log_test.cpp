// A log of one's own: when it says that a command stays, and what a flipped bit does then.
#include "journal/station_test.hpp"

#include <gtest/gtest.h>

#include <array>

namespace miletus::journal {
namespace {

class LocalLogTest : public testing::Test {
  protected:
    // What is refused; empty where it came up.
    std::string start(bool is_strict) {
        log.reset();
        Options options = tiny_options();
        options.strict = is_strict;
        auto opened = LocalLog::open({.writing = disk, .waiting = disk}, options, test_log,
                                     Sequence(1), [](std::span<const Unit>) {});
        if (!opened) {
            return opened.error().sentence();
        }
        log = std::move(*opened);
        return "";
    }
    void append() {
        std::array<Unit, 2> command{};
        const Sequence next(log->committed().value() + 1);
        place_in(std::span(command),
                 protocol::CommandHeader{
                     .type = 1, .units = command.size(), .sequence = next, .time = UnixNanos(1)});
        log->append(command);
    }
    // Until the command is committed, and not a step further.
    void commit(Sequence sequence) {
        for (int step = 0; step < 1000 && log->committed() < sequence; ++step) {
            EXPECT_TRUE(log->do_work().has_value());
            EXPECT_TRUE(log->make_room().has_value());
        }
        EXPECT_EQ(log->committed(), sequence);
    }
    void lose_power_and_a_bit() {
        disk.lose_power();
        log.reset();
        disk.restart();
        disk.flip_bit("00000001.segment", (host::disk_block + 200) * 8);
    }

    simulation::SimulatedDisk disk{1};
    std::unique_ptr<Log> log;
};

TEST_F(LocalLogTest, a_bit_that_flips_in_the_last_record_takes_it_for_one_never_written) {
    ASSERT_EQ(start(false), "");
    append();
    commit(Sequence(1));
    lose_power_and_a_bit();
    ASSERT_EQ(start(false), "");
    EXPECT_TRUE(log->recovered().torn.has_value());
    EXPECT_EQ(log->committed(), Sequence(0));
}

TEST_F(LocalLogTest, a_strict_log_takes_nothing_committed_for_never_written) {
    ASSERT_EQ(start(true), "");
    append();
    commit(Sequence(1));
    lose_power_and_a_bit();
    EXPECT_EQ(start(true),
              "00000001.segment, byte 4096, sequence 1: "
              "payload checksum does not match");
}

TEST_F(LocalLogTest, a_strict_log_is_idle_once_all_is_confirmed) {
    ASSERT_EQ(start(true), "");
    append();
    EXPECT_FALSE(log->is_idle());
    commit(Sequence(1));
    EXPECT_TRUE(log->is_idle());
    ASSERT_TRUE(log->close().has_value());
    ASSERT_EQ(start(true), "");
    EXPECT_EQ(log->committed(), Sequence(1));
    EXPECT_EQ(log->epoch(), 2U);
}

}  // namespace
}  // namespace miletus::journal
