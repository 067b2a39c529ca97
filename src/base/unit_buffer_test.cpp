// The ring of units: wrapping in one piece, and what may still be read.
#include "base/unit_buffer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace miletus {
namespace {

struct Note {
    std::array<std::uint64_t, 16> words;
};
static_assert(sizeof(Note) == 2 * sizeof(Unit));

void mark(std::span<Unit> units, std::uint64_t mark) {
    for (Unit& unit : units) {
        unit.bytes.fill(static_cast<std::byte>(mark));
    }
}

bool is_marked(std::span<const Unit> units, std::uint64_t mark) {
    for (const Unit& unit : units) {
        for (const std::byte byte : unit.bytes) {
            if (byte != static_cast<std::byte>(mark)) {
                return false;
            }
        }
    }
    return true;
}

TEST(UnitBuffer, bytes_round_up_to_units) {
    EXPECT_EQ(units_for(0), 0U);
    EXPECT_EQ(units_for(1), 1U);
    EXPECT_EQ(units_for(64), 1U);
    EXPECT_EQ(units_for(65), 2U);
}

TEST(UnitBuffer, messages_lie_in_one_piece_wherever_they_start) {
    UnitBuffer ring(16, 5);
    std::uint64_t last = 0;
    for (std::uint64_t round = 0; round < 100; ++round) {
        const auto count = static_cast<std::uint32_t>(1 + round * 7 % 5);
        const std::uint64_t start = ring.position();
        mark(ring.append(count), round);
        ASSERT_EQ(ring.position(), start + count);
        ASSERT_TRUE(is_marked(ring.at(start, count), round));
        if (round != 0) {
            const auto before = static_cast<std::uint32_t>(start - last);
            ASSERT_TRUE(is_marked(ring.at(last, before), round - 1));
        }
        last = start;
    }
}

TEST(UnitBuffer, the_last_units_up_to_its_capacity_can_be_read) {
    UnitBuffer ring(8, 3);
    for (std::uint64_t position = 0; position < 100; ++position) {
        mark(ring.append(1U), position);
        for (std::uint64_t back = 0; back < std::min<std::uint64_t>(position + 1, 8); ++back) {
            ASSERT_TRUE(is_marked(ring.at(position - back, 1), position - back));
        }
    }
}

TEST(UnitBufferDeathTest, what_was_overwritten_or_not_yet_written_trips) {
    UnitBuffer ring(8, 3);
    for (int position = 0; position < 9; ++position) {
        mark(ring.append(1U), 1);
    }
    EXPECT_DEATH(static_cast<void>(ring.at(0, 1)), "ASSERT");
    EXPECT_DEATH(static_cast<void>(ring.at(9, 1)), "ASSERT");
    EXPECT_DEATH(static_cast<void>(ring.at(8, 2)), "ASSERT");
}

TEST(UnitBufferDeathTest, a_capacity_that_is_no_power_of_two_trips) {
    EXPECT_DEATH(UnitBuffer(12, 1), "ASSERT");
}

TEST(UnitBuffer, a_message_is_constructed_in_place_and_read_back) {
    UnitBuffer ring(8, 3);
    Note note{};
    note.words[15] = 77;
    ring.append([&note] { return note; }).words[0] = 5;
    const Note& read = view_as<Note>(ring.at(0, 2));
    EXPECT_EQ(read.words[0], 5U);
    EXPECT_EQ(read.words[15], 77U);
}

TEST(UnitBufferDeathTest, a_message_longer_than_its_units_trips) {
    const std::array<Unit, 1> units{};
    EXPECT_DEATH(static_cast<void>(view_as<Note>(units)), "ASSERT");
}

TEST(UnitBuffer, entries_follow_the_fixed_part) {
    std::array<Unit, 3> units{};
    const std::span<std::uint32_t> written =
        entries_after<std::uint32_t, Note>(std::span<Unit>(units), 16);
    for (std::uint32_t at = 0; at < written.size(); ++at) {
        written[at] = at;
    }
    const std::span<const Unit> sealed(units);
    const auto read = entries_after<std::uint32_t, Note>(sealed, 16);
    EXPECT_EQ(std::vector(read.begin(), read.end()),
              (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
    EXPECT_TRUE(is_marked(sealed.first(2), 0));
}

}  // namespace
}  // namespace miletus
