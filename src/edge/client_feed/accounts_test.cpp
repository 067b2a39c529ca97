// What the fold makes of events: whose fee is whose, what is found under which name, what windows
// keep, and what a command is said to have changed.
#include "edge/client_feed/accounts.hpp"

#include "protocol/codec.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace miletus::client_feed {
namespace {

using protocol::BalanceReason;
using protocol::PositionReason;
using protocol::RemovalReason;
using protocol::Side;

constexpr AccountId alice{1};
constexpr AccountId bob{2};
constexpr AccountId carol{3};
constexpr AssetId usdc{0};
constexpr InstrumentId perpetual{0};
constexpr InstrumentId call{1};

constexpr AccountsSettings small{.accounts = 8,
                                 .assets = 2,
                                 .positions = 4,
                                 .open_orders = 8,
                                 .closed_orders = 8,
                                 .closed_orders_per_account = 3,
                                 .trades = 16,
                                 .trades_per_account = 6,
                                 .transactions = 16,
                                 .transactions_per_account = 6,
                                 .settlements = 4,
                                 .settlements_per_account = 2};

class AccountsTest : public testing::Test {
  protected:
    void SetUp() override {
        tell(protocol::UnderlyingAdded{.base = AssetId(1), .quote = usdc});
        tell(protocol::InstrumentListed{.instrument = perpetual});
        tell(
            protocol::InstrumentListed{.instrument = call, .kind = protocol::InstrumentKind::call});
        for (const AccountId account : {alice, bob, carol}) {
            tell(protocol::AccountOpened{.owner = OwnerId(account.value()), .account = account});
        }
        complete();
    }
    template <class Event, class... Entries>
    bool tell(Event event, const Entries&... entries) {
        event.header.sequence = Sequence(sequence);
        event.header.ordinal = ordinal++;
        std::vector<Unit> units(
            protocol::units_of<Event>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
        protocol::encode(event, entries..., units);
        return accounts.read(units);
    }
    void complete() {
        EXPECT_TRUE(tell(protocol::Completed{.time = UnixNanos(time())}));
        ++sequence;
        ordinal = 0;
    }
    [[nodiscard]] std::int64_t time() const { return static_cast<std::int64_t>(sequence) * 10; }

    void accept(std::uint64_t order, AccountId account, Side side, std::int64_t lots,
                std::string_view label = "", std::uint64_t client_order = 0) {
        tell(protocol::OrderAccepted{.order = OrderId(order),
                                     .client_order = ClientOrderId(client_order),
                                     .price = Ticks(100),
                                     .quantity = Lots(lots),
                                     .time = UnixNanos(time()),
                                     .instrument = perpetual,
                                     .account = account,
                                     .side = side},
             std::span<const char>(label));
    }
    void rest(std::uint64_t order, AccountId account, Side side, std::int64_t lots,
              std::string_view label = "", std::uint64_t client_order = 0) {
        accept(order, account, side, lots, label, client_order);
        tell(protocol::OrderRested{.order = OrderId(order),
                                   .price = Ticks(100),
                                   .quantity = Lots(lots),
                                   .instrument = perpetual,
                                   .account = account,
                                   .side = side});
    }
    void remove(std::uint64_t order, RemovalReason reason = RemovalReason::client) {
        tell(protocol::OrderRemoved{.order = OrderId(order), .reason = reason});
    }
    struct Sides {
        std::uint64_t maker;
        AccountId maker_account;
        std::uint64_t taker;
        AccountId taker_account;
    };
    void trade(const Sides& sides, std::int64_t price, std::int64_t lots, std::int64_t maker_left,
               std::int64_t taker_left, InstrumentId instrument = perpetual) {
        tell(protocol::Trade{.maker = OrderId(sides.maker),
                             .taker = OrderId(sides.taker),
                             .price = Ticks(price),
                             .quantity = Lots(lots),
                             .number = TradeNumber(++trades),
                             .maker_left = Lots(maker_left),
                             .taker_left = Lots(taker_left),
                             .time = UnixNanos(time()),
                             .instrument = instrument,
                             .maker_account = sides.maker_account,
                             .taker_account = sides.taker_account,
                             .taker_side = Side::sell});
    }
    void position(AccountId account, std::int64_t lots, std::int64_t fee, std::int64_t realised = 0,
                  PositionReason reason = PositionReason::trade,
                  InstrumentId instrument = perpetual) {
        tell(protocol::PositionChanged{.lots = Lots(lots),
                                       .cost = Amount(lots * 100),
                                       .realised = Amount(realised),
                                       .fee = Amount(fee),
                                       .account = account,
                                       .instrument = instrument,
                                       .reason = reason});
    }
    void balance(AccountId account, std::int64_t change, std::int64_t total, BalanceReason reason) {
        tell(protocol::BalanceChanged{.change = Amount(change),
                                      .balance = Amount(total),
                                      .account = account,
                                      .asset = usdc,
                                      .reason = reason});
    }
    // A fill of one lot between orders of alice, who makes, and bob.
    void one_fill(std::uint64_t maker, std::uint64_t taker) {
        rest(maker, alice, Side::buy, 1);
        complete();
        accept(taker, bob, Side::sell, 1);
        trade({maker, alice, taker, bob}, 100, 1, 0, 0);
        position(alice, 1, -1);
        position(bob, -1, 2);
        complete();
    }
    [[nodiscard]] const AccountChanges* changes_of(AccountId account) const {
        for (const AccountChanges& changes : accounts.changes()) {
            if (changes.account == account) {
                return &changes;
            }
        }
        return nullptr;
    }
    std::vector<OwnTrade> trades_of(AccountId account, const TradeQuery& query) {
        std::vector<OwnTrade> found;
        has_more = accounts.visit_trades(
            account, query, [](InstrumentId) { return true; },
            [&found](const OwnTrade& trade) { found.push_back(trade); });
        return found;
    }
    std::vector<Transaction> transactions_of(AccountId account) {
        std::vector<Transaction> found;
        accounts.visit_transactions(account, [&found](const Transaction& transaction) {
            found.push_back(transaction);
            return true;
        });
        return found;
    }
    std::vector<std::uint64_t> labelled(AccountId account, std::string_view label) {
        std::vector<std::uint64_t> found;
        accounts.visit_label(account, label, [&found](const Order& order) {
            found.push_back(order.id.value());
            return true;
        });
        return found;
    }
    std::vector<std::uint64_t> closed_of(AccountId account) {
        std::vector<std::uint64_t> found;
        accounts.visit_closed_orders(account, [&found](const Order& order) {
            found.push_back(order.id.value());
            return true;
        });
        return found;
    }

    Accounts accounts{small};
    std::uint64_t sequence = 1;
    std::uint32_t ordinal = 0;
    std::uint64_t trades = 0;
    bool has_more = false;
};

using Ids = std::vector<std::uint64_t>;

// ---- Fills ----

// All trades come first; then, in their order, what each did to its maker and to its taker, with
// funding that was due in between.
TEST_F(AccountsTest, every_trade_has_its_own_fee_and_result) {
    rest(11, alice, Side::buy, 2);
    rest(12, bob, Side::buy, 3);
    complete();
    accept(13, carol, Side::sell, 9, "exit");
    trade({11, alice, 13, carol}, 100, 2, 0, 7);
    trade({12, bob, 13, carol}, 99, 3, 0, 4);
    tell(protocol::RemainderCanceled{
        .order = OrderId(13), .quantity = Lots(4), .reason = RemovalReason::immediate});
    position(alice, 2, -5);
    tell(protocol::ResultBooked{.change = Amount(-70),
                                .session = Amount(-70),
                                .account = carol,
                                .asset = usdc,
                                .reason = protocol::ResultReason::funding});
    position(carol, -2, 10, 1000);
    position(bob, 3, -6);
    position(carol, -5, 20, 2000);
    complete();

    const std::vector<OwnTrade> own = trades_of(carol, {.is_newest_first = false});
    ASSERT_EQ(own.size(), 2U);
    EXPECT_EQ(own[0].fee, Amount(10));
    EXPECT_EQ(own[0].realised, Amount(1000));
    EXPECT_EQ(own[0].price, Ticks(100));
    EXPECT_EQ(own[1].fee, Amount(20));
    EXPECT_EQ(own[1].realised, Amount(2000));
    EXPECT_EQ(own[1].order_stage, OrderStage::open);
    EXPECT_FALSE(own[1].is_maker);
    EXPECT_EQ(own[1].label.view(), "exit");
    EXPECT_EQ(own[1].side, Side::sell);
    const std::vector<OwnTrade> made = trades_of(bob, {});
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].fee, Amount(-6));
    EXPECT_TRUE(made[0].is_maker);
    EXPECT_EQ(made[0].side, Side::buy);
    EXPECT_EQ(made[0].order_stage, OrderStage::filled);
    EXPECT_EQ(made[0].id, own[1].id);

