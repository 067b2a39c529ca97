// Result and TRY: a refusal travels up unchanged, and what follows it does not run.
#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>

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

Result<std::unique_ptr<int>> boxed(int number) {
    return std::make_unique<int>(number);
}

Result<int> unboxed(int number) {
    const std::unique_ptr<int> box = TRY(boxed(number));
    return *box;
}

TEST(Result, holds_a_value_or_a_reject) {
    EXPECT_EQ(half(8).value(), 4);
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

TEST(Result, try_moves_what_cannot_be_copied) {
    EXPECT_EQ(*unboxed(5), 5);
}

}  // namespace
}  // namespace miletus
