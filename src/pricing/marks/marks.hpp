// Marks: what one lot of each option of an underlying is worth, how that moves with the index, and
// what the lot gains in each scenario, by a surface. From whole numbers to whole numbers, rounded
// in marks.cpp and nowhere else: whoever has the same surface comes to the same marks, and a digest
// tells whether two did. A call is pure, allocates nothing and has one thread.
#pragma once

#include "base/hash.hpp"
#include "base/units.hpp"
#include "pricing/marks/smiles.hpp"
#include "pricing/risk_arrays/risk_arrays.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::pricing {

// What delta, gamma and volatility are counted in.
constexpr std::int64_t delta_parts = 1'000'000'000;
constexpr std::int64_t gamma_max = 1'000'000 * delta_parts;
constexpr std::int64_t vol_parts = 1'000'000;

// What scenarios are made of, in ppm; risk_arrays.hpp says what each is.
struct ScenarioTerms {
    std::int64_t price_range = 160'000;
    std::int64_t extended_factor = 1'000'000;
    std::int64_t range_up = 500'000;
    std::int64_t range_down = 250'000;
    std::int64_t power_near = 300'000;
    std::int64_t power_far = 130'000;
    std::int64_t vol_min_up = 500'000;
};

// What check_surface() lets pass, and the index of the same moment. Between two smiles total
// variance is a line in time at each log-moneyness; before the first and after the last volatility
// is what it is there. The forward's carry a year is the same from the index to the first expiry,
// from each to the next, and goes on after the last. An option that has no time left is worth what
// exercise at the index brings.
struct MarkSurface {
    UnixNanos now;
    IndexPrice index;
    std::span<const Smile> smiles;
    ScenarioTerms scenarios{};
};

// A lot gains tick_value smallest units, a multiple of ten, when the price rises by a tick. Of the
// strike a lot is whole units.
struct MarkOption {
    UnixNanos expiry;
    IndexPrice strike;
    IndexPrice tick;
    LotValue tick_value;
    std::int8_t kind = 1;  // call or put
};

// Of one lot, in smallest units. What the call or the put that is out of the money is worth is
// rounded down; the other one has on top what exercise brings, where a lot's forward is rounded
// down. So both of a strike keep parity to the unit, with deltas one apart and the same gamma.
// Where a lot of the underlying moves by x, which is the part r of what it is worth at the index,
// and its forwards by as much, the option's value moves by about (delta + gamma r / 2) x.
struct Mark {
    LotValue value;
    IndexPrice forward;      // at the option's expiry
    std::int64_t delta = 0;  // by the forward, in delta_parts; below zero for a put
    std::int64_t gamma = 0;  // what delta gains while the index doubles, gamma_max at most
    std::int64_t vol = 0;    // a year, in vol_parts; 100 at most
    friend constexpr bool operator==(const Mark&, const Mark&) = default;
};

// One mark for each option, and one row of usual scenarios: what a lot gains, as in
// risk_arrays.hpp, from what it is worth before that is rounded; but no lot loses more than its
// value rounded down to a tenth of a tick. Rows of a lot that is worth more than 2^44 units are
// rounded to a few in 2^47 of that.
struct Marks {
    std::span<Mark> marks;
    std::span<std::int64_t> entries;  // options x usual_scenarios_count
};

// What is wrong with a whole call: then nothing is promised of what was written.
enum class MarkFault : std::uint8_t {
    none = 0,
    lengths_differ,
    surface_out_of_range,
    option_out_of_range,
    scenarios_out_of_range,
};
[[nodiscard]] std::string_view sentence(MarkFault fault);

[[nodiscard]] MarkFault find_marks(const MarkSurface& surface, std::span<const MarkOption> options,
                                   const Marks& out);

// Of their number, the marks and then the entries, each number in eight bytes, the lowest first.
[[nodiscard]] Hash128 digest_of(const Marks& marks);

}  // namespace miletus::pricing
