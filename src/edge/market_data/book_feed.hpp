// What a channel tells of a book: changes of several commands as one, in a chain without gaps; and
// the best levels, put together by price.
#pragma once

#include "edge/market_data/book.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::market_data {

// Of one instrument and one interval, however many listen. Each message follows the one before it:
// its `previous` is the `change` of the last message.
//
// Whoever joins is told what flush() yields no more: flush (and send that to those who listened
// before), then tell the book's levels under the name change_id(). The book's own change_id() may
// be a later one, where what happened since came to nothing.
class BookFeed {
  public:
    // From here on; nothing waits.
    void start(InstrumentId instrument, const Book& book);
    // Every change of the book, in order.
    void take(const BookChange& change);

    [[nodiscard]] bool is_waiting() const { return !touched_.is_empty(); }
    // The command that the last message, or the start, came to.
    [[nodiscard]] Sequence change_id() const { return change_; }
    // The net change since the last message; none where it is nothing. Its levels are here until
    // the next call.
    [[nodiscard]] std::optional<BookChange> flush(const Book& book) LIFETIME_BOUND;

  private:
    InstrumentId instrument_;
    Sequence change_;
    TouchedLevels touched_;
    std::vector<LevelChange> levels_;
};

// The best `depth` prices of each side. A group is a number of ticks: bids are put down to its
// multiples and asks up, so that nothing looks better than it is. One is the book as it is.
//
// (Deribit's groups are dollars for BTC, hundredths for ETH: what its ticks are a small multiple
// of. In ticks one rule serves every instrument.)
class GroupedBook {
  public:
    GroupedBook(Ticks group, std::size_t depth) : group_(group), depth_(depth) {
        ASSERT(group > Ticks(0));
    }

    // Whether anything is other than at the last call.
    bool refresh(const Book& book);
    [[nodiscard]] std::span<const Level> bids() const LIFETIME_BOUND { return bids_; }
    [[nodiscard]] std::span<const Level> asks() const LIFETIME_BOUND { return asks_; }
    [[nodiscard]] Sequence change_id() const { return change_; }
    [[nodiscard]] UnixNanos time() const { return time_; }

  private:
    [[nodiscard]] bool refresh(const Ladder& ladder, protocol::Side side,
                               std::vector<Level>& levels);

    Ticks group_;
    std::size_t depth_;
    std::vector<Level> bids_;
    std::vector<Level> asks_;
    std::vector<Level> next_;
    Sequence change_;
    UnixNanos time_;
};

}  // namespace miletus::market_data
