// Snapshots as files: whole or not at all, the newest whole one, two kept.
#include "journal/snapshots.hpp"

#include "journal/station_test.hpp"

namespace miletus::journal {
namespace {

Snapshot snapshot_of(std::uint64_t sequence, std::size_t size) {
    Snapshot snapshot{.sequence = Sequence(sequence),
                      .state = {.high = sequence, .low = 7},
                      .events = {.high = 3, .low = sequence},
                      .bytes = {}};
    Prng prng(sequence);
    for (std::size_t at = 0; at < size; ++at) {
        snapshot.bytes.push_back(static_cast<std::byte>(prng.next()));
    }
    return snapshot;
}

bool is_same(const Snapshot& one, const Snapshot& other) {
    return one.sequence == other.sequence && one.state == other.state &&
           one.events == other.events && one.bytes == other.bytes;
}

TEST(Snapshots, the_newest_is_found_byte_for_byte_whatever_its_size) {
    simulation::SimulatedDisk disk(1);
    std::uint64_t sequence = 0;
    for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, (1U << 20U) + 1}) {
        const Snapshot put = snapshot_of(++sequence, size);
        ASSERT_TRUE(put_snapshot(disk, test_log, put).has_value());
        const auto found = find_snapshot(disk, test_log, Age::youngest);
        ASSERT_TRUE(found.has_value() && found->whole.has_value());
        EXPECT_TRUE(is_same(*found->whole, put)) << size;
    }
    EXPECT_EQ(disk.list()->size(), 2U);
}

TEST(Snapshots, a_bad_one_is_passed_over_for_the_one_before_it_and_named) {
    const std::uint64_t bits = (host::disk_block + 500) * 8;
    for (std::uint64_t bit = 0; bit < bits; bit += 41) {
        simulation::SimulatedDisk disk(1);
        ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(5, 500)).has_value());
        ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(9, 500)).has_value());
        disk.flip_bit(snapshot_name(Sequence(9)), bit);
        const auto found = find_snapshot(disk, test_log, Age::youngest);
        ASSERT_TRUE(found.has_value() && found->whole.has_value());
        ASSERT_EQ(found->whole->sequence, Sequence(5)) << bit;
        ASSERT_EQ(found->bad, std::vector<std::string>{snapshot_name(Sequence(9))});
    }
}

TEST(Snapshots, two_that_are_whole_are_kept_and_no_others) {
    simulation::SimulatedDisk disk(1);
    ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(5, 500)).has_value());
    ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(9, 500)).has_value());
    disk.flip_bit(snapshot_name(Sequence(9)), 77);
    const auto kept = put_snapshot(disk, test_log, snapshot_of(11, 500));
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(*kept, (std::vector{Sequence(11), Sequence(5)}));
    EXPECT_EQ(disk.list()->size(), 2U);
    EXPECT_EQ(find_snapshot(disk, test_log, Age::oldest)->whole->sequence, Sequence(5));
}

TEST(Snapshots, one_that_does_not_read_back_is_a_failure_and_costs_no_other) {
    simulation::SimulatedDisk disk(1);
    ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(5, 5000)).has_value());
    ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(9, 5000)).has_value());
    disk.misdirect_next_write();
    const auto put = put_snapshot(disk, test_log, snapshot_of(11, 5000));
    ASSERT_FALSE(put.has_value());
    EXPECT_EQ(
        put.error().sentence(),
        "00000000000000000011.snapshot, byte 0, sequence 11: payload checksum does not match");
    EXPECT_EQ(*prune_snapshots(disk, test_log), (std::vector{Sequence(9), Sequence(5)}));
}

TEST(Snapshots, a_full_disk_is_told_apart_and_keeps_its_room) {
    simulation::SimulatedDisk disk(1);
    disk.limit_bytes(4 * host::disk_block);
    ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(5, 500)).has_value());
    const auto put = put_snapshot(disk, test_log, snapshot_of(9, 9000));
    ASSERT_FALSE(put.has_value());
    EXPECT_TRUE(put.error().is_disk_full);
    EXPECT_EQ(disk.list()->size(), 1U);
}

TEST(Snapshots, another_logs_is_none_of_ours) {
    simulation::SimulatedDisk disk(1);
    ASSERT_TRUE(put_snapshot(disk, LogId{1}, snapshot_of(5, 10)).has_value());
    const auto found = find_snapshot(disk, LogId{2}, Age::youngest);
    ASSERT_TRUE(found.has_value());
    EXPECT_FALSE(found->whole.has_value());
}

TEST(Snapshots, where_the_power_goes_one_that_was_there_is_still_there) {
    for (std::uint64_t change = 1; change <= 12; ++change) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            simulation::SimulatedDisk disk(seed);
            ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(5, 5000)).has_value());
            ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(6, 5000)).has_value());
            disk.lose_power_at(change);
            const bool is_put = put_snapshot(disk, test_log, snapshot_of(7, 5000)).has_value();
            if (!disk.has_power()) {
                disk.restart();
            }
            const auto found = find_snapshot(disk, test_log, Age::youngest);
            ASSERT_TRUE(found.has_value() && found->whole.has_value());
            ASSERT_GE(found->whole->sequence, Sequence(is_put ? 7 : 6));
            ASSERT_TRUE(found->bad.empty());
            disk.keep_power();
            ASSERT_TRUE(put_snapshot(disk, test_log, snapshot_of(8, 50)).has_value());
        }
    }
}

}  // namespace
}  // namespace miletus::journal
