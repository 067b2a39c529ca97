// The arithmetic of marks and funding.
#include "engine/prices/marks.hpp"

#include "base/division.hpp"
#include "engine/prices/index.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace miletus::prices {

namespace {

constexpr std::int64_t grids_per_tick = 10;
// A step of the means of 30 seconds and of five minutes: 2 / (seconds + 1).
constexpr std::int64_t fast_periods = 31;
constexpr std::int64_t slow_periods = 301;
// After so many equal steps the fast mean has arrived, and the slow one nearly so: a venue that was
// away for an hour does not take one book's word for all of it.
constexpr std::int64_t steps_max = 240;
// A future's basis may come to eight clamps: 12 % at first, above most terms of a year. Quotes in
// an empty book walk the mark up to there, and no further.
constexpr std::int64_t basis_clamps_max = 8;

// Rounded up, so that a mean which has arrived is read as what it arrived at, not as one below.
template <std::int64_t periods>
std::int64_t stepped(std::int64_t mean, std::int64_t target) {
    return mean - floor_div(2 * (mean - target), periods);
}

std::int64_t whole_grid(std::int64_t basis) {
    return basis >> basis_digits;
}

int128 power_of_ten(std::uint32_t exponent) {
    int128 power = 1;
    for (std::uint32_t step = 0; step < exponent; ++step) {
        power *= 10;
    }
    return power;
}

std::int64_t median_of(std::int64_t first, std::int64_t second, std::int64_t third) {
    return std::max(std::min(first, second), std::min(std::max(first, second), third));
}

}  // namespace

std::optional<Units> units_of(const instruments::Listing& listing, const instruments::Asset& base,
                              const instruments::Asset& quote) {
    // An index is in 1e-6 of whole coins, a lot in smallest units of them.
    const std::uint32_t up = quote.decimals;
    const std::uint32_t down = base.decimals + 6;
    const std::uint32_t common = std::min(up, down);
    const int128 numerator = listing.terms.lot.value() * power_of_ten(up - common);
    const auto denominator = static_cast<std::int64_t>(power_of_ten(down - common));
    const std::optional<std::int64_t> fitting = narrow(numerator);
    if (!fitting || int128{*fitting} * index_end / denominator > lot_value_max) {
        return std::nullopt;
    }
    const std::int64_t shared = std::gcd(*fitting, denominator);
    return Units{.numerator = *fitting / shared,
                 .denominator = denominator / shared,
                 .tick = listing.terms.tick.value(),
                 .highest = Grid(range_multiple * grids_per_tick *
                                 (listing.largest.value() / listing.tick_value.value()))};
}

Grid capped(const Units& units, Grid price) {
    return std::clamp(price, -units.highest, units.highest);
}

LotValue lot_value(const Units& units, IndexPrice index) {
    return LotValue(share_floor(index.value(), units.numerator, units.denominator));
}

Grid in_grid(const Units& units, IndexPrice price) {
    return Grid(grids_per_tick * price.value() / units.tick);
}

// ---- Books ----

void take_sample(Book& book, const BookSample& sample) {
    const bool has_sides =
        sample.bid.has_value() && sample.ask.has_value() && *sample.bid <= *sample.ask;
    book.has_standing = has_sides && book.has_sides;
    const Ticks bid = has_sides ? *sample.bid : Ticks(0);
    const Ticks ask = has_sides ? *sample.ask : Ticks(0);
    book.standing_bid = book.has_standing ? std::min(book.bid, bid) : Ticks(0);
    book.standing_ask = book.has_standing ? std::max(book.ask, ask) : Ticks(0);
    book.has_sides = has_sides;
    book.bid = bid;
    book.ask = ask;
}

// ---- Perpetuals and futures ----

Band band_of(const Units& units, IndexPrice index, std::int64_t clamp) {
    const std::int64_t grid = std::min(in_grid(units, index).value(), grid_max);
    return {.index = grid, .reach = share_floor(grid, clamp, instruments::millionths)};
}

// A perpetual's quotes count within the band around its index, a future's around index and slow
// basis: so the basis of a far expiry is reached, in minutes, and an absurd quote is not.
void step_basis(Linear& linear, const Band& band, bool is_perpetual, std::int64_t seconds) {
    if (!linear.book.has_standing) {
        return;
    }
    const std::int64_t centre_max = (basis_clamps_max - 1) * band.reach;
    const std::int64_t centre =
        is_perpetual ? 0 : std::clamp(whole_grid(linear.slow), -centre_max, centre_max);
    const auto basis_of = [&](Ticks price) {
        return std::clamp(grids_per_tick * price.value() - band.index, centre - band.reach,
                          centre + band.reach);
    };
    const std::int64_t twice =
        basis_of(linear.book.standing_bid) + basis_of(linear.book.standing_ask);
    const std::int64_t target = twice * (std::int64_t{1} << (basis_digits - 1));
    for (std::int64_t step = std::min(seconds, steps_max); step > 0; --step) {
        linear.fast = stepped<fast_periods>(linear.fast, target);
        linear.slow = stepped<slow_periods>(linear.slow, target);
    }
}

