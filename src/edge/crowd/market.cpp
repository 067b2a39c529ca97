// One event at a time; underlyings that are not in the settings are left to others.
#include "edge/crowd/market.hpp"

#include <algorithm>

namespace miletus::crowd {

using protocol::EventType;
using protocol::view;

void Market::read(std::span<const Unit> event) {
    switch (static_cast<EventType>(view<protocol::EventHeader>(event).type)) {
#define MESSAGE(number, Type, name, sentence) \
    case EventType::name:                     \
        hear(view<protocol::Type>(event));    \
        break;
#include "protocol/events.def"
    }
}

void Market::hear(const protocol::Completed& completed) {
    time_ = completed.time;
}

void Market::hear(const protocol::AssetAdded& added) {
    assets_.emplace(added.name.view(), added.asset);
}

void Market::hear(const protocol::UnderlyingAdded& added) {
    const auto found =
        std::ranges::find(settings_.underlyings, added.name.view(), &UnderlyingSettings::name);
    if (found != settings_.underlyings.end()) {
        const auto place = found - settings_.underlyings.begin();
        underlyings_[added.underlying].settings = static_cast<std::size_t>(place);
    }
}

void Market::hear(const protocol::IndexChanged& changed) {
    const auto found = underlyings_.find(changed.underlying);
    if (found != underlyings_.end()) {
        found->second.index = changed.price;
        found->second.state = changed.state;
    }
}

// Prices that must be multiples of several ticks are not for this crowd.
void Market::hear(const protocol::InstrumentListed& listed) {
    if (underlyings_.contains(listed.underlying) && listed.group_count == 0) {
        instruments_[listed.instrument] = {.underlying = listed.underlying,
                                           .kind = listed.kind,
                                           .expiry = listed.expiry,
                                           .strike = listed.strike,
                                           .terms = listed.terms};
    }
}

void Market::hear(const protocol::InstrumentStateChanged& changed) {
    const auto found = instruments_.find(changed.instrument);
    if (found != instruments_.end()) {
        found->second.state = changed.state;
    }
}

void Market::hear(const protocol::InstrumentArchived& archived) {
    instruments_.erase(archived.instrument);
}

void Market::hear(const protocol::MarkChanged& changed) {
    const auto found = instruments_.find(changed.instrument);
    if (found != instruments_.end()) {
        found->second.has_mark = true;
    }
}

std::optional<AssetId> Market::asset(std::string_view name) const {
    const auto found = assets_.find(name);
    return found == assets_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<UnderlyingId> Market::underlying(std::string_view name) const {
    const auto found = std::ranges::find_if(underlyings_, [&](const auto& known) {
        return settings_.underlyings[known.second.settings].name == name;
    });
    return found == underlyings_.end() ? std::nullopt : std::optional(found->first);
}

Lots Market::lots_worth(const Instrument& instrument, std::int64_t worth) const {
    const Underlying& underlying = underlyings_.at(instrument.underlying);
    int128 smallest_units = worth;
    for (std::uint32_t digit = 0; digit < settings_.underlyings[underlying.settings].base.decimals;
         ++digit) {
        smallest_units *= 10;
    }
    const std::int64_t index = std::max(underlying.index.value(), std::int64_t{1});
    const int128 lots = smallest_units / index / instrument.terms.lot.value();
    return Lots(static_cast<std::int64_t>(
        std::clamp(lots, int128{1}, int128{instrument.terms.lots_max.value()})));
}

}  // namespace miletus::crowd
