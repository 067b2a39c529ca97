// What an account holds, as JSON: positions, balances and margins, limits, fees, and the accounts
// of an owner. Margins come from the engine, by its answers to queries; all else from the folds.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/listing.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "protocol/messages.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace miletus::deribit {

using client_feed::Accounts;

// ---- Positions ----

// POSITION: a view by the engine (PositionsAnswer), and what the fold knows of this session beside
// it; none where that is not known.
void write_position(JsonWriter& writer, const Markets& markets, const protocol::PositionView& view,
                    const client_feed::Position* session);
// The same, of nothing held.
void write_no_position(JsonWriter& writer, const Markets& markets, const Market& market);
// What the engine would say of it, but for funding that is due since the last booking.
[[nodiscard]] protocol::PositionView view_of(const Markets& markets,
                                             const client_feed::Position& position);

// ---- Balances ----

struct RateLimit {
    std::uint32_t rate = 0;
    std::uint32_t burst = 0;
};
struct AccountLimits {
    RateLimit non_matching{.rate = 20, .burst = 100};
    RateLimit matching{.rate = 5, .burst = 20};
    RateLimit cancel_all{.rate = 5, .burst = 20};
    RateLimit quotes{.rate = 5, .burst = 20};
};

// Who the account is to its owner.
struct AccountNames {
    AccountId account;
    std::string_view username;
    std::string_view system_name;
    std::string_view email;
    bool is_main = true;
    UnixNanos created;
};

// Of one currency. The margin is in the settlement asset; what other assets count for in it is part
// of the margin's collateral.
struct AccountView {
    const protocol::MarginAnswer& margin;
    AssetId settlement;
    const AccountLimits& limits;
};

// ACCOUNT, also of the channel user.portfolio.
void write_account(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                   const AccountView& view, AssetId asset);
// With what `extended` asks for: who it is, and what trades cost.
void write_extended_account(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                            const AccountView& view, AssetId asset, const AccountNames& names);
// The answer of get_account_summaries: every currency.
void write_account_summaries(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                             const AccountView& view, const AccountNames& names, bool is_extended);
// A row of get_subaccounts; the view where its portfolio is asked for.
void write_subaccount(JsonWriter& writer, const Markets& markets, const Accounts& accounts,
                      const AccountNames& names, const std::optional<AccountView>& view);

// ---- Parts of them ----

void write_limits(JsonWriter& writer, const AccountLimits& limits);
// Of every index and kind that is settled in the asset, in the old and the new shape at once.
void write_fees(JsonWriter& writer, const Markets& markets, AssetId asset);
// A row of get_user_locks, and the channel user.lock.
void write_user_lock(JsonWriter& writer, std::string_view currency, protocol::AccountState state);

}  // namespace miletus::deribit
