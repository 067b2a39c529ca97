// Listing checks, tick steps, life-cycle.
#include "engine/instruments/instruments.hpp"

#include "base/hash.hpp"
#include "engine/instruments/naming.hpp"

#include <algorithm>
#include <limits>

namespace miletus::instruments {

namespace {

using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::TickStep;

constexpr std::uint32_t decimals_max = 12;
constexpr std::int64_t strike_max = 1'000'000'000'000'000;  // a billion, in 1e-6
// Prices span at most 2^24 ticks a book, and lie within 2^30 of zero: they fit the book's 32-bit
// slots.
constexpr std::int64_t price_span_max = std::int64_t{1} << 24U;
constexpr std::int64_t price_magnitude_max = std::int64_t{1} << 30U;

std::uint64_t hash_of(std::string_view name) {
    return xxh3_64(std::as_bytes(std::span(name)));
}

bool is_ticker(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
               letter == '_';
    });
}

int128 power_of_ten(std::uint32_t exponent) {
    int128 power = 1;
    for (std::uint32_t step = 0; step < exponent; ++step) {
        power *= 10;
    }
    return power;
}

// What a price means for one lot, in smallest units of the quote asset; empty where that is not
// whole.
std::optional<LotValue> exact_lot_value(IndexPrice price, Amount lot, const Asset& base,
                                        const Asset& quote) {
    // i64 × i64 fits 127 bits, not with ten to the twelfth on top: cancel the powers first.
    std::uint32_t up = quote.decimals;
    std::uint32_t down = base.decimals + 6;
    const std::uint32_t common = std::min(up, down);
    up -= common;
    down -= common;
    const int128 product = int128{price.value()} * lot.value();
    const int128 divisor = power_of_ten(down);
    if (product % divisor != 0) {
        return std::nullopt;
    }
    const std::optional<std::int64_t> quotient = narrow(product / divisor);
    if (!quotient) {
        return std::nullopt;
    }
    const std::optional<std::int64_t> value = narrow(int128{*quotient} * power_of_ten(up));
    return value ? std::optional(LotValue(*value)) : std::nullopt;
}

Reject check_range(const protocol::ListingTerms& terms, LotValue tick_value) {
    const std::int64_t low = terms.price_low.value();
    const std::int64_t high = terms.price_high.value();
    if (low > high || low < -price_magnitude_max || high > price_magnitude_max ||
        high - low >= price_span_max) {
        return Reject::price_range_out_of_range;
    }
    const std::int64_t magnitude = std::max(high < 0 ? -high : high, low < 0 ? -low : low);
    return narrow(int128{magnitude} * tick_value.value()) ? Reject::none
                                                          : Reject::price_range_out_of_range;
}

Reject check_tick_steps(std::span<const TickStep> steps) {
    for (std::size_t at = 0; at < steps.size(); ++at) {
        const bool rises = at == 0 || steps[at].from > steps[at - 1].from;
        const bool aligned = steps[at].multiple.value() > 1 &&
                             steps[at].multiple.value() <= price_span_max &&
                             steps[at].from.value() % steps[at].multiple.value() == 0;
        if (!rises || !aligned) {
            return Reject::tick_steps_not_rising;
        }
    }
    return Reject::none;
}

}  // namespace

Instruments::Instruments(const Limits& limits)
    : assets_(limits.assets),
      wholes_(limits.assets),
      underlyings_(limits.underlyings),
      rules_(limits.instruments),
      listings_(limits.instruments),
      by_name_(limits.instruments) {}

Result<AssetId> Instruments::add_asset(protocol::Name name, std::uint32_t decimals) {
    if (!is_ticker(name.view())) {
        return Refusal(Reject::bad_name);
    }
    if (decimals > decimals_max) {
        return Refusal(Reject::decimals_out_of_range);
    }
    for (const Asset& asset : assets_.items().first(asset_count_)) {
        if (asset.name == name) {
            return Refusal(Reject::asset_exists);
        }
    }
    if (asset_count_ == assets_.size()) {
        return Refusal(Reject::assets_full);
    }
    assets_[asset_count_] = {.name = name, .decimals = decimals};
    wholes_[asset_count_] = Divisor(static_cast<std::int64_t>(power_of_ten(decimals)));
    return AssetId(static_cast<std::uint16_t>(asset_count_++));
}

Result<UnderlyingId> Instruments::add_underlying(protocol::Name name, AssetId base, AssetId quote) {
    if (!is_ticker(name.view())) {
        return Refusal(Reject::bad_name);
    }
    if (base.value() >= asset_count_ || quote.value() >= asset_count_) {
        return Refusal(Reject::unknown_asset);
    }
    for (const Underlying& underlying : underlyings_.items().first(underlying_count_)) {
        if (underlying.name == name) {
            return Refusal(Reject::underlying_exists);
        }
        if (underlying.quote != quote) {
            return Refusal(Reject::other_settlement_asset);
        }
    }
    if (underlying_count_ == underlyings_.size()) {
        return Refusal(Reject::underlyings_full);
    }
    underlyings_[underlying_count_] = {.name = name, .base = base, .quote = quote};
    return UnderlyingId(static_cast<std::uint16_t>(underlying_count_++));
}

