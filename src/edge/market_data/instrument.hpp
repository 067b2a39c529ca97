// What exists: assets, underlyings and instruments, as events told of them, and what prices and
// lots of an instrument come to in units of its assets.
#pragma once

#include "base/units.hpp"
#include "protocol/records.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace miletus::market_data {

struct Asset {
    protocol::Name name;
    AssetId asset;
    std::uint32_t decimals = 0;
};

// Index prices are 1e-6 of the quote asset; there is none before the first.
struct Underlying {
    protocol::Name name;
    UnderlyingId underlying;
    AssetId base;
    AssetId quote;
    std::optional<IndexPrice> index{};
    protocol::IndexState state = protocol::IndexState::none;
    UnixNanos index_time{};
};

struct Band {
    Ticks low;
    Ticks high;
};

// By its expiry: the last Friday of a month, another Friday, any other day.
enum class SettlementPeriod : std::uint8_t { day, week, month, perpetual };

struct Instrument {
    InstrumentId instrument;  // another's, once this one is archived
    protocol::InstrumentName name;
    UnderlyingId underlying;
    protocol::InstrumentKind kind = protocol::InstrumentKind::future;
    UnixNanos expiry;   // 0 for a perpetual
    IndexPrice strike;  // 0 where there is none
    protocol::ListingTerms terms;
    std::array<protocol::TickStep, 4> steps{};
    std::uint32_t step_count = 0;
    LotValue tick_value;  // what a lot gains by a tick, in smallest units of the quote asset
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    std::optional<Band> band{};
    UnixNanos created;  // of what stood at the start: the first moment that was told of

    [[nodiscard]] bool is_option() const {
        return kind == protocol::InstrumentKind::call || kind == protocol::InstrumentKind::put;
    }
    [[nodiscard]] bool is_perpetual() const { return kind == protocol::InstrumentKind::perpetual; }
    // Whether its life goes on: it may trade now or later.
    [[nodiscard]] bool is_alive() const {
        return state != protocol::InstrumentState::settling &&
               state != protocol::InstrumentState::settled &&
               state != protocol::InstrumentState::archived;
    }
    [[nodiscard]] std::span<const protocol::TickStep> tick_steps() const LIFETIME_BOUND {
        return std::span(steps).first(step_count);
    }
    [[nodiscard]] SettlementPeriod settlement_period() const;
    // The next price that an order may have, itself included.
    [[nodiscard]] Ticks rounded_down(Ticks price) const;
    [[nodiscard]] Ticks rounded_up(Ticks price) const;
};

// Prices as numbers of 10^-7 of the quote asset, in which both ticks and tenths of them are whole.
constexpr std::uint32_t price_decimals = 7;
[[nodiscard]] constexpr int128 price_of(const Instrument& instrument, Grid price) {
    return int128{price.value()} * instrument.terms.tick.value();
}
[[nodiscard]] constexpr int128 price_of(const Instrument& instrument, Ticks price) {
    return int128{price.value()} * instrument.terms.tick.value() * 10;
}
// In smallest units of the base asset.
[[nodiscard]] constexpr int128 amount_of(const Instrument& instrument, int128 lots) {
    return lots * instrument.terms.lot.value();
}
[[nodiscard]] constexpr int128 amount_of(const Instrument& instrument, Lots lots) {
    return amount_of(instrument, int128{lots.value()});
}
// What lots traded for, in smallest units of the quote asset: ticks times lots, summed up.
[[nodiscard]] constexpr int128 cost_of(const Instrument& instrument, int128 tick_lots) {
    return tick_lots * instrument.tick_value.value();
}

// Of the traded value in ppm; options' are of the index, at most `cap` of the premium.
struct Fees {
    Rate maker;
    Rate taker;
    std::optional<Rate> cap{};  // of options
};

}  // namespace miletus::market_data
