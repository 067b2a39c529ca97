// From one thread to another and back: nothing is lost, nothing doubled, nothing out of order.
#include "prepared/hand_over.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace miletus::prepared {
namespace {

constexpr UnixNanos start{1'000'000'000'000'000'000};

// Marks of nothing, known by a number all the same.
std::unique_ptr<PreparedMarks> numbered(std::uint16_t number) {
    auto marks = std::make_unique<PreparedMarks>(1);
    static_cast<void>(marks->prepare({.underlying = UnderlyingId(number),
                                      .now = start,
                                      .index = IndexPrice(1),
                                      .smiles = {},
                                      .options = {}}));
    return marks;
}

TEST(HandOver, lets_so_many_be_away_and_no_more) {
    HandOver hand_over(2);
    EXPECT_EQ(hand_over.take(), nullptr);
    EXPECT_EQ(hand_over.take_back(), nullptr);
    for (std::uint16_t number = 1; number <= 2; ++number) {
        auto marks = numbered(number);
        EXPECT_TRUE(hand_over.offer(marks));
        EXPECT_EQ(marks, nullptr);
    }
    auto third = numbered(3);
    EXPECT_FALSE(hand_over.offer(third));
    auto first = hand_over.take();
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first->underlying(), UnderlyingId(1));
    EXPECT_FALSE(hand_over.offer(third));  // taken is not yet back
    hand_over.give_back(std::move(first));
    ASSERT_NE(hand_over.take_back(), nullptr);
    EXPECT_EQ(hand_over.take_back(), nullptr);
    EXPECT_TRUE(hand_over.offer(third));
    EXPECT_EQ(hand_over.take()->underlying(), UnderlyingId(2));
    EXPECT_EQ(hand_over.take()->underlying(), UnderlyingId(3));
    EXPECT_EQ(hand_over.take(), nullptr);
}

TEST(HandOver, carries_between_two_threads) {
    constexpr std::uint16_t last = 3000;
    HandOver hand_over(3);
    std::vector<std::uint16_t> seen;
    std::jthread engine([&] {
        while (seen.size() != last) {
            if (auto marks = hand_over.take()) {
                seen.push_back(static_cast<std::uint16_t>(marks->underlying().value()));
                hand_over.give_back(std::move(marks));
            } else {
                std::this_thread::yield();
            }
        }
    });
    for (std::uint16_t number = 1; number <= last; ++number) {
        auto marks = hand_over.take_back();
        marks = marks != nullptr ? std::move(marks) : std::make_unique<PreparedMarks>(1);
        static_cast<void>(marks->prepare({.underlying = UnderlyingId(number),
                                          .now = start,
                                          .index = IndexPrice(1),
                                          .smiles = {},
                                          .options = {}}));
        while (!hand_over.offer(marks)) {
            static_cast<void>(hand_over.take_back());
            std::this_thread::yield();
        }
    }
    engine.join();
    for (std::size_t at = 0; at < seen.size(); ++at) {
        ASSERT_EQ(seen[at], at + 1);
    }
}

}  // namespace
}  // namespace miletus::prepared
