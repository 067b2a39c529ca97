// One event at a time.
#include "edge/marks/markets.hpp"

#include "protocol/codec.hpp"
#include "protocol/tick_value.hpp"

namespace miletus::marks {

using protocol::EventType;
using protocol::Side;
using protocol::view;

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
    const std::optional<LotValue> tick_value =
        protocol::tick_value_of(listed.terms, base->second, quote->second);
    ASSERT(tick_value.has_value());
    instrument.tick_value = *tick_value;
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