    const Order* order = accounts.find_order(OrderId(13));
    ASSERT_NE(order, nullptr);
    EXPECT_EQ(order->stage, OrderStage::canceled);
    EXPECT_EQ(order->reason, RemovalReason::immediate);
    EXPECT_EQ(order->quantity, Lots(9));
    EXPECT_EQ(order->filled, Lots(5));
    EXPECT_TRUE(order->cost == 2 * 100 + 3 * 99);
    EXPECT_EQ(order->costed, Lots(5));
    EXPECT_EQ(order->fee, Amount(30));
    EXPECT_EQ(order->updated, UnixNanos(20 + 10));
    EXPECT_EQ(accounts.balance(carol, usdc).session, Amount(-70 + 3000));
    EXPECT_EQ(accounts.balance(carol, usdc).total, Amount(-30));
    EXPECT_EQ(accounts.balance(AccountId(0), usdc).total, Amount(-5 + 10 - 6 + 20));
    const Position* held = accounts.find_position(carol, perpetual);
    ASSERT_NE(held, nullptr);
    EXPECT_EQ(held->lots, Lots(-5));
    EXPECT_EQ(held->realised, Amount(3000));
    EXPECT_EQ(held->fees, Amount(30));
}

TEST_F(AccountsTest, a_premium_and_its_fee_are_one_transaction) {
    rest(11, alice, Side::buy, 2);
    complete();
    accept(12, bob, Side::sell, 2);
    trade({11, alice, 12, bob}, 100, 2, 0, 0, call);
    balance(alice, -200, 800, BalanceReason::trade);
    position(alice, 2, 3, 0, PositionReason::trade, call);
    balance(bob, 200, 1200, BalanceReason::trade);
    position(bob, -2, 4, 50, PositionReason::trade, call);
    complete();
    const std::vector<Transaction> paid = transactions_of(alice);
    ASSERT_EQ(paid.size(), 1U);
    EXPECT_EQ(paid[0].kind, TransactionKind::trade);
    EXPECT_EQ(paid[0].change, Amount(-203));
    EXPECT_EQ(paid[0].fee, Amount(3));
    EXPECT_EQ(paid[0].balance, Amount(797));
    EXPECT_EQ(paid[0].order, OrderId(11));
    EXPECT_EQ(paid[0].quantity, Lots(2));
    EXPECT_EQ(paid[0].time, UnixNanos(30));
    EXPECT_EQ(accounts.balance(bob, usdc).total, Amount(1196));
    EXPECT_EQ(accounts.balance(bob, usdc).session, Amount(0));  // an option's is money at once
}

