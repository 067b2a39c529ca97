// Balances, and the lists and indices of open orders.
#include "engine/accounts/accounts.hpp"

#include <algorithm>
#include <limits>

namespace miletus::accounts {

namespace {

// Clients count their ids up: 64 neighbouring ids share a stretch of the index, so that the lines
// of the last ones serve the next.
std::uint64_t hash_of(AccountId account, ClientOrderId client_order) {
    constexpr std::uint64_t low_bits = 63;
    constexpr std::uint64_t spread = 0x9E3779B97F4A7C15U;
    const std::uint64_t id = client_order.value();
    const std::uint64_t block = mixed((id & ~low_bits) + std::uint64_t{account.value()} * spread);
    return (block & ~low_bits) | (id & low_bits);
}

}  // namespace

Accounts::Accounts(const Limits& limits)
    : accounts_(limits.accounts),
      balances_(std::size_t{limits.accounts} * limits.assets),
      net_deposits_(limits.assets),
      orders_(std::size_t{limits.orders} + 1),
      closed_(std::size_t{limits.accounts} * limits.closed_orders_per_account),
      by_client_order_(limits.orders),
      labels_(limits),
      positions_(limits),
      assets_(limits.assets),
      closed_per_account_(limits.closed_orders_per_account) {
    ASSERT(limits.closed_orders_per_account != 0);
    ASSERT(limits.closed_orders_per_account <= std::numeric_limits<std::uint16_t>::max());
}

// ---- Who ----

Result<void> Accounts::open(AccountId account, OwnerId owner) {
    if (account.value() >= accounts_.size()) {
        return Refusal(Reject::accounts_full);
    }
    if (account == operator_account || accounts_[account.value()].is_open) {
        return Refusal(Reject::account_exists);
    }
    accounts_[account.value()] = {.owner = owner,
                                  .oldest = 0,
                                  .newest = 0,
                                  .next_of_owner = account.value(),
                                  .next_closed = 0,
                                  .is_open = true,
                                  .state = protocol::AccountState::normal};
    join_owner(account);
    end_ = std::max(end_, account.value() + 1);
    return {};
}

// Behind the first account of the owner that is found; opening one is rare.
void Accounts::join_owner(AccountId account) {
    Account& joining = accounts_[account.value()];
    for (std::uint32_t at = 0; at < end_; ++at) {
        Account& other = accounts_[at];
        if (other.is_open && other.owner == joining.owner && at != account.value()) {
            joining.next_of_owner = other.next_of_owner;
            other.next_of_owner = account.value();
            return;
        }
    }
}

OwnerId Accounts::owner(AccountId account) const {
    return accounts_[account.value()].owner;
}

// ---- What they own ----

Result<Amount> Accounts::deposit(AccountId account, AssetId asset, Amount amount) {
    TRY(check_exists(account));
    if (amount <= Amount(0)) {
        return Refusal(Reject::amount_not_positive);
    }
    Amount& net = net_deposits_[asset.value()];
    const std::optional<Amount> sum = checked_sum(net, amount);
    if (!sum || *sum > deposits_max) {
        return Refusal(Reject::balance_overflow);
    }
    net = *sum;
    Balance& balance = balances_[place_of(account, asset)];
    balance.total += amount;
    return balance.total;
}

Result<Amount> Accounts::withdraw(AccountId account, AssetId asset, Amount amount) {
    if (account != operator_account) {
        TRY(check_exists(account));
    }
    if (amount <= Amount(0)) {
        return Refusal(Reject::amount_not_positive);
    }
    Amount& net = net_deposits_[asset.value()];
    if (amount > net) {
        return Refusal(Reject::venue_short_of_asset);
    }
    net -= amount;
    Balance& balance = balances_[place_of(account, asset)];
    balance.total -= amount;
    return balance.total;
}

Amount Accounts::settle(AccountId account, AssetId asset) {
    Balance& balance = balances_[place_of(account, asset)];
    const Amount paid = balance.session;
    balance.total += paid;
    balance.session = Amount(0);
    return paid;
}

// ---- Their open orders ----

Result<void> Accounts::admit_order(AccountId account, ClientOrderId client_order,
                                   std::string_view label) const {
    if (find(account, client_order)) {
        return Refusal(Reject::duplicate_client_order_id);
    }
    if (!label.empty() && labels_.is_full()) {
        return Refusal(Reject::labels_full);
    }
    return {};
}

void Accounts::remember(std::uint32_t slot, std::string_view label) {
    OpenOrder& order = orders_[slot];
    ASSERT(order.is_open == 0);
    order.is_open = 1;
    order.label = label.empty() ? 0 : labels_.add(order.account, label, slot);
    if (order.client_order != ClientOrderId(0)) {
        by_client_order_.insert(hash_of(order.account, order.client_order), slot);
    }
    append_to_account(slot);
}

void Accounts::close(std::uint32_t slot, Ending ending) {
    OpenOrder& order = orders_[slot];
    ASSERT(order.is_open == 1);
    keep_closed(order, id_of(slot), ending);
    if (order.client_order != ClientOrderId(0)) {
        by_client_order_.erase(hash_of(order.account, order.client_order), slot);
    }
    if (order.label != 0) {
        labels_.remove(order.label);
    }
    unlink_from_account(slot);
    order.is_open = 0;
}

[[gnu::always_inline]] inline void Accounts::keep_closed(const OpenOrder& order, OrderId id,
                                                         Ending ending) {
    Account& account = accounts_[order.account.value()];
    const std::size_t first = std::size_t{order.account.value()} * closed_per_account_;
    closed_[first + account.next_closed] = {.id = id,
                                            .client_order = order.client_order,
                                            .filled = order.filled,
                                            .instrument = order.instrument,
                                            .side = order.side,
                                            .ending = ending};
    const std::uint32_t next = account.next_closed + 1U;
    account.next_closed = next != closed_per_account_ ? static_cast<std::uint16_t>(next) : 0;
}

std::span<const ClosedOrder> Accounts::closed_of(AccountId account) const {
    return closed_.items().subspan(std::size_t{account.value()} * closed_per_account_,
                                   closed_per_account_);
}

const ClosedOrder* Accounts::find_closed(AccountId account, ClientOrderId client_order) const {
    if (client_order == ClientOrderId(0)) {
        return nullptr;
    }
    const std::span<const ClosedOrder> closed = closed_of(account);
    std::uint32_t at = accounts_[account.value()].next_closed;
    for (std::uint32_t seen = 0; seen < closed_per_account_; ++seen) {
        at = at != 0 ? at - 1 : closed_per_account_ - 1;
        if (closed[at].client_order == client_order) {
            return &closed[at];
        }
    }
    return nullptr;
}

std::optional<OrderId> Accounts::find(AccountId account, ClientOrderId client_order) const {
    if (client_order == ClientOrderId(0)) {
        return std::nullopt;
    }
    const std::uint32_t slot =
        by_client_order_.find(hash_of(account, client_order), [&](std::uint32_t candidate) {
            const OpenOrder& order = orders_[candidate];
            return order.account == account && order.client_order == client_order;
        });
    return slot != 0 ? std::optional(id_of(slot)) : std::nullopt;
}

std::uint32_t Accounts::oldest_order(AccountId account) const {
    return accounts_[account.value()].oldest;
}

// Slot 0 takes the writes where there is no neighbour.
void Accounts::append_to_account(std::uint32_t slot) {
    OpenOrder& order = orders_[slot];
    Account& account = accounts_[order.account.value()];
    order.older = account.newest;
    order.newer = 0;
    orders_[account.newest].newer = slot;
    account.newest = slot;
    account.oldest = account.oldest != 0 ? account.oldest : slot;
}

void Accounts::unlink_from_account(std::uint32_t slot) {
    const OpenOrder& order = orders_[slot];
    Account& account = accounts_[order.account.value()];
    orders_[order.older].newer = order.newer;
    orders_[order.newer].older = order.older;
    account.oldest = order.older != 0 ? account.oldest : order.newer;
    account.newest = order.newer != 0 ? account.newest : order.older;
}

void Accounts::hint_order(std::uint32_t slot) const {
    if (slot < orders_.size()) {
        __builtin_prefetch(&orders_[slot], 1);
    }
}

void Accounts::hint_neighbours(std::uint32_t slot) const {
    if (slot >= orders_.size() || orders_[slot].is_open == 0) {
        return;
    }
    const OpenOrder& order = orders_[slot];
    hint_client_order(order.account, order.client_order);
    hint_order(order.older);
    hint_order(order.newer);
}

void Accounts::hint_client_order(AccountId account, ClientOrderId client_order) const {
    if (client_order != ClientOrderId(0)) {
        by_client_order_.prefetch(hash_of(account, client_order));
    }
}

}  // namespace miletus::accounts
