// One event at a time; underlyings that are not in the settings are left to others.
#include "edge/crowd/market.hpp"

#include <algorithm>

namespace miletus::crowd {

using protocol::EventType;
using protocol::view;

void Market::read(std::span<const Unit> event) {
    switch (static_cast<EventType>(view<protocol::EventHeader>(event).type)) {
        case EventType::completed:
            time_ = view<protocol::Completed>(event).time;
            break;
        case EventType::asset_added: {
            const auto& added = view<protocol::AssetAdded>(event);
            assets_.emplace(added.name.view(), added.asset);
            break;
        }
        case EventType::underlying_added: {
            const auto& added = view<protocol::UnderlyingAdded>(event);
            const auto found = std::ranges::find(settings_.underlyings, added.name.view(),
                                                 &UnderlyingSettings::name);
            if (found != settings_.underlyings.end()) {
                const auto place = found - settings_.underlyings.begin();
                underlyings_[added.underlying].settings = static_cast<std::size_t>(place);
            }
            break;
        }
        case EventType::index_changed: {
            const auto& changed = view<protocol::IndexChanged>(event);
            const auto found = underlyings_.find(changed.underlying);
            if (found != underlyings_.end()) {
                found->second.index = changed.price;
                found->second.state = changed.state;
            }
            break;
        }
        case EventType::instrument_listed: {
            const auto& listed = view<protocol::InstrumentListed>(event);
            // Prices that must be multiples of several ticks are not for this crowd.
            if (underlyings_.contains(listed.underlying) && listed.group_count == 0) {
                instruments_[listed.instrument] = {.underlying = listed.underlying,
                                                   .kind = listed.kind,
                                                   .expiry = listed.expiry,
                                                   .strike = listed.strike,
                                                   .terms = listed.terms};
            }
            break;
        }
        case EventType::instrument_state_changed: {
            const auto& changed = view<protocol::InstrumentStateChanged>(event);
            const auto found = instruments_.find(changed.instrument);
            if (found != instruments_.end()) {
                found->second.state = changed.state;
            }
            break;
        }
        case EventType::mark_changed: {
            const auto found = instruments_.find(view<protocol::MarkChanged>(event).instrument);
            if (found != instruments_.end()) {
                found->second.has_mark = true;
            }
            break;
        }
        case EventType::instrument_archived:
            instruments_.erase(view<protocol::InstrumentArchived>(event).instrument);
            break;
        default:
            break;
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
    for (std::uint32_t digit = 0;
         digit < settings_.underlyings[underlying.settings].base.decimals; ++digit) {
        smallest_units *= 10;
    }
    const std::int64_t index = std::max(underlying.index.value(), std::int64_t{1});
    const int128 lots = smallest_units / index / instrument.terms.lot.value();
    return Lots(static_cast<std::int64_t>(
        std::clamp(lots, int128{1}, int128{instrument.terms.lots_max.value()})));
}

}  // namespace miletus::crowd
