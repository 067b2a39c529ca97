// Changes: what the events of one command changed, by account, each named once. Nothing is
// allocated for a command that changes no more than one before it did.
#pragma once

#include "base/annotations.hpp"
#include "base/memory.hpp"
#include "edge/client_feed/records.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace miletus::client_feed {

// Of one account.
struct AccountChanges {
    AccountId account;
    bool has_new_state = false;             // AccountState
    std::span<const OrderId> orders;        // in order of their first change
    std::span<const std::uint32_t> trades;  // places of new ones, oldest first
    std::span<const InstrumentId> positions;
    std::span<const AssetId> balances;  // totals or session results
};

class Changes {
  public:
    struct Bounds {
        std::uint32_t accounts = 0;
        std::uint32_t orders = 0;
        std::uint32_t positions = 0;
        std::uint32_t assets = 0;
    };
    explicit Changes(const Bounds& bounds);

    // Forgets what the command before changed.
    void begin();
    // The slot or place of what changed tells whether it did so before.
    void change_order(AccountId account, std::uint32_t slot, OrderId order);
    void change_position(AccountId account, std::uint32_t slot, InstrumentId instrument);
    void change_balance(AccountId account, std::size_t place, AssetId asset);
    void change_state(AccountId account) { of(account).has_new_state = true; }
    void add_trade(AccountId account, std::uint32_t place) { of(account).trades.push_back(place); }
    // A window is too small for what one command did, and the place has another trade now.
    void drop_trade(AccountId account, std::uint32_t place) {
        std::erase(of(account).trades, place);
    }
    // All of it can be read from now on.
    void offer();

    [[nodiscard]] std::span<const AccountChanges> offered() const LIFETIME_BOUND {
        return offered_;
    }
    // Calls visit(account) for each that anything changed of.
    template <class Visit>
    void visit_accounts(Visit visit) const {
        for (std::size_t at = 0; at < count_; ++at) {
            visit(pending_[at].account);
        }
    }
    // Calls visit(order) for each that changed.
    template <class Visit>
    void visit_orders(Visit visit) const {
        for (std::size_t at = 0; at < count_; ++at) {
            for (const OrderId order : pending_[at].orders) {
                visit(order);
            }
        }
    }

  private:
    struct Pending {
        AccountId account;
        bool has_new_state = false;
        std::vector<OrderId> orders;
        std::vector<std::uint32_t> trades;
        std::vector<InstrumentId> positions;
        std::vector<AssetId> balances;
    };

    [[nodiscard]] Pending& of(AccountId account) LIFETIME_BOUND;
    // Whether it is the first time in this command.
    [[nodiscard]] bool is_first(Block<std::uint64_t>& marks, std::size_t place) const;

    Block<std::uint32_t> places_;     // by account: its place and one, or 0
    Block<std::uint64_t> orders_;     // by slot: the last round that changed it
    Block<std::uint64_t> positions_;  // by slot
    Block<std::uint64_t> balances_;   // by place
    std::vector<Pending> pending_;    // as many as ever changed at once
    std::size_t count_ = 0;           // how many of them do now
    std::uint64_t round_ = 1;
    std::vector<AccountChanges> offered_;
};

}  // namespace miletus::client_feed
