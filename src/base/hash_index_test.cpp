// HashIndex against std::unordered_map, with good hashes and with the worst.
#include "base/hash_index.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace miletus {
namespace {

constexpr std::uint32_t capacity = 100;

// Plays inserts, finds and erases of keys; a slot's key stands in `keys`.
template <class Hash>
void play(std::uint64_t seed, Hash hash) {
    HashIndex index(capacity);
    std::unordered_map<std::uint64_t, std::uint32_t> model;
    std::vector<std::uint64_t> keys(capacity + 1);
    std::vector<std::uint32_t> free_slots;
    for (std::uint32_t slot = 1; slot <= capacity; ++slot) {
        free_slots.push_back(slot);
    }
    Prng prng(seed);
    for (int step = 0; step < 20'000; ++step) {
        const std::uint64_t key = prng.below(300);
        const auto is_match = [&](std::uint32_t slot) {
            return keys[slot] == key;
        };
        const auto known = model.find(key);
        index.prefetch(hash(key));
        ASSERT_EQ(index.find(hash(key), is_match), known == model.end() ? 0 : known->second);
        if (known != model.end() && prng.one_in(2)) {
            index.erase(hash(key), known->second);
            free_slots.push_back(known->second);
            model.erase(known);
        } else if (known == model.end() && !index.is_full()) {
            keys[free_slots.back()] = key;
            index.insert(hash(key), free_slots.back());
            model[key] = free_slots.back();
            free_slots.pop_back();
        }
        ASSERT_EQ(index.count(), model.size());
        ASSERT_EQ(index.is_full(), model.size() == capacity);
    }
}

TEST(HashIndex, is_a_map_under_a_good_hash) {
    play(1, [](std::uint64_t key) { return mixed(key); });
}

TEST(HashIndex, is_a_map_when_all_keys_collide) {
    play(2, [](std::uint64_t) { return std::uint64_t{42}; });
}

TEST(HashIndex, is_a_map_when_few_buckets_hold_all) {
    play(3, [](std::uint64_t key) { return 250 + key % 8; });
}

TEST(HashIndex, is_a_map_when_different_hashes_share_buckets) {
    play(4, [](std::uint64_t key) { return (key % 7) * 256 + key % 3; });
}

TEST(HashIndexDeathTest, more_than_its_capacity_trips) {
    HashIndex index(1);
    index.insert(1, 1);
    EXPECT_DEATH(index.insert(2, 2), "ASSERT");
}

TEST(HashIndexDeathTest, erasing_what_is_not_there_trips) {
    HashIndex index(4);
    index.insert(1, 1);
    EXPECT_DEATH(index.erase(1, 2), "ASSERT");
}

TEST(HashIndex, an_empty_index_finds_nothing) {
    const HashIndex index(0);
    EXPECT_EQ(index.find(7, [](std::uint32_t) { return true; }), 0U);
    EXPECT_TRUE(index.is_full());
}

TEST(HashIndex, mixing_two_keys_depends_on_their_order) {
    EXPECT_NE(mixed(1, 2), mixed(2, 1));
    EXPECT_NE(mixed(0, 0), 0U);
    EXPECT_EQ(mixed(3, 4), mixed(3, 4));
}

}  // namespace
}  // namespace miletus
