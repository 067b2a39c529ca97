// Ladders against a std::set of ranks, up to the widest range, so that every layer of bitmaps
// climbs and descends.
#include "engine/matching/ladders.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <iterator>
#include <set>
#include <vector>

namespace miletus::matching {
namespace {

Limits wide_limits() {
    Limits limits;
    limits.instruments = 16;
    limits.level_pages = 2000;
    limits.directory_entries = 1U << 20U;
    return limits;
}

// One ladder beside the set that it must equal.
class Model {
  public:
    Model(Ladders& ladders, std::uint32_t ranks)
        : ladders_(ladders), ladder_(ladders.make(ranks, 0, +1)), ranks_(ranks) {}

    void flip(std::uint32_t rank) {
        if (occupied_.contains(rank)) {
            ladders_.level(ladders_.level_at(ladder_, rank)) = {};
            ladders_.vacate(ladder_, rank);
            occupied_.erase(rank);
        } else if (ladders_.has_room_at(ladder_, rank)) {
            const std::uint32_t index = ladders_.make_level(ladder_, rank);
            ladders_.level(index) = {.head = 1, .tail = 1, .total = 1};
            ladders_.occupy(ladder_, rank);
            occupied_.insert(rank);
        }
    }

    // A rank in a pattern that leaves gaps of every size.
    [[nodiscard]] std::uint32_t draw(Prng& prng) const {
        const std::uint64_t anywhere = prng.below(ranks_);
        switch (prng.below(4)) {
            case 0:
                return static_cast<std::uint32_t>(anywhere);
            case 1:
                return static_cast<std::uint32_t>(anywhere >> prng.below(24));
            case 2:
                return static_cast<std::uint32_t>((anywhere & ~std::uint64_t{4095}) % ranks_);
            default:
                return occupied_.empty()
                           ? ranks_ - 1
                           : *std::next(occupied_.begin(),
                                        static_cast<std::ptrdiff_t>(prng.below(
                                            std::min<std::size_t>(occupied_.size(), 8))));
        }
    }

    [[nodiscard]] bool has_right_best() const {
        return ladder_.best == (occupied_.empty() ? no_rank : *occupied_.begin());
    }

    [[nodiscard]] bool has_right_successor(std::uint32_t rank) const {
        if (!occupied_.contains(rank)) {
            return true;
        }
        const auto after = occupied_.upper_bound(rank);
        return ladders_.next(ladder_, rank) == (after == occupied_.end() ? no_rank : *after);
    }

    [[nodiscard]] std::vector<std::uint32_t> walk() const {
        std::vector<std::uint32_t> ranks;
        for (std::uint32_t rank = ladder_.best; rank != no_rank;
             rank = ladders_.next(ladder_, rank)) {
            ranks.push_back(rank);
        }
        return ranks;
    }

    [[nodiscard]] std::vector<std::uint32_t> expected_walk() const {
        return {occupied_.begin(), occupied_.end()};
    }

    void check() const { ladders_.check_invariants(ladder_); }

    void clear() {
        while (!occupied_.empty()) {
            flip(*occupied_.begin());
        }
    }

