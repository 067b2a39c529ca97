// A folder of the real file system as a disk.
#include "host/folder_disk.hpp"

#include "base/memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>

namespace miletus::host {
namespace {

class FolderDiskTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = testing::TempDir() + "miletus_disk_" +
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove_all(folder_);
        disk = *FolderDisk::make(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    // A block whose units all carry this mark.
    static Block<Unit> marked(int mark) {
        Block<Unit> units(units_per_block);
        for (Unit& unit : units.items()) {
            unit.bytes.fill(static_cast<std::byte>(mark));
        }
        return units;
    }
    [[nodiscard]] int mark_at(FileId file, std::uint64_t block) const {
        Block<Unit> units(units_per_block);
        EXPECT_TRUE(
            disk->read({.file = file, .offset = block * disk_block}, units.items()).has_value());
        return std::to_integer<int>(units[units_per_block - 1].bytes[63]);
    }

    std::string folder_;
    std::unique_ptr<FolderDisk> disk;
};

TEST_F(FolderDiskTest, a_new_file_has_its_size_and_holds_zeros) {
    const auto file = disk->create("a", 3 * disk_block);
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(mark_at(*file, 2), 0);
    const auto files = disk->list();
    ASSERT_EQ(files->size(), 1U);
    EXPECT_EQ(files->front().name, "a");
    EXPECT_EQ(files->front().size, 3 * disk_block);
}

// A venue on a full disk tries again and again.
TEST_F(FolderDiskTest, a_file_that_finds_no_room_leaves_no_descriptor_open) {
    const auto open_files = [] {
        const std::filesystem::directory_iterator entries("/proc/self/fd");
        return std::distance(begin(entries), end(entries));
    };
    const auto before = open_files();
    constexpr std::uint64_t too_large = std::uint64_t{1} << 60U;
    for (int turn = 0; turn < 3; ++turn) {
        EXPECT_FALSE(disk->create("a", too_large).has_value());
        EXPECT_TRUE(disk->remove("a").has_value());
    }
    EXPECT_EQ(open_files(), before);
}

TEST_F(FolderDiskTest, reads_what_was_written_after_it_was_closed_and_renamed) {
    const auto file = disk->create("a", 2 * disk_block);
    ASSERT_TRUE(disk->write({.file = *file, .offset = disk_block}, marked(7).items()).has_value());
    disk->close(*file);
    ASSERT_TRUE(disk->rename("a", "b").has_value());
    const auto again = disk->open("b");
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(mark_at(*again, 0), 0);
    EXPECT_EQ(mark_at(*again, 1), 7);
    disk->close(*again);
    ASSERT_TRUE(disk->remove("b").has_value());
    EXPECT_TRUE(disk->list()->empty());
}

TEST_F(FolderDiskTest, submitted_writes_all_complete_with_their_tokens) {
    const auto file = disk->create("a", 8 * disk_block);
    std::vector<Block<Unit>> blocks;
    for (int at = 0; at < 8; ++at) {
        blocks.push_back(marked(at + 1));
        const std::uint64_t offset = static_cast<std::uint64_t>(at) * disk_block;
        disk->submit({.file = *file, .offset = offset}, blocks.back().items(),
                     static_cast<std::uint64_t>(at));
    }
    std::map<std::uint64_t, bool> done;
    while (done.size() < 8) {
        if (const auto completion = disk->completed()) {
            EXPECT_TRUE(completion->result.has_value());
            EXPECT_TRUE(done.emplace(completion->token, true).second);
        }
    }
    for (int at = 0; at < 8; ++at) {
        EXPECT_EQ(mark_at(*file, static_cast<std::uint64_t>(at)), at + 1);
    }
    EXPECT_FALSE(disk->completed().has_value());
}

TEST_F(FolderDiskTest, failures_name_what_was_tried_and_on_what) {
    const auto missing = disk->open("nothing");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().code, ENOENT);
    EXPECT_EQ(missing.error().sentence(),
              "open " + folder_ + "/nothing: No such file or directory");
    ASSERT_TRUE(disk->create("a", disk_block).has_value());
    EXPECT_EQ(disk->create("a", disk_block).error().code, EEXIST);
    EXPECT_EQ(disk->remove("nothing").error().code, ENOENT);
}

TEST_F(FolderDiskTest, a_read_behind_the_end_fails) {
    const auto file = disk->create("a", disk_block);
    Block<Unit> units(units_per_block);
    const auto read = disk->read({.file = *file, .offset = disk_block}, units.items());
    EXPECT_EQ(read.error().code, ENODATA);
}

TEST_F(FolderDiskTest, a_folder_is_locked_by_one_at_a_time) {
    {
        const auto lock = FolderLock::take(folder_);
        ASSERT_TRUE(lock.has_value());
        const auto second = FolderLock::take(folder_);
        ASSERT_FALSE(second.has_value());
        EXPECT_TRUE(second.error().sentence().starts_with("lock (does another process use it?)"));
    }
    EXPECT_TRUE(FolderLock::take(folder_).has_value());
}

}  // namespace
}  // namespace miletus::host
