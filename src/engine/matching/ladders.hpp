// Ladders: the price levels of every book, per side. A price becomes a rank, counted from the best
// end of the instrument's range: bids downwards, asks upwards. So "better" is always "smaller", and
// one code serves both sides without a branch. Ranks lie in pages of 64 levels, allocated on
// demand; a hierarchy of 64-way bitmaps over them finds the next occupied rank.
#pragma once

#include "base/limits.hpp"
#include "base/slab.hpp"
#include "engine/matching/order.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace miletus::matching {

constexpr std::uint32_t no_rank = std::numeric_limits<std::uint32_t>::max();

// One side of one book.
struct Ladder {
    std::uint32_t best;       // smallest occupied rank, or no_rank
    std::int32_t origin;      // the price of rank 0
    std::uint32_t directory;  // first of its directory entries
    std::uint32_t pages;      // how many it has, one for each 64 ranks
    std::uint32_t summary;    // first of its summary words
    std::int32_t direction;   // +1 for asks, -1 for bids

    // Of a price in range; any other gives a rank that covers() denies.
    [[nodiscard]] std::uint32_t rank_of(std::int32_t price) const {
        return (static_cast<std::uint32_t>(price) - static_cast<std::uint32_t>(origin)) *
               static_cast<std::uint32_t>(direction);
    }
    [[nodiscard]] bool covers(std::uint32_t rank) const { return rank >> 6U < pages; }
    [[nodiscard]] std::int32_t price_of(std::uint32_t rank) const {
        return origin + static_cast<std::int32_t>(rank) * direction;
    }
};
static_assert(sizeof(Ladder) == 24);

class Ladders {
  public:
    explicit Ladders(const Limits& limits);

    // Room for one more ladder over this many ranks.
    [[nodiscard]] bool has_room_for(std::uint32_t ladders, std::uint32_t ranks) const;
    [[nodiscard]] Ladder make(std::uint32_t ranks, std::int32_t origin, std::int32_t direction);

    // Whether a level at this rank exists or can be made.
    [[gnu::always_inline]] [[nodiscard]] bool has_room_at(const Ladder& ladder,
                                                          std::uint32_t rank) const {
        return entry(ladder, rank).page != 0 || !pages_.is_full();
    }

    [[nodiscard]] Level& level(std::uint32_t index) LIFETIME_BOUND { return levels_[index]; }
    [[nodiscard]] const Level& level(std::uint32_t index) const LIFETIME_BOUND {
        return levels_[index];
    }
    // The level at an occupied rank.
    [[nodiscard]] std::uint32_t level_at(const Ladder& ladder, std::uint32_t rank) const {
        return entry(ladder, rank).page * 64 + (rank & 63U);
    }

    // The level at any rank, on a new page if need be.
    [[gnu::always_inline]] [[nodiscard]] std::uint32_t make_level(const Ladder& ladder,
                                                                  std::uint32_t rank) {
        Entry& entry = directory_[ladder.directory + (rank >> 6U)];
        if (entry.page == 0) [[unlikely]] {
            entry.page = pages_.allocate();
        }
        return entry.page * 64 + (rank & 63U);
    }

    // A level gained its first order.
    void occupy(Ladder& ladder, std::uint32_t rank) {
        Entry& entry = directory_[ladder.directory + (rank >> 6U)];
        if (entry.occupied == 0) [[unlikely]] {
            mark_page(ladder, rank >> 6U);
        }
        entry.occupied |= std::uint64_t{1} << (rank & 63U);
        ladder.best = rank < ladder.best ? rank : ladder.best;
    }

    // A level lost its last order.
    [[gnu::always_inline]] void vacate(Ladder& ladder, std::uint32_t rank) {
        Entry& entry = directory_[ladder.directory + (rank >> 6U)];
        entry.occupied &= ~(std::uint64_t{1} << (rank & 63U));
        if (rank == ladder.best) {
            // Nothing better is left, so the page's lowest remaining level is the next one.
            ladder.best = entry.occupied != 0 ? (rank & ~63U) | lowest(entry.occupied)
                                              : first_beyond(ladder, rank >> 6U);
        }
        if (entry.occupied == 0) [[unlikely]] {
            release_page(ladder, rank >> 6U, entry);
        }
    }

    // The next occupied rank after this one, or no_rank.
    [[nodiscard]] std::uint32_t next(const Ladder& ladder, std::uint32_t rank) const;

    void prefetch_entry(const Ladder& ladder, std::uint32_t rank) const {
        __builtin_prefetch(&directory_[ladder.directory + (rank >> 6U)], 1);
    }
    void prefetch_level(std::uint32_t index) const { __builtin_prefetch(&levels_[index], 1); }

    [[nodiscard]] std::uint32_t pages_in_use() const { return pages_in_use_; }
    void check_invariants(const Ladder& ladder) const;

  private:
    struct Entry {
        std::uint64_t occupied;  // one bit a level
        std::uint32_t page;      // 0 until a level is needed
        std::uint32_t reserved;
    };
    struct Page {
        std::uint32_t next;
    };

    static std::uint32_t lowest(std::uint64_t word) {
        return static_cast<std::uint32_t>(std::countr_zero(word));
    }
    [[nodiscard]] const Entry& entry(const Ladder& ladder, std::uint32_t rank) const {
        return directory_[ladder.directory + (rank >> 6U)];
    }
    void mark_page(const Ladder& ladder, std::uint32_t page);
    void release_page(const Ladder& ladder, std::uint32_t page, Entry& entry);
    [[nodiscard]] std::uint32_t first_beyond(const Ladder& ladder, std::uint32_t page) const;

    Block<Entry> directory_;
    Block<std::uint64_t> summaries_;
    Block<Level> levels_;
    Slab<Page> pages_;
    std::uint32_t directory_used_ = 0;
    std::uint32_t summaries_used_ = 0;
    std::uint32_t pages_in_use_ = 0;
};

}  // namespace miletus::matching
