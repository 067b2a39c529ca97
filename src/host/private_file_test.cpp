// Files by path, on the file system of the test.
#include "host/private_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace miletus::host {
namespace {

class PrivateFileTest : public testing::Test {
  protected:
    void SetUp() override {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::temp_directory_path() /
                  (std::string("miletus_private_file_") + test->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        path_ = folder_ / "kept";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] static std::vector<std::byte> bytes(std::size_t count) {
        return std::vector<std::byte>(count, std::byte{7});
    }

    std::filesystem::path folder_;
    std::string path_;
};

TEST_F(PrivateFileTest, what_is_replaced_is_read_back_and_is_its_owner_s_alone) {
    EXPECT_TRUE(replace_private_file(path_, bytes(5)));
    EXPECT_TRUE(replace_private_file(path_, bytes(100'000)));
    const IoResult<PrivateFile> read = read_private_file(path_, 100'000);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->bytes, bytes(100'000));
    EXPECT_TRUE(read->is_private);
    EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(PrivateFileTest, says_where_others_may_read) {
    EXPECT_TRUE(create_private_file(path_, bytes(1)));
    std::filesystem::permissions(path_, std::filesystem::perms(0640));
    EXPECT_FALSE(read_private_file(path_, 10)->is_private);
    std::filesystem::permissions(path_, std::filesystem::perms(0400));
    EXPECT_TRUE(read_private_file(path_, 10)->is_private);
}

TEST_F(PrivateFileTest, makes_a_file_once_and_leaves_the_first_one_alone) {
    EXPECT_TRUE(create_private_file(path_, bytes(1)));
    const IoResult<void> again = create_private_file(path_, bytes(2));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().sentence(), "create " + path_ + ": File exists");
    EXPECT_EQ(read_private_file(path_, 10)->bytes, bytes(1));
}

TEST_F(PrivateFileTest, a_replaced_file_has_another_stamp_though_its_bytes_are_the_same) {
    EXPECT_TRUE(create_private_file(path_, bytes(1)));
    const IoResult<FileStamp> first = file_stamp(path_);
    ASSERT_TRUE(first);
    EXPECT_EQ(read_private_file(path_, 10)->stamp, *first);
    EXPECT_EQ(*file_stamp(path_), *first);
    EXPECT_TRUE(replace_private_file(path_, bytes(1)));
    EXPECT_NE(*file_stamp(path_), *first);
}

TEST_F(PrivateFileTest, refuses_what_is_too_large_no_file_or_not_there) {
    EXPECT_FALSE(read_private_file(path_, 10));
    EXPECT_FALSE(file_stamp(path_));
    EXPECT_FALSE(read_private_file(folder_, 10));
    EXPECT_FALSE(read_private_file("/dev/zero", 10));
    EXPECT_TRUE(create_private_file(path_, bytes(11)));
    EXPECT_FALSE(read_private_file(path_, 10));
    EXPECT_FALSE(replace_private_file(folder_ / "none" / "kept", bytes(1)));
}

TEST_F(PrivateFileTest, one_holds_the_lock_until_it_lets_go) {
    {
        const IoResult<FileLock> held = FileLock::take(path_);
        ASSERT_TRUE(held);
        EXPECT_FALSE(FileLock::take(path_));
    }
    EXPECT_TRUE(FileLock::take(path_));
}

}  // namespace
}  // namespace miletus::host
