// Folders of demonstrations: gone where they should be, kept where they should be, and others left
// alone. And the key in them.
#include "serve/demo_folder.hpp"

#include "serve/config_deribit.hpp"
#include "serve/practice.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace miletus::serve {
namespace {

namespace fs = std::filesystem;

class DemoFolderTest : public testing::Test {
  protected:
    DemoFolderTest()
        : place_(fs::temp_directory_path() /
                 ("miletus_demo_folder_test_" +
                  std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
        fs::remove_all(place_);
    }
    ~DemoFolderTest() override { fs::remove_all(place_); }
    DemoFolderTest(const DemoFolderTest&) = delete;
    DemoFolderTest& operator=(const DemoFolderTest&) = delete;
    DemoFolderTest(DemoFolderTest&&) = delete;
    DemoFolderTest& operator=(DemoFolderTest&&) = delete;

    fs::path place_;
};

TEST_F(DemoFolderTest, a_temporary_one_is_gone_at_the_end) {
    std::string path;
    {
        const auto folder = DemoFolder::enter("");
        ASSERT_TRUE(folder.has_value()) << folder.error();
        path = folder->path();
        EXPECT_TRUE(folder->is_temporary());
        EXPECT_TRUE(fs::is_directory(path));
        EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(DemoFolderTest, one_that_was_named_stays_and_is_entered_again) {
    for (int time = 0; time < 2; ++time) {
        const auto folder = DemoFolder::enter(place_);
        ASSERT_TRUE(folder.has_value()) << folder.error();
        EXPECT_FALSE(folder->is_temporary());
        EXPECT_EQ(folder->path(), place_);
    }
    EXPECT_TRUE(fs::is_directory(place_));
}

TEST_F(DemoFolderTest, what_others_keep_is_left_alone) {
    fs::create_directory(place_);
    std::ofstream(place_ / "00000001.segment") << "a journal";
    const auto folder = DemoFolder::enter(place_);
    ASSERT_FALSE(folder.has_value());
    EXPECT_TRUE(folder.error().find("holds something else") != std::string::npos);
    EXPECT_EQ(std::distance(fs::directory_iterator(place_), fs::directory_iterator()), 1);
}

TEST_F(DemoFolderTest, the_key_stays_the_same) {
    const auto folder = DemoFolder::enter(place_);
    ASSERT_TRUE(folder.has_value());
    const DeribitConfig deribit = default_deribit(folder->path());
    const auto first = practice_key(deribit, AccountId(1), UnixNanos(5));
    ASSERT_TRUE(first.has_value()) << first.error();
    EXPECT_FALSE(first->id.empty() || first->secret.empty());
    const auto again = practice_key(deribit, AccountId(1), UnixNanos(6));
    ASSERT_TRUE(again.has_value()) << again.error();
    EXPECT_EQ(again->id, first->id);
    EXPECT_EQ(again->secret, first->secret);
    fs::remove(deribit.seal_key);
    EXPECT_FALSE(practice_key(deribit, AccountId(1), UnixNanos(7)).has_value());
}

}  // namespace
}  // namespace miletus::serve
