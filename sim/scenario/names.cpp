// Look-ups by name; small tables, so plain scans.
#include "sim/scenario/names.hpp"

#include "sim/scenario/text.hpp"

#include <algorithm>

namespace miletus::scenario {

std::string Names::account(AccountId id) const {
    const auto found = accounts.find(id.value());
    return found != accounts.end() ? found->second : "account " + std::to_string(id.value());
}

std::string Names::instrument(InstrumentId id) const {
    return id.value() < instruments.size() ? instruments[id.value()].name
                                           : "instrument " + std::to_string(id.value());
}

std::string Names::underlying(UnderlyingId id) const {
    return id.value() < underlyings.size() ? underlyings[id.value()].first
                                           : "underlying " + std::to_string(id.value());
}

AssetId Names::quote_of(InstrumentId id) const {
    return id.value() < instruments.size() ? instruments[id.value()].quote : AssetId(0);
}

std::string Names::amount(Amount amount, AssetId asset) const {
    if (asset.value() >= assets.size()) {
        return std::to_string(amount.value());
    }
    const AssetEntry& entry = assets[asset.value()];
    return decimal_text(amount.value(), entry.decimals) + " " + entry.name;
}

std::string Names::signed_amount(Amount amount, AssetId asset) const {
    return (amount > Amount(0) ? "+" : "") + this->amount(amount, asset);
}

std::string Names::settled(Amount amount) const {
    return this->amount(amount, underlyings.empty() ? AssetId(0) : underlyings.front().second);
}

std::optional<AccountId> Names::find_account(std::string_view name) const {
    for (const auto& [id, known] : accounts) {
        if (known == name) {
            return AccountId(id);
        }
    }
    return std::nullopt;
}

std::optional<AssetId> Names::find_asset(std::string_view name) const {
    for (std::size_t at = 0; at < assets.size(); ++at) {
        if (assets[at].name == name) {
            return AssetId(static_cast<std::uint16_t>(at));
        }
    }
    return std::nullopt;
}

std::optional<UnderlyingId> Names::find_underlying(std::string_view name) const {
    for (std::size_t at = 0; at < underlyings.size(); ++at) {
        if (underlyings[at].first == name) {
            return UnderlyingId(static_cast<std::uint16_t>(at));
        }
    }
    return std::nullopt;
}

std::optional<InstrumentId> Names::find_instrument(std::string_view name) const {
    std::optional<InstrumentId> found;
    for (std::size_t at = 0; at < instruments.size(); ++at) {
        const std::string& known = instruments[at].name;
        if (known == name) {
            return InstrumentId(static_cast<std::uint32_t>(at));
        }
        if (!known.empty() && known.ends_with(name)) {
            if (found) {
                return std::nullopt;
            }
            found = InstrumentId(static_cast<std::uint32_t>(at));
        }
    }
    return found;
}

}  // namespace miletus::scenario
