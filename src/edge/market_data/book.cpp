// Levels by price, and what is other than before.
#include "edge/market_data/book.hpp"

#include <algorithm>
#include <utility>

namespace miletus::market_data {

using protocol::Side;

std::span<const LevelChange> BookChange::of(Side side) const {
    const auto sells = std::ranges::find(levels, Side::sell, &LevelChange::side);
    const auto buys = static_cast<std::size_t>(sells - levels.begin());
    return side == Side::buy ? levels.first(buys) : levels.subspan(buys);
}

// ---- One side ----

// Of the first level that is not worse. Most changes are a few levels from the best.
std::size_t Ladder::place_of(Ticks price) const {
    constexpr std::size_t near = 8;
    std::size_t place = levels_.size();
    const std::size_t end = place > near ? place - near : 0;
    while (place != end && !is_worse(levels_[place - 1].price, price)) {
        --place;
    }
    if (place != end || place == 0) {
        return place;
    }
    const auto found = std::ranges::lower_bound(
        std::span(levels_).first(place), price,
        [this](Ticks left, Ticks right) { return is_worse(left, right); }, &Level::price);
    return static_cast<std::size_t>(found - std::span(levels_).begin());
}

Lots Ladder::set(Ticks price, Lots total) {
    const std::size_t place = place_of(price);
    const bool exists = place != levels_.size() && levels_[place].price == price;
    if (exists && total != Lots(0)) {
        return std::exchange(levels_[place].total, total);
    }
    const auto at = levels_.begin() + static_cast<std::ptrdiff_t>(place);
    if (exists) {
        const Lots before = at->total;
        levels_.erase(at);
        return before;
    }
    if (total != Lots(0)) {
        levels_.insert(at, {.price = price, .total = total});
    }
    return Lots(0);
}

Lots Ladder::total_at(Ticks price) const {
    const std::size_t place = place_of(price);
    const bool exists = place != levels_.size() && levels_[place].price == price;
    return exists ? levels_[place].total : Lots(0);
}

// ---- Changes ----

void TouchedLevels::touch(Side side, Ticks price, Lots before) {
    // A taker meets one order of a level after the other.
    if (!levels_.empty() && levels_.back().price == price && levels_.back().side == side) {
        return;
    }
    levels_.push_back({.price = price,
                       .before = before,
                       .order = static_cast<std::uint32_t>(levels_.size()),
                       .side = side});
}

bool TouchedLevels::is_before(const Touched& left, const Touched& right) {
    if (left.side != right.side) {
        return left.side == Side::buy;
    }
    if (left.price != right.price) {
        return left.side == Side::buy ? left.price > right.price : left.price < right.price;
    }
    return left.order < right.order;
}

void TouchedLevels::take_changes(const Ladder& bids, const Ladder& asks,
                                 std::vector<LevelChange>& changes) {
    std::ranges::sort(levels_, is_before);
    const Touched* last = nullptr;
    for (const Touched& level : levels_) {
        // The first of several knows what was before.
        if (last == nullptr || last->price != level.price || last->side != level.side) {
            add_change(level, level.side == Side::buy ? bids : asks, changes);
        }
        last = &level;
    }
    levels_.clear();
}

void TouchedLevels::add_change(const Touched& level, const Ladder& ladder,
                               std::vector<LevelChange>& changes) {
    const Lots total = ladder.total_at(level.price);
    if (total == level.before) {
        return;
    }
    LevelAction action = LevelAction::changed;
    if (level.before == Lots(0)) {
        action = LevelAction::added;
    } else if (total == Lots(0)) {
        action = LevelAction::removed;
    }
    changes.push_back({.price = level.price,
                       .total = total,
                       .before = level.before,
                       .side = level.side,
                       .action = action});
}

// ---- The book ----

void Book::set(Side side, Ticks price, Lots total) {
    Ladder& ladder = side == Side::buy ? bids_ : asks_;
    touched_.touch(side, price, ladder.set(price, total));
}

bool Book::complete(Sequence sequence, UnixNanos time, std::vector<LevelChange>& changes) {
    const std::size_t before = changes.size();
    touched_.take_changes(bids_, asks_, changes);
    if (changes.size() == before) {
        return false;
    }
    change_ = sequence;
    time_ = time;
    return true;
}

}  // namespace miletus::market_data
