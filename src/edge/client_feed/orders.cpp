// Slots, and what leads to them.
#include "edge/client_feed/orders.hpp"

#include "base/hash.hpp"

#include <span>

namespace miletus::client_feed {

namespace {

std::uint64_t hash_of(OrderId order) {
    return mixed(order.value());
}
std::uint64_t hash_of(AccountId account, ClientOrderId client_order) {
    return mixed(account.value(), client_order.value());
}
std::uint64_t hash_of(AccountId account, std::string_view label) {
    return mixed(account.value(), xxh3_64(std::as_bytes(std::span(label))));
}

}  // namespace

Orders::Orders(const Bounds& bounds)
    : orders_(std::size_t{bounds.open} + bounds.closed + 1),
      by_id_(bounds.open + bounds.closed),
      by_client_order_(bounds.open + bounds.closed),
      by_label_(bounds.open + bounds.closed),
      open_(bounds.accounts, std::size_t{bounds.open} + bounds.closed),
      closed_(bounds.accounts, std::size_t{bounds.open} + bounds.closed),
      slots_(bounds.open + bounds.closed),
      closed_per_account_(bounds.closed_per_account) {}

std::uint32_t Orders::add(const Order& order) {
    if (slots_.is_full()) {
        if (slots_.oldest() == 0) {
            return 0;
        }
        forget(slots_.oldest());
    }
    const std::uint32_t slot = slots_.take();
    orders_[slot] = order;
    by_id_.insert(hash_of(order.id), slot);
    if (order.client_order != ClientOrderId(0)) {
        by_client_order_.add(hash_of(order.account, order.client_order), slot,
                             newest_of(order.account, order.client_order));
    }
    const std::string_view label = order.label.view();
    if (!label.empty()) {
        by_label_.add(hash_of(order.account, label), slot, newest_of(order.account, label));
    }
    open_.append(order.account.value(), slot);
    return slot;
}

void Orders::close(std::uint32_t slot) {
    const std::size_t account = orders_[slot].account.value();
    open_.remove(account, slot);
    closed_.append(account, slot);
    slots_.age(slot);
}

void Orders::trim(AccountId account) {
    while (closed_.count(account.value()) > closed_per_account_) {
        forget(closed_.oldest(account.value()));
    }
}

void Orders::forget(std::uint32_t slot) {
    const Order& order = orders_[slot];
    by_id_.erase(hash_of(order.id), slot);
    if (order.client_order != ClientOrderId(0)) {
        by_client_order_.remove(hash_of(order.account, order.client_order), slot);
    }
    const std::string_view label = order.label.view();
    if (!label.empty()) {
        by_label_.remove(hash_of(order.account, label), slot);
    }
    closed_.remove(order.account.value(), slot);
    slots_.rejuvenate(slot);
    slots_.release(slot);
}

std::uint32_t Orders::find(OrderId order) const {
    return by_id_.find(hash_of(order),
                       [&](std::uint32_t slot) { return orders_[slot].id == order; });
}

std::uint32_t Orders::newest_of(AccountId account, ClientOrderId client_order) const {
    return by_client_order_.newest(hash_of(account, client_order), [&](std::uint32_t slot) {
        return orders_[slot].account == account && orders_[slot].client_order == client_order;
    });
}

std::uint32_t Orders::newest_of(AccountId account, std::string_view label) const {
    return by_label_.newest(hash_of(account, label), [&](std::uint32_t slot) {
        return orders_[slot].account == account && orders_[slot].label.view() == label;
    });
}

}  // namespace miletus::client_feed