Result<Listing> Instruments::draft(const ListingRequest& request, UnixNanos now) const {
    const Listing listing = TRY(draft_of_any_name(request, now));
    if (find(listing.name.view())) {
        return Refusal(Reject::instrument_exists);
    }
    return listing;
}

Result<Listing> Instruments::draft_of_any_name(const ListingRequest& request, UnixNanos now) const {
    if (request.underlying.value() >= underlying_count_) {
        return Refusal(Reject::unknown_underlying);
    }
    if (request.kind != InstrumentKind::perpetual && request.expiry <= now) {
        return Refusal(Reject::expiry_not_in_future);
    }
    const Underlying& underlying = underlyings_[request.underlying.value()];
    const LotValue tick_value = TRY(check_terms(request, underlying));
    const LotValue strike_value = TRY(check_strike(request, underlying));
    const LotValue lowest = value_per_lot(tick_value, request.terms.price_low);
    const LotValue highest = value_per_lot(tick_value, request.terms.price_high);
    Listing listing{.name = instrument_name(underlying.name.view(), request.kind, request.expiry,
                                            request.strike),
                    .kind = request.kind,
                    .underlying = request.underlying,
                    .base = underlying.base,
                    .quote = underlying.quote,
                    .expiry = request.expiry,
                    .strike = request.strike,
                    .strike_value = strike_value,
                    .terms = request.terms,
                    .tick_value = tick_value,
                    .largest = std::max({highest, -highest, -lowest}),
                    .depth = std::max(-lowest, LotValue(0)),
                    .steps = {},
                    .step_count = static_cast<std::uint8_t>(request.steps.size())};
    ASSERT(request.steps.size() <= listing.steps.size());
    std::ranges::copy(request.steps, listing.steps.begin());
    return listing;
}

// Returns the value of a tick of one lot.
Result<LotValue> Instruments::check_terms(const ListingRequest& request,
                                          const Underlying& underlying) const {
    const protocol::ListingTerms& terms = request.terms;
    if (terms.tick <= IndexPrice(0) || terms.lot <= Amount(0)) {
        return Refusal(Reject::tick_or_lot_out_of_range);
    }
    if (terms.lots_max < Lots(1) ||
        terms.lots_max > Lots(std::numeric_limits<std::uint32_t>::max())) {
        return Refusal(Reject::lots_max_out_of_range);
    }
    // A tenth of a tick, the grid of marks, must be whole units too.
    const std::optional<LotValue> tick_value =
        exact_lot_value(terms.tick, terms.lot, asset(underlying.base), asset(underlying.quote));
    if (!tick_value || tick_value->value() == 0 || tick_value->value() % 10 != 0) {
        return Refusal(Reject::tick_not_whole);
    }
    const bool is_below_zero = is_option(request.kind) && terms.price_low < Ticks(0);
    const Reject range =
        is_below_zero ? Reject::price_range_out_of_range : check_range(terms, *tick_value);
    if (range != Reject::none) {
        return Refusal(range);
    }
    const Reject steps = check_tick_steps(request.steps);
    if (steps != Reject::none) {
        return Refusal(steps);
    }
    return *tick_value;
}

// Returns the value of an option's strike for one lot; 0 for futures.
Result<LotValue> Instruments::check_strike(const ListingRequest& request,
                                           const Underlying& underlying) const {
    if (!is_option(request.kind)) {
        return LotValue(0);
    }
    if (request.strike <= IndexPrice(0) || request.strike >= IndexPrice(strike_max)) {
        return Refusal(Reject::strike_not_positive);
    }
    const std::optional<LotValue> value = exact_lot_value(
        request.strike, request.terms.lot, asset(underlying.base), asset(underlying.quote));
    if (!value) {
        return Refusal(Reject::strike_not_whole);
    }
    return *value;
}

bool Instruments::is_reusable(InstrumentId instrument, const protocol::ListingTerms& terms) const {
    const protocol::ListingTerms& old = listing(instrument).terms;
    return rules(instrument).state == InstrumentState::archived &&
           old.price_high - old.price_low == terms.price_high - terms.price_low;
}

std::uint32_t Instruments::reusable(const protocol::ListingTerms& terms) const {
    std::uint32_t found = 0;
    for (std::uint32_t at = 0; archived_count_ != 0 && at < count_; ++at) {
        found += is_reusable(InstrumentId(at), terms) ? 1U : 0U;
    }
    return found;
}

std::size_t Instruments::room_for(const protocol::ListingTerms& terms) const {
    return listings_.size() - count_ + reusable(terms);
}

