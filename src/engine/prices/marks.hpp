// What marks are made of, one instrument at a time: the basis of perpetuals and futures, the move
// of options with their index, premium and funding. Pure arithmetic on integers, rounded down but
// where it says otherwise.
#pragma once

#include "base/division.hpp"
#include "base/units.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/delivery.hpp"

#include <cstdint>
#include <optional>

namespace miletus::prices {

constexpr std::int64_t billionths = 1'000'000'000;

// Prices to buy and to sell the parameter impact_notional at; empty where the book has not as much.
struct BookSample {
    std::optional<Ticks> bid;
    std::optional<Ticks> ask;
};

// How one instrument's prices and values follow from the index.
struct Units {
    std::int64_t numerator = 0;  // a lot's value is index * numerator / denominator
    std::int64_t denominator = 1;
    std::int64_t tick = 1;  // 1e-6 of the quote asset
    // No mark goes beyond it, either way: positions are bounded so that their results fit there.
    Grid highest{};

    friend bool operator==(const Units&, const Units&) = default;
};
// Empty where a lot could be worth more than any sum has room for.
[[nodiscard]] std::optional<Units> units_of(const instruments::Listing& listing,
                                            const instruments::Asset& base,
                                            const instruments::Asset& quote);

// A lot's value at the highest index; marks reach ten times as far at most, and still fit.
constexpr std::int64_t lot_value_max = std::int64_t{1} << 58U;
constexpr std::int64_t mark_value_max = std::int64_t{1} << 62U;
// A thousand times the highest price that a book takes. Whatever the index says, marks are taken
// from at most this, so that they fit with sixteen digits after the point.
constexpr std::int64_t grid_max = std::int64_t{1} << 40U;
constexpr unsigned basis_digits = 16;
// How far marks and deliveries follow the index: so many times the highest price of the instrument.
constexpr std::int64_t range_multiple = 16;

[[nodiscard]] LotValue lot_value(const Units& units, IndexPrice index);
// A price that is not below zero, floored to the instrument's grid.
[[nodiscard]] Grid in_grid(const Units& units, IndexPrice price);
[[nodiscard]] Grid capped(const Units& units, Grid price);

// ---- Books ----

// The last sample of a book, and what stood in it and in the one before.
struct Book {
    Ticks bid;
    Ticks ask;
    Ticks standing_bid;
    Ticks standing_ask;
    bool has_sides = false;
    bool has_standing = false;
};
// Only what stood from one sample to the next counts: of each side the worse of both, so that what
// flickers at the instant of sampling moves nothing.
void take_sample(Book& book, const BookSample& sample);

// ---- Perpetuals and futures ----

struct Linear {
    // Means of what the book's middle is above the index: grid, with 16 binary digits behind it.
    std::int64_t fast = 0;  // of some 30 seconds
    std::int64_t slow = 0;  // of some five minutes
    Book book;
    std::int64_t carry = 0;            // of funding, below funding_divisor
    std::int64_t funding_minute = -1;  // the last one told of
};

// The index in grid, and how far from index and basis a mark may be.
struct Band {
    std::int64_t index = 0;
    std::int64_t reach = 0;
};
[[nodiscard]] Band band_of(const Units& units, IndexPrice index, std::int64_t clamp);

// The means after so many more seconds of the standing book; without one they stay.
void step_basis(Linear& linear, const Band& band, bool is_perpetual, std::int64_t seconds);
// The median of index and fast basis, book, index and slow basis, within the band.
[[nodiscard]] Grid linear_mark(const Linear& linear, const Band& band, std::optional<Ticks> last);
// In its last half hour a future turns, second by second, from its forward into the average that it
// will be delivered at (in one printed source the two weights are swapped).
[[nodiscard]] Grid decayed_mark(Grid forward, const Window& window, const Units& units);

// ---- Options ----

// One lot of an option as its surface sees it. When the index moves by the part r of itself, and
// the value of a lot at the forward by x, in proportion, the mark becomes
//     value + (delta + gamma * r / 2) * x,
// within what no model can leave: parity, and neither below nothing nor above what it may pay. A
// call and a put of one strike have the same gamma, and deltas that differ by one: so their marks
// keep parity to the unit, before each is floored to its own grid.
struct OptionMark {
    InstrumentId instrument;
    LotValue value;          // at the index that the surface was fitted to
    LotValue forward;        // what a lot of the underlying is worth then, at this expiry
    std::int64_t delta = 0;  // for one more unit of forward, in 1e-9: below zero for puts
    std::int64_t gamma = 0;  // what delta gains while the index doubles, in 1e-9
};
constexpr std::int64_t gamma_max = 1'000'000 * billionths;

// The same, kept; and what the move is measured from.
struct Option {
    LotValue value;
    LotValue forward;
    std::int64_t delta = 0;
    std::int64_t gamma = 0;
    IndexPrice base_index;
    LotValue base_value;     // of a lot of the underlying
    LotValue strike_value;   // of a lot
    std::uint32_t lift = 0;  // the forward, in 1e-9 of the index
    bool is_call = false;
};
static_assert(sizeof(Option) == 64);

// Where bid and ask that stood are so near each other that whoever disagrees could trade, a value
// is not outside of them. The spread is in millionths of the index.
struct Spread {
    IndexPrice index;
    std::int64_t most = 0;
};
[[nodiscard]] LotValue within_book(LotValue value, const Book& book, LotValue tick_value,
                                   const Units& units, const Spread& spread);

// From a forward and an index, of a lot both; no carry comes to a factor of four.
[[nodiscard]] std::uint32_t lift_of(LotValue forward, LotValue index_value);
// How far the index went, in 1e-9 of what it was; twice of it is as far as curvature is followed.
[[nodiscard]] std::int64_t relative_move(IndexPrice from, IndexPrice to);
// So much of the value of a lot moves the forward by this.
[[nodiscard]] LotValue forward_move(std::uint32_t lift, LotValue index_move);
[[nodiscard]] LotValue option_value(const Option& option, LotValue forward_move, std::int64_t move);

// What the move to one index makes of options. Most of an underlying share lot and surface, and all
// of an expiry the forward: what was computed for the last one holds for the next, and its
// divisions are spared.
class Moves {
  public:
    explicit Moves(IndexPrice index) : index_(index) {}

