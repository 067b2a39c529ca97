// Numbers with a point, one way and the other.
#include "base/decimal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <utility>

namespace miletus {
namespace {

TEST(Decimal, a_number_and_its_text_are_the_same_number) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 6> with_four = {
        {{0, "0"},
         {2500, "0.25"},
         {-1, "-0.0001"},
         {10'000, "1"},
         {-123'456, "-12.3456"},
         {1'000'000, "100"}}};
    for (const auto& [value, text] : with_four) {
        EXPECT_EQ(decimal_text(value, 4), text);
        EXPECT_EQ(decimal_of(text, 4), value);
    }
    EXPECT_EQ(decimal_text(-7, 0), "-7");
}

TEST(Decimal, the_ends_of_their_types_are_told) {
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(decimal_text(lowest, 6), "-9223372036854.775808");
    EXPECT_EQ(decimal_of("-9223372036854.775808", 6), lowest);
    EXPECT_EQ(decimal_of("9223372036854.775808", 6), std::nullopt);
    EXPECT_EQ(decimal_text(int128{lowest} * lowest, 0), "85070591730234615865843651857942052864");
}

TEST(Decimal, what_is_no_number_of_so_many_digits_is_none) {
    for (const std::string_view text :
         {"", ".", "1.", "1.23456", "1.2.3", "1e3", "0x1", "1 ", "--1", "+-1", "1.-2"}) {
        EXPECT_EQ(decimal_of(text, 4), std::nullopt) << text;
    }
    EXPECT_EQ(decimal_of("+1.5", 4), 15'000);
}

}  // namespace
}  // namespace miletus
