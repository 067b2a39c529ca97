// A desk to trade at: a small market, three rich accounts, and orders that fill as they are told.
#pragma once

#include "engine/clearing/clearing.hpp"
#include "engine/prices/small_market.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace miletus::clearing {

using accounts::OpenOrder;
using prices::SmallMarket;
using protocol::InstrumentKind;
using protocol::Side;

constexpr AccountId house{0};
constexpr AccountId alice{1};
constexpr AccountId bob{2};
constexpr AccountId carol{3};
constexpr AssetId usdc = SmallMarket::usdc;
constexpr std::int64_t dollar = SmallMarket::dollar;
constexpr std::int64_t rich = 1'000'000 * dollar;
constexpr std::int64_t tick = 500;  // what one is worth of one lot, in units of USDC
constexpr std::int64_t expiry_second = SmallMarket::start_second + 100'000;

[[nodiscard]] inline Limits few() {
    Limits limits;
    limits.assets = 2;
    limits.underlyings = 1;
    limits.instruments = 5;
    limits.accounts = 4;
    limits.positions = 15;
    limits.orders = 8;
    limits.labels = 1;
    limits.position_lots = 2000;
    limits.event_units = 4096;
    return limits;
}

class Desk {
  public:
    explicit Desk(const Limits& limits = few())
        : market(limits),
          perpetual(market.list({})),
          future(market.list({.kind = InstrumentKind::future,
                              .expiry_second = expiry_second,
                              .price_low = -1'000'000})),
          call(market.list(
              {.kind = InstrumentKind::call, .expiry_second = expiry_second, .strike = 100'000})),
          put(market.list(
              {.kind = InstrumentKind::put, .expiry_second = expiry_second, .strike = 100'000})),
          accounts(limits),
          clearing(limits, market.instruments, market.parameters, market.prices, accounts,
                   market.events) {
        for (const AccountId account : {alice, bob, carol}) {
            EXPECT_TRUE(accounts.open(account, OwnerId(account.value())).has_value());
            EXPECT_TRUE(accounts.deposit(account, usdc, Amount(rich)).has_value());
        }
        market.set_index(100'000 * dollar);
    }
    ~Desk() {
        if (is_sound) {
            accounts.check_invariants();
        }
    }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    void free_of_fees() {
        using enum protocol::Parameter;
        for (const protocol::Parameter fee :
             {maker_fee, taker_fee, option_fee, future_delivery_fee, option_delivery_fee}) {
            market.set(fee, 0);
        }
    }

    [[nodiscard]] OpenOrder open(AccountId account, InstrumentId instrument, Side side,
                                 std::uint32_t lots, std::int64_t hold_per_lot = 0) {
        OpenOrder order{};
        order.hold_per_lot = Amount(hold_per_lot);
        order.left = lots;
        order.account = account;
        order.instrument = instrument;
        order.side = side;
        order.is_open = 1;
        order.position = *clearing.check_room(account, instrument, side, Lots(lots));
        clearing.open(order);
        return order;
    }
    void fill(OpenOrder& order, std::int64_t price, std::uint32_t lots, bool takes) {
        clearing.fill(order, Ticks(price), lots, takes);
        if (order.left == 0) {
            clearing.close(order);
        }
    }
    void cancel(OpenOrder& order) {
        clearing.unwind(order, order.left);
        clearing.close(order);
    }
    // The buyer takes what the seller offered.
    void trade(AccountId buyer, AccountId seller, InstrumentId instrument, std::int64_t price,
               std::uint32_t lots) {
        OpenOrder offer = open(seller, instrument, Side::sell, lots);
        OpenOrder order = open(buyer, instrument, Side::buy, lots);
        fill(offer, price, lots, false);
        fill(order, price, lots, true);
        EXPECT_TRUE(is_conserved());
    }

    [[nodiscard]] std::uint32_t slot(AccountId account, InstrumentId instrument) const {
        return accounts.positions().find(account, instrument);
    }
    [[nodiscard]] Position position(AccountId account, InstrumentId instrument) const {
        return accounts.positions()[slot(account, instrument)];
    }
    // What the account has been paid, and what its session brought.
    [[nodiscard]] std::int64_t paid(AccountId account) const {
        const std::int64_t total = accounts.balance(account, usdc).total.value();
        return total - (account == house ? 0 : rich);
    }
    [[nodiscard]] std::int64_t session(AccountId account) const {
        return accounts.balance(account, usdc).session.value();
    }
    [[nodiscard]] std::int64_t held(AccountId account) const {
        return accounts.balance(account, usdc).held.value();
    }
    // While an instrument is paid out, at this price.
    [[nodiscard]] bool is_conserved(InstrumentId instrument, std::optional<Grid> price) const {
        return clearing.is_conserved(
            usdc, [&](InstrumentId asked) { return asked == instrument ? price : std::nullopt; });
    }
    [[nodiscard]] bool is_conserved() const { return is_conserved(perpetual, std::nullopt); }

    // Events of this kind since the last call of begin().
    template <class Event>
    [[nodiscard]] std::vector<Event> told() const {
        std::vector<Event> found;
        market.events.visit_from(market.events.start(), [&](std::span<const Unit> units) {
            if (protocol::view<protocol::EventHeader>(units).type ==
                static_cast<std::uint8_t>(Event::type)) {
                found.push_back(protocol::view<Event>(units));
            }
        });
        return found;
    }

    SmallMarket market;
    InstrumentId perpetual;
    InstrumentId future;
    InstrumentId call;
    InstrumentId put;
    accounts::Accounts accounts;
    Clearing clearing;
    bool is_sound = true;  // until something was restored that cannot be
};

}  // namespace miletus::clearing
