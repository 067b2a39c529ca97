// Orders: those that are open, and of those that closed the last ones, found by id, by the client's
// own id, by label and by account.
#pragma once

#include "edge/client_feed/pools.hpp"
#include "edge/client_feed/records.hpp"

#include <cstdint>
#include <string_view>

namespace miletus::client_feed {

class Orders {
  public:
    struct Bounds {
        std::uint32_t accounts = 0;
        std::uint32_t open = 0;
        std::uint32_t closed = 0;
        std::uint32_t closed_per_account = 0;
    };
    explicit Orders(const Bounds& bounds);

    // Returns its slot; 0 where there is no room for one more that is open.
    std::uint32_t add(const Order& order);
    // The order is over, and stays for a while.
    void close(std::uint32_t slot);
    // The account's oldest that closed go, those beyond what an account may have.
    void trim(AccountId account);

    [[nodiscard]] Order& operator[](std::uint32_t slot) LIFETIME_BOUND { return orders_[slot]; }
    [[nodiscard]] const Order& operator[](std::uint32_t slot) const LIFETIME_BOUND {
        return orders_[slot];
    }
    // Each of them 0 where there is none.
    [[nodiscard]] std::uint32_t find(OrderId order) const;
    [[nodiscard]] std::uint32_t newest_of(AccountId account, ClientOrderId client_order) const;
    [[nodiscard]] std::uint32_t newest_of(AccountId account, std::string_view label) const;
    [[nodiscard]] std::uint32_t older_of_label(std::uint32_t slot) const {
        return by_label_.older(slot);
    }
    [[nodiscard]] const Lists& open() const LIFETIME_BOUND { return open_; }      // by account
    [[nodiscard]] const Lists& closed() const LIFETIME_BOUND { return closed_; }  // by account

  private:
    void forget(std::uint32_t slot);

    Block<Order> orders_;
    HashIndex by_id_;
    Chains by_client_order_;
    Chains by_label_;
    Lists open_;
    Lists closed_;
    Slots slots_;  // those that closed are aging
    std::uint32_t closed_per_account_;
};

}  // namespace miletus::client_feed