TEST_F(AccountsTest, a_slice_of_a_liquidation_is_known_by_both_sides) {
    rest(11, alice, Side::buy, 5);
    complete();
    tell(protocol::LiquidationStep{.account = bob});
    accept(12, bob, Side::sell, 2);
    trade({11, alice, 12, bob}, 100, 2, 3, 0);
    position(alice, 2, 0);
    position(bob, -2, 0);
    complete();
    EXPECT_TRUE(accounts.find_order(OrderId(12))->is_liquidation);
    EXPECT_FALSE(accounts.find_order(OrderId(11))->is_liquidation);
    EXPECT_TRUE(trades_of(alice, {})[0].is_taker_liquidation);
    EXPECT_TRUE(trades_of(bob, {})[0].is_taker_liquidation);
    accept(13, bob, Side::sell, 2);
    EXPECT_FALSE(accounts.find_order(OrderId(13))->is_liquidation);
}

// ---- Orders ----

TEST_F(AccountsTest, an_order_that_meets_its_owner_wants_so_much_less) {
    rest(11, alice, Side::buy, 5);
    complete();
    accept(12, alice, Side::sell, 7);
    tell(protocol::OrderReduced{
        .order = OrderId(11), .quantity = Lots(3), .reason = RemovalReason::self_trade});
    tell(protocol::RemainderCanceled{
        .order = OrderId(12), .quantity = Lots(2), .reason = RemovalReason::self_trade});
    tell(protocol::OrderRested{.order = OrderId(12), .price = Ticks(100), .quantity = Lots(5)});
    complete();
    EXPECT_EQ(accounts.find_order(OrderId(11))->quantity, Lots(3));
    EXPECT_EQ(accounts.find_order(OrderId(12))->quantity, Lots(5));
    EXPECT_EQ(accounts.find_order(OrderId(12))->stage, OrderStage::open);
    EXPECT_EQ(accounts.open_orders(alice), 2U);
}

