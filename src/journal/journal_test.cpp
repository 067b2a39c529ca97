// What a journal promises, one promise a test, on a simulated disk.
#include "journal/station_test.hpp"

#include <algorithm>

namespace miletus::journal {
namespace {

// The same journal, as a new process finds it.
void restart(Station& station) {
    station.remember();
    ASSERT_TRUE(station.start()) << station.failure;
}

bool is_there(Station& station, std::string_view name) {
    const auto files = station.disk.list();
    return std::ranges::find(*files, name, &host::FileInfo::name) != files->end();
}

TEST(Journal, a_new_one_is_empty_and_in_its_first_epoch) {
    Station station(1);
    ASSERT_TRUE(station.start());
    EXPECT_TRUE(station.recovered.is_new);
    EXPECT_EQ(station.recovered.superblock.epoch, 1U);
    EXPECT_EQ(station.recovered.tail.place.first, Sequence(1));
    EXPECT_TRUE(station.found.empty());
}

TEST(Journal, gives_back_what_was_appended_across_batches_and_segments) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Station station(seed);
        ASSERT_TRUE(station.start());
        station.append_all(200);
        restart(station);
        EXPECT_EQ(station.found.size(), 200U);
        EXPECT_TRUE(station.has_lost_nothing());
        EXPECT_FALSE(station.recovered.torn.has_value());
        EXPECT_GT(station.recovered.tail.place.segment, SegmentNumber{1});
    }
}

TEST(Journal, each_start_begins_a_new_epoch_and_goes_on_where_the_last_ended) {
    Station station(2);
    ASSERT_TRUE(station.start());
    for (std::uint32_t epoch = 1; epoch <= 5; ++epoch) {
        EXPECT_EQ(station.recovered.superblock.epoch, epoch);
        EXPECT_EQ(station.recovered.is_new, epoch == 1);
        station.append_all(30);
        restart(station);
        EXPECT_EQ(station.found.size(), epoch * 30);
        EXPECT_TRUE(station.has_lost_nothing());
    }
}

TEST(Journal, is_durable_in_order_whatever_the_disk_finishes_first) {
    Station station(3);
    ASSERT_TRUE(station.start());
    Sequence last;
    while (station.appended.size() < 300) {
        station.append();
        ASSERT_TRUE(station.work());
        EXPECT_GE(station.writer->durable(), last);
        EXPECT_LE(station.writer->durable(), station.writer->last());
        last = station.writer->durable();
    }
}

TEST(Journal, gathers_no_more_than_a_record_while_the_disk_is_busy) {
    Station station(4);
    ASSERT_TRUE(station.start());
    int refused = 0;
    for (int turn = 0; turn < 200; ++turn) {
        refused += station.append() ? 0 : 1;
    }
    EXPECT_GT(refused, 0);
    ASSERT_TRUE(station.drain());
    EXPECT_EQ(station.writer->durable(), Sequence(station.appended.size()));
}

TEST(Journal, waits_for_a_segment_that_is_not_ready_and_loses_nothing) {
    Station station(5);
    ASSERT_TRUE(station.start());
    // Nobody makes segments: it comes to stand still, full, and says so.
    for (int turn = 0; turn < 500; ++turn) {
        station.append();
        ASSERT_TRUE(station.writer->do_work().has_value());
    }
    EXPECT_FALSE(station.writer->has_room(5));
    EXPECT_EQ(station.segments->spare(), 0U);
    ASSERT_TRUE(station.drain());
    restart(station);
    EXPECT_TRUE(station.has_lost_nothing());
}

TEST(Journal, a_full_disk_is_no_failure_until_the_last_segment_is_full) {
    Station station(6);
    ASSERT_TRUE(station.start());
    station.disk.limit_bytes(4 * host::disk_block + 6 * host::disk_block + 8 * host::disk_block);
    for (int turn = 0; turn < 200; ++turn) {
        station.append();
        ASSERT_TRUE(station.work());
    }
    EXPECT_FALSE(station.writer->has_room(5));
    station.disk.limit_bytes(1U << 30U);
    ASSERT_TRUE(station.drain());
    station.append_all(10);
    restart(station);
    EXPECT_TRUE(station.has_lost_nothing());
}

// A venue that took one for the other would close whenever the log goes on in the next segment.
TEST(Journal, tells_a_full_disk_from_a_segment_that_is_still_being_made) {
    Station station(6);
    ASSERT_TRUE(station.start());
    EXPECT_EQ(station.segments->spare(), 0U);
    EXPECT_FALSE(station.segments->is_disk_full());
    station.disk.limit_bytes(0);
    EXPECT_FALSE(*station.segments->do_work());
    EXPECT_TRUE(station.segments->is_disk_full());
    station.disk.limit_bytes(1U << 30U);
    EXPECT_TRUE(*station.segments->do_work());
    EXPECT_FALSE(station.segments->is_disk_full());
}

