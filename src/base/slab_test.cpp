// Slabs and the memory under them.
#include "base/slab.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace miletus {
namespace {

struct Card {
    std::uint32_t next;
    std::uint32_t face;
};

TEST(Slab, hands_out_from_one_upwards_and_the_last_freed_first) {
    Slab<Card> slab(4);
    EXPECT_EQ(slab.allocate(), 1U);
    EXPECT_EQ(slab.allocate(), 2U);
    EXPECT_EQ(slab.allocate(), 3U);
    slab.release(1);
    slab.release(3);
    EXPECT_EQ(slab.peek(), 3U);
    EXPECT_EQ(slab.allocate(), 3U);
    EXPECT_EQ(slab.allocate(), 1U);
    EXPECT_EQ(slab.peek(), 4U);
    EXPECT_EQ(slab.allocate(), 4U);
    EXPECT_TRUE(slab.is_full());
    slab.release(2);
    EXPECT_FALSE(slab.is_full());
    EXPECT_EQ(slab.used(), 4U);
}

TEST(Slab, behaves_like_a_stack_of_free_slots) {
    constexpr std::uint32_t capacity = 50;
    Slab<Card> slab(capacity);
    std::vector<std::uint32_t> free_slots;
    std::vector<std::uint32_t> taken;
    for (std::uint32_t slot = capacity; slot != 0; --slot) {
        free_slots.push_back(slot);
    }
    Prng prng(3);
    for (int step = 0; step < 10'000; ++step) {
        ASSERT_EQ(slab.is_full(), free_slots.empty());
        if (!free_slots.empty() && (taken.empty() || prng.one_in(2))) {
            ASSERT_EQ(slab.peek(), free_slots.back());
            ASSERT_EQ(slab.allocate(), free_slots.back());
            slab[free_slots.back()].face = free_slots.back();
            taken.push_back(free_slots.back());
            free_slots.pop_back();
        } else {
            std::swap(taken[prng.below(taken.size())], taken.back());
            ASSERT_EQ(slab[taken.back()].face, taken.back());
            slab.release(taken.back());
            free_slots.push_back(taken.back());
            taken.pop_back();
        }
    }
}

TEST(Slab, restored_it_hands_out_the_free_slots_in_the_order_given) {
    Slab<Card> slab(5);
    slab.restore_used(4);
    EXPECT_TRUE(slab.restore_free(0, 3));
    EXPECT_TRUE(slab.restore_free(3, 1));
    for (const std::uint32_t refused : {0U, 1U, 3U, 5U}) {
        EXPECT_FALSE(slab.restore_free(1, refused)) << refused;
    }
    EXPECT_EQ(slab.allocate(), 3U);
    EXPECT_EQ(slab.allocate(), 1U);
    EXPECT_EQ(slab.allocate(), 5U);
    EXPECT_TRUE(slab.is_full());
}

TEST(SlabDeathTest, a_full_slab_trips) {
    Slab<Card> slab(1);
    static_cast<void>(slab.allocate());
    EXPECT_DEATH(static_cast<void>(slab.allocate()), "ASSERT");
}

TEST(Block, is_zeroed_whatever_its_size) {
    for (const std::size_t size : {1U, 511U, 512U, 4096U, 300'000U}) {
        Block<std::uint64_t> block(size);
        EXPECT_EQ(block.size(), size);
        EXPECT_EQ(block[0], 0U);
        EXPECT_EQ(block[size - 1], 0U);
        block[size - 1] = 5;
        EXPECT_EQ(block.items().back(), 5U);
    }
    EXPECT_EQ(Block<std::uint64_t>(0).size(), 0U);
}

TEST(Block, keeps_its_content_when_moved) {
    Block<std::uint64_t> first(10);
    first[3] = 33;
    const Block<std::uint64_t> second(std::move(first));
    EXPECT_EQ(second[3], 33U);
}

TEST(BlockDeathTest, an_index_outside_trips_in_every_build) {
    Block<std::uint64_t> block(10);
    EXPECT_DEATH(block[10] = 1, "");
}

}  // namespace
}  // namespace miletus