TEST_F(AccountsTest, an_amended_order_stays_the_same) {
    rest(11, alice, Side::buy, 5);
    complete();
    tell(protocol::OrderAmended{
        .order = OrderId(11), .price = Ticks(101), .quantity = Lots(8), .account = alice});
    remove(11, RemovalReason::amended);
    tell(protocol::OrderRested{.order = OrderId(11), .price = Ticks(101), .quantity = Lots(8)});
    complete();
    const Order* order = accounts.find_order(OrderId(11));
    EXPECT_TRUE(order->is_replaced);
    EXPECT_EQ(order->stage, OrderStage::open);
    EXPECT_EQ(order->price, Ticks(101));
    EXPECT_EQ(order->left, Lots(8));
    EXPECT_EQ(order->created, UnixNanos(20));
    EXPECT_EQ(order->updated, UnixNanos(30));
}

TEST_F(AccountsTest, an_order_waits_is_triggered_and_may_be_refused) {
    for (const std::uint64_t order : {11U, 12U}) {
        tell(protocol::OrderWaits{.order = OrderId(order),
                                  .quantity = Lots(5),
                                  .trigger_price = Ticks(90),
                                  .account = alice,
                                  .order_type = protocol::OrderType::market,
                                  .reduce_only = 1,
                                  .reference = protocol::TriggerReference::mark},
             std::span<const char>());
    }
    complete();
    EXPECT_EQ(accounts.find_order(OrderId(11))->stage, OrderStage::untriggered);
    tell(protocol::OrderTriggered{
        .order = OrderId(11), .price = Ticks(80), .quantity = Lots(3), .account = alice});
    tell(protocol::RemainderCanceled{
        .order = OrderId(11), .quantity = Lots(3), .reason = RemovalReason::immediate});
    tell(protocol::WaitingRemoved{.order = OrderId(12),
                                  .reject = Reject::margin_insufficient,
                                  .reason = RemovalReason::refused});
    complete();
    const Order* first = accounts.find_order(OrderId(11));
    EXPECT_TRUE(first->is_triggered && first->has_trigger && first->reduce_only);
    EXPECT_EQ(first->stage, OrderStage::canceled);
    EXPECT_EQ(first->quantity, Lots(3));  // cut down to what was held
    const Order* second = accounts.find_order(OrderId(12));
    EXPECT_EQ(second->stage, OrderStage::rejected);
    EXPECT_EQ(second->reject, Reject::margin_insufficient);
    EXPECT_EQ(accounts.open_orders(alice), 0U);
}

