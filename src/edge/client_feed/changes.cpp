// Vectors that are emptied and keep their memory.
#include "edge/client_feed/changes.hpp"

namespace miletus::client_feed {

Changes::Changes(const Bounds& bounds)
    : places_(bounds.accounts),
      orders_(std::size_t{bounds.orders} + 1),
      positions_(std::size_t{bounds.positions} + 1),
      balances_(std::size_t{bounds.accounts} * bounds.assets) {}

void Changes::begin() {
    for (std::size_t at = 0; at < count_; ++at) {
        Pending& pending = pending_[at];
        places_[pending.account.value()] = 0;
        pending.has_new_state = false;
        pending.orders.clear();
        pending.trades.clear();
        pending.positions.clear();
        pending.balances.clear();
    }
    count_ = 0;
    offered_.clear();
    ++round_;
}

Changes::Pending& Changes::of(AccountId account) {
    std::uint32_t& place = places_[account.value()];
    if (place == 0) {
        if (count_ == pending_.size()) {
            pending_.emplace_back();
        }
        pending_[count_].account = account;
        place = static_cast<std::uint32_t>(++count_);
    }
    return pending_[place - 1];
}

bool Changes::is_first(Block<std::uint64_t>& marks, std::size_t place) const {
    const bool is_first = marks[place] != round_;
    marks[place] = round_;
    return is_first;
}

void Changes::change_order(AccountId account, std::uint32_t slot, OrderId order) {
    if (is_first(orders_, slot)) {
        of(account).orders.push_back(order);
    }
}

void Changes::change_position(AccountId account, std::uint32_t slot, InstrumentId instrument) {
    if (is_first(positions_, slot)) {
        of(account).positions.push_back(instrument);
    }
}

void Changes::change_balance(AccountId account, std::size_t place, AssetId asset) {
    if (is_first(balances_, place)) {
        of(account).balances.push_back(asset);
    }
}

void Changes::offer() {
    for (std::size_t at = 0; at < count_; ++at) {
        const Pending& pending = pending_[at];
        offered_.push_back({.account = pending.account,
                            .has_new_state = pending.has_new_state,
                            .orders = pending.orders,
                            .trades = pending.trades,
                            .positions = pending.positions,
                            .balances = pending.balances});
    }
}

}  // namespace miletus::client_feed
