// What each parameter may be, and is at first.
#include "engine/instruments/parameters.hpp"

#include <algorithm>
#include <span>

namespace miletus::instruments {

using protocol::Parameter;

namespace {

struct Range {
    std::int64_t low;
    std::int64_t high;
    std::int64_t first;
    bool is_of_venue = false;
};

constexpr std::int64_t whole = millionths;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t any_notional = std::int64_t{1} << 60U;

// In the order of their numbers.
constexpr std::array<Range, parameter_count> ranges = {{
    {1, whole, 20'000},                 // future_initial
    {1, whole, 10'000},                 // future_maintenance
    {0, whole, 50},                     // future_slope
    {1, whole, 150'000},                // option_initial
    {1, whole, 100'000},                // option_initial_floor
    {1, whole, 75'000},                 // option_maintenance
    {0, whole, 50'000},                 // collateral_haircut
    {-1000, 10'000, 0},                 // maker_fee
    {0, 10'000, 500},                   // taker_fee
    {0, 10'000, 300},                   // option_fee
    {0, whole, 125'000},                // option_fee_cap
    {0, 10'000, 250},                   // future_delivery_fee
    {0, 10'000, 150},                   // option_delivery_fee
    {0, 50'000, 5000},                  // future_liquidation_fee
    {0, 50'000, 2000},                  // option_liquidation_fee
    {0, 100'000, 250},                  // funding_damp
    {0, 100'000, 5000},                 // funding_cap
    {1, 16, 3},                         // index_sources_min
    {1, 24 * hour_ms, 10'000},          // index_source_age
    {0, whole, 5000},                   // index_clamp
    {1, 10 * whole, 200'000},           // index_velocity
    {0, hour_ms, 30'000},               // index_freeze
    {0, whole, 5000},                   // mark_clamp_perpetual
    {0, whole, 15'000},                 // mark_clamp_future
    {0, any_notional, 10'000'000'000},  // impact_notional
    {0, 10 * whole, 50'000},            // collar_perpetual
    {0, 10 * whole, 50'000},            // collar_future
    {0, 10 * whole, 100'000},           // collar_option
    {0, any_notional, any_notional},    // order_notional_max
    {0, any_notional, any_notional},    // position_notional_max
    {0, any_notional, any_notional},    // open_interest_max
    {0, 1'000'000, 0, true},            // order_rate
    {1, 1'000'000, 1000, true},         // order_burst
    {1, 60'000, 1000, true},            // repeat_window
    {0, 255, 0, true},                  // repeats_max
    {0, whole, 1000},                   // option_spread
}};

const Range& range_of(Parameter parameter) {
    return ranges[static_cast<std::size_t>(parameter)];
}

bool is_before(const ParameterChange& left, const ParameterChange& right) {
    return left.effective < right.effective;
}

}  // namespace

Parameters::Parameters() : values_{} {
    for (std::size_t at = 0; at < parameter_count; ++at) {
        values_[at] = ranges[at].first;
    }
}

Result<void> check_parameter(const ParameterChange& change) {
    const Range& range = range_of(change.parameter);
    if (range.is_of_venue != (change.underlying == venue_itself)) {
        return Refusal(Reject::parameter_of_other_scope);
    }
    if (change.value < range.low || change.value > range.high) {
        return Refusal(Reject::parameter_out_of_range);
    }
    return {};
}

ParameterBook::ParameterBook(const Limits& limits)
    : rows_(std::size_t{limits.underlyings} + 1), waiting_(limits.waiting_parameters) {
    for (Parameters& row : rows_.items()) {
        row = Parameters();
    }
}

Parameters& ParameterBook::row_of(UnderlyingId underlying) {
    return underlying == venue_itself ? rows_[rows_.size() - 1] : rows_[underlying.value()];
}

void ParameterBook::set(const ParameterChange& change) {
    row_of(change.underlying).set(change.parameter, change.value);
}

void ParameterBook::schedule(const ParameterChange& change) {
    ASSERT(has_room());
    const auto waiting = waiting_.items().first(waiting_count_ + 1);
    const auto place = std::upper_bound(waiting.begin(), waiting.end() - 1, change, is_before);
    std::move_backward(place, waiting.end() - 1, waiting.end());
    *place = change;
    ++waiting_count_;
}

std::optional<UnixNanos> ParameterBook::next_due() const {
    return waiting_count_ != 0 ? std::optional(waiting_[0].effective) : std::nullopt;
}

ParameterChange ParameterBook::pop() {
    ASSERT(waiting_count_ != 0);
    const ParameterChange first = waiting_[0];
    const auto waiting = waiting_.items().first(waiting_count_);
    std::move(waiting.begin() + 1, waiting.end(), waiting.begin());
    --waiting_count_;
    return first;
}

// ---- State ----

// Rows go by their underlying's number, and the venue's comes first: limits show nowhere.
void ParameterBook::encode(StateEncoder& encoder) const {
    const Parameters first;
    std::uint32_t changed = 0;
    const auto visit = [&](auto&& with) {
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            for (std::size_t at = 0; at < parameter_count; ++at) {
                const auto parameter = static_cast<Parameter>(at);
                if (rows_[row].of(parameter) != first.of(parameter)) {
                    with(row + 1 == rows_.size() ? venue_itself
                                                 : UnderlyingId(static_cast<std::uint16_t>(row)),
                         parameter, rows_[row].of(parameter));
                }
            }
        }
    };
    visit([&](UnderlyingId, Parameter, std::int64_t) { ++changed; });
    encoder.add(changed);
    visit([&](UnderlyingId underlying, Parameter parameter, std::int64_t value) {
        encoder.add(underlying);
        encoder.add(parameter);
        encoder.add(value);
    });
    encoder.add(static_cast<std::uint32_t>(waiting_count_));
    for (const ParameterChange& change : waiting_.items().first(waiting_count_)) {
        encoder.add(change.effective);
        encoder.add(change.underlying);
        encoder.add(change.parameter);
        encoder.add(change.value);
    }
}

void ParameterBook::decode(StateDecoder& decoder) {
    const auto take = [&](UnixNanos effective) {
        ParameterChange change;
        change.effective = effective;
        change.underlying = decoder.take<UnderlyingId>();
        change.parameter = decoder.take<Parameter>();
        change.value = decoder.take<std::int64_t>();
        decoder.require(
            change.underlying == venue_itself || change.underlying.value() + 1U < rows_.size(),
            "limits.underlyings is too small");
        decoder.require(decoder.is_sound() && check_parameter(change).has_value(),
                        "a parameter cannot be");
        return change;
    };
    const std::uint32_t changed =
        decoder.take_count(rows_.size() * parameter_count, "limits.underlyings is too small");
    std::int64_t next = 0;
    for (std::uint32_t at = 0; at < changed && decoder.is_sound(); ++at) {
        const ParameterChange change = take(UnixNanos(0));
        const std::int64_t place =
            std::int64_t{change.underlying.value()} * static_cast<std::int64_t>(parameter_count) +
            static_cast<std::int64_t>(change.parameter);
        const bool is_behind = place >= next;
        next = place + 1;
        if (decoder.is_sound() && decoder.require(is_behind, "parameters are in no order") &&
            decoder.require(row_of(change.underlying).of(change.parameter) != change.value,
                            "a parameter is what it is at first")) {
            set(change);
        }
    }
    const std::uint32_t waiting =
        decoder.take_count(waiting_.size(), "limits.waiting_parameters is too small");
    for (std::uint32_t at = 0; at < waiting && decoder.is_sound(); ++at) {
        const ParameterChange change = take(decoder.take<UnixNanos>());
        const bool is_last = at == 0 || waiting_[at - 1].effective <= change.effective;
        if (decoder.is_sound() && decoder.require(is_last, "parameters wait in no order")) {
            schedule(change);
        }
    }
}

}  // namespace miletus::instruments
