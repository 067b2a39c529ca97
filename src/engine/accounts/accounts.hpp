// Accounts: who may act, what they own, and which orders they have open. Owners have accounts,
// accounts have a balance per asset, of which open orders may hold a part, and positions. It knows
// nothing of prices or of matching; who a client is, is the gateway's business. Called by the
// engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/hash_index.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"
#include "engine/accounts/labels.hpp"
#include "engine/accounts/open_order.hpp"
#include "engine/accounts/positions.hpp"
#include "protocol/rejects.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace miletus::accounts {

constexpr AccountId operator_account{0};
// Of one asset, all together: room for whatever they win, and for sums of it.
constexpr Amount deposits_max{std::int64_t{1} << 60U};

// Of one account in one asset.
struct Balance {
    Amount total;    // settled; below zero where it is owed, and other collateral answers for it
    Amount held;     // by open orders
    Amount session;  // won or lost since the last settlement, and not yet paid
};

class Accounts {
  public:
    explicit Accounts(const Limits& limits);

    // ---- Who ----
    Result<void> open(AccountId account, OwnerId owner);
    [[nodiscard]] Result<void> check_exists(AccountId account) const;
    [[nodiscard]] OwnerId owner(AccountId account) const;
    [[nodiscard]] protocol::AccountState state(AccountId account) const {
        return accounts_[account.value()].state;
    }
    void set_state(AccountId account, protocol::AccountState state) {
        accounts_[account.value()].state = state;
    }
    // The owner's accounts form a ring: the next one, or the same.
    [[nodiscard]] AccountId next_of_owner(AccountId account) const {
        return AccountId(accounts_[account.value()].next_of_owner);
    }
    // Holds the insurance fund; account 0 where there is none.
    [[nodiscard]] AccountId insurance() const { return insurance_; }
    void set_insurance(AccountId account) { insurance_ = account; }
    // Beyond the last one that was opened.
    [[nodiscard]] std::uint32_t end() const { return end_; }

    // ---- What they own ----
    Result<Amount> deposit(AccountId account, AssetId asset, Amount amount);
    Result<Amount> withdraw(AccountId account, AssetId asset, Amount amount);
    [[nodiscard]] const Balance& balance(AccountId account, AssetId asset) const LIFETIME_BOUND {
        return balances_[place_of(account, asset)];
    }
    void hold(AccountId account, AssetId asset, Amount amount);
    void release(AccountId account, AssetId asset, Amount amount);
    void pay(AccountId account, AssetId asset, Amount change);
    // What was won or lost and is not settled yet.
    void book(AccountId account, AssetId asset, Amount change);
    // Pays it out, or in; returns how much.
    Amount settle(AccountId account, AssetId asset);

    [[nodiscard]] Positions& positions() LIFETIME_BOUND { return positions_; }
    [[nodiscard]] const Positions& positions() const LIFETIME_BOUND { return positions_; }

    // ---- Their open orders ----
    [[nodiscard]] Result<void> admit_order(AccountId account, ClientOrderId client_order,
                                           std::string_view label) const;
    // The order stands filled in at order(slot).
    void remember(std::uint32_t slot, std::string_view label);
    // The order is over: it is forgotten, but for how it ended.
    void close(std::uint32_t slot, Ending ending);

    [[nodiscard]] OpenOrder& order(std::uint32_t slot) LIFETIME_BOUND { return orders_[slot]; }
    [[nodiscard]] const OpenOrder& order(std::uint32_t slot) const LIFETIME_BOUND {
        return orders_[slot];
    }
    [[nodiscard]] OrderId id_of(std::uint32_t slot) const {
        return {slot, orders_[slot].generation};
    }
    [[nodiscard]] std::optional<OrderId> find(AccountId account, ClientOrderId client_order) const;
    // The one closed last of those with this id, or nothing.
    [[nodiscard]] const ClosedOrder* find_closed(AccountId account,
                                                 ClientOrderId client_order) const LIFETIME_BOUND;
    [[nodiscard]] const Labels& labels() const LIFETIME_BOUND { return labels_; }
    // The account's oldest open order, or 0; each names the next newer one.
    [[nodiscard]] std::uint32_t oldest_order(AccountId account) const;

    void hint_order(std::uint32_t slot) const;
    void hint_neighbours(std::uint32_t slot) const;  // its place in the index and in its account
    void hint_client_order(AccountId account, ClientOrderId client_order) const;

    // Deposits less withdrawals: what the venue holds of the asset.
    [[nodiscard]] Amount net_deposits(AssetId asset) const { return net_deposits_[asset.value()]; }

    void encode(StateEncoder& encoder) const;
    // All but what the book knows of an order: its instrument, its side, and so its position.
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    struct Account {
        OwnerId owner;
        std::uint32_t oldest;
        std::uint32_t newest;
        std::uint32_t next_of_owner;
        std::uint16_t next_closed;  // place of the oldest closed order, which the next one takes
        bool is_open;
        protocol::AccountState state;
    };
    static_assert(sizeof(Account) == 20);

    [[nodiscard]] std::size_t place_of(AccountId account, AssetId asset) const {
        return std::size_t{account.value()} * assets_ + asset.value();
    }
    void append_to_account(std::uint32_t slot);
    void unlink_from_account(std::uint32_t slot);
    void keep_closed(const OpenOrder& order, OrderId id, Ending ending);
    [[nodiscard]] std::span<const ClosedOrder> closed_of(AccountId account) const LIFETIME_BOUND;
    void encode_account(StateEncoder& encoder, AccountId account) const;
    void encode_order(StateEncoder& encoder, std::uint32_t slot) const;
    void encode_closed(StateEncoder& encoder, AccountId account) const;
    void decode_deposits(StateDecoder& decoder);
    void decode_balances(StateDecoder& decoder, AccountId account);
    void decode_order(StateDecoder& decoder, AccountId account);
    void decode_closed(StateDecoder& decoder, AccountId account);
    void join_owner(AccountId account);
    void check_list(const Account& account) const;

    Block<Account> accounts_;
    Block<Balance> balances_;
    Block<Amount> net_deposits_;  // by asset
    Block<OpenOrder> orders_;     // by order slot
    Block<ClosedOrder> closed_;   // a ring of each account
    HashIndex by_client_order_;
    Labels labels_;
    Positions positions_;
    AccountId insurance_;
    std::uint32_t end_ = 1;
    std::uint32_t assets_;
    std::uint32_t closed_per_account_;
};

// ---- On the way of every order, and so inline ----

inline Result<void> Accounts::check_exists(AccountId account) const {
    if (account.value() >= accounts_.size() || !accounts_[account.value()].is_open) {
        return Refusal(Reject::unknown_account);
    }
    return {};
}

inline void Accounts::hold(AccountId account, AssetId asset, Amount amount) {
    ASSERT(amount >= Amount(0));
    balances_[place_of(account, asset)].held += amount;
}

inline void Accounts::release(AccountId account, AssetId asset, Amount amount) {
    Balance& balance = balances_[place_of(account, asset)];
    ASSERT(amount >= Amount(0) && amount <= balance.held);
    balance.held -= amount;
}

inline void Accounts::pay(AccountId account, AssetId asset, Amount change) {
    balances_[place_of(account, asset)].total += change;
}

inline void Accounts::book(AccountId account, AssetId asset, Amount change) {
    balances_[place_of(account, asset)].session += change;
}

}  // namespace miletus::accounts
