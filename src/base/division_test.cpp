// A divisor divides as the machine does.
#include "base/division.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace miletus {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

void expect_like_the_machine(std::int64_t dividend, std::int64_t by) {
    const Divisor::Divided divided = Divisor(by).divide(dividend);
    EXPECT_EQ(divided.quotient, dividend / by) << dividend << " / " << by;
    EXPECT_EQ(divided.rest, dividend % by) << dividend << " % " << by;
}

TEST(Divisor, is_exact_around_every_multiple_and_at_the_ends) {
    std::vector<std::int64_t> divisors = {2, 3, 7, 641, most, most - 1, most / 2 + 1};
    for (std::int64_t power = 1; power <= most / 10; power *= 10) {
        divisors.push_back(power);
    }
    for (unsigned shift = 0; shift < 63; ++shift) {
        divisors.push_back(std::int64_t{1} << shift);
    }
    for (const std::int64_t by : divisors) {
        for (const std::int64_t multiple :
             {std::int64_t{0}, by, most / by / 2 * by, most / by * by}) {
            expect_like_the_machine(multiple, by);
            if (multiple > 0) {
                expect_like_the_machine(multiple - 1, by);
            }
            if (multiple < most) {
                expect_like_the_machine(multiple + 1, by);
            }
        }
        expect_like_the_machine(most, by);
    }
}

TEST(Divisor, is_exact_for_what_is_drawn) {
    Prng prng(1);
    for (int at = 0; at < 1'000'000; ++at) {
        const auto drawn = [&] {
            return static_cast<std::int64_t>(prng.next() >> (1 + prng.below(62)));
        };
        expect_like_the_machine(drawn(), drawn() + 1);
    }
}

TEST(Divisor, leaves_all_to_one_until_it_is_told_otherwise) {
    EXPECT_EQ(Divisor().divide(most).quotient, most);
    EXPECT_EQ(Divisor().divide(most).rest, 0);
}

TEST(DivisorDeathTest, takes_nothing_below_zero) {
    EXPECT_DEATH(static_cast<void>(Divisor(3).divide(-1)), "ASSERT");
    EXPECT_DEATH(static_cast<void>(Divisor(0)), "ASSERT");
}

}  // namespace
}  // namespace miletus