TEST_F(AccountsTest, orders_are_found_by_what_their_client_calls_them) {
    rest(11, alice, Side::buy, 1, "a", 7);
    rest(12, alice, Side::buy, 1, "a");
    rest(13, bob, Side::buy, 1, "a", 7);
    rest(14, alice, Side::buy, 1, "b");
    complete();
    remove(11);
    rest(15, alice, Side::buy, 1, "a", 7);
    complete();
    EXPECT_EQ(labelled(alice, "a"), (Ids{15, 12, 11}));
    EXPECT_EQ(labelled(alice, "b"), (Ids{14}));
    EXPECT_EQ(labelled(bob, "a"), (Ids{13}));
    EXPECT_EQ(labelled(bob, ""), Ids());
    EXPECT_EQ(accounts.find_order(alice, ClientOrderId(7))->id, OrderId(15));
    EXPECT_EQ(accounts.find_order(bob, ClientOrderId(7))->id, OrderId(13));
    EXPECT_EQ(accounts.find_order(bob, ClientOrderId(8)), nullptr);
}

TEST_F(AccountsTest, of_closed_orders_the_last_ones_are_known) {
    for (std::uint64_t order = 11; order <= 15; ++order) {
        rest(order, alice, Side::buy, 1, "a", 7);
        remove(order);
        complete();
    }
    // The next command makes the window as narrow as it is meant to be.
    EXPECT_EQ(closed_of(alice), (Ids{15, 14, 13, 12}));
    rest(16, alice, Side::buy, 1, "a", 7);
    complete();
    EXPECT_EQ(closed_of(alice), (Ids{15, 14, 13}));
    EXPECT_EQ(labelled(alice, "a"), (Ids{16, 15, 14, 13}));
    EXPECT_EQ(accounts.find_order(OrderId(12)), nullptr);
    EXPECT_EQ(accounts.find_order(alice, ClientOrderId(7))->id, OrderId(16));
}

TEST_F(AccountsTest, all_that_one_command_closed_can_be_asked_about) {
    for (std::uint64_t order = 11; order <= 18; ++order) {
        rest(order, alice, Side::buy, 1);
    }
    complete();
    for (std::uint64_t order = 11; order <= 18; ++order) {
        remove(order, RemovalReason::mass_cancel);
    }
    complete();
    const AccountChanges* changes = changes_of(alice);
    ASSERT_NE(changes, nullptr);
    ASSERT_EQ(changes->orders.size(), 8U);
    for (const OrderId order : changes->orders) {
        ASSERT_NE(accounts.find_order(order), nullptr);
        EXPECT_EQ(accounts.find_order(order)->reason, RemovalReason::mass_cancel);
    }
}

// Eight may be open; one more is not known, and nothing that is told of it does any harm.
TEST_F(AccountsTest, what_finds_no_room_is_passed_over) {
    for (std::uint64_t order = 11; order <= 27; ++order) {
        rest(order, alice, Side::buy, 1, "a", order);
    }
    complete();
    EXPECT_EQ(accounts.open_orders(alice), 16U);
    EXPECT_EQ(accounts.find_order(OrderId(27)), nullptr);
    remove(27);
    accept(28, AccountId(99), Side::buy, 1);
    trade({27, alice, 28, AccountId(99)}, 100, 1, 0, 0);
    position(alice, 1, 1);
    position(AccountId(99), -1, 1);
    complete();
    EXPECT_EQ(accounts.open_orders(alice), 16U);
    EXPECT_EQ(trades_of(alice, {}).size(), 1U);
    EXPECT_EQ(trades_of(alice, {})[0].fee, Amount(1));
    EXPECT_EQ(trades_of(AccountId(99), {}).size(), 0U);
}

// ---- Trades ----