TEST(Journal, trims_what_a_snapshot_made_superfluous) {
    Station station(7);
    ASSERT_TRUE(station.start());
    station.append_all(200);
    const Sequence third = read_segment_header(station.disk, SegmentNumber{3})->first;
    station.segments->keep_from(Sequence(third.value() - 1));
    while (*station.segments->do_work()) {
    }
    EXPECT_FALSE(is_there(station, "00000001.segment"));
    EXPECT_TRUE(is_there(station, "00000002.segment"));
    station.segments->keep_from(third);
    while (*station.segments->do_work()) {
    }
    EXPECT_FALSE(is_there(station, "00000002.segment"));
    EXPECT_TRUE(is_there(station, "00000003.segment"));
    const Superblock written = read_superblock(station.disk)->superblock;
    EXPECT_EQ(written.first_segment, SegmentNumber{3});
    EXPECT_EQ(written.writes, station.recovered.superblock.writes + 2);
}

TEST(Journal, wherever_the_power_goes_a_trimmed_log_begins_where_it_says) {
    for (std::uint64_t change = 1; change <= 12; ++change) {
        Station station(change);
        ASSERT_TRUE(station.start());
        station.append_all(200);
        Superblock superblock = station.recovered.superblock;
        const Sequence fourth = read_segment_header(station.disk, SegmentNumber{4})->first;
        station.stop();
        station.disk.lose_power_at(change);
        const bool is_trimmed = trim(station.disk, superblock, fourth).has_value();
        EXPECT_EQ(is_trimmed, station.disk.has_power());
        if (!is_trimmed) {
            station.disk.restart();
        }
        station.disk.keep_power();
        const auto recovered =
            recover(station.disk, tiny_options(), test_log, fourth, [](std::span<const Unit>) {});
        ASSERT_TRUE(recovered.has_value()) << recovered.error().sentence();
        const SegmentNumber first = recovered->superblock.first_segment;
        EXPECT_TRUE(first == SegmentNumber{1} || first == SegmentNumber{4}) << change;
        EXPECT_EQ(is_there(station, "00000001.segment"), first == SegmentNumber{1});
        EXPECT_EQ(is_there(station, "00000003.segment"), first == SegmentNumber{1});
        EXPECT_TRUE(is_there(station, "00000004.segment"));
    }
}

TEST(Journal, a_reader_beside_the_writer_sees_what_is_durable) {
    Station station(8);
    ASSERT_TRUE(station.start());
    auto reader = Reader::open(station.disk, test_log, SegmentNumber{1}, Depth::checksums);
    ASSERT_TRUE(reader.has_value());
    std::uint64_t commands = 0;
    for (int turn = 0; turn < 2000; ++turn) {
        station.append();
        ASSERT_TRUE(station.work());
        while (reader->position().first <= station.writer->durable()) {
            if (const auto record = reader->next()) {
                commands += record->header.last.value() + 1 - record->header.first.value();
                continue;
            }
            reader->look_again();
            ASSERT_TRUE(reader->next().has_value()) << reader->failure().sentence();
            commands = reader->position().first.value() - 1;
        }
        EXPECT_EQ(commands, station.writer->durable().value());
    }
    EXPECT_GT(reader->position().segment, SegmentNumber{5});
}

// ---- Failures ----

TEST(Journal, a_failed_write_is_final_and_acknowledges_nothing) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Station station(seed);
        ASSERT_TRUE(station.start());
        station.append_all(static_cast<int>(seed));
        const std::uint64_t acknowledged = station.writer->durable().value();
        ASSERT_TRUE(station.append());
        station.disk.fail_next_write();
        JournalResult<void> worked;
        while (worked) {
            worked = station.writer->do_work();
            ASSERT_TRUE(station.segments->do_work().has_value());
        }
        EXPECT_EQ(station.writer->durable().value(), acknowledged);
        station.disk.lose_power();
        station.disk.restart();
        restart(station);
        EXPECT_TRUE(station.has_lost_nothing());
    }
}

TEST(Journal, three_bad_superblocks_of_four_are_made_good) {
    Station station(8);
    ASSERT_TRUE(station.start());
    station.append_all(20);
    for (const std::uint64_t copy : {0U, 2U, 3U}) {
        station.disk.flip_bit(superblock_name, copy * host::disk_block * 8 + 200);
    }
    restart(station);
    EXPECT_EQ(station.recovered.bad_superblocks, 3U);
    restart(station);
    EXPECT_EQ(station.recovered.bad_superblocks, 0U);
    EXPECT_EQ(station.found.size(), 20U);
}

TEST(Journal, without_a_whole_superblock_it_refuses) {
    Station station(9);
    ASSERT_TRUE(station.start());
    for (const std::uint64_t copy : {0U, 1U, 2U, 3U}) {
        station.disk.flip_bit(superblock_name, copy * host::disk_block * 8 + 8);
    }
    EXPECT_FALSE(station.start());
    EXPECT_EQ(station.failure, "superblock, byte 0, sequence 0: header checksum does not match");
}

