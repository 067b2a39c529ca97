// Names: what a scenario calls its accounts, assets and instruments. Assets and instruments are
// learnt from the engine's events, accounts from the scenario itself.
#pragma once

#include "protocol/records.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::scenario {

struct AssetEntry {
    std::string name;
    std::uint32_t decimals = 0;
};

struct InstrumentEntry {
    std::string name;
    AssetId quote;
};

struct Names {
    std::map<std::uint32_t, std::string> accounts{{0, "operator"}};
    std::vector<AssetEntry> assets;
    std::vector<std::pair<std::string, AssetId>> underlyings;  // with its quote asset
    std::vector<InstrumentEntry> instruments;

    [[nodiscard]] std::string account(AccountId id) const;
    [[nodiscard]] std::string instrument(InstrumentId id) const;
    [[nodiscard]] std::string underlying(UnderlyingId id) const;
    [[nodiscard]] AssetId quote_of(InstrumentId id) const;
    [[nodiscard]] std::string amount(Amount amount, AssetId asset) const;         // "12.5 USDC"
    [[nodiscard]] std::string signed_amount(Amount amount, AssetId asset) const;  // "+12.5 USDC"
    [[nodiscard]] std::string settled(Amount amount) const;  // in the asset that all settle in

    [[nodiscard]] std::optional<AccountId> find_account(std::string_view name) const;
    [[nodiscard]] std::optional<AssetId> find_asset(std::string_view name) const;
    [[nodiscard]] std::optional<UnderlyingId> find_underlying(std::string_view name) const;
    // By its whole name, or by the end of it where that is unique.
    [[nodiscard]] std::optional<InstrumentId> find_instrument(std::string_view name) const;
};

}  // namespace miletus::scenario