TEST_F(AccountsTest, trades_are_asked_for_by_order_time_and_number) {
    for (std::uint64_t at = 0; at < 5; ++at) {
        one_fill(11 + 2 * at, 12 + 2 * at);
    }
    EXPECT_EQ(trades_of(alice, {}).size(), 5U);
    EXPECT_FALSE(has_more);
    EXPECT_EQ(trades_of(alice, {.count = 2})[1].number, TradeNumber(4));
    EXPECT_TRUE(has_more);
    EXPECT_EQ(trades_of(alice, {.is_newest_first = false, .count = 5}).front().number,
              TradeNumber(1));
    EXPECT_FALSE(has_more);
    EXPECT_EQ(trades_of(alice, {.order = OrderId(15)})[0].number, TradeNumber(3));
    EXPECT_TRUE(trades_of(bob, {.order = OrderId(15)}).empty());
    EXPECT_TRUE(trades_of(bob, {.instrument = call}).empty());
    const std::vector<OwnTrade> some =
        trades_of(alice, {.first_number = TradeNumber(2), .last_number = TradeNumber(3)});
    ASSERT_EQ(some.size(), 2U);
    const std::vector<OwnTrade> same =
        trades_of(alice, {.from = some[1].time, .to = some[0].time, .is_newest_first = false});
    ASSERT_EQ(same.size(), 2U);
    EXPECT_EQ(same[0].number, TradeNumber(2));
    EXPECT_EQ(trades_of(alice, {.first = some[1].id, .last = some[0].id}).size(), 2U);
}

TEST_F(AccountsTest, of_trades_the_last_ones_are_known) {
    for (std::uint64_t at = 0; at < 9; ++at) {
        one_fill(11 + 2 * at, 12 + 2 * at);
    }
    complete();
    EXPECT_EQ(trades_of(alice, {.count = 100}).size(), 6U);
    EXPECT_EQ(trades_of(alice, {.is_newest_first = false}).front().number, TradeNumber(4));
}

// Sixteen places for the sides of twelve trades.
TEST_F(AccountsTest, a_command_of_more_trades_than_have_room_offers_the_last_ones) {
    rest(11, alice, Side::buy, 50);
    complete();
    accept(12, bob, Side::sell, 12);
    for (std::int64_t at = 1; at <= 12; ++at) {
        trade({11, alice, 12, bob}, 100, 1, 50 - at, 12 - at);
    }
    for (std::int64_t at = 1; at <= 12; ++at) {
        position(alice, at, at);
        position(bob, -at, 100 + at);
    }
    complete();
    const AccountChanges* changes = changes_of(alice);
    ASSERT_NE(changes, nullptr);
    ASSERT_EQ(changes->trades.size(), 8U);
    for (std::size_t at = 0; at < 8; ++at) {
        const OwnTrade& trade = accounts.trade(changes->trades[at]);
        EXPECT_EQ(trade.number, TradeNumber(5 + at));
        EXPECT_EQ(trade.fee, Amount(static_cast<std::int64_t>(5 + at)));
        EXPECT_EQ(trade.account, alice);
    }
    EXPECT_EQ(accounts.find_order(OrderId(12))->fee, Amount(12 * 100 + 78));
}

// ---- Sessions ----

TEST_F(AccountsTest, a_settled_session_begins_anew) {
    one_fill(11, 12);
    tell(protocol::MarkChanged{.mark = Grid(1234), .instrument = perpetual});
    tell(protocol::ResultBooked{.change = Amount(-7),
                                .session = Amount(-7),
                                .account = alice,
                                .instrument = perpetual,
                                .asset = usdc,
                                .reason = protocol::ResultReason::funding});
    position(alice, 1, 0, 30, PositionReason::settlement);
    balance(alice, 23, 24, BalanceReason::settlement);
    complete();
    EXPECT_EQ(accounts.balance(alice, usdc).session, Amount(0));
    EXPECT_EQ(accounts.balance(alice, usdc).total, Amount(24));
    EXPECT_EQ(accounts.find_position(alice, perpetual)->realised, Amount(0));
    EXPECT_EQ(accounts.find_position(alice, perpetual)->funding, Amount(0));
    std::vector<Settlement> settled;
    accounts.visit_settlements(alice, [&settled](const Settlement& settlement) {
        settled.push_back(settlement);
        return true;
    });
    ASSERT_EQ(settled.size(), 1U);
    EXPECT_EQ(settled[0].result, Amount(30));
    EXPECT_EQ(settled[0].funding, Amount(-7));
    EXPECT_EQ(settled[0].session_result, Amount(23));
    EXPECT_EQ(settled[0].price, Grid(1234));
    EXPECT_EQ(settled[0].lots, Lots(1));
    const std::vector<Transaction> moved = transactions_of(alice);
    ASSERT_EQ(moved.size(), 3U);
    EXPECT_EQ(moved[0].kind, TransactionKind::settlement);
    EXPECT_EQ(moved[0].change, Amount(23));
    EXPECT_EQ(moved[1].kind, TransactionKind::funding);
    EXPECT_EQ(moved[1].booked, Amount(-7));
    EXPECT_EQ(moved[2].change, Amount(1));  // the rebate
}

