// Accounts: what every account owns and did, folded from all events in order: those that tell what
// stands, those that a start carries out again, then those that come. The events of one command
// come together; with its `completed` the fold offers what they changed. Windows of the past are
// bounded by count, by account and in all. Owned by one thread; what it hands out is good until the
// next event is read.
#pragma once

#include "base/annotations.hpp"
#include "base/unit_buffer.hpp"
#include "edge/client_feed/changes.hpp"
#include "edge/client_feed/orders.hpp"
#include "edge/client_feed/positions.hpp"
#include "edge/client_feed/records.hpp"
#include "protocol/messages.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

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

    [[nodiscard]] bool matches(const OwnTrade& trade) const;
    // Whether none that comes after this one matches: ids and times rise together.
    [[nodiscard]] bool is_beyond(const OwnTrade& trade) const;
};

class Accounts {
  public:
    explicit Accounts(const AccountsSettings& settings);

    // Whether it was the last event of its command: then changes() has what the command changed.
    bool read(std::span<const Unit> event);
    // By account, in order of their first change.
    [[nodiscard]] std::span<const AccountChanges> changes() const LIFETIME_BOUND {
        return changes_.offered();
    }

    // ---- Accounts ----
    [[nodiscard]] bool is_open(AccountId account) const {
        return knows(account) && accounts_[account.value()].is_open;
    }
    [[nodiscard]] OwnerId owner(AccountId account) const {
        return knows(account) ? accounts_[account.value()].owner : OwnerId();
    }
    [[nodiscard]] protocol::AccountState state(AccountId account) const {
        return knows(account) ? accounts_[account.value()].state : protocol::AccountState::normal;
    }
    // Of an asset that never moved, zero.
    [[nodiscard]] Balance balance(AccountId account, AssetId asset) const {
        return knows(account, asset) ? balances_[place_of(account, asset)] : Balance();
    }

    // ---- Orders, open ones and those that closed of late ----
    // Nothing where it is not known, or no longer.
    [[nodiscard]] const Order* find_order(OrderId order) const LIFETIME_BOUND {
        return order_at(orders_.find(order));
    }
    // The newest of those with this id of the client's own.
    [[nodiscard]] const Order* find_order(AccountId account, ClientOrderId client_order) const
        LIFETIME_BOUND {
        return order_at(orders_.newest_of(account, client_order));
    }
    [[nodiscard]] std::uint32_t open_orders(AccountId account) const {
        return knows(account) ? orders_.open().count(account.value()) : 0;
    }
    // Each of these calls visit(const Order&) until it returns false. Oldest first:
    template <class Visit>
    void visit_open_orders(AccountId account, Visit visit) const;
    // The one that closed last comes first.
    template <class Visit>
    void visit_closed_orders(AccountId account, Visit visit) const;
    // Newest first, open or not.
    template <class Visit>
    void visit_label(AccountId account, std::string_view label, Visit visit) const;

    // ---- Own trades ----
    // At a place that changes() names.
    [[nodiscard]] const OwnTrade& trade(std::uint32_t place) const LIFETIME_BOUND {
        return trades_[place];
    }
    // Calls visit(const OwnTrade&) for as many as the query asks for, of those whose instrument
    // `is_wanted`; returns whether there are more.
    template <class IsWanted, class Visit>
    bool visit_trades(AccountId account, const TradeQuery& query, IsWanted is_wanted,
                      Visit visit) const;

    // ---- Positions ----
    [[nodiscard]] const Position* find_position(AccountId account, InstrumentId instrument) const
        LIFETIME_BOUND {
        const std::uint32_t slot = positions_.find(account, instrument);
        return slot != 0 ? &positions_[slot] : nullptr;
    }
    // Calls visit(const Position&): those that are held, and those that were in this session.
    template <class Visit>
    void visit_positions(AccountId account, Visit visit) const;

    // ---- Money ----
    // Each calls visit(record) until it returns false, newest first.
    template <class Visit>
    void visit_transactions(AccountId account, Visit visit) const {
        if (knows(account)) {
            transactions_.visit(account, visit);
        }
    }
    template <class Visit>
    void visit_settlements(AccountId account, Visit visit) const {
        if (knows(account)) {
            settlements_.visit(account, visit);
        }
    }

  private:
    struct Account {
        OwnerId owner;
        bool is_open;
        bool is_settled;  // since the last session was
        protocol::AccountState state;
    };
    struct Instrument {
        UnderlyingId underlying{};
        bool is_option = false;
        Grid mark{};
        Grid delivery{};       // what it was paid out at
        IndexPrice average{};  // that this came from
    };
    struct Underlying {
        AssetId quote{};
        IndexPrice index{};
    };
    // One side of a trade, whose fee is yet to be told: fills are settled in the order of the
    // trades, the maker first.
    struct Fill {
        AccountId account{};
        OrderId order{};
        std::uint32_t trade = 0;  // its place; 0 where there is none
    };
    // Money that was paid for what the next event tells.
    struct Payment {
        AccountId account{};
        Amount amount{};
    };

