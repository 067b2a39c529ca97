// Who did not log in: counted by household, and forgotten without being forgiven.
#include "edge/gateway/deribit/strangers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace miletus::deribit {
namespace {

constexpr UnixNanos noon{1'767'268'800'000'000'000};
constexpr Nanos second{1'000'000'000};
constexpr Rates three_a_second{.non_matching = {.cost = 1, .cap = 3, .per_second = 1}};

struct Door {
    Strangers strangers;
    UnixNanos now = noon;

    bool lets_in(const std::string& from) {
        return strangers.charge(host::address_of(from).value_or(host::Address()), three_a_second,
                                [&](Buckets& buckets) {
                                    return buckets.non_matching.take(three_a_second.non_matching,
                                                                     now);
                                });
    }
    int let_in(const std::string& from) {
        int count = 0;
        while (lets_in(from)) {
            ++count;
        }
        return count;
    }
};

TEST(Strangers, all_addresses_of_a_household_spend_the_same_credits) {
    Door door{.strangers = Strangers(100)};
    EXPECT_TRUE(door.lets_in("2001:db8:1:2::1"));
    EXPECT_TRUE(door.lets_in("2001:db8:1:2::2"));
    EXPECT_TRUE(door.lets_in("2001:db8:1:2:ffff::3"));
    EXPECT_FALSE(door.lets_in("2001:db8:1:2::4"));
    EXPECT_TRUE(door.lets_in("2001:db8:1:3::4"));
    EXPECT_EQ(door.let_in("192.0.2.7"), 3);
    EXPECT_EQ(door.let_in("192.0.2.8"), 3);
}

TEST(Strangers, who_owes_most_is_forgotten_last) {
    Door door{.strangers = Strangers(8)};
    EXPECT_EQ(door.let_in("192.0.2.7"), 3);
    for (int other = 1; other < 200; ++other) {
        EXPECT_TRUE(door.lets_in("192.0.3." + std::to_string(other)));
        EXPECT_FALSE(door.lets_in("192.0.2.7"));
        EXPECT_LE(door.strangers.size(), 8U);
    }
    // Whole again, it is like any other.
    door.now = door.now + Nanos(3 * second.value());
    EXPECT_EQ(door.let_in("192.0.2.7"), 3);
}

TEST(Strangers, who_is_whole_again_makes_room) {
    Door door{.strangers = Strangers(2)};
    EXPECT_EQ(door.let_in("192.0.2.1"), 3);
    door.now = door.now + Nanos(3 * second.value());
    EXPECT_EQ(door.let_in("192.0.2.2"), 3);
    EXPECT_TRUE(door.lets_in("192.0.2.3"));
    EXPECT_FALSE(door.lets_in("192.0.2.2"));
    EXPECT_EQ(door.strangers.size(), 2U);
}

}  // namespace
}  // namespace miletus::deribit
