// The stored sample of format version 1: what is written today is what was written then, and what
// was written then is still read.
#include "host/folder_disk.hpp"
#include "journal/station_test.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace miletus::journal {
namespace {

const std::filesystem::path sample = "tests/formats/journal-1";
constexpr int sample_commands = 9;

// The first segment has room for three records, so that the sample has two segments.
Options sample_options() {
    Options options = tiny_options();
    options.first_segment_bytes = 4 * host::disk_block;
    options.segment_bytes = 12 * host::disk_block;
    options.spare_segments = 1;
    return options;
}

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string bytes_of(const Station& station, std::string_view name) {
    std::string bytes;
    for (const Unit& unit : station.disk.bytes_of(name)) {
        for (const std::byte byte : unit.bytes) {
            bytes += static_cast<char>(byte);
        }
    }
    return bytes;
}

TEST(JournalSample, what_is_written_today_is_what_was_written_then) {
    Station station(1, sample_options());
    ASSERT_TRUE(station.start());
    station.append_all(sample_commands);
    ASSERT_TRUE(station.confirm());
    const std::filesystem::path written = testing::TempDir() + "miletus_journal_sample";
    std::filesystem::create_directories(written);
    for (const std::string name : {"superblock", "00000001.segment", "00000002.segment"}) {
        const std::string bytes = bytes_of(station, name);
        std::ofstream(written / name, std::ios::binary) << bytes;
        EXPECT_TRUE(bytes == contents(sample / name))
            << name << " is another; see " << written << ". A new format needs a new version.";
    }
}

TEST(JournalSample, what_was_written_then_is_still_read) {
    const std::string copy = testing::TempDir() + "miletus_journal_copy";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(sample, copy);
    const auto disk = host::FolderDisk::at(copy);
    ASSERT_TRUE(disk.has_value());
    Sequence last;
    const auto inspection = inspect(**disk, [&](const Record& record) {
        EXPECT_EQ(record.header.first, Sequence(last.value() + 1));
        last = record.header.last;
    });
    ASSERT_TRUE(inspection.has_value()) << inspection.error().sentence();
    EXPECT_EQ(inspection->commands, static_cast<std::uint64_t>(sample_commands));
    EXPECT_EQ(inspection->segments, 2U);
    EXPECT_EQ(inspection->superblock.superblock.log, test_log);
    EXPECT_FALSE(inspection->torn.has_value());
    std::filesystem::remove_all(copy);
}

}  // namespace
}  // namespace miletus::journal
