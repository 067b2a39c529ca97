// Changes put together, by time and by price.
#include "edge/market_data/book_feed.hpp"

#include "base/division.hpp"

#include <utility>

namespace miletus::market_data {

using protocol::Side;

// ---- By time ----

void BookFeed::start(InstrumentId instrument, const Book& book) {
    instrument_ = instrument;
    change_ = book.change_id();
    touched_.clear();
}

void BookFeed::take(const BookChange& change) {
    for (const LevelChange& level : change.levels) {
        touched_.touch(level.side, level.price, level.before);
    }
}

std::optional<BookChange> BookFeed::flush(const Book& book) {
    levels_.clear();
    touched_.take_changes(book.bids(), book.asks(), levels_);
    if (levels_.empty()) {
        return std::nullopt;
    }
    const Sequence previous = std::exchange(change_, book.change_id());
    return BookChange{.instrument = instrument_,
                      .previous = previous,
                      .change = change_,
                      .time = book.time(),
                      .levels = levels_};
}

// ---- By price ----

bool GroupedBook::refresh(const Book& book) {
    const bool is_other_bid = refresh(book.bids(), Side::buy, bids_);
    const bool is_other_ask = refresh(book.asks(), Side::sell, asks_);
    if (is_other_bid || is_other_ask) {
        change_ = book.change_id();
        time_ = book.time();
        return true;
    }
    return false;
}

bool GroupedBook::refresh(const Ladder& ladder, Side side, std::vector<Level>& levels) {
    next_.clear();
    const std::int64_t group = group_.value();
    ladder.visit([&](const Level& level) {
        const std::int64_t multiple = side == Side::buy ? floor_div(level.price.value(), group)
                                                        : ceil_div(level.price.value(), group);
        const Ticks price(multiple * group);
        if (!next_.empty() && next_.back().price == price) {
            // No i64 holds the sum of what nobody could ever fill.
            const auto sum = checked_sum(next_.back().total, level.total);
            next_.back().total = sum.value_or(next_.back().total);
            return true;
        }
        if (next_.size() == depth_) {
            return false;
        }
        next_.push_back({.price = price, .total = level.total});
        return true;
    });
    if (next_ == levels) {
        return false;
    }
    std::swap(next_, levels);
    return true;
}

}  // namespace miletus::market_data
