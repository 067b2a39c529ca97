// The comparisons.
#include "engine/risk/gates.hpp"

#include "base/division.hpp"

#include <algorithm>

namespace miletus::risk {

using instruments::millionths;
using protocol::InstrumentKind;
using protocol::Parameter;
using protocol::Side;

namespace {

constexpr std::int64_t nanos_per_milli = 1'000'000;
constexpr std::int64_t nanos_per_second = 1'000'000'000;

Parameter collar_of(InstrumentKind kind) {
    switch (kind) {
        case InstrumentKind::perpetual:
            return Parameter::collar_perpetual;
        case InstrumentKind::future:
            return Parameter::collar_future;
        case InstrumentKind::call:
        case InstrumentKind::put:
            break;
    }
    return Parameter::collar_option;
}

}  // namespace

Gates::Gates(const Limits& limits, const instruments::Instruments& instruments,
             const instruments::ParameterBook& parameters, const prices::Prices& prices,
             const accounts::Accounts& accounts)
    : instruments_(instruments),
      parameters_(parameters),
      prices_(prices),
      accounts_(accounts),
      flows_(limits.accounts) {}

Result<void> Gates::check_prices(InstrumentId instrument) const {
    if (!prices_.has_mark(instrument)) {
        return Refusal(Reject::no_mark);
    }
    return {};
}

// ---- Price ----

// How far from a lot's mark it may trade.
std::int64_t Gates::width_of(InstrumentId instrument) const {
    const instruments::Listing& listing = instruments_.listing(instrument);
    return share_floor(prices_.index_value(instrument).value(),
                       parameters_.of(listing.underlying).of(collar_of(listing.kind)), millionths);
}

Ticks Gates::collar(InstrumentId instrument, Side side) const {
    const instruments::Listing& listing = instruments_.listing(instrument);
    const std::int64_t width = width_of(instrument);
    const std::int64_t mark = prices_.mark_value(instrument).value();
    const std::int64_t tick = listing.tick_value.value();
    const Ticks low = listing.terms.price_low;
    const Ticks high = listing.terms.price_high;
    // The tick that holds the end, so that a mark always lies within; then what the price may be.
    if (side == Side::buy) {
        const Ticks end(ceil_div(int128{mark} + width, tick));
        return instruments_.rounded_down(instrument, std::clamp(end, low, high));
    }
    const Ticks end(floor_div(int128{mark} - width, tick));
    return instruments_.rounded_up(instrument, std::clamp(end, low, high));
}

// Whether the price is within its collar and on every step: the common case, told without dividing
// by a tick.
bool Gates::is_near(const Attempt& attempt) const {
    const instruments::Listing& listing = instruments_.listing(attempt.instrument);
    const int128 value = int128{attempt.price.value()} * listing.tick_value.value();
    const int128 apart = value - prices_.mark_value(attempt.instrument).value();
    const std::int64_t width = width_of(attempt.instrument);
    return listing.step_count == 0 &&
           (attempt.side == Side::buy
                ? apart <= width && attempt.price <= listing.terms.price_high
                : apart >= -width && attempt.price >= listing.terms.price_low);
}

Result<void> Gates::check_price(const Attempt& attempt) const {
    if (is_near(attempt)) [[likely]] {
        return {};
    }
    const Ticks end = collar(attempt.instrument, attempt.side);
    const bool is_beyond = attempt.side == Side::buy ? attempt.price > end : attempt.price < end;
    if (is_beyond) {
        return Refusal(Reject::price_outside_collar);
    }
    return {};
}

// ---- Size ----

Result<void> Gates::check_size(const Attempt& attempt, std::uint32_t position) const {
    const instruments::Listing& listing = instruments_.listing(attempt.instrument);
    const instruments::Parameters& bounds = parameters_.of(listing.underlying);
    const int128 worth = prices_.index_value(attempt.instrument).value();
    const auto exceeds = [&](Lots lots, Parameter bound) {
        return worth * lots.value() > bounds.of(bound);
    };
    if (exceeds(attempt.lots, Parameter::order_notional_max)) {
        return Refusal(Reject::order_notional_too_large);
    }
    const Lots worst = accounts_.positions().worst_with(position, attempt.side, attempt.lots);
    if (exceeds(worst, Parameter::position_notional_max)) {
        return Refusal(Reject::position_notional_too_large);
    }
    const Lots interest = accounts_.positions().open_interest(attempt.instrument);
    if (exceeds(interest + attempt.lots, Parameter::open_interest_max)) {
        return Refusal(Reject::open_interest_too_large);
    }
    return {};
}

// ---- Number ----

Nanos Gates::time_per_order() const {
    return Nanos(nanos_per_second / parameters_.of_venue(Parameter::order_rate));
}

bool Gates::is_repeat(const Flow& flow, const Attempt& attempt, UnixNanos now) const {
    const Nanos window(parameters_.of_venue(Parameter::repeat_window) * nanos_per_milli);
    return flow.likeness == attempt.likeness && now < flow.repeats_since + window;
}

Result<void> Gates::check_flow(const Attempt& attempt, UnixNanos now) const {
    const Flow& flow = flows_[attempt.account.value()];
    if (parameters_.of_venue(Parameter::order_rate) != 0) {
        const std::int64_t burst = parameters_.of_venue(Parameter::order_burst);
        const Nanos ahead((burst - 1) * time_per_order().value());
        if (flow.paid_until > now + ahead) {
            return Refusal(Reject::too_many_orders);
        }
    }
    const std::int64_t most = parameters_.of_venue(Parameter::repeats_max);
    if (most != 0 && is_repeat(flow, attempt, now) && flow.repeats >= most) {
        return Refusal(Reject::repeated_order);
    }
    return {};
}

void Gates::count(const Attempt& attempt, UnixNanos now) {
    Flow& flow = flows_[attempt.account.value()];
    if (parameters_.of_venue(Parameter::order_rate) != 0) {
        flow.paid_until = std::max(flow.paid_until, now) + time_per_order();
    }
    if (parameters_.of_venue(Parameter::repeats_max) != 0) {
        const bool repeats = is_repeat(flow, attempt, now);
        flow.repeats_since = repeats ? flow.repeats_since : now;
        flow.repeats = repeats ? flow.repeats + 1 : 1;
        flow.likeness = attempt.likeness;
    }
}

// ---- State ----

bool Gates::is_used(const Flow& flow) {
    return flow.paid_until != UnixNanos(0) || flow.repeats != 0;
}

void Gates::encode(StateEncoder& encoder) const {
    encoder.add(static_cast<std::uint32_t>(std::ranges::count_if(flows_.items(), is_used)));
    for (std::uint32_t at = 0; at < flows_.size(); ++at) {
        const Flow& flow = flows_[at];
        if (is_used(flow)) {
            encoder.add(AccountId(at));
            encoder.add(flow.paid_until);
            encoder.add(flow.repeats_since);
            encoder.add(flow.likeness);
            encoder.add(flow.repeats);
        }
    }
}

void Gates::decode(StateDecoder& decoder) {
    const std::uint32_t count = decoder.take_count(flows_.size(), "limits.accounts is too small");
    std::uint32_t next = 0;
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto account = decoder.take<AccountId>();
        if (!decoder.require(account.value() < flows_.size(), "limits.accounts is too small") ||
            !decoder.require(account.value() >= next, "rates are not in the order of accounts")) {
            return;
        }
        next = account.value() + 1;
        Flow& flow = flows_[account.value()];
        flow.paid_until = decoder.take<UnixNanos>();
        flow.repeats_since = decoder.take<UnixNanos>();
        flow.likeness = decoder.take<std::uint64_t>();
        flow.repeats = decoder.take<std::uint32_t>();
        decoder.require(is_used(flow), "a rate says nothing of its account");
    }
}

}  // namespace miletus::risk
