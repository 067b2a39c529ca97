// One event at a time.
#include "edge/marks/markets.hpp"

#include "protocol/codec.hpp"

namespace miletus::marks {

using protocol::EventType;
using protocol::Side;
using protocol::view;

namespace {

// What the listing rule made exact: tick x lot, from 1e-6 and the base asset's smallest units to
// the quote asset's.
LotValue value_of_tick(const protocol::ListingTerms& terms, std::uint32_t base_decimals,
                       std::uint32_t quote_decimals) {
    int128 value = int128{terms.tick.value()} * terms.lot.value();
    std::uint32_t up = quote_decimals;
    for (std::uint32_t down = base_decimals + 6; down != 0; --down) {
        if (up != 0) {
            --up;
        } else {
            value /= 10;
        }
    }
    for (; up != 0; --up) {
        value *= 10;
    }
    const std::optional<std::int64_t> fits = narrow(value);
    ASSERT(fits.has_value());
    return LotValue(fits.value_or(0));
}

}  // namespace

void Instrument::set_level(Side side, Ticks price, Lots total) {
    std::map<Ticks, Lots>& levels = side == Side::buy ? bids_ : asks_;
    if (total == Lots(0)) {
        levels.erase(price);
    } else {
        levels[price] = total;
    }
}

std::optional<Ticks> Instrument::best_bid() const {
    return bids_.empty() ? std::nullopt : std::optional(bids_.rbegin()->first);
}

std::optional<Ticks> Instrument::best_ask() const {
    return asks_.empty() ? std::nullopt : std::optional(asks_.begin()->first);
}

void Markets::read(std::span<const Unit> event) {
    switch (static_cast<EventType>(view<protocol::EventHeader>(event).type)) {
#define MESSAGE(number, Type, name, sentence) \
    case EventType::name:                     \
        hear(view<protocol::Type>(event));    \
        break;
#include "protocol/events.def"
    }
}

void Markets::hear(const protocol::AssetAdded& added) {
    decimals_[added.asset] = added.decimals;
}

void Markets::hear(const protocol::UnderlyingAdded& added) {
    underlyings_[added.underlying] = {
        .name = added.name, .base = added.base, .quote = added.quote, .index = {}};
}

void Markets::hear(const protocol::IndexChanged& changed) {
    Underlying& underlying = underlyings_[changed.underlying];
    underlying.index = changed.price;
    underlying.state = changed.state;
}

void Markets::hear(const protocol::InstrumentListed& listed) {
    if (listed.kind == protocol::InstrumentKind::perpetual) {
        return;
    }
    const auto underlying = underlyings_.find(listed.underlying);
    ASSERT(underlying != underlyings_.end());
    const auto base = decimals_.find(underlying->second.base);
    const auto quote = decimals_.find(underlying->second.quote);
    ASSERT(base != decimals_.end() && quote != decimals_.end());
    Instrument instrument;
    instrument.underlying = listed.underlying;
    instrument.kind = listed.kind;
    instrument.expiry = listed.expiry;
    instrument.strike = listed.strike;
    instrument.tick = listed.terms.tick;
    instrument.tick_value = value_of_tick(listed.terms, base->second, quote->second);
    instruments_[listed.instrument] = std::move(instrument);
}

void Markets::hear(const protocol::InstrumentStateChanged& changed) {
    const auto found = instruments_.find(changed.instrument);
    if (found != instruments_.end()) {
        found->second.state = changed.state;
    }
}

void Markets::hear(const protocol::InstrumentArchived& archived) {
    instruments_.erase(archived.instrument);
}

void Markets::hear(const protocol::OrderRested& order) {
    set_level(order.instrument, order.side, order.price, order.level_total);
}

void Markets::hear(const protocol::OrderReduced& order) {
    set_level(order.instrument, order.side, order.price, order.level_total);
}

void Markets::hear(const protocol::OrderRemoved& order) {
    set_level(order.instrument, order.side, order.price, order.level_total);
}

// The level is the maker's.
void Markets::hear(const protocol::Trade& trade) {
    const Side side = trade.taker_side == Side::buy ? Side::sell : Side::buy;
    set_level(trade.instrument, side, trade.price, trade.level_total);
}

void Markets::set_level(InstrumentId instrument, Side side, Ticks price, Lots total) {
    const auto found = instruments_.find(instrument);
    if (found != instruments_.end()) {
        found->second.set_level(side, price, total);
    }
}

}  // namespace miletus::marks
