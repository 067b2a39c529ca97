// What is listed, what an index tick and a second change.
#include "engine/prices/prices.hpp"

#include <algorithm>
#include <limits>

namespace miletus::prices {

using instruments::Listing;
using protocol::IndexState;
using protocol::InstrumentKind;
using protocol::Parameter;

namespace {

constexpr UnixNanos never{std::numeric_limits<std::int64_t>::max()};
constexpr std::int64_t ppm_in_billionths = 1000;
constexpr std::int64_t millis_per_second = 1000;
constexpr std::int64_t minute_seconds = 60;

}  // namespace

Prices::Prices(const Limits& limits, const instruments::Instruments& instruments,
               const instruments::ParameterBook& parameters, protocol::EventWriter& events)
    : instruments_(instruments),
      parameters_(parameters),
      events_(events),
      quotes_(limits.instruments),
      units_(limits.instruments),
      linears_(limits.instruments),
      options_(limits.instruments),
      option_books_(limits.instruments),
      rows_(limits.underlyings) {}

// ---- What there is ----

Result<void> Prices::check_listing(const Listing& listing) const {
    if (!units_of(listing, instruments_.asset(listing.base), instruments_.asset(listing.quote))) {
        return Refusal(Reject::price_range_out_of_range);
    }
    return {};
}

void Prices::list(InstrumentId instrument) {
    const Listing& listing = instruments_.listing(instrument);
    const std::optional<Units> units =
        units_of(listing, instruments_.asset(listing.base), instruments_.asset(listing.quote));
    ASSERT(units.has_value());
    Quote& quote = quotes_[instrument.value()];
    ASSERT(!quote.is_listed);
    Row& row = rows_[listing.underlying.value()];
    quote = {};
    quote.underlying = listing.underlying;
    quote.kind = listing.kind;
    quote.is_listed = true;
    quote.grid_value = LotValue(listing.tick_value.value() / 10);
    quote.index_value = lot_value(*units, row.index.price());
    units_[instrument.value()] = *units;
    linears_[instrument.value()] = {};
    options_[instrument.value()] = {};
    option_books_[instrument.value()] = {};
    options_[instrument.value()].strike_value = listing.strike_value;
    options_[instrument.value()].is_call = listing.kind == InstrumentKind::call;
    link(chain_of(instrument), instrument);
    if (listing.kind == InstrumentKind::perpetual) {
        return;
    }
    if (Window* window = row.windows.find(listing.expiry)) {
        ++window->instruments;
    } else if (row.next_expiry == UnixNanos(0) || listing.expiry < row.next_expiry) {
        row.next_expiry = listing.expiry;
    }
}

void Prices::settle(InstrumentId instrument, Grid price) {
    Quote& quote = quotes_[instrument.value()];
    ASSERT(quote.is_listed && !quote.is_settled);
    is_changed_ = false;
    set_mark(instrument, quote, price);
    note_changes();
    settle(instrument);
}

void Prices::settle(InstrumentId instrument) {
    Quote& quote = quotes_[instrument.value()];
    ASSERT(quote.is_listed && !quote.is_settled);
    quote.is_settled = true;
    const Listing& listing = instruments_.listing(instrument);
    rows_[quote.underlying.value()].windows.leave(listing.expiry);
}

void Prices::mark_new(InstrumentId instrument) {
    const Quote& quote = this->quote(instrument);
    const Row& row = rows_[quote.underlying.value()];
    ASSERT(quote.is_listed && !quote.is_settled && !instruments::is_option(quote.kind));
    if (row.index.exists()) {
        is_changed_ = false;
        mark_linear(row, instrument);
        note_changes();
    }
}

void Prices::archive(InstrumentId instrument) {
    Quote& quote = quotes_[instrument.value()];
    ASSERT(quote.is_listed);
    if (!quote.is_settled) {
        const Listing& listing = instruments_.listing(instrument);
        rows_[quote.underlying.value()].windows.leave(listing.expiry);
    }
    unlink(chain_of(instrument), instrument);
    quote = {};
}

Prices::Chain& Prices::chain_of(InstrumentId instrument) {
    const Quote& quote = quotes_[instrument.value()];
    Row& row = rows_[quote.underlying.value()];
    return instruments::is_option(quote.kind) ? row.options : row.linear;
}

void Prices::link(Chain& chain, InstrumentId instrument) {
    const std::uint32_t here = instrument.value() + 1;
    Quote& quote = quotes_[instrument.value()];
    quote.older = chain.newest;
    (chain.newest != 0 ? quotes_[chain.newest - 1].newer : chain.oldest) = here;
    chain.newest = here;
}

void Prices::unlink(Chain& chain, InstrumentId instrument) {
    const Quote& quote = quotes_[instrument.value()];
    (quote.older != 0 ? quotes_[quote.older - 1].newer : chain.oldest) = quote.newer;
    (quote.newer != 0 ? quotes_[quote.newer - 1].older : chain.newest) = quote.older;
}

// ---- Index and time ----

Result<void> Prices::check_sources(UnderlyingId underlying,
                                   std::span<const protocol::SourcePrice> sources,
                                   UnixNanos now) const {
    if (underlying.value() >= instruments_.underlying_count()) {
        return Refusal(Reject::unknown_underlying);
    }
    return rows_[underlying.value()].index.check(sources, now);
}

void Prices::update_index(UnderlyingId underlying, std::span<const protocol::SourcePrice> sources,
                          UnixNanos now) {
    Row& row = rows_[underlying.value()];
    is_changed_ = false;
    row.index.remember(second_of(now));
    row.index.take(sources, now);
    const IndexPrice before = row.index.price();
    if (row.index.weigh(parameters_.of(underlying), now)) {
        emit_index(underlying, now);
    }
    if (row.index.price() != before) {
        mark_all_linear(row);
        mark_all_options(row);
    }
    note_changes();
}

void Prices::sample(UnderlyingId underlying, UnixNanos now, std::int64_t seconds,
                    std::span<const BookSample> books) {
    ASSERT(seconds >= 1);
    Row& row = rows_[underlying.value()];
    is_changed_ = false;
    const std::int64_t second = second_of(now);
    ASSERT(second > row.sampled);
    const IndexPrice before = row.index.price();
    row.index.remember(second);
    if (row.index.weigh(parameters_.of(underlying), now)) {
        emit_index(underlying, now);
    }
    if (row.index.exists()) {
        open_windows(row, second);
        row.windows.sample({.second = second,
                            .seconds = row.sampled_price != IndexPrice(0) ? seconds : 1,
                            .before = row.sampled_price,
                            .now = row.index.price(),
                            .is_real = row.index.reading().sources != 0});
        row.sampled = second;
        row.sampled_price = row.index.price();
        step_books(row, seconds, books);
        mark_all_linear(row);
        if (row.index.price() != before) {
            mark_all_options(row);
        }
        charge_funding(row, seconds);
    }
    note_changes();
}

void Prices::step_books(const Row& row, std::int64_t seconds, std::span<const BookSample> books) {
    std::size_t place = 0;
    visit_chain(row.linear, [&](InstrumentId instrument) {
        Linear& linear = linears_[instrument.value()];
        take_sample(linear.book, books[place]);
        const bool is_perpetual = quote(instrument).kind == InstrumentKind::perpetual;
        step_basis(linear, band_of(instrument, row.index.price()), is_perpetual, seconds);
        ++place;
    });
    ASSERT(place == books.size());
}

void Prices::emit_index(UnderlyingId underlying, UnixNanos now) {
    is_changed_ = true;
    const Reading reading = rows_[underlying.value()].index.reading();
    events_.emit([&](protocol::EventHeader header) {
        return protocol::IndexChanged{.header = header,
                                      .price = reading.price,
                                      .time = now,
                                      .underlying = underlying,
                                      .state = reading.state,
                                      .sources = reading.sources};
    });
}

void Prices::set_mark(InstrumentId instrument, Quote& quote, Grid wanted) {
    const Grid mark = capped(units_[instrument.value()], wanted);
    if (quote.has_mark && quote.mark == mark) {
        return;
    }
    is_changed_ = true;
    quote.has_mark = true;
    quote.mark = mark;
    quote.mark_value = instruments::value_per_lot(quote.grid_value, Ticks(mark.value()));
    events_.emit([&](protocol::EventHeader header) {
        return protocol::MarkChanged{.header = header, .mark = mark, .instrument = instrument};
    });
}

// ---- Perpetuals and futures ----

Band Prices::band_of(InstrumentId instrument, IndexPrice index) const {
    const Quote& quote = this->quote(instrument);
    const bool is_perpetual = quote.kind == InstrumentKind::perpetual;
    const Parameter clamp =
        is_perpetual ? Parameter::mark_clamp_perpetual : Parameter::mark_clamp_future;
    return prices::band_of(units_[instrument.value()], index,
                           parameters_.of(quote.underlying).of(clamp));
}

void Prices::mark_all_linear(const Row& row) {
    visit_chain(row.linear, [&](InstrumentId instrument) { mark_linear(row, instrument); });
}

void Prices::mark_linear(const Row& row, InstrumentId instrument) {
    const Units& units = units_[instrument.value()];
    const Listing& listing = instruments_.listing(instrument);
    Quote& quote = quotes_[instrument.value()];
    quote.index_value = lot_value(units, row.index.price());
    Grid mark = linear_mark(linears_[instrument.value()], band_of(instrument, row.index.price()),
                            last_trade(instrument));
    if (const Window* window = row.windows.find(listing.expiry)) {
        mark = decayed_mark(mark, *window, units);
    }
    // Only what may trade below zero is worth less than nothing.
    const bool is_signed = listing.terms.price_low < Ticks(0);
    set_mark(instrument, quote, is_signed ? mark : std::max(mark, Grid(0)));
}

void Prices::charge_funding(const Row& row, std::int64_t seconds) {
    if (row.index.state() != IndexState::good) {
        return;
    }
    const std::int64_t charged = std::min(seconds, minute_seconds);
    visit_chain(row.linear, [&](InstrumentId instrument) {
        if (quote(instrument).kind == InstrumentKind::perpetual) {
            charge_one(row, instrument, charged * millis_per_second);
        }
    });
}

void Prices::charge_one(const Row& row, InstrumentId instrument, std::int64_t milliseconds) {
    Quote& quote = quotes_[instrument.value()];
    Linear& linear = linears_[instrument.value()];
    const instruments::Parameters& parameters = parameters_.of(quote.underlying);
    const Units& units = units_[instrument.value()];
    const std::int64_t premium = premium_of(quote.mark, units, row.index.price());
    const std::int64_t rate =
        funding_rate(premium, parameters.of(Parameter::funding_damp) * ppm_in_billionths,
                     parameters.of(Parameter::funding_cap) * ppm_in_billionths);
    const LotValue most =
        instruments::value_per_lot(quote.grid_value, Ticks(units.highest.value()));
    const LotValue paid = charge(linear, std::min(quote.index_value, most), rate, milliseconds);
    const LotValue funding = quote.funding + paid;
    if (funding > LotValue(funding_max) || funding < LotValue(-funding_max)) {
        return;
    }
    quote.funding = funding;
    is_changed_ = is_changed_ || paid != LotValue(0);
    // Told of once a minute: every second would be one event in two for nothing.
    const std::int64_t minute = row.sampled / minute_seconds;
    if (minute == linear.funding_minute) {
        return;
    }
    linear.funding_minute = minute;
    events_.emit([&](protocol::EventHeader header) {
        return protocol::FundingChanged{
            .header = header, .index = funding, .rate = rate, .instrument = instrument};
    });
}

// ---- Options ----

bool Prices::can_install(UnderlyingId underlying, const OptionMark& mark) const {
    if (mark.instrument.value() >= quotes_.size()) {
        return false;
    }
    const Quote& quote = this->quote(mark.instrument);
    const std::int64_t low = quote.kind == InstrumentKind::call ? 0 : -billionths;
    return quote.is_listed && !quote.is_settled && quote.underlying == underlying &&
           instruments::is_option(quote.kind) && mark.value >= LotValue(0) &&
           mark.value <= LotValue(funding_max) && mark.forward >= LotValue(0) &&
           mark.forward <= LotValue(funding_max) && mark.delta >= low &&
           mark.delta <= low + billionths && mark.gamma >= 0 && mark.gamma <= gamma_max;
}

void Prices::sample_options(UnderlyingId underlying, std::span<const BookSample> books) {
    std::size_t place = 0;
    visit_options(underlying, [&](InstrumentId instrument) {
        take_sample(option_books_[instrument.value()], books[place++]);
    });
    ASSERT(place == books.size());
}

void Prices::install(UnderlyingId underlying, IndexPrice base_index,
                     std::span<const OptionMark> marks) {
    const Row& row = rows_[underlying.value()];
    ASSERT(row.index.exists() && base_index > IndexPrice(0));
    is_changed_ = false;
    Moves now(row.index.price());
    Moves then(base_index);
    Lifts lifts;
    const Spread spread{.index = base_index,
                        .most = parameters_.of(underlying).of(Parameter::option_spread)};
    for (const OptionMark& mark : marks) {
        ASSERT(can_install(underlying, mark));
        const std::uint32_t place = mark.instrument.value();
        const LotValue base_value = then.value_of_lot(units_[place]);
        const std::uint32_t lift = lifts.of(mark.forward, base_value);
        Quote& quote = quotes_[place];
        Option& option = keep(mark, base_index, base_value, lift);
        if (const Book& book = option_books_[place]; book.has_standing) {
            const LotValue tick_value(quote.grid_value.value() * instruments::grid_steps);
            option.value = within_book(mark.value, book, tick_value, units_[place], spread);
        }
        set_mark(mark.instrument, quote, marked(option, quote, now));
    }
    note_changes();
}

Option& Prices::keep(const OptionMark& mark, IndexPrice base_index, LotValue base_value,
                     std::uint32_t lift) {
    Option& option = options_[mark.instrument.value()];
    option.value = mark.value;
    option.forward = mark.forward;
    option.delta = mark.delta;
    option.gamma = mark.gamma;
    option.base_index = base_index;
    option.base_value = base_value;
    option.lift = lift;
    return option;
}

// What an option is worth is never below zero: this rounds down.
Grid Prices::marked(const Option& option, const Quote& quote, Moves& now) {
    return now.in_grid(now.value_of(option, quote.index_value), quote.grid_value);
}

void Prices::mark_all_options(const Row& row) {
    Moves now(row.index.price());
    visit_chain(row.options, [&](InstrumentId instrument) {
        const std::uint32_t place = instrument.value();
        Quote& quote = quotes_[place];
        quote.index_value = now.value_of_lot(units_[place]);
        if (!quote.has_mark) {
            return;
        }
        set_mark(instrument, quote, marked(options_[place], quote, now));
    });
}

// ---- Delivery ----

void Prices::open_windows(Row& row, std::int64_t second) {
    while (row.next_expiry != UnixNanos(0) && !row.windows.is_full() &&
           second_of(row.next_expiry) - window_seconds <= second) {
        const std::uint32_t waiting = count_of(row, row.next_expiry);
        if (waiting != 0) {
            row.windows.open(row.next_expiry, waiting);
        }
        row.next_expiry = next_expiry_of(row);
    }
}

std::uint32_t Prices::count_of(const Row& row, UnixNanos expiry) const {
    std::uint32_t count = 0;
    visit_all(row, [&](InstrumentId instrument) {
        count += static_cast<std::uint32_t>(instruments_.listing(instrument).expiry == expiry);
    });
    return count;
}

UnixNanos Prices::next_expiry_of(const Row& row) const {
    UnixNanos next = never;
    visit_all(row, [&](InstrumentId instrument) {
        const UnixNanos expiry = instruments_.listing(instrument).expiry;
        if (expiry != UnixNanos(0) && expiry < next && row.windows.find(expiry) == nullptr) {
            next = expiry;
        }
    });
    return next != never ? next : UnixNanos(0);
}

std::optional<Average> Prices::average_of(const Row& row, UnixNanos expiry) const {
    if (!row.index.exists() || expiry == UnixNanos(0)) {
        return std::nullopt;
    }
    // Without a window there are no samples: the wait ends the same.
    Window none;
    none.expiry = expiry;
    const Window* window = row.windows.find(expiry);
    return prices::average_of(window != nullptr ? *window : none, row.sampled, row.index.price());
}

std::optional<Delivery> Prices::delivery(InstrumentId instrument) const {
    const Listing& listing = instruments_.listing(instrument);
    const std::optional<Average> average =
        average_of(rows_[listing.underlying.value()], listing.expiry);
    if (!average) {
        return std::nullopt;
    }
    IndexPrice payoff = average->price;
    if (listing.kind == InstrumentKind::call) {
        payoff = std::max(payoff - listing.strike, IndexPrice(0));
    } else if (listing.kind == InstrumentKind::put) {
        payoff = std::max(listing.strike - payoff, IndexPrice(0));
    }
    const Units& units = units_[instrument.value()];
    return Delivery{.price = capped(units, in_grid(units, payoff)),
                    .average = average->price,
                    .samples = average->samples};
}

}  // namespace miletus::prices
