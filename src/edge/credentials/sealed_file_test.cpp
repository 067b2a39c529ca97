// The seal: what is whole opens, all else is told by name.
#include "edge/credentials/example_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace miletus::credentials {
namespace {

class SealedFileTest : public testing::Test {
  protected:
    void SetUp() override {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ =
            std::filesystem::temp_directory_path() / (std::string("miletus_seal_") + test->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(std::string_view name, std::string_view text, unsigned mode = 0600) {
        std::ofstream(folder_ / name) << text;
        std::filesystem::permissions(folder_ / name, std::filesystem::perms(mode));
    }
    [[nodiscard]] std::string path(std::string_view name) const { return folder_ / name; }
    [[nodiscard]] static SealKey key(std::uint8_t first) {
        SealKey::Bytes bytes{};
        bytes[0] = std::byte{first};
        return SealKey(bytes);
    }
    [[nodiscard]] static std::string problem(std::span<const std::byte> bytes) {
        const Sentence<Register> opened = unseal(bytes, key(1), "F");
        return opened ? "" : opened.error();
    }

    std::filesystem::path folder_;
};

TEST_F(SealedFileTest, opens_with_its_key) {
    const Example example;
    const Sentence<Register> opened = unseal(seal(example.content, key(1)), key(1), "F");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->encode(), example.content.encode());
}

TEST_F(SealedFileTest, the_same_content_is_sealed_otherwise_each_time_and_shows_nothing) {
    const Example example;
    const std::vector<std::byte> first = seal(example.content, key(1));
    EXPECT_NE(first, seal(example.content, key(1)));
    const std::string id = example.id(example.main);
    const auto hidden = std::as_bytes(std::span(id));
    EXPECT_TRUE(std::ranges::search(first, hidden).empty());
}

TEST_F(SealedFileTest, every_flipped_bit_is_found) {
    const Example example;
    const std::vector<std::byte> sealed = seal(example.content, key(1));
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::vector<std::byte> flipped = sealed;
        flipped[bit / 8] ^= std::byte{1} << static_cast<int>(bit % 8);
        const std::string sentence = problem(flipped);
        EXPECT_TRUE(sentence.starts_with("F: ") && sentence.find("damaged") != std::string::npos)
            << bit << " " << sentence;
    }
}

TEST_F(SealedFileTest, every_file_that_is_cut_short_or_longer_is_found) {
    std::vector<std::byte> sealed = seal(Example().content, key(1));
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        EXPECT_NE(problem(std::span(sealed).first(size)).find("cut short"), std::string::npos)
            << size;
    }
    sealed.push_back(std::byte{0});
    EXPECT_NE(problem(sealed), "");
}

TEST_F(SealedFileTest, says_that_the_key_is_another) {
    EXPECT_EQ(problem(seal(Example().content, key(2))),
              "F: was sealed with another key, or is damaged; name the key that sealed it, or "
              "restore a copy");
}

TEST_F(SealedFileTest, is_written_and_read_by_path) {
    const Sentence<SealKey> made = SealKey::make(path("key"));
    ASSERT_TRUE(made);
    EXPECT_TRUE(create_sealed(path("file"), *made));
    EXPECT_FALSE(create_sealed(path("file"), *made));
    const Example example;
    EXPECT_TRUE(write_sealed(path("file"), example.content, *made));
    const Sentence<SealKey> read = SealKey::read(path("key"));
    ASSERT_TRUE(read);
    const Sentence<SealedContent> opened = read_sealed(path("file"), *read);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->content.keys().size(), 3U);
    EXPECT_FALSE(SealKey::make(path("key")));
}

TEST_F(SealedFileTest, says_what_to_do_where_there_is_no_file) {
    EXPECT_EQ(read_sealed(path("file"), key(1)).error(),
              "open " + path("file") +
                  ": No such file or directory; `miletus admin init` makes an empty one");
}

TEST_F(SealedFileTest, a_key_is_raw_or_in_hexadecimal_digits) {
    write("raw", std::string(32, 'r'));
    write("hex", std::string(64, 'A') + "\n");
    EXPECT_EQ(SealKey::read(path("raw"))->bytes()[31], std::byte{'r'});
    EXPECT_EQ(SealKey::read(path("hex"))->bytes()[31], std::byte{0xaa});
    for (const std::string& text :
         {std::string(), std::string(31, 'r'), std::string(33, 'r'), std::string(63, 'a'),
          std::string(64, 'g'), std::string("\n")}) {
        write("bad", text);
        EXPECT_FALSE(SealKey::read(path("bad"))) << text;
    }
}

TEST_F(SealedFileTest, a_key_that_others_may_read_is_refused) {
    for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0777U}) {
        write("key", std::string(32, 'r'), mode);
        EXPECT_EQ(
            SealKey::read(path("key")).error(),
            path("key") + ": others than its owner may use this key: chmod 600 " + path("key"));
    }
}

TEST_F(SealedFileTest, a_key_may_come_from_systemd) {
    write("miletus.seal", std::string(32, 'r'), 0440);
    ASSERT_EQ(::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1), 0);
    EXPECT_TRUE(SealKey::read("credential:miletus.seal"));
    EXPECT_FALSE(SealKey::read("credential:../" + folder_.filename().string() + "/miletus.seal"));
    EXPECT_FALSE(SealKey::read("credential:"));
    ASSERT_EQ(::unsetenv("CREDENTIALS_DIRECTORY"), 0);
    EXPECT_FALSE(SealKey::read("credential:miletus.seal"));
}

}  // namespace
}  // namespace miletus::credentials