InstrumentId Instruments::list(const Listing& listing) {
    InstrumentId instrument(count_);
    for (std::uint32_t at = 0; archived_count_ != 0 && at < instrument.value(); ++at) {
        if (is_reusable(InstrumentId(at), listing.terms)) {
            instrument = InstrumentId(at);
        }
    }
    if (instrument.value() == count_) {
        ASSERT(count_ < listings_.size());
        ++count_;
    } else {
        --archived_count_;
    }
    put(instrument, listing);
    return instrument;
}

void Instruments::put(InstrumentId instrument, const Listing& listing) {
    listings_[instrument.value()] = listing;
    const PriceWindow range{.low = listing.terms.price_low, .high = listing.terms.price_high};
    rules_[instrument.value()] = {
        .windows = {range, range},
        .lots_max = static_cast<std::uint32_t>(listing.terms.lots_max.value()),
        .state = InstrumentState::pre_open,
        .step_count = listing.step_count,
        .has_band = false,
        .is_plain = false,
    };
    by_name_.insert(hash_of(listing.name.view()), instrument.value() + 1);
}

void Instruments::archive(InstrumentId instrument) {
    by_name_.erase(hash_of(listing(instrument).name.view()), instrument.value() + 1);
    set_state(instrument, InstrumentState::archived);
    ++archived_count_;
}

Result<void> Instruments::check_transition(InstrumentId instrument, InstrumentState to) const {
    TRY(check_exists(instrument));
    using enum InstrumentState;
    const InstrumentState from = rules(instrument).state;
    bool reachable = false;
    switch (to) {
        case pre_open:
            reachable = from == halted;
            break;
        case open:
            reachable = from == pre_open || from == reduce_only || from == halted;
            break;
        case reduce_only:
            reachable = from == open || from == halted;
            break;
        case halted:
            reachable = takes_orders(from);
            break;
        case settling:
            reachable = takes_orders(from) || from == halted;
            break;
        case settled:
            reachable = from == settling;
            break;
        case archived:
            break;  // by a command of its own
    }
    if (!reachable) {
        return Refusal(Reject::state_not_reachable);
    }
    return {};
}

void Instruments::set_state(InstrumentId instrument, InstrumentState state) {
    TradingRules& rules = rules_[instrument.value()];
    rules.state = state;
    rules.is_plain = state == InstrumentState::open && rules.step_count == 0;
}

Result<void> Instruments::set_band(InstrumentId instrument, Ticks low, Ticks high) {
    TRY(check_exists(instrument));
    TradingRules& rules = rules_[instrument.value()];
    if (low > high || low < rules.price_low() || high > rules.price_high()) {
        return Refusal(Reject::band_out_of_range);
    }
    rules.windows[0].high = high;
    rules.windows[1].low = low;
    rules.has_band = true;
    return {};
}

const Asset& Instruments::asset(AssetId asset) const {
    return assets_[asset.value()];
}

const Underlying& Instruments::underlying(UnderlyingId underlying) const {
    return underlyings_[underlying.value()];
}

std::optional<UnderlyingId> Instruments::underlying_of(AssetId base) const {
    for (std::uint32_t at = 0; at < underlying_count_; ++at) {
        if (underlyings_[at].base == base) {
            return UnderlyingId(static_cast<std::uint16_t>(at));
        }
    }
    return std::nullopt;
}

std::optional<InstrumentId> Instruments::find(std::string_view name) const {
    const std::uint32_t slot = by_name_.find(hash_of(name), [&](std::uint32_t candidate) {
        return listings_[candidate - 1].name.view() == name;
    });
    return slot != 0 ? std::optional(InstrumentId(slot - 1)) : std::nullopt;
}

std::int64_t Instruments::multiple_at(InstrumentId instrument, Ticks price) const {
    const Listing& listing = listings_[instrument.value()];
    std::int64_t multiple = 1;
    for (const TickStep& step : std::span(listing.steps).first(listing.step_count)) {
        if (price >= step.from) {
            multiple = step.multiple.value();
        }
    }
    return multiple;
}

Reject Instruments::check_steps(InstrumentId instrument, Ticks price) const {
    return price.value() % multiple_at(instrument, price) == 0 ? Reject::none
                                                               : Reject::price_off_tick;
}

Ticks Instruments::rounded_down(InstrumentId instrument, Ticks price) const {
    if (rules(instrument).step_count == 0) {
        return price;
    }
    const std::int64_t multiple = multiple_at(instrument, price);
    const std::int64_t rest = price.value() % multiple;
    // A step begins on a multiple of its own tick, so rounding down never leaves it.
    return Ticks(price.value() - (rest < 0 ? rest + multiple : rest));
}

Ticks Instruments::rounded_up(InstrumentId instrument, Ticks price) const {
    const Ticks below = rounded_down(instrument, price);
    if (below == price) {
        return price;
    }
    const Ticks above = below + Ticks(multiple_at(instrument, price));
    // The next step may begin before the multiple is reached.
    const Listing& listing = listings_[instrument.value()];
    for (const TickStep& step : std::span(listing.steps).first(listing.step_count)) {
        if (step.from > price && step.from < above) {
            return step.from;
        }
    }
    return above;
}

}  // namespace miletus::instruments
