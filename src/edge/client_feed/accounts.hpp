// Accounts: what every account owns and did, folded from all events in order: those that tell what
// stands, those that a start carries out again, then those that come. The events of one command
// come together; with its `completed` the fold offers what they changed. Windows of the past are
// bounded by count, by account and in all. Owned by one thread; what it hands out is good until the
// next event is read.
#pragma once

#include "base/annotations.hpp"
#include "base/unit_buffer.hpp"
#include "edge/client_feed/records.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace miletus::client_feed {

// The first four are the engine's limits; what does not fit is not known.
struct AccountsSettings {
    std::uint32_t accounts = 4096;
    std::uint32_t assets = 16;
    std::uint32_t positions = 65'536;
    std::uint32_t open_orders = 1U << 20U;
    // Windows of the past, in all and by account.
    std::uint32_t closed_orders = 1U << 18U;
    std::uint32_t closed_orders_per_account = 2'000;
    std::uint32_t trades = 1U << 20U;
    std::uint32_t trades_per_account = 10'000;
    std::uint32_t transactions = 1U << 20U;
    std::uint32_t transactions_per_account = 10'000;
    std::uint32_t settlements = 1U << 18U;
    std::uint32_t settlements_per_account = 2'000;
};

// What the events of one command changed of one account, each named once.
struct AccountChanges {
    AccountId account;
    bool has_new_state = false;             // AccountState
    std::span<const OrderId> orders;        // in order of their first change
    std::span<const std::uint32_t> trades;  // places of new ones, oldest first
    std::span<const InstrumentId> positions;
    std::span<const AssetId> balances;  // totals or session results
};

// Which trades are wanted; all bounds are inclusive.
struct TradeQuery {
    std::optional<InstrumentId> instrument{};
    std::optional<OrderId> order{};
    UnixNanos from{};
    UnixNanos to{std::numeric_limits<std::int64_t>::max()};
    TradeId first{};
    TradeId last{.sequence = Sequence(std::numeric_limits<std::uint64_t>::max())};
    TradeNumber first_number{};
    TradeNumber last_number{std::numeric_limits<std::uint64_t>::max()};
    bool is_newest_first = true;
    std::uint32_t count = 10;
};

class Accounts {
  public:
    explicit Accounts(const AccountsSettings& settings);

    // Whether it was the last event of its command: then changes() has what the command changed.
    bool read(std::span<const Unit> event);
    // By account, in order of their first change.
    [[nodiscard]] std::span<const AccountChanges> changes() const LIFETIME_BOUND;

    // ---- Accounts ----
    [[nodiscard]] bool is_open(AccountId account) const;
    [[nodiscard]] OwnerId owner(AccountId account) const;
    [[nodiscard]] protocol::AccountState state(AccountId account) const;
    // Of an asset that never moved, zero.
    [[nodiscard]] Balance balance(AccountId account, AssetId asset) const;

    // ---- Orders, open ones and those that closed of late ----
    // Nothing where it is not known, or no longer.
    [[nodiscard]] const Order* find_order(OrderId order) const LIFETIME_BOUND;
    // The newest of those with this id of the client's own.
    [[nodiscard]] const Order* find_order(AccountId account, ClientOrderId client_order) const
        LIFETIME_BOUND;
    [[nodiscard]] std::uint32_t open_orders(AccountId account) const;
    // Each of these calls visit(const Order&) until it returns false.
    template <class Visit>
    void visit_open_orders(AccountId account, Visit visit) const;  // oldest first
    template <class Visit>
    void visit_closed_orders(AccountId account, Visit visit) const;  // closed last comes first
    template <class Visit>
    void visit_label(AccountId account, std::string_view label, Visit visit) const;  // newest first

    // ---- Own trades ----
    // At a place that changes() names.
    [[nodiscard]] const OwnTrade& trade(std::uint32_t place) const LIFETIME_BOUND;
    // Calls visit(const OwnTrade&) for as many as the query asks for, of those whose instrument
    // `is_wanted`; returns whether there are more.
    template <class IsWanted, class Visit>
    bool visit_trades(AccountId account, const TradeQuery& query, IsWanted is_wanted,
                      Visit visit) const;

    // ---- Positions ----
    [[nodiscard]] const Position* find_position(AccountId account, InstrumentId instrument) const
        LIFETIME_BOUND;
    // Calls visit(const Position&): those that are held, and those that were in this session.
    template <class Visit>
    void visit_positions(AccountId account, Visit visit) const;

    // ---- Money ----
    // Calls visit(…) until it returns false, newest first.
    template <class Visit>
    void visit_transactions(AccountId account, Visit visit) const;
    template <class Visit>
    void visit_settlements(AccountId account, Visit visit) const;
};

}  // namespace miletus::client_feed
