// What stands, told to whoever begins to read in the middle of a log: the order of telling. What
// each event says is in standing.cpp.
#pragma once

#include "engine/engine.hpp"

#include <bit>

namespace miletus::engine {

// Hands each event on as soon as it is written.
template <class Visit>
class Engine::Teller {
  public:
    Teller(const Engine& engine, Visit& visit)
        : visit_(visit), writer_(std::bit_ceil(protocol::units_max())) {
        writer_.begin(engine.events().sequence(), engine.events().time());
    }

    template <class Event, class... Entries>
    void tell(const Event& event, const Entries&... entries) {
        const std::uint64_t position = writer_.position();
        writer_.emit(event, entries...);
        visit_(writer_.message_at(position));
    }

  private:
    Visit& visit_;
    protocol::EventWriter writer_;
};

template <class Visit>
void Engine::tell_standing(Visit visit) const {
    Teller<Visit> teller(*this, visit);
    teller.tell(protocol::RulesChanged{.rules = rules_});
    teller.tell(protocol::VenueStateChanged{.state = venue_state_});
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const instruments::Asset& known = instruments_.asset(asset);
        teller.tell(
            protocol::AssetAdded{.name = known.name, .decimals = known.decimals, .asset = asset});
    }
    tell_parameters(teller, instruments::venue_itself);
    for (std::uint32_t at = 0; at < instruments_.underlying_count(); ++at) {
        tell_underlying(teller, UnderlyingId(static_cast<std::uint16_t>(at)));
    }
    const auto visit_instruments = [this](auto tell) {
        for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
            if (instruments_.rules(InstrumentId(at)).state != protocol::InstrumentState::archived) {
                tell(InstrumentId(at));
            }
        }
    };
    visit_instruments([&](InstrumentId instrument) { tell_instrument(teller, instrument); });
    for (std::uint32_t at = 0; at < accounts_.end(); ++at) {
        tell_account(teller, AccountId(at));
    }
    visit_instruments([&](InstrumentId instrument) { tell_book(teller, instrument); });
}

template <class Visit>
void Engine::tell_parameters(Teller<Visit>& teller, UnderlyingId underlying) const {
    for (std::size_t at = 0; at < instruments::parameter_count; ++at) {
        const auto parameter = static_cast<protocol::Parameter>(at);
        const instruments::ParameterChange known{.effective = {},
                                                 .value = parameter_of(underlying, parameter),
                                                 .underlying = underlying,
                                                 .parameter = parameter};
        if (instruments::check_parameter(known)) {  // else it means nothing in this row
            teller.tell(protocol::ParameterChanged{
                .value = known.value, .underlying = underlying, .parameter = parameter});
        }
    }
}

template <class Visit>
void Engine::tell_underlying(Teller<Visit>& teller, UnderlyingId underlying) const {
    const instruments::Underlying& known = instruments_.underlying(underlying);
    teller.tell(protocol::UnderlyingAdded{
        .name = known.name, .underlying = underlying, .base = known.base, .quote = known.quote});
    tell_parameters(teller, underlying);
    const prices::Reading& reading = prices_.index_reading(underlying);
    if (reading.state != protocol::IndexState::none) {
        teller.tell(protocol::IndexChanged{.price = reading.price,
                                           .time = now(),
                                           .underlying = underlying,
                                           .state = reading.state,
                                           .sources = reading.sources});
    }
}