    // accounts.cpp
    void begin_command(Sequence sequence);
    void end_command(UnixNanos time);
    void trim(AccountId account);
    template <class Event>
    void pass_on(const Event& event, std::span<const Unit> units);
    void hear(const protocol::UnderlyingAdded& added);
    void hear(const protocol::IndexChanged& changed);
    void hear(const protocol::MarkChanged& changed);
    void hear(const protocol::DeliveryPriceSet& set);
    void hear(const protocol::InstrumentArchived& archived);
    void hear(const protocol::InstrumentListed& listed);
    void hear(const protocol::AccountOpened& opened);
    void hear(const protocol::AccountStateChanged& changed);
    [[nodiscard]] bool knows(AccountId account) const { return account.value() < accounts_.size(); }
    [[nodiscard]] bool knows(AccountId account, AssetId asset) const {
        return knows(account) && asset.value() < assets_;
    }
    [[nodiscard]] std::size_t place_of(AccountId account, AssetId asset) const {
        return std::size_t{account.value()} * assets_ + asset.value();
    }
    [[nodiscard]] const Order* order_at(std::uint32_t slot) const {
        return slot != 0 ? &orders_[slot] : nullptr;
    }

    // order_events.cpp
    void hear(const protocol::OrderAccepted& accepted, std::span<const Unit> units);
    void hear(const protocol::OrderWaits& waits, std::span<const Unit> units);
    void add(const Order& order);
    void hear(const protocol::OrderRested& rested);
    void hear(const protocol::OrderReduced& reduced);
    void hear(const protocol::OrderRemoved& removed);
    void hear(const protocol::RemainderCanceled& canceled);
    void hear(const protocol::OrderAmended& amended);
    void hear(const protocol::OrderTriggered& triggered);
    void hear(const protocol::WaitingAmended& amended);
    void hear(const protocol::WaitingRemoved& removed);
    void hear(const protocol::LiquidationStep& step);
    void hear(const protocol::Trade& trade);
    void fill(const protocol::Trade& trade, bool is_maker);
    [[nodiscard]] std::uint32_t changed_order(OrderId order);
    void close(std::uint32_t slot, OrderStage stage, protocol::RemovalReason reason);

    // money_events.cpp
    void hear(const protocol::BalanceChanged& changed);
    void hear(const protocol::ResultBooked& booked);
    void hear(const protocol::PositionChanged& changed);
    void hear(const protocol::SessionSettled& settled);
    [[nodiscard]] Transaction transaction_of(const protocol::PositionChanged& changed);
    void attribute(const protocol::PositionChanged& changed, Transaction& transaction);
    void settle(const protocol::PositionChanged& changed, const Position& before);
    void pay_fee(const protocol::PositionChanged& changed, AssetId asset);
    void keep(const Transaction& transaction);
    [[nodiscard]] const Instrument& instrument(InstrumentId instrument) const LIFETIME_BOUND;
    [[nodiscard]] const Underlying& underlying(UnderlyingId underlying) const LIFETIME_BOUND;
    void end_session(AccountId account);

    std::uint32_t assets_;
    Block<Account> accounts_;
    Block<Balance> balances_;  // by account and asset
    std::vector<Instrument> instruments_;
    std::vector<Underlying> underlyings_;
    Orders orders_;
    Positions positions_;
    Window<OwnTrade> trades_;
    Window<Transaction> transactions_;
    Window<Settlement> settlements_;
    Changes changes_;
    UnixNanos time_;  // of the last command
    // ---- Of the command at hand ----
    Sequence sequence_;
    std::uint32_t ordinal_ = 0;
    bool is_completed_ = false;
    std::optional<AccountId> liquidating_;  // whose slice the next order is
    std::optional<Payment> payment_;
    std::vector<Fill> fills_;
    std::size_t fills_told_ = 0;
    std::vector<std::uint32_t> new_transactions_;
    std::vector<std::uint32_t> new_settlements_;
};

// ---- Looking ----

template <class Visit>
void Accounts::visit_open_orders(AccountId account, Visit visit) const {
    std::uint32_t slot = knows(account) ? orders_.open().oldest(account.value()) : 0;
    while (slot != 0 && visit(orders_[slot])) {
        slot = orders_.open().newer(slot);
    }
}

template <class Visit>
void Accounts::visit_closed_orders(AccountId account, Visit visit) const {
    std::uint32_t slot = knows(account) ? orders_.closed().newest(account.value()) : 0;
    while (slot != 0 && visit(orders_[slot])) {
        slot = orders_.closed().older(slot);
    }
}

template <class Visit>
void Accounts::visit_label(AccountId account, std::string_view label, Visit visit) const {
    std::uint32_t slot = label.empty() ? 0 : orders_.newest_of(account, label);
    while (slot != 0 && visit(orders_[slot])) {
        slot = orders_.older_of_label(slot);
    }
}

template <class Visit>
void Accounts::visit_positions(AccountId account, Visit visit) const {
    std::uint32_t slot = knows(account) ? positions_.oldest(account) : 0;
    for (; slot != 0; slot = positions_.newer(slot)) {
        visit(positions_[slot]);
    }
}

template <class IsWanted, class Visit>
bool Accounts::visit_trades(AccountId account, const TradeQuery& query, IsWanted is_wanted,
                            Visit visit) const {
    if (!knows(account)) {
        return false;
    }
    std::uint32_t found = 0;
    std::uint32_t place = query.is_newest_first ? trades_.newest(account) : trades_.oldest(account);
    while (place != 0) {
        const OwnTrade& trade = trades_[place];
        if (query.is_beyond(trade)) {
            return false;
        }
        if (query.matches(trade) && is_wanted(trade.instrument)) {
            if (found == query.count) {
                return true;
            }
            visit(trade);
            ++found;
        }
        place = query.is_newest_first ? trades_.older(place) : trades_.newer(place);
    }
    return false;
}

}  // namespace miletus::client_feed
