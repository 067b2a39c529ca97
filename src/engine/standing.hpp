// What stands, told to whoever begins to read in the middle of a log.
#pragma once

#include "engine/engine.hpp"

#include <bit>
#include <limits>

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
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const instruments::Asset& known = instruments_.asset(asset);
        teller.tell(
            protocol::AssetAdded{.name = known.name, .decimals = known.decimals, .asset = asset});
    }
    for (std::uint32_t at = 0; at < instruments_.underlying_count(); ++at) {
        const UnderlyingId underlying(static_cast<std::uint16_t>(at));
        const instruments::Underlying& known = instruments_.underlying(underlying);
        const prices::Reading& reading = prices_.index_reading(underlying);
        teller.tell(protocol::UnderlyingAdded{.name = known.name,
                                              .underlying = underlying,
                                              .base = known.base,
                                              .quote = known.quote});
        if (reading.state != protocol::IndexState::none) {
            teller.tell(protocol::IndexChanged{.price = reading.price,
                                               .time = now(),
                                               .underlying = underlying,
                                               .state = reading.state,
                                               .sources = reading.sources});
        }
    }
    for (std::uint32_t at = 0; at < instruments_.count(); ++at) {
        const InstrumentId instrument(at);
        if (instruments_.rules(instrument).state != protocol::InstrumentState::archived) {
            tell_instrument(teller, instrument);
        }
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
    for (const protocol::Side side : {protocol::Side::sell, protocol::Side::buy}) {
        constexpr std::uint32_t all = std::numeric_limits<std::uint32_t>::max();
        matching_.visit_levels(instrument, side, all, [&](const protocol::LevelView& level) {
            teller.tell(protocol::OrderRested{.price = level.price,
                                              .quantity = level.total,
                                              .level_total = level.total,
                                              .instrument = instrument,
                                              .side = side});
        });
    }
}

}  // namespace miletus::engine
