// Clearing: what orders hold, what fills do to money and positions, and that nothing is made or
// lost on the way.
#include "engine/clearing/clearing.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

namespace miletus::clearing {
namespace {

using accounts::OpenOrder;
using protocol::InstrumentKind;
using protocol::Side;

constexpr AccountId alice{1};
constexpr AccountId bob{2};
constexpr AssetId coin{0};
constexpr AssetId money{1};
constexpr InstrumentId perpetual{0};  // 0 to 300
constexpr InstrumentId spread{1};     // -50 to 50
constexpr InstrumentId call{2};
constexpr InstrumentId put{3};
constexpr std::int64_t tick = 100;  // of money, for one lot
constexpr std::int64_t rich = 1'000'000;

Limits few() {
    Limits limits;
    limits.assets = 2;
    limits.underlyings = 2;
    limits.instruments = 4;
    limits.accounts = 4;
    limits.positions = 3;
    limits.orders = 8;
    limits.labels = 1;
    limits.position_lots = 20;
    limits.event_units = 256;
    return limits;
}

class Desk {
  public:
    Desk() {
        static_cast<void>(*instruments_.add_asset(protocol::Name("BTC"), 8));
        static_cast<void>(*instruments_.add_asset(protocol::Name("USDC"), 6));
        static_cast<void>(*instruments_.add_underlying(protocol::Name("BTC_USDC"), coin, money));
        static_cast<void>(*instruments_.add_underlying(protocol::Name("CAL_USDC"), coin, money));
        list(InstrumentKind::perpetual, 0, 0, 300);
        list(InstrumentKind::perpetual, 1, -50, 50);
        list(InstrumentKind::call, 0, 0, 300);
        list(InstrumentKind::put, 0, 0, 300);
        for (const AccountId account : {alice, bob, AccountId(3)}) {
            EXPECT_TRUE(accounts.open(account, OwnerId(account.value())).has_value());
            EXPECT_TRUE(accounts.deposit(account, money, Amount(rich)).has_value());
            EXPECT_TRUE(accounts.deposit(account, coin, Amount(rich)).has_value());
        }
    }
    ~Desk() {
        accounts.check_invariants();
        clearing.check_invariants();
    }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    [[nodiscard]] OpenOrder open(AccountId account, InstrumentId instrument, Side side,
                                 std::int64_t per_lot, std::uint32_t lots) {
        OpenOrder order{.client_order = {},
                        .hold_per_lot = Amount(per_lot),
                        .session = {},
                        .left = lots,
                        .filled = 0,
                        .account = account,
                        .instrument = instrument,
                        .older = 0,
                        .newer = 0,
                        .label = 0,
                        .generation = 0,
                        .position = 0,
                        .side = side,
                        .is_open = 1};
        order.position = *clearing.check_room(account, instrument, side, Lots(order.left));
        clearing.open(order);
        return order;
    }
    void fill(OpenOrder& order, std::int64_t price, std::uint32_t lots) {
        clearing.fill(order, Ticks(price), lots);
        if (order.left == 0) {
            clearing.close(order);
        }
    }
    // A whole order that fills at once.
    void trade(AccountId account, InstrumentId instrument, Side side, std::int64_t per_lot,
               std::int64_t price, std::uint32_t lots) {
        OpenOrder order = open(account, instrument, side, per_lot, lots);
        fill(order, price, lots);
    }
    void cancel(OpenOrder& order) {
        clearing.unwind(order, order.left);
        clearing.close(order);
    }
    [[nodiscard]] std::int64_t paid(AccountId account) const {
        return rich - accounts.balance(account, money).total.value();
    }
    [[nodiscard]] std::int64_t held(AccountId account, AssetId asset = money) const {
        return accounts.balance(account, asset).held.value();
    }
    [[nodiscard]] Position position(AccountId account, InstrumentId instrument) const {
        const Position* found = clearing.find(account, instrument);
        return found != nullptr ? *found : Position{};
    }

    accounts::Accounts accounts{few()};
    protocol::EventWriter events{256};

