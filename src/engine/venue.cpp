// The operator's commands for the venue itself: rules, parameters, assets, instruments and their
// life.
#include "engine/engine.hpp"
#include "engine/session.hpp"

#include <algorithm>
#include <array>

namespace miletus::engine {

using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::RemovalReason;
using protocol::view;

Engine::Outcome Engine::set_rules(const protocol::SetRules& command) {
    if (command.rules == 0 || command.rules > rules_known) {
        return Refusal(Reject::unknown_rules);
    }
    rules_ = command.rules;
    events_.emit(protocol::RulesChanged{.rules = rules_});
    return rules_;
}

Engine::Outcome Engine::set_venue_state(const protocol::SetVenueState& command) {
    // An order that is still to be swept must never trade.
    if (command.state == protocol::VenueState::normal && sweep_next_ != 0) {
        return Refusal(Reject::start_unfinished);
    }
    venue_state_ = command.state;
    events_.emit(protocol::VenueStateChanged{.state = venue_state_});
    return 0U;
}

// ---- Assets, underlyings, instruments ----

Engine::Outcome Engine::add_asset(const protocol::AddAsset& command) {
    const AssetId asset = TRY(instruments_.add_asset(command.name, command.decimals));
    events_.emit(
        protocol::AssetAdded{.name = command.name, .decimals = command.decimals, .asset = asset});
    return asset.value();
}

Engine::Outcome Engine::add_underlying(const protocol::AddUnderlying& command) {
    const UnderlyingId underlying =
        TRY(instruments_.add_underlying(command.name, command.base, command.quote));
    events_.emit(protocol::UnderlyingAdded{.name = command.name,
                                           .underlying = underlying,
                                           .base = command.base,
                                           .quote = command.quote});
    if (!timers_.due(timer_of(VenueTimer::session))) {
        timers_.set(timer_of(VenueTimer::session), end_of_session(now()));
    }
    return underlying.value();
}

Engine::Outcome Engine::list_future(std::span<const Unit> units) {
    const auto& command = view<protocol::ListFuture>(units);
    const bool is_perpetual = command.expiry == UnixNanos(0);
    if (instruments_.room_for(command.terms) < 1) {
        return Refusal(Reject::instruments_full);
    }
    const instruments::Listing listing = TRY(instruments_.draft(
        {.kind = is_perpetual ? InstrumentKind::perpetual : InstrumentKind::future,
         .underlying = command.underlying,
         .expiry = command.expiry,
         .strike = {},
         .terms = command.terms,
         .steps = protocol::group<protocol::ListFuture>(units)},
        now()));
    TRY(prices_.check_listing(listing));
    TRY(matching_.admit_books(listing.terms, instruments_.reusable(listing.terms) == 0 ? 1 : 0));
    const InstrumentId instrument = list(listing);
    prices_.mark_new(instrument);
    return instrument.value();
}

// All of a series or none of it.
Engine::Outcome Engine::list_option_series(std::span<const Unit> units) {
    const auto& command = view<protocol::ListOptionSeries>(units);
    const std::span<const IndexPrice> strikes = protocol::group<protocol::ListOptionSeries>(units);
    if (strikes.empty()) {
        return Refusal(Reject::series_empty);
    }
    const auto books = static_cast<std::uint32_t>(strikes.size() * 2);
    if (instruments_.room_for(command.terms) < books) {
        return Refusal(Reject::instruments_full);
    }
    const auto request = [&command](IndexPrice strike, InstrumentKind kind) {
        return instruments::ListingRequest{.kind = kind,
                                           .underlying = command.underlying,
                                           .expiry = command.expiry,
                                           .strike = strike,
                                           .terms = command.terms,
                                           .steps = {}};
    };
    IndexPrice last;
    for (const IndexPrice strike : strikes) {
        if (strike <= last) {
            return Refusal(Reject::strike_not_positive);
        }
        last = strike;
        const instruments::Listing call =
            TRY(instruments_.draft(request(strike, InstrumentKind::call), now()));
        TRY(prices_.check_listing(call));
        TRY(instruments_.draft(request(strike, InstrumentKind::put), now()));
    }
    TRY(matching_.admit_books(command.terms,
                              books - std::min(books, instruments_.reusable(command.terms))));
    std::array<InstrumentId, 2 * protocol::ListOptionSeries::group_max> listed{};
    std::size_t count = 0;
    for (const IndexPrice strike : strikes) {
        for (const InstrumentKind kind : {InstrumentKind::call, InstrumentKind::put}) {
            listed[count++] = list(*instruments_.draft(request(strike, kind), now()));
        }
    }
    surfaces_.mark_new(command.underlying, std::span(listed).first(count));
    return listed[0].value();
}

InstrumentId Engine::list(const instruments::Listing& listing) {
    const InstrumentId instrument = instruments_.list(listing);
    matching_.open_book(instrument, listing.terms);
    payouts_[instrument.value()] = {};
    prices_.list(instrument);
    surfaces_.invalidate(listing.underlying);
    if (listing.expiry != UnixNanos(0)) {
        timers_.set(timer_of(instrument), listing.expiry);
    }
    events_.emit(listed(instrument), std::span(listing.steps).first(listing.step_count));
    return instrument;
}

protocol::InstrumentListed Engine::listed(InstrumentId instrument) const {
    const instruments::Listing& listing = instruments_.listing(instrument);
    return {.name = listing.name,
            .expiry = listing.expiry,
            .strike = listing.strike,
            .terms = listing.terms,
            .instrument = instrument,
            .underlying = listing.underlying,
            .kind = listing.kind};
}

Engine::Outcome Engine::set_instrument_state(const protocol::SetInstrumentState& command) {
    TRY(instruments_.check_transition(command.instrument, command.state));
    const bool is_final = command.state == InstrumentState::settled;
    const bool is_used = accounts_.positions().count_of(command.instrument) != 0 ||
                         triggers_.count_of(command.instrument) != 0;
    if (is_final && is_used) {
        return Refusal(Reject::state_not_reachable);
    }
    enter_state(command.instrument, command.state);
    return 0U;
}

// A settling instrument cancels its orders by timer, one at a time, so that no command does
// unbounded work.
void Engine::enter_state(InstrumentId instrument, InstrumentState state) {
    instruments_.set_state(instrument, state);
    if (state >= InstrumentState::settling) {
        surfaces_.retire(instrument);
    }
    events_.emit(protocol::InstrumentStateChanged{.instrument = instrument, .state = state});
    if (state == InstrumentState::settling) {
        timers_.set(timer_of(instrument), now());
    } else if (state == InstrumentState::settled) {
        if (!payouts_[instrument.value()].is_fixed) {
            prices_.settle(instrument);
        }
        timers_.cancel(timer_of(instrument));
    } else if (instruments::trades(state)) {
        triggers_.resume(instrument);
    }
}

void Engine::run_instrument_timer(InstrumentId instrument) {
    if (instruments_.rules(instrument).state != InstrumentState::settling) {
        enter_state(instrument, InstrumentState::settling);
        return;
    }
    if (matching_.open_orders(instrument) != 0) {
        cancel(matching_.any_order(instrument), RemovalReason::instrument_closed);
        timers_.set(timer_of(instrument), now());
        return;
    }
    if (triggers_.count_of(instrument) != 0) {
        remove_waiting(accounts_.id_of(triggers_.any_of(instrument)),
                       RemovalReason::instrument_closed);
        timers_.set(timer_of(instrument), now());
        return;
    }
    expire(instrument);
}

// Whoever comes late to ask for it finds no trace: the number may be another instrument's soon.
Engine::Outcome Engine::archive_instrument(const protocol::ArchiveInstrument& command) {
    TRY(instruments_.check_exists(command.instrument));
    if (instruments_.rules(command.instrument).state != InstrumentState::settled) {
        return Refusal(Reject::instrument_not_settled);
    }
    prices_.archive(command.instrument);
    surfaces_.archive(command.instrument);
    instruments_.archive(command.instrument);
    events_.emit(protocol::InstrumentArchived{.instrument = command.instrument});
    return 0U;
}

Engine::Outcome Engine::set_band(const protocol::SetBand& command) {
    TRY(instruments_.set_band(command.instrument, command.low, command.high));
    events_.emit(protocol::BandChanged{
        .low = command.low, .high = command.high, .instrument = command.instrument});
    return 0U;
}

// ---- Parameters ----

Engine::Outcome Engine::set_parameter(const protocol::SetParameter& command) {
    const instruments::ParameterChange change{.effective = command.effective,
                                              .value = command.value,
                                              .underlying = command.underlying,
                                              .parameter = command.parameter};
    if (change.underlying != instruments::venue_itself) {
        TRY(check_underlying(change.underlying));
    }
    TRY(instruments::check_parameter(change));
    if (change.effective <= now()) {
        put_parameter(change);
        return 0U;
    }
    if (!parameters_.has_room()) {
        return Refusal(Reject::parameters_full);
    }
    parameters_.schedule(change);
    timers_.set(timer_of(VenueTimer::parameters),
                parameters_.next_due().value_or(change.effective));
    events_.emit(protocol::ParameterScheduled{.effective = change.effective,
                                              .value = change.value,
                                              .underlying = change.underlying,
                                              .parameter = change.parameter});
    return 0U;
}

void Engine::put_parameter(const instruments::ParameterChange& change) {
    parameters_.set(change);
    risk_.forget_all();
    events_.emit(protocol::ParameterChanged{
        .value = change.value, .underlying = change.underlying, .parameter = change.parameter});
}

// One a timer: the next one waits for its own.
void Engine::run_parameters() {
    put_parameter(parameters_.pop());
    if (const std::optional<UnixNanos> next = parameters_.next_due()) {
        timers_.set(timer_of(VenueTimer::parameters), std::max(*next, now()));
    }
}

// ---- What there is ----

Result<void> Engine::check_underlying(UnderlyingId underlying) const {
    if (underlying.value() >= instruments_.underlying_count()) {
        return Refusal(Reject::unknown_underlying);
    }
    return {};
}

Result<void> Engine::check_asset(AssetId asset) const {
    if (asset.value() >= instruments_.asset_count()) {
        return Refusal(Reject::unknown_asset);
    }
    return {};
}

}  // namespace miletus::engine
