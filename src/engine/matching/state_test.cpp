// What the books make of slots that someone else wrote down: which ids come next depends on it.
#include "engine/matching/matching.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace miletus::matching {
namespace {

constexpr std::uint32_t used_up = std::numeric_limits<std::uint32_t>::max();

struct Collector final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

Limits few() {
    Limits limits;
    limits.orders = 4;
    return limits;
}

struct Slots {
    std::vector<std::uint32_t> generations;
    std::vector<std::uint32_t> free;
};

std::vector<std::byte> bytes_of(const Slots& slots) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        encoder.add(static_cast<std::uint32_t>(slots.generations.size()));
        for (const std::uint32_t generation : slots.generations) {
            encoder.add(generation);
        }
        for (const std::uint32_t slot : slots.free) {
            encoder.add(slot);
        }
    }
    return collector.bytes;
}

// Books without instruments: all they know is their slots.
struct Books {
    instruments::Instruments instruments{few()};
    protocol::EventWriter events{few().event_units};
    Matching matching{few(), instruments, events};

    [[nodiscard]] std::string fault_of(const Slots& slots) {
        const std::vector<std::byte> bytes = bytes_of(slots);
        StateDecoder decoder(bytes);
        matching.decode(decoder);
        return std::string(decoder.fault());
    }
    [[nodiscard]] std::vector<std::byte> encoded() const {
        Collector collector;
        {
            StateEncoder encoder(collector);
            matching.encode(encoder);
        }
        return collector.bytes;
    }
};

TEST(MatchingState, the_next_id_is_that_of_the_first_free_slot) {
    Books books;
    const Slots slots{.generations = {7, 8, 9}, .free = {2, 3, 1}};
    EXPECT_EQ(books.fault_of(slots), "");
    EXPECT_EQ(books.matching.next_order_id(), OrderId(2, 8));
    EXPECT_EQ(books.encoded(), bytes_of(slots));
}

TEST(MatchingState, a_slot_without_ids_left_is_neither_used_nor_free) {
    Books books;
    const Slots slots{.generations = {used_up, 8, used_up}, .free = {2}};
    EXPECT_EQ(books.fault_of(slots), "");
    EXPECT_EQ(books.matching.next_order_id(), OrderId(2, 8));
    EXPECT_EQ(books.encoded(), bytes_of(slots));

    Books more;
    EXPECT_EQ(more.fault_of({.generations = {used_up}, .free = {}}), "");
    EXPECT_EQ(more.matching.next_order_id(), OrderId(2, 0));
}

TEST(MatchingState, a_slot_is_free_once_and_only_if_it_was_used_and_has_ids_left) {
    const std::vector<std::uint32_t> generations = {7, 8, used_up, 9};
    EXPECT_EQ(Books().fault_of({.generations = generations, .free = {1, 4, 2}}), "");
    for (const std::uint32_t second : {0U, 1U, 3U, 5U}) {
        EXPECT_EQ(Books().fault_of({.generations = generations, .free = {1, second, 2}}),
                  "a slot is not free")
            << second;
    }
    EXPECT_EQ(Books().fault_of({.generations = generations, .free = {1, 2, 1}}),
              "a slot is not free");
}

}  // namespace
}  // namespace miletus::matching