Grid linear_mark(const Linear& linear, const Band& band, std::optional<Ticks> last) {
    const std::int64_t fast = band.index + whole_grid(linear.fast);
    const std::int64_t slow = band.index + whole_grid(linear.slow);
    std::int64_t mark = fast;
    if (linear.book.has_standing) {
        const std::int64_t bid = grids_per_tick * linear.book.standing_bid.value();
        const std::int64_t ask = grids_per_tick * linear.book.standing_ask.value();
        const std::int64_t book =
            last ? std::clamp(grids_per_tick * last->value(), bid, ask) : (bid + ask) / 2;
        mark = median_of(fast, book, slow);
    }
    return Grid(std::clamp(mark, slow - band.reach, slow + band.reach));
}

Grid decayed_mark(Grid forward, const Window& window, const Units& units) {
    if (window.samples == 0) {
        return forward;
    }
    const std::int64_t samples = window.samples;
    const std::int64_t left = window_seconds - samples;
    // Samples are in 1e-6 of the quote asset, and a tick in as many.
    const int128 sampled = int128{grids_per_tick} * window.sum;
    const int128 to_come = int128{left} * forward.value() * units.tick;
    const std::int64_t mark = floor_div(sampled + to_come, int128{window_seconds} * units.tick);
    return Grid(std::min(mark, grid_max));
}

// ---- Options ----

LotValue within_book(LotValue value, const Book& book, LotValue tick_value, const Units& units,
                     const Spread& spread) {
    if (!book.has_standing || book.standing_bid <= Ticks(0)) {
        return value;
    }
    const std::int64_t apart = book.standing_ask.value() - book.standing_bid.value();
    const int128 shown = int128{apart} * units.tick * instruments::millionths;
    if (shown > int128{spread.index.value()} * spread.most) {
        return value;
    }
    return std::clamp(value, instruments::value_per_lot(tick_value, book.standing_bid),
                      instruments::value_per_lot(tick_value, book.standing_ask));
}

std::int64_t relative_move(IndexPrice from, IndexPrice to) {
    const std::int64_t furthest = from.value();
    const std::int64_t apart = std::min(to.value() - from.value(), furthest);
    return share_floor(apart, billionths, from.value());
}

std::uint32_t lift_of(LotValue forward, LotValue index_value) {
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    if (forward.value() / 4 >= index_value.value()) {
        return static_cast<std::uint32_t>(most);
    }
    return static_cast<std::uint32_t>(
        share_floor(forward.value(), billionths, index_value.value()));
}

LotValue forward_move(std::uint32_t lift, LotValue index_move) {
    return LotValue(share_floor(lift, index_move.value(), billionths));
}

LotValue option_value(const Option& option, LotValue forward_move, std::int64_t move) {
    // The mean delta on the way: never outside of what a delta may be.
    const std::int64_t bend = share_floor(option.gamma, move, 2 * billionths);
    const std::int64_t low = option.is_call ? 0 : -billionths;
    const std::int64_t delta = std::clamp(option.delta + bend, low, low + billionths);
    const LotValue forward = std::max(option.forward + forward_move, LotValue(0));
    const LotValue over_strike = forward - option.strike_value;
    const LotValue least = std::max(option.is_call ? over_strike : -over_strike, LotValue(0));
    const LotValue most = option.is_call ? forward : option.strike_value;
    const LotValue gained(share_floor(delta, forward_move.value(), billionths));
    return std::clamp(option.value + gained, least, most);
}

LotValue Moves::value_of_lot(const Units& units) {
    if (units.numerator != numerator_ || units.denominator != denominator_) {
        numerator_ = units.numerator;
        denominator_ = units.denominator;
        lot_value_ = lot_value(units, index_);
    }
    return lot_value_;
}

std::int64_t Moves::move_from(IndexPrice base) {
    if (base != base_) {
        base_ = base;
        move_ = relative_move(base, index_);
    }
    return move_;
}

LotValue Moves::value_of(const Option& option, LotValue index_value) {
    const LotValue index_move = index_value - option.base_value;
    if (option.lift != lift_ || index_move != index_move_) {
        lift_ = option.lift;
        index_move_ = index_move;
        forward_move_ = forward_move(option.lift, index_move);
    }
    return option_value(option, forward_move_, move_from(option.base_index));
}

Grid Moves::in_grid(LotValue value, LotValue grid_value) {
    if (grid_value.value() != grid_value_.value()) {
        grid_value_ = Divisor(grid_value.value());
    }
    return Grid(grid_value_.divide(value.value()).quotient);
}

std::uint32_t Lifts::of(LotValue forward, LotValue index_value) {
    if (forward != forward_ || index_value != index_value_) {
        forward_ = forward;
        index_value_ = index_value;
        lift_ = lift_of(forward, index_value);
    }
    return lift_;
}

// ---- Funding ----

std::int64_t premium_of(Grid mark, const Units& units, IndexPrice index) {
    const std::int64_t whole = grids_per_tick * index.value();
    const int128 apart = int128{mark.value()} * units.tick - whole;
    return floor_div(std::clamp(apart, int128{-whole}, int128{whole}) * billionths, whole);
}

std::int64_t funding_rate(std::int64_t premium, std::int64_t damp, std::int64_t cap) {
    return std::clamp(std::max(damp, premium) + std::min(-damp, premium), -cap, cap);
}

LotValue charge(Linear& linear, LotValue index_value, std::int64_t rate,
                std::int64_t milliseconds) {
    const int128 owed = int128{index_value.value()} * (rate * milliseconds) + linear.carry;
    const LotValue paid(floor_div(owed, funding_divisor));
    linear.carry = static_cast<std::int64_t>(owed - int128{paid.value()} * funding_divisor);
    return paid;
}

}  // namespace miletus::prices