    [[nodiscard]] LotValue value_of_lot(const Units& units);
    [[nodiscard]] LotValue value_of(const Option& option, LotValue index_value);
    // Of a value that is not below zero, rounded down.
    [[nodiscard]] Grid in_grid(LotValue value, LotValue grid_value);

  private:
    [[nodiscard]] std::int64_t move_from(IndexPrice base);

    IndexPrice index_;
    std::int64_t numerator_ = 0;
    std::int64_t denominator_ = 0;
    LotValue lot_value_;
    IndexPrice base_;
    std::int64_t move_ = 0;
    std::uint32_t lift_ = 0;
    LotValue index_move_;
    LotValue forward_move_;
    Divisor grid_value_;
};

// The same for lifts, by forward and index.
class Lifts {
  public:
    [[nodiscard]] std::uint32_t of(LotValue forward, LotValue index_value);

  private:
    LotValue forward_{-1};
    LotValue index_value_{-1};
    std::uint32_t lift_ = 0;
};

// ---- Funding ----

// Rates are in 1e-9 for eight hours, spans in milliseconds.
constexpr std::int64_t funding_divisor = billionths * 28'800'000;
// Where what a lot has paid would leave this, funding stops.
constexpr std::int64_t funding_max = std::int64_t{1} << 61U;

// How far the mark is above the index, in 1e-9 of it, and within one either way.
[[nodiscard]] std::int64_t premium_of(Grid mark, const Units& units, IndexPrice index);
[[nodiscard]] std::int64_t funding_rate(std::int64_t premium, std::int64_t damp, std::int64_t cap);
// What a lot pays more; the remainder is carried, so that nothing is lost over time.
[[nodiscard]] LotValue charge(Linear& linear, LotValue index_value, std::int64_t rate,
                              std::int64_t milliseconds);

}  // namespace miletus::prices
