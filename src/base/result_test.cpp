// Result and TRY: a refusal travels up unchanged, and what follows it does not run.
#include "base/result.hpp"

#include <gtest/gtest.h>

namespace miletus {
namespace {

constexpr auto odd = static_cast<Reject>(7);

Result<int> half(int number) {
    if (number % 2 != 0) {
        return Refusal(odd);
    }
    return number / 2;
}

Result<int> quarter(int number, int& runs) {
    const int halved = TRY(half(number));
    ++runs;
    return TRY(half(halved));
}

Result<void> check(int number) {
    static_cast<void>(TRY(half(number)));
    return {};
}

TEST(Result, holds_a_value_or_a_reject) {
    EXPECT_TRUE(half(8).has_value());
    EXPECT_EQ(*half(8), 4);
    EXPECT_FALSE(half(9).has_value());
    EXPECT_EQ(half(9).error(), odd);
}

TEST(Result, try_yields_the_value_or_returns_the_refusal) {
    int runs = 0;
    EXPECT_EQ(*quarter(12, runs), 3);
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(quarter(3, runs).error(), odd);
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(quarter(2, runs).error(), odd);
    EXPECT_EQ(runs, 2);
}

TEST(Result, try_passes_refusals_between_types_of_value) {
    EXPECT_TRUE(check(2).has_value());
    EXPECT_EQ(check(1).error(), odd);
}

TEST(Result, a_value_of_fields_is_reached_through_the_arrow) {
    struct Pair {
        int left;
        int right;
    };
    const Result<Pair> pair = Pair{.left = 3, .right = 4};
    EXPECT_EQ(pair->left + pair->right, 7);
}

TEST(ResultDeathTest, the_value_of_a_refusal_trips) {
    const Result<int> refused = half(1);
    EXPECT_DEATH(static_cast<void>(*refused), "ASSERT");
    const Result<void> unchecked = check(1);
    EXPECT_DEATH(*unchecked, "ASSERT");
}

}  // namespace
}  // namespace miletus