TEST(Journal, segments_without_a_superblock_are_not_overwritten) {
    Station station(10);
    ASSERT_TRUE(station.start());
    station.append_all(200);
    ASSERT_TRUE(station.disk.remove(superblock_name).has_value());
    EXPECT_FALSE(station.start());
    EXPECT_EQ(station.failure,
              "superblock, byte 0, sequence 0: commands that were durable are missing");
}

// Names the place: the record, and the command that should begin there.
TEST(Journal, damage_to_a_durable_record_is_refused_with_its_place) {
    Station station(11);
    ASSERT_TRUE(station.start());
    station.append_all(40);
    station.disk.flip_bit("00000001.segment", (3 * host::disk_block + 200) * 8);
    EXPECT_FALSE(station.start());
    EXPECT_TRUE(station.failure.starts_with("00000001.segment, byte 12288, sequence "));
    EXPECT_TRUE(station.failure.ends_with(": payload checksum does not match"));
}

// ---- The chain ----

std::uint64_t count_records(Station& station) {
    const auto inspection = inspect(station.disk, [](const Record&) {});
    station.failure = inspection ? "" : inspection.error().sentence();
    return inspection ? inspection->records : 0;
}

TEST(Journal, each_record_carries_the_digest_of_the_one_before_across_segments_and_starts) {
    Station station(13);
    ASSERT_TRUE(station.start());
    station.append_all(100);
    restart(station);
    station.append_all(100);
    const auto inspection = inspect(station.disk, [](const Record&) {});
    ASSERT_TRUE(inspection.has_value()) << inspection.error().sentence();
    EXPECT_EQ(inspection->commands, 200U);
    EXPECT_EQ(inspection->last, Sequence(200));
    EXPECT_EQ(inspection->last_time, UnixNanos(200));
    EXPECT_GT(inspection->segments, 4U);
    EXPECT_FALSE(inspection->torn.has_value());
}

// Checksums are no defence against someone who can compute them.
TEST(Journal, a_record_that_was_rewritten_with_its_checksums_breaks_the_chain) {
    Station station(14);
    ASSERT_TRUE(station.start());
    station.append_all(40);
    ASSERT_GE(count_records(station), 10U);
    const auto file = station.disk.open("00000001.segment");
    Block<Unit> record(host::units_per_block);
    const host::Place place{.file = *file, .offset = 2 * host::disk_block};
    ASSERT_TRUE(station.disk.read(place, record.items()).has_value());
    record[record_header_units].bytes[60] ^= std::byte{1};
    const RecordHeader header = view_as<RecordHeader>(record.items());
    write_record_header(record.items(), header);
    ASSERT_TRUE(station.disk.write(place, record.items()).has_value());
    EXPECT_EQ(count_records(station), 0U);
    EXPECT_TRUE(station.failure.starts_with("00000001.segment, byte 12288, sequence "));
    EXPECT_TRUE(station.failure.ends_with("chain broken: a record of another history"));
}

// ---- Every bit ----

// Every bit of what holds anything; of the zeros between, one bit in each 64 bytes, another each
// time.
std::vector<std::uint64_t> bits_of(const std::vector<Unit>& file) {
    constexpr std::uint64_t bits_per_unit = 8 * sizeof(Unit);
    std::vector<std::uint64_t> bits;
    for (std::uint64_t unit = 0; unit < file.size(); ++unit) {
        const bool is_empty = is_zero(std::span(file).subspan(unit, 1));
        const std::uint64_t begin = is_empty ? unit % bits_per_unit : 0;
        const std::uint64_t step = is_empty ? bits_per_unit : 1;
        for (std::uint64_t bit = begin; bit < bits_per_unit; bit += step) {
            bits.push_back(unit * bits_per_unit + bit);
        }
    }
    return bits;
}

// A journal that ended in good order: whichever bit flips, a start either refuses, or says what it
// made good, and loses nothing.
TEST(Journal, each_flipped_bit_is_found) {
    Station whole(12);
    ASSERT_TRUE(whole.start());
    whole.append_all(12);
    ASSERT_TRUE(whole.confirm());
    std::uint64_t refused = 0;
    std::uint64_t repaired = 0;
    const auto files = whole.disk.list();
    for (const host::FileInfo& file : *files) {
        // Spare segments are made anew before use: nothing in them can matter.
        const bool is_spare = is_zero(whole.disk.bytes_of(file.name));
        for (const std::uint64_t bit : bits_of(whole.disk.bytes_of(file.name))) {
            Station flipped(12);
            flipped.disk = whole.disk;
            flipped.disk.flip_bit(file.name, bit);
            if (!flipped.start()) {
                ASSERT_TRUE(flipped.failure.starts_with(file.name)) << flipped.failure;
                ++refused;
                continue;
            }
            const bool is_said =
                flipped.recovered.bad_superblocks != 0 || flipped.recovered.torn.has_value();
            ASSERT_TRUE(is_said || is_spare) << file.name << " bit " << bit;
            ASSERT_EQ(flipped.found.size(), 12U) << file.name << " bit " << bit;
            ++repaired;
        }
    }
    EXPECT_GT(refused, 10'000U);
    EXPECT_GT(repaired, 1000U);
}

}  // namespace
}  // namespace miletus::journal
