// A desk to weigh risks at: a small market, two accounts of one owner and one of another, and
// positions and orders that are put there with Risk told of them as the engine tells it.
#pragma once

#include "engine/prices/small_market.hpp"
#include "engine/risk/risk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace miletus::risk {

using prices::SmallMarket;
using protocol::InstrumentKind;
using protocol::Parameter;
using protocol::Side;

constexpr AccountId alice{1};
constexpr AccountId annex{2};  // alice's second
constexpr AccountId bob{3};
constexpr AccountId ghost{4};  // has nothing but what a judge gives it
constexpr AssetId usdc = SmallMarket::usdc;
constexpr AssetId btc = SmallMarket::btc;
constexpr std::int64_t usd = SmallMarket::dollar;
constexpr std::int64_t coin = SmallMarket::coin;
constexpr std::int64_t tick = 500;  // what one is worth of one lot, in units of USDC
constexpr std::int64_t expiry_second = SmallMarket::start_second + 1'000'000;

[[nodiscard]] inline Limits desk_limits() {
    Limits limits;
    limits.assets = 2;
    limits.underlyings = 1;
    limits.instruments = 6;
    limits.accounts = 5;
    limits.positions = 40;
    limits.orders = 8;
    limits.labels = 1;
    limits.event_units = 4096;
    return limits;
}

// An order that stands open.
struct RestingOrder {
    AccountId account;
    InstrumentId instrument;
    Side side = Side::buy;
    std::int64_t lots = 0;
    std::int64_t price = 0;
    std::int64_t hold = 0;  // for all of its lots
};

class Desk {
  public:
    Desk() {
        for (const AccountId account : {alice, annex, bob, ghost}) {
            const OwnerId owner(account == annex ? alice.value() : account.value());
            EXPECT_TRUE(accounts.open(account, owner).has_value());
        }
        market.set_index(100'000 * usd);
        mark_options(400 * tick);
    }
    ~Desk() { risk.check_invariants(); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    void mark_options(std::int64_t value) {
        for (const InstrumentId option : options) {
            market.mark_option(option, LotValue(value));
        }
    }
    [[nodiscard]] bool is_option(InstrumentId instrument) const {
        return instruments::is_option(market.instruments.listing(instrument).kind);
    }
    [[nodiscard]] std::int64_t mark(InstrumentId instrument) const {
        return market.prices.mark_value(instrument).value();
    }
    void deposit(AccountId account, std::int64_t amount, AssetId asset = usdc) {
        EXPECT_TRUE(accounts.deposit(account, asset, Amount(amount)).has_value());
        risk.forget(account);
    }
    [[nodiscard]] std::uint32_t slot(AccountId account, InstrumentId instrument) const {
        return accounts.positions().find(account, instrument);
    }
    [[nodiscard]] std::uint32_t slot_for(AccountId account, InstrumentId instrument) {
        const std::uint32_t found = slot(account, instrument);
        return found != 0 ? found : accounts.positions().add(account, instrument);
    }

    // Puts lots at a price there; what they replace is closed at the mark.
    void hold(AccountId account, InstrumentId instrument, std::int64_t lots, std::int64_t price) {
        const std::uint32_t at = slot_for(account, instrument);
        risk.leave(at);
        accounts::Position& position = accounts.positions().at(at);
        if (!is_option(instrument)) {
            accounts.book(account, usdc,
                          Amount(position.lots.value() * mark(instrument)) - position.cost);
        }
        position.cost = Amount(lots * price * tick);
        position.funding = market.prices.funding(instrument);
        accounts.positions().set_lots(at, Lots(lots));
        risk.join(at);
    }

    [[nodiscard]] Proposal proposal(const RestingOrder& order) const {
        return {.account = order.account,
                .instrument = order.instrument,
                .position = slot(order.account, order.instrument),
                .side = order.side,
                .lots = Lots(order.lots),
                .hold = Amount(order.hold)};
    }
    // An order at this price that holds what it must.
    [[nodiscard]] RestingOrder order(AccountId account, InstrumentId instrument, Side side,
                                     std::int64_t lots, std::int64_t price) const {
        return {.account = account,
                .instrument = instrument,
                .side = side,
                .lots = lots,
                .price = price,
                .hold = lots * risk.hold_of(instrument, side, Ticks(price)).value()};
    }
    Reject place(const RestingOrder& order) {
        const Result<Requirement> change = risk.check_order(proposal(order));
        if (change) {
            add_open(order);
            risk.add(order.account, *change);
        }
        return change ? Reject::none : change.error();
    }
    void cancel(const RestingOrder& order) {
        const std::uint32_t at = slot(order.account, order.instrument);
        risk.leave(at);
        accounts::Position& position = accounts.positions().at(at);
        position.open.at(static_cast<std::size_t>(order.side)) -= Lots(order.lots);
        --position.orders;
        accounts.release(order.account, usdc, Amount(order.hold));
        risk.join(at);
        if (position.orders == 0 && !position.is_held()) {
            accounts.positions().remove(at);
        }
    }
    void add_open(const RestingOrder& order) {
        accounts::Position& position =
            accounts.positions().at(slot_for(order.account, order.instrument));
        position.open.at(static_cast<std::size_t>(order.side)) += Lots(order.lots);
        ++position.orders;
        accounts.hold(order.account, usdc, Amount(order.hold));
    }

    // What the sums say, and what comes out from scratch.
    void expect_fresh(AccountId account) {
        const Standing now = risk.standing(account);
        EXPECT_EQ(risk.above_initial(account), now.equity() - now.held - now.required().initial);
        EXPECT_EQ(risk.above_maintenance(account), now.equity() - now.required().maintenance);
    }

    SmallMarket market{desk_limits()};
    InstrumentId perpetual = market.list({});
    InstrumentId future =
        market.list({.kind = InstrumentKind::future, .expiry_second = expiry_second});
    std::array<InstrumentId, 4> options = {
        option(InstrumentKind::call, 100'000), option(InstrumentKind::call, 110'000),
        option(InstrumentKind::put, 100'000), option(InstrumentKind::put, 90'000)};
    accounts::Accounts accounts{desk_limits()};
    Risk risk{desk_limits(), market.instruments, market.parameters, market.prices, accounts};

  private:
    [[nodiscard]] InstrumentId option(InstrumentKind kind, std::int64_t strike) {
        return market.list({.kind = kind, .expiry_second = expiry_second, .strike = strike});
    }
};

}  // namespace miletus::risk