  private:
    Ladders& ladders_;
    Ladder ladder_;
    std::uint32_t ranks_;
    std::set<std::uint32_t> occupied_;
};

TEST(Ladders, every_width_walks_like_a_set) {
    Ladders ladders(wide_limits());
    Prng prng(1);
    std::vector<Model> models;
    for (const std::uint32_t ranks :
         {1U, 2U, 63U, 64U, 65U, 4096U, 4097U, 262'144U, 262'145U, 1U << 20U, 1U << 24U}) {
        models.emplace_back(ladders, ranks);
    }
    for (int step = 0; step < 60'000; ++step) {
        Model& model = models[prng.below(models.size())];
        const std::uint32_t rank = model.draw(prng);
        model.flip(rank);
        ASSERT_TRUE(model.has_right_best());
        ASSERT_TRUE(model.has_right_successor(rank));
        if (step % 1000 == 0) {
            ASSERT_EQ(model.walk(), model.expected_walk());
            model.check();
        }
    }
    for (Model& model : models) {
        ASSERT_EQ(model.walk(), model.expected_walk());
        model.clear();
        ASSERT_TRUE(model.has_right_best());
        model.check();
    }
    EXPECT_EQ(ladders.pages_in_use(), 0U);
}

TEST(Ladders, the_first_and_the_last_rank_of_the_widest_range_find_each_other) {
    Ladders ladders(wide_limits());
    Model model(ladders, 1U << 24U);
    model.flip(0);
    model.flip((1U << 24U) - 1);
    EXPECT_EQ(model.walk(), (std::vector{0U, (1U << 24U) - 1}));
    model.flip(0);
    EXPECT_EQ(model.walk(), std::vector{(1U << 24U) - 1});
}

TEST(Ladders, both_neighbours_of_each_bitmap_boundary_are_told_apart) {
    Ladders ladders(wide_limits());
    Model model(ladders, 1U << 24U);
    for (std::uint32_t shift = 6; shift < 24; shift += 6) {
        for (std::uint32_t at = 1; at < 4; ++at) {
            const std::uint32_t boundary = at << shift;
            for (const std::uint32_t rank : {boundary - 1, boundary, boundary + 1}) {
                model.flip(rank);
                ASSERT_TRUE(model.has_right_successor(rank));
                ASSERT_EQ(model.walk(), model.expected_walk());
            }
        }
    }
    model.check();
}

TEST(Ladders, ranks_count_from_the_best_end) {
    Ladders ladders(wide_limits());
    const Ladder bids = ladders.make(301, 150, -1);
    const Ladder asks = ladders.make(301, -150, +1);
    EXPECT_EQ(bids.rank_of(150), 0U);
    EXPECT_EQ(bids.rank_of(-150), 300U);
    EXPECT_EQ(asks.rank_of(-150), 0U);
    EXPECT_EQ(asks.rank_of(0), 150U);
    for (std::int32_t price = -150; price <= 150; ++price) {
        EXPECT_EQ(bids.price_of(bids.rank_of(price)), price);
        EXPECT_EQ(asks.price_of(asks.rank_of(price)), price);
    }
}

TEST(Ladders, prices_far_outside_are_not_covered) {
    Ladders ladders(wide_limits());
    const Ladder bids = ladders.make(301, 150, -1);
    const Ladder asks = ladders.make(301, -150, +1);
    for (const std::int32_t price :
         {-1'000'000, 1'000'000, std::numeric_limits<std::int32_t>::min(),
          std::numeric_limits<std::int32_t>::max()}) {
        EXPECT_FALSE(bids.covers(bids.rank_of(price)));
        EXPECT_FALSE(asks.covers(asks.rank_of(price)));
    }
    EXPECT_FALSE(Ladder{}.covers(0));
}

TEST(Ladders, room_in_the_directory_is_counted_in_pages_of_64_ranks) {
    Limits limits = wide_limits();
    limits.directory_entries = 10;
    Ladders ladders(limits);
    EXPECT_TRUE(ladders.has_room_for(2, 64 * 5));
    EXPECT_FALSE(ladders.has_room_for(2, 64 * 5 + 1));
    static_cast<void>(ladders.make(64 * 5 + 1, 0, 1));
    EXPECT_TRUE(ladders.has_room_for(4, 1));
    EXPECT_FALSE(ladders.has_room_for(5, 1));
}

TEST(Ladders, as_many_of_the_smallest_ladders_fit_as_instruments_have_sides) {
    Limits limits = wide_limits();
    limits.directory_entries = 2 * limits.instruments;
    Ladders ladders(limits);
    ASSERT_TRUE(ladders.has_room_for(2 * limits.instruments, 1));
    for (std::uint32_t made = 0; made < 2 * limits.instruments; ++made) {
        static_cast<void>(ladders.make(1, 0, 1));
    }
    EXPECT_FALSE(ladders.has_room_for(1, 1));
}

TEST(Ladders, a_page_serves_another_ladder_once_it_is_empty) {
    Limits limits = wide_limits();
    limits.level_pages = 1;
    Ladders ladders(limits);
    Ladder first = ladders.make(128, 0, 1);
    Ladder second = ladders.make(128, 0, 1);
    static_cast<void>(ladders.make_level(first, 3));
    ladders.occupy(first, 3);
    EXPECT_TRUE(ladders.has_room_at(first, 63));
    EXPECT_FALSE(ladders.has_room_at(first, 64));
    EXPECT_FALSE(ladders.has_room_at(second, 3));
    ladders.vacate(first, 3);
    EXPECT_TRUE(ladders.has_room_at(second, 3));
    static_cast<void>(ladders.make_level(second, 100));
    ladders.occupy(second, 100);
    EXPECT_EQ(second.best, 100U);
    EXPECT_EQ(first.best, no_rank);
    EXPECT_EQ(ladders.pages_in_use(), 1U);
}

}  // namespace
}  // namespace miletus::matching