TEST_F(AccountsTest, a_delivery_is_a_settlement_and_leaves_nothing) {
    one_fill(11, 12);
    tell(protocol::DeliveryPriceSet{.price = Grid(990), .instrument = perpetual});
    balance(bob, 10, 8, BalanceReason::delivery);
    position(bob, 0, 3, 10, PositionReason::delivery);
    complete();
    EXPECT_FALSE(accounts.find_position(bob, perpetual)->is_held());
    EXPECT_EQ(accounts.balance(bob, usdc).total, Amount(5));
    EXPECT_EQ(transactions_of(bob)[0].change, Amount(7));
    EXPECT_EQ(transactions_of(bob)[0].kind, TransactionKind::delivery);
    accounts.visit_settlements(bob, [](const Settlement& settlement) {
        EXPECT_TRUE(settlement.is_delivery);
        EXPECT_EQ(settlement.lots, Lots(-1));
        EXPECT_EQ(settlement.price, Grid(990));
        return true;
    });
    tell(protocol::InstrumentArchived{.instrument = perpetual});
    complete();
    EXPECT_EQ(accounts.find_position(bob, perpetual), nullptr);
}

// ---- Changes ----

TEST_F(AccountsTest, a_command_names_what_it_changed_once) {
    one_fill(11, 12);
    ASSERT_EQ(accounts.changes().size(), 2U);
    const AccountChanges* changes = changes_of(alice);
    ASSERT_NE(changes, nullptr);
    EXPECT_EQ(changes->orders.size(), 1U);
    EXPECT_EQ(changes->trades.size(), 1U);
    EXPECT_EQ(changes->positions.size(), 1U);
    EXPECT_EQ(changes->balances.size(), 1U);
    EXPECT_FALSE(changes->has_new_state);
    complete();
    EXPECT_TRUE(accounts.changes().empty());
    tell(protocol::AccountStateChanged{.account = carol, .state = protocol::AccountState::stopped});
    complete();
    ASSERT_EQ(accounts.changes().size(), 1U);
    EXPECT_TRUE(accounts.changes()[0].has_new_state);
    EXPECT_EQ(accounts.state(carol), protocol::AccountState::stopped);
}

TEST_F(AccountsTest, what_stands_is_no_change_and_no_transaction) {
    balance(alice, 0, 500, BalanceReason::deposit);
    tell(protocol::ResultBooked{.session = Amount(20), .account = alice, .asset = usdc});
    position(alice, 4, 0, 0, PositionReason::settlement);
    accept(11, alice, Side::buy, 9);
    tell(protocol::OrderAmended{.order = OrderId(11),
                                .price = Ticks(100),
                                .quantity = Lots(9),
                                .filled = Lots(6),
                                .kept_place = 1});
    tell(protocol::OrderRested{.order = OrderId(11), .price = Ticks(100), .quantity = Lots(3)});
    ++sequence;
    complete();
    EXPECT_TRUE(accounts.changes().empty());
    EXPECT_TRUE(transactions_of(alice).empty());
    EXPECT_EQ(accounts.balance(alice, usdc).total, Amount(500));
    EXPECT_EQ(accounts.balance(alice, usdc).session, Amount(20));
    EXPECT_EQ(accounts.find_position(alice, perpetual)->lots, Lots(4));
    const Order* order = accounts.find_order(OrderId(11));
    EXPECT_EQ(order->filled, Lots(6));
    EXPECT_EQ(order->left, Lots(3));
    EXPECT_EQ(order->costed, Lots(0));
    EXPECT_FALSE(order->is_replaced);
}

}  // namespace
}  // namespace miletus::client_feed