template <class Visit>
void Engine::tell_instrument(Teller<Visit>& teller, InstrumentId instrument) const {
    const instruments::Listing& listing = instruments_.listing(instrument);
    const instruments::TradingRules& rules = instruments_.rules(instrument);
    teller.tell(listed(instrument), std::span(listing.steps).first(listing.step_count));
    if (rules.has_band) {
        teller.tell(protocol::BandChanged{
            .low = rules.band_low(), .high = rules.band_high(), .instrument = instrument});
    }
    if (rules.state != protocol::InstrumentState::pre_open) {
        teller.tell(
            protocol::InstrumentStateChanged{.instrument = instrument, .state = rules.state});
    }
    if (prices_.has_mark(instrument)) {
        teller.tell(
            protocol::MarkChanged{.mark = prices_.mark(instrument), .instrument = instrument});
    }
    if (prices_.funding(instrument) != LotValue(0)) {
        teller.tell(protocol::FundingChanged{.index = prices_.funding(instrument),
                                             .instrument = instrument});
    }
    if (const std::optional<Grid> price = delivery_price(instrument)) {
        teller.tell(protocol::DeliveryPriceSet{.price = *price, .instrument = instrument});
    }
}

// Account 0 is the operator's, and never opened.
template <class Visit>
void Engine::tell_account(Teller<Visit>& teller, AccountId account) const {
    const bool is_open = accounts_.check_exists(account).has_value();
    if (!is_open && account != accounts::operator_account) {
        return;
    }
    if (is_open) {
        teller.tell(protocol::AccountOpened{.owner = accounts_.owner(account), .account = account});
    }
    if (accounts_.state(account) != protocol::AccountState::normal) {
        teller.tell(
            protocol::AccountStateChanged{.account = account, .state = accounts_.state(account)});
    }
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const accounts::Balance& balance = accounts_.balance(account, asset);
        if (balance.total != Amount(0)) {
            teller.tell(protocol::BalanceChanged{
                .balance = balance.total, .account = account, .asset = asset});
        }
        if (balance.session != Amount(0)) {
            teller.tell(protocol::ResultBooked{
                .session = balance.session, .account = account, .asset = asset});
        }
    }
    accounts_.positions().visit(account, [&teller](const accounts::Position& position) {
        if (position.is_held()) {
            teller.tell(protocol::PositionChanged{.lots = position.lots,
                                                  .cost = position.cost,
                                                  .account = position.account,
                                                  .instrument = position.instrument,
                                                  .reason = protocol::PositionReason::settlement});
        }
    });
    for (std::uint32_t slot = accounts_.oldest_order(account); slot != 0;
         slot = accounts_.order(slot).newer) {
        tell_order(teller, slot);
    }
}

// Where it rests is told with its book.
template <class Visit>
void Engine::tell_order(Teller<Visit>& teller, std::uint32_t slot) const {
    const accounts::OpenOrder& open = accounts_.order(slot);
    const std::string_view label =
        open.label != 0 ? accounts_.labels().text(open.label) : std::string_view();
    if (open.is_waiting != 0) {
        teller.tell(standing_waiting(slot), std::span<const char>(label));
        return;
    }
    teller.tell(standing_order(slot), std::span<const char>(label));
    if (open.filled != 0) {
        const matching::NewOrder order = matching_.open_order(accounts_.id_of(slot));
        teller.tell(protocol::OrderAmended{.order = accounts_.id_of(slot),
                                           .price = order.price,
                                           .quantity = Lots(open.filled) + order.quantity,
                                           .filled = Lots(open.filled),
                                           .instrument = open.instrument,
                                           .account = open.account,
                                           .kept_place = 1});
    }
}

// Level by level, and in each the oldest first: whoever rests them in this order has the book.
template <class Visit>
void Engine::tell_book(Teller<Visit>& teller, InstrumentId instrument) const {
    for (const protocol::Side side : {protocol::Side::sell, protocol::Side::buy}) {
        Ticks level;
        Lots total;
        matching_.visit_orders(instrument, side, [&](OrderId id) {
            const matching::NewOrder order = matching_.open_order(id);
            total =
                total != Lots(0) && order.price == level ? total + order.quantity : order.quantity;
            level = order.price;
            teller.tell(protocol::OrderRested{.order = id,
                                              .price = order.price,
                                              .quantity = order.quantity,
                                              .level_total = total,
                                              .instrument = instrument,
                                              .account = order.account,
                                              .side = side});
        });
    }
}

}  // namespace miletus::engine
