// From events to what exists.
#include "edge/listing/catalogue.hpp"

#include "edge/listing/strikes.hpp"

#include <algorithm>

namespace miletus::listing {

using protocol::EventType;
using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::view;

namespace {

protocol::EventHeader header_of(std::span<const Unit> event) {
    return view<protocol::EventHeader>(event);
}

}  // namespace

Catalogue::Catalogue(const Settings& settings) {
    for (const UnderlyingSettings& underlying : settings.underlyings) {
        markets_.push_back({.settings = underlying});
    }
}

// Of all events a few matter here: a list of the others would say nothing.
void Catalogue::read(std::span<const Unit> event) {
    const auto type = static_cast<EventType>(header_of(event).type);
    if (type == EventType::completed) {
        learn(view<protocol::Completed>(event));
    } else if (type == EventType::asset_added) {
        learn(view<protocol::AssetAdded>(event));
    } else if (type == EventType::underlying_added) {
        learn(view<protocol::UnderlyingAdded>(event));
    } else if (type == EventType::instrument_listed) {
        learn(view<protocol::InstrumentListed>(event));
    } else if (type == EventType::instrument_state_changed) {
        learn(view<protocol::InstrumentStateChanged>(event));
    } else if (type == EventType::instrument_archived) {
        learn(view<protocol::InstrumentArchived>(event));
    } else if (type == EventType::band_changed) {
        learn(view<protocol::BandChanged>(event));
    } else if (type == EventType::index_changed) {
        learn(view<protocol::IndexChanged>(event));
    }
}

// Events come before the time of their command.
void Catalogue::learn(const protocol::Completed& event) {
    now_ = event.time;
    for (const InstrumentId instrument : settled_) {
        const auto found = instruments_.find(instrument);
        if (found != instruments_.end()) {
            found->second.settled = now_;
        }
    }
    settled_.clear();
}

void Catalogue::learn(const protocol::AssetAdded& event) {
    decimals_[event.asset] = event.decimals;
}

void Catalogue::learn(const protocol::UnderlyingAdded& event) {
    for (Market& market : markets_) {
        if (market.settings.name == event.name.view()) {
            market.underlying = event.underlying;
            market.base_decimals = decimals_[event.base];
        }
    }
}

void Catalogue::learn(const protocol::InstrumentListed& event) {
    const auto market = std::ranges::find(markets_, event.underlying, &Market::underlying);
    if (market == markets_.end()) {
        return;
    }
    instruments_[event.instrument] = {
        .market = static_cast<std::size_t>(market - markets_.begin()),
        .underlying = event.underlying,
        .kind = event.kind,
        .expiry = event.expiry,
        .strike = event.strike,
        .terms = event.terms,
    };
    if (event.kind != InstrumentKind::put) {
        products_.emplace(event.underlying, event.expiry, event.strike);
    }
}

void Catalogue::learn(const protocol::InstrumentStateChanged& event) {
    const auto found = instruments_.find(event.instrument);
    if (found == instruments_.end()) {
        return;
    }
    Instrument& instrument = found->second;
    instrument.state = event.state;
    instrument.awaits_opening = false;
    // What was settled before the first command that is read, was so at its expiry.
    if (event.state == InstrumentState::settled && now_ != UnixNanos(0)) {
        settled_.push_back(event.instrument);
    }
}

void Catalogue::learn(const protocol::InstrumentArchived& event) {
    const auto found = instruments_.find(event.instrument);
    if (found == instruments_.end()) {
        return;
    }
    const Instrument& instrument = found->second;
    if (instrument.kind != InstrumentKind::put) {
        products_.erase({instrument.underlying, instrument.expiry, instrument.strike});
    }
    instruments_.erase(found);
}

void Catalogue::learn(const protocol::BandChanged& event) {
    const auto found = instruments_.find(event.instrument);
    if (found != instruments_.end()) {
        found->second.band = Band{.low = event.low, .high = event.high};
    }
}

void Catalogue::learn(const protocol::IndexChanged& event) {
    const auto market = std::ranges::find(markets_, event.underlying, &Market::underlying);
    if (market == markets_.end()) {
        return;
    }
    market->index =
        event.state == protocol::IndexState::good ? std::optional(event.price) : std::nullopt;
}

std::size_t Catalogue::priced() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        markets_, [](const Market& market) { return market.index.has_value(); }));
}

const Instrument* Catalogue::find(InstrumentId instrument) const {
    const auto found = instruments_.find(instrument);
    return found == instruments_.end() ? nullptr : &found->second;
}

bool Catalogue::has_future(UnderlyingId underlying, UnixNanos expiry) const {
    return products_.contains({underlying, expiry, IndexPrice(0)});
}

bool Catalogue::has_strike(UnderlyingId underlying, UnixNanos expiry, IndexPrice strike) const {
    return products_.contains({underlying, expiry, strike});
}

std::set<IndexPrice> Catalogue::strikes(UnderlyingId underlying, UnixNanos expiry) const {
    std::set<IndexPrice> strikes;
    const auto first = products_.lower_bound({underlying, expiry, IndexPrice(1)});
    const auto last = products_.lower_bound({underlying, expiry, strike_limit});
    for (auto product = first; product != last; ++product) {
        strikes.insert(strikes.end(), std::get<IndexPrice>(*product));
    }
    return strikes;
}

void Catalogue::set_volatility(std::string_view underlying, std::int64_t volatility) {
    for (Market& market : markets_) {
        if (market.settings.name == underlying) {
            market.settings.volatility = std::clamp(volatility, volatility_min, volatility_max);
        }
    }
}

}  // namespace miletus::listing
