// How the small market is kept.
#include "engine/prices/small_market.hpp"

#include <array>

namespace miletus::prices {

using protocol::Parameter;

SmallMarket::SmallMarket(const Limits& limits)
    : instruments(limits),
      parameters(limits),
      events(limits.event_units),
      prices(limits, instruments, parameters, events) {
    ASSERT(instruments.add_asset(protocol::Name("BTC"), 8).has_value());
    ASSERT(instruments.add_asset(protocol::Name("USDC"), 6).has_value());
    ASSERT(instruments.add_underlying(protocol::Name("BTC_USDC"), btc, usdc).has_value());
    // Prices go where a test wants them.
    set(Parameter::index_velocity, 10'000'000);
    set(Parameter::mark_clamp_perpetual, 1'000'000);
    set(Parameter::mark_clamp_future, 1'000'000);
}

InstrumentId SmallMarket::list(const MarketListing& wanted) {
    const instruments::ListingRequest request{.kind = wanted.kind,
                                              .underlying = underlying,
                                              .expiry = UnixNanos(wanted.expiry_second * second_ns),
                                              .strike = IndexPrice(wanted.strike * dollar),
                                              .terms = {.tick = IndexPrice(dollar / 2),
                                                        .lot = Amount(wanted.lot),
                                                        .price_low = Ticks(wanted.price_low),
                                                        .price_high = Ticks(wanted.price_high),
                                                        .lots_max = Lots(1'000'000)},
                                              .steps = {}};
    const Result<instruments::Listing> listing = instruments.draft(request, UnixNanos(1));
    ASSERT(listing.has_value());
    ASSERT(prices.check_listing(*listing).has_value());
    const InstrumentId instrument = instruments.list(*listing);
    prices.list(instrument);
    return instrument;
}

void SmallMarket::set(Parameter parameter, std::int64_t value) {
    put(underlying, parameter, value);
}

void SmallMarket::set_of_venue(Parameter parameter, std::int64_t value) {
    put(instruments::venue_itself, parameter, value);
}

void SmallMarket::put(UnderlyingId row, Parameter parameter, std::int64_t value) {
    const instruments::ParameterChange change{
        .effective = {}, .value = value, .underlying = row, .parameter = parameter};
    ASSERT(instruments::check_parameter(change).has_value());
    parameters.set(change);
}

void SmallMarket::begin() {
    sequence_ = Sequence(sequence_.value() + 1);
    events.begin(sequence_, now());
}

void SmallMarket::set_index(std::int64_t price) {
    std::array<protocol::SourcePrice, 3> sources;
    for (std::uint32_t at = 0; at < sources.size(); ++at) {
        sources.at(at) = {.price = IndexPrice(price), .time = now(), .source = at, .weight = 1};
    }
    begin();
    ASSERT(prices.check_sources(underlying, sources, now()).has_value());
    prices.update_index(underlying, sources, now());
}

void SmallMarket::lose_sources() {
    pass(3600, Ticks(0), Ticks(0));
}

void SmallMarket::pass(std::int64_t seconds, Ticks bid, Ticks ask) {
    second_ += seconds;
    std::vector<BookSample> books;
    prices.visit_linear(underlying,
                        [&](InstrumentId) { books.push_back({.bid = bid, .ask = ask}); });
    begin();
    prices.sample(underlying, now(), seconds, books);
}

void SmallMarket::mark_option(InstrumentId instrument, LotValue value) {
    const bool is_call = instruments.listing(instrument).kind == protocol::InstrumentKind::call;
    const std::array marks = {OptionMark{.instrument = instrument,
                                         .value = value,
                                         .forward = prices.index_value(instrument),
                                         .delta = is_call ? 500'000'000 : -500'000'000,
                                         .gamma = 0}};
    begin();
    ASSERT(prices.can_install(underlying, marks[0]));
    prices.install(underlying, prices.index(underlying), marks);
}

}  // namespace miletus::prices