  private:
    void list(InstrumentKind kind, std::uint16_t underlying, std::int64_t low, std::int64_t high) {
        const bool is_option = instruments::is_option(kind);
        const auto listing = instruments_.draft({.kind = kind,
                                                 .underlying = UnderlyingId(underlying),
                                                 .expiry = UnixNanos(is_option ? 1'000'000'000 : 0),
                                                 .strike = IndexPrice(is_option ? 1'000'000 : 0),
                                                 .terms = {.tick = IndexPrice(10'000),
                                                           .lot = Amount(1'000'000),
                                                           .price_low = Ticks(low),
                                                           .price_high = Ticks(high),
                                                           .lots_max = Lots(50)},
                                                 .steps = {}},
                                                UnixNanos(0));
        ASSERT(listing.has_value());
        static_cast<void>(instruments_.list(*listing));
    }

    instruments::Instruments instruments_{few()};

  public:
    Clearing clearing{few(), instruments_, accounts, events};
};

// ---- Open orders ----

TEST(Clearing, an_open_order_holds_its_lots_and_a_canceled_one_nothing) {
    Desk desk;
    OpenOrder order = desk.open(alice, perpetual, Side::buy, 700, 5);
    EXPECT_EQ(desk.held(alice), 3500);
    EXPECT_EQ(desk.position(alice, perpetual).open[0], Lots(5));
    desk.clearing.unwind(order, 2);
    EXPECT_EQ(desk.held(alice), 2100);
    EXPECT_EQ(order.left, 3U);
    desk.cancel(order);
    EXPECT_EQ(desk.held(alice), 0);
    EXPECT_EQ(desk.clearing.find(alice, perpetual), nullptr);
}

TEST(Clearing, an_amended_order_holds_the_new_in_place_of_the_old) {
    Desk desk;
    OpenOrder order = desk.open(alice, perpetual, Side::sell, 700, 5);
    desk.clearing.rehold(order, Amount(100), 9);
    EXPECT_EQ(desk.held(alice), 900);
    EXPECT_EQ(order.left, 9U);
    EXPECT_EQ(desk.position(alice, perpetual).open[1], Lots(9));
    EXPECT_EQ(desk.position(alice, perpetual).open[0], Lots(0));
    desk.cancel(order);
    EXPECT_EQ(desk.held(alice), 0);
}

TEST(Clearing, a_sold_call_holds_the_coin) {
    Desk desk;
    OpenOrder order = desk.open(alice, call, Side::sell, 1000, 3);
    EXPECT_EQ(desk.held(alice, coin), 3000);
    EXPECT_EQ(desk.held(alice), 0);
    desk.fill(order, 7, 2);
    EXPECT_EQ(desk.held(alice, coin), 3000);
    EXPECT_EQ(desk.position(alice, call).collateral, Amount(2000));
    EXPECT_EQ(desk.paid(alice), -2 * 7 * tick);
    desk.trade(bob, call, Side::buy, 7 * tick, 7, 2);
}

// ---- Fills ----

TEST(Clearing, a_buy_pays_its_fill_and_keeps_nothing_of_its_hold) {
    Desk desk;
    OpenOrder order = desk.open(alice, perpetual, Side::buy, 100 * tick, 5);
    desk.trade(bob, perpetual, Side::sell, 200 * tick, 90, 2);
    desk.fill(order, 90, 2);
    EXPECT_EQ(desk.paid(alice), 2 * 90 * tick);
    EXPECT_EQ(desk.held(alice), 3 * 100 * tick);
    EXPECT_EQ(order.filled, 2U);
    EXPECT_EQ(order.left, 3U);
    const Position position = desk.position(alice, perpetual);
    EXPECT_EQ(position.lots, Lots(2));
    EXPECT_EQ(position.cost, Amount(2 * 90 * tick));
    EXPECT_EQ(position.collateral, Amount(0));
    EXPECT_EQ(position.open[0], Lots(3));
    EXPECT_EQ(position.orders, 1U);
}

TEST(Clearing, a_sell_is_paid_and_keeps_its_hold_as_collateral) {
    Desk desk;
    desk.trade(bob, perpetual, Side::sell, 200 * tick, 90, 2);
    desk.trade(alice, perpetual, Side::buy, 90 * tick, 90, 2);
    EXPECT_EQ(desk.paid(bob), -2 * 90 * tick);
    EXPECT_EQ(desk.held(bob), 2 * 200 * tick);
    const Position position = desk.position(bob, perpetual);
    EXPECT_EQ(position.lots, Lots(-2));
    EXPECT_EQ(position.cost, Amount(-2 * 90 * tick));
    EXPECT_EQ(position.collateral, Amount(2 * 200 * tick));
    EXPECT_EQ(position.orders, 0U);
}

TEST(Clearing, each_fill_tells_balance_and_position) {
    Desk desk;
    desk.events.begin(Sequence(4), UnixNanos(9));
    desk.trade(alice, perpetual, Side::buy, 10 * tick, 8, 3);
    std::vector<std::span<const Unit>> events;
    desk.events.visit_from(desk.events.start(),
                           [&](std::span<const Unit> event) { events.push_back(event); });
    ASSERT_EQ(events.size(), 2U);
    const auto& balance = protocol::view<protocol::BalanceChanged>(events[0]);
    EXPECT_EQ(balance.change, Amount(-3 * 8 * tick));
    EXPECT_EQ(balance.balance, Amount(rich - 3 * 8 * tick));
    EXPECT_EQ(balance.account, alice);
    EXPECT_EQ(balance.asset, money);
    EXPECT_EQ(balance.reason, protocol::BalanceReason::trade);
    const auto& position = protocol::view<protocol::PositionChanged>(events[1]);
    EXPECT_EQ(position.lots, Lots(3));
    EXPECT_EQ(position.cost, Amount(3 * 8 * tick));
    EXPECT_EQ(position.account, alice);
    EXPECT_EQ(position.instrument, perpetual);
    desk.trade(bob, perpetual, Side::sell, 10 * tick, 8, 3);
}

TEST(Clearing, closing_frees_a_share_rounded_against_the_account_and_the_last_lot_all) {
    Desk desk;
    // Lots that held 200 and 100: 400 for three.
    desk.trade(bob, perpetual, Side::sell, 200, 1, 1);
    desk.trade(bob, perpetual, Side::sell, 100, 1, 2);
    EXPECT_EQ(desk.held(bob), 400);
    desk.trade(bob, perpetual, Side::buy, tick, 1, 1);
    EXPECT_EQ(desk.held(bob), 400 - 133);
    desk.trade(bob, perpetual, Side::buy, tick, 1, 1);
    EXPECT_EQ(desk.held(bob), 400 - 133 - 133);
    desk.trade(bob, perpetual, Side::buy, tick, 1, 1);
    EXPECT_EQ(desk.held(bob), 0);
    EXPECT_EQ(desk.clearing.find(bob, perpetual), nullptr);
    EXPECT_EQ(desk.paid(bob), 0);
}

TEST(Clearing, a_buy_that_flips_a_short_frees_all_of_its_collateral) {
    Desk desk;
    desk.trade(bob, perpetual, Side::sell, 500, 4, 3);
    desk.trade(bob, perpetual, Side::buy, 6 * tick, 6, 5);
    const Position position = desk.position(bob, perpetual);
    EXPECT_EQ(position.lots, Lots(2));
    EXPECT_EQ(position.collateral, Amount(0));
    EXPECT_EQ(position.cost, Amount((5 * 6 - 3 * 4) * tick));
    EXPECT_EQ(desk.held(bob), 0);
    desk.trade(alice, perpetual, Side::sell, 900, 6, 5);
    desk.trade(alice, perpetual, Side::buy, 4 * tick, 4, 3);
}

TEST(Clearing, a_sell_that_flips_a_long_keeps_collateral_for_the_lots_it_opens) {
    Desk desk;
    desk.trade(alice, perpetual, Side::buy, 4 * tick, 4, 3);
    desk.trade(alice, perpetual, Side::sell, 500, 4, 5);
    EXPECT_EQ(desk.position(alice, perpetual).lots, Lots(-2));
    EXPECT_EQ(desk.position(alice, perpetual).collateral, Amount(2 * 500));
    EXPECT_EQ(desk.held(alice), 2 * 500);
    desk.trade(bob, perpetual, Side::buy, 4 * tick, 4, 2);
}

TEST(Clearing, cost_starts_anew_with_each_position) {
    Desk desk;
    OpenOrder waiting = desk.open(alice, perpetual, Side::buy, tick, 1);
    desk.trade(alice, perpetual, Side::buy, 4 * tick, 4, 2);
    desk.trade(alice, perpetual, Side::sell, 100, 9, 2);
    EXPECT_EQ(desk.position(alice, perpetual).cost, Amount((2 * 4 - 2 * 9) * tick));
    desk.trade(alice, perpetual, Side::buy, 5 * tick, 5, 1);
    EXPECT_EQ(desk.position(alice, perpetual).cost, Amount(5 * tick));
    desk.cancel(waiting);
    desk.trade(bob, perpetual, Side::sell, 100, 5, 1);
    desk.trade(bob, perpetual, Side::buy, 10 * tick, 9, 2);
    desk.trade(bob, perpetual, Side::sell, 10 * tick, 4, 2);
}

// ---- Prices below zero ----

TEST(Clearing, below_zero_the_buyer_is_paid_and_both_keep_the_depth) {
    Desk desk;
    // The buy held 20 above the depth of 50, the sell the band's 30 above it.
    desk.trade(alice, spread, Side::buy, 70 * tick, -10, 2);
    desk.trade(bob, spread, Side::sell, 80 * tick, -10, 2);
    EXPECT_EQ(desk.paid(alice), -20 * tick);
    EXPECT_EQ(desk.paid(bob), 20 * tick);
    EXPECT_EQ(desk.held(alice), 2 * 50 * tick);
    EXPECT_EQ(desk.held(bob), 2 * 30 * tick);
    EXPECT_EQ(desk.position(alice, spread).collateral, Amount(2 * 50 * tick));
    EXPECT_EQ(desk.position(bob, spread).collateral, Amount(2 * 30 * tick));
}

TEST(Clearing, below_zero_a_flip_swaps_one_sides_collateral_for_the_others) {
    Desk desk;
    desk.trade(alice, spread, Side::buy, 70 * tick, -50, 2);
    desk.trade(alice, spread, Side::sell, 80 * tick, -50, 5);
    EXPECT_EQ(desk.held(alice), 3 * 30 * tick);
    desk.trade(alice, spread, Side::buy, 0, -50, 4);
    EXPECT_EQ(desk.held(alice), 50 * tick);
    EXPECT_EQ(desk.position(alice, spread).lots, Lots(1));
    desk.trade(bob, spread, Side::sell, 80 * tick, -50, 1);
}

// ---- Room ----

TEST(Clearing, positions_are_reserved_from_the_first_order_and_freed_with_the_last) {
    Desk desk;
    OpenOrder first = desk.open(alice, perpetual, Side::buy, 1, 1);
    OpenOrder second = desk.open(alice, spread, Side::buy, 1, 1);
    OpenOrder third = desk.open(bob, perpetual, Side::buy, 1, 1);
    EXPECT_EQ(desk.clearing.check_room(bob, spread, Side::buy, Lots(1)).error(),
              Reject::positions_full);
    EXPECT_TRUE(desk.clearing.check_room(bob, perpetual, Side::buy, Lots(1)).has_value());
    OpenOrder another = desk.open(alice, spread, Side::sell, 1, 1);
    desk.cancel(second);
    EXPECT_EQ(desk.clearing.check_room(bob, spread, Side::buy, Lots(1)).error(),
              Reject::positions_full);
    desk.cancel(another);
    EXPECT_TRUE(desk.clearing.check_room(bob, spread, Side::buy, Lots(1)).has_value());
    desk.cancel(first);
    desk.cancel(third);
}

TEST(Clearing, a_position_and_all_orders_of_a_side_stay_within_the_bound) {
    Desk desk;
    const auto room = [&](Side side, std::int64_t lots) {
        return desk.clearing.check_room(alice, perpetual, side, Lots(lots)).error();
    };
    EXPECT_EQ(room(Side::buy, 20), Reject::none);
    EXPECT_EQ(room(Side::buy, 21), Reject::position_too_large);
    desk.trade(alice, perpetual, Side::buy, tick, 1, 5);
    OpenOrder buy = desk.open(alice, perpetual, Side::buy, 1, 4);
    OpenOrder sell = desk.open(alice, perpetual, Side::sell, 1, 3);
    EXPECT_EQ(room(Side::buy, 11), Reject::none);
    EXPECT_EQ(room(Side::buy, 12), Reject::position_too_large);
    EXPECT_EQ(room(Side::sell, 22), Reject::none);
    EXPECT_EQ(room(Side::sell, 23), Reject::position_too_large);
    desk.cancel(buy);
    desk.cancel(sell);
    desk.trade(bob, perpetual, Side::sell, 100, 1, 5);
}

TEST(Clearing, only_lots_that_shrink_the_position_reduce_it) {
    Desk desk;
    const auto reduces = [&](AccountId account, Side side, std::int64_t lots) {
        return desk.clearing.check_reduces(account, perpetual, side, Lots(lots)).has_value();
    };
    EXPECT_FALSE(reduces(alice, Side::buy, 1));
    EXPECT_FALSE(reduces(alice, Side::sell, 1));
    desk.trade(alice, perpetual, Side::buy, tick, 1, 5);
    desk.trade(bob, perpetual, Side::sell, 100, 1, 5);
    EXPECT_TRUE(reduces(alice, Side::sell, 5));
    EXPECT_FALSE(reduces(alice, Side::sell, 6));
    EXPECT_FALSE(reduces(alice, Side::buy, 1));
    EXPECT_TRUE(reduces(bob, Side::buy, 5));
    EXPECT_FALSE(reduces(bob, Side::sell, 1));
    OpenOrder open = desk.open(alice, perpetual, Side::sell, 1, 3);
    EXPECT_TRUE(reduces(alice, Side::sell, 2));
    EXPECT_FALSE(reduces(alice, Side::sell, 3));
    desk.cancel(open);
}

TEST(Clearing, an_accounts_positions_stand_oldest_first_whichever_goes) {
    Desk desk;
    const auto instruments = [&] {
        std::vector<InstrumentId> all;
        desk.clearing.visit_positions(
            alice, [&](const Position& position) { all.push_back(position.instrument); });
        return all;
    };
    using Ids = std::vector<InstrumentId>;
    OpenOrder first = desk.open(alice, put, Side::buy, 1, 1);
    OpenOrder second = desk.open(alice, perpetual, Side::buy, 1, 1);
    OpenOrder third = desk.open(alice, call, Side::buy, 1, 1);
    EXPECT_EQ(instruments(), (Ids{put, perpetual, call}));
    desk.cancel(second);
    EXPECT_EQ(instruments(), (Ids{put, call}));
    desk.cancel(first);
    EXPECT_EQ(instruments(), (Ids{call}));
    OpenOrder fourth = desk.open(alice, put, Side::buy, 1, 1);
    EXPECT_EQ(instruments(), (Ids{call, put}));
    desk.cancel(fourth);
    desk.cancel(third);
    EXPECT_EQ(instruments(), Ids{});
}

// ---- Conservation ----

TEST(Clearing, random_trades_of_two_accounts_make_no_money_and_hold_what_positions_keep) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        Desk desk;
        for (std::uint32_t at = 0; at < 500; ++at) {
            const InstrumentId instrument = prng.one_in(3) ? spread : perpetual;
            const std::int64_t depth = instrument == spread ? 50 : 0;
            const std::int64_t price = prng.between(-depth, 40);
            const bool buys = prng.one_in(2);
            const AccountId buyer = buys ? alice : bob;
            const AccountId seller = buys ? bob : alice;
            const auto lots = static_cast<std::uint32_t>(prng.between(1, 4));
            const auto fits = [&](AccountId account, Side side) {
                return desk.clearing.check_room(account, instrument, side, Lots(lots)).has_value();
            };
            // One position of three is left over for either account.
            if (!fits(buyer, Side::buy) || !fits(seller, Side::sell) ||
                (instrument == spread && seed % 2 == 0)) {
                continue;
            }
            OpenOrder buy = desk.open(buyer, instrument, Side::buy, (price + depth) * tick, lots);
            if (!fits(seller, Side::sell)) {
                desk.cancel(buy);
                continue;
            }
            OpenOrder sell = desk.open(seller, instrument, Side::sell, (45 + depth) * tick, lots);
            desk.fill(sell, price, lots);
            desk.fill(buy, price, lots);
            ASSERT_EQ(desk.paid(alice), -desk.paid(bob));
            for (const AccountId account : {alice, bob}) {
                std::int64_t kept = 0;
                desk.clearing.visit_positions(account, [&](const Position& position) {
                    kept += position.collateral.value();
                });
                ASSERT_EQ(desk.held(account), kept);
            }
            ASSERT_EQ(desk.position(alice, instrument).lots, -desk.position(bob, instrument).lots);
            desk.accounts.check_invariants();
            desk.clearing.check_invariants();
        }
    }
}

}  // namespace
}  // namespace miletus::clearing
