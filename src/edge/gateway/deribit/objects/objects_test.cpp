// Each object whole, as text: its names, its order, its numbers to the last digit.
#include "edge/gateway/deribit/objects/world_test.hpp"

#include <gtest/gtest.h>

namespace miletus::deribit {
namespace {

using protocol::RemovalReason;
using protocol::Side;

class ObjectsTest : public testing::Test {
  protected:
    World world;

    [[nodiscard]] std::string order_text(OrderId id) const {
        return json(
            [&](JsonWriter& writer) { write_order(writer, world.markets, world.order(id)); });
    }
};

TEST_F(ObjectsTest, an_instrument_tells_its_terms) {
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_instrument(writer, world.markets, world.market(perpetual));
              }),
              R"(GOLDEN_PERPETUAL)");
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_instrument(writer, world.markets, world.market(call));
              }),
              R"(GOLDEN_CALL)");
}

TEST_F(ObjectsTest, an_order_that_rests_tells_all_that_clients_look_for) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10, "my \"first\"");
    EXPECT_EQ(order_text(OrderId(11)), R"(GOLDEN_ORDER)");
}

TEST_F(ObjectsTest, a_market_order_has_a_word_for_a_price) {
    world.trade_perpetual();
    EXPECT_EQ(order_text(OrderId(12)), R"(GOLDEN_MARKET_ORDER)");
}

TEST_F(ObjectsTest, an_order_that_waits_tells_its_trigger_twice) {
    world.tell_with(protocol::OrderWaits{.order = OrderId(21),
                                         .price = Ticks(130'000),
                                         .quantity = Lots(2),
                                         .trigger_price = Ticks(135'001),
                                         .time = world.now,
                                         .instrument = perpetual,
                                         .account = taker,
                                         .side = Side::sell,
                                         .reduce_only = 1,
                                         .reference = protocol::TriggerReference::mark},
                    std::span<const char>());
    world.complete();
    EXPECT_EQ(order_text(OrderId(21)), R"(GOLDEN_STOP)");
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_trigger_order(writer, world.markets, world.order(OrderId(21)));
              }),
              R"(GOLDEN_TRIGGER)");
}

TEST_F(ObjectsTest, a_canceled_order_says_why_where_there_is_a_word) {
    world.place(OrderId(11), maker, perpetual, Side::buy, 130'000, 10);
    world.remove(OrderId(11), maker, perpetual, Side::buy, 130'000, 10);
    EXPECT_NE(order_text(OrderId(11)).find(R"("cancel_reason":"user_request")"), std::string::npos);
    world.place(OrderId(12), maker, perpetual, Side::buy, 130'000, 10);
    world.remove(OrderId(12), maker, perpetual, Side::buy, 130'000, 10, RemovalReason::disconnect);
    EXPECT_NE(order_text(OrderId(12)).find(R"("cancel_reason":"cancel_on_disconnect")"),
              std::string::npos);
    world.place(OrderId(13), maker, perpetual, Side::buy, 130'000, 10);
    world.remove(OrderId(13), maker, perpetual, Side::buy, 130'000, 10, RemovalReason::self_trade);
    EXPECT_EQ(order_text(OrderId(13)).find("cancel_reason"), std::string::npos);
}

TEST_F(ObjectsTest, a_trade_is_told_to_all_and_to_its_sides) {
    world.trade_perpetual();
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_public_trades(writer, world.markets, world.markets.changes().trades);
              }),
              R"(GOLDEN_PTRADE)");
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_user_trades(writer, world.markets, world.accounts, world.new_trades(taker));
              }),
              R"(GOLDEN_UTRADE)");
}

TEST_F(ObjectsTest, a_ticker_is_told_whole_and_then_by_what_changed) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10);
    const market_data::Ticker before = world.markets.ticker(world.market(perpetual));
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_ticker_snapshot(writer, world.markets, world.market(perpetual), before);
              }),
              R"(GOLDEN_TICKER)");
    world.place(OrderId(12), maker, perpetual, Side::buy, 139'999, 5);
    const market_data::Ticker now = world.markets.ticker(world.market(perpetual));
    EXPECT_TRUE(is_other_ticker(now, before));
    EXPECT_FALSE(is_other_ticker(now, now));
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_ticker_change(writer, world.markets, world.market(perpetual), now, before);
              }),
              R"(GOLDEN_TICKER_CHANGE)");
}

TEST_F(ObjectsTest, an_option_tells_volatilities_and_greeks) {
    EXPECT_EQ(
        json([&](JsonWriter& writer) { write_ticker(writer, world.markets, world.market(call)); }),
        R"(GOLDEN_OPTION_TICKER)");
}

TEST_F(ObjectsTest, a_book_is_told_whole_and_then_by_what_changed) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10);
    world.place(OrderId(12), maker, perpetual, Side::buy, 139'999, 5);
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  const Market& market = world.market(perpetual);
                  write_book_snapshot(writer, world.markets, market, market.book().change_id());
              }),
              R"(GOLDEN_SNAPSHOT)");
    world.tell(protocol::OrderReduced{.order = OrderId(12),
                                      .price = Ticks(139'999),
                                      .quantity = Lots(3),
                                      .level_total = Lots(3),
                                      .instrument = perpetual,
                                      .account = maker,
                                      .side = Side::buy});
    world.remove(OrderId(11), maker, perpetual, Side::sell, 140'001, 10);
    ASSERT_EQ(world.markets.changes().books.size(), 1U);
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_book_change(writer, world.markets, world.market(perpetual),
                                    world.markets.changes().books[0]);
              }),
              R"(GOLDEN_CHANGE)");
    market_data::GroupedBook grouped(Ticks(10), 5);
    EXPECT_TRUE(grouped.refresh(world.market(perpetual).book()));
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_grouped_book(writer, world.markets, world.market(perpetual), grouped);
              }),
              R"(GOLDEN_GROUPED)");
}

TEST_F(ObjectsTest, a_position_is_told_by_the_engines_view_of_it) {
    world.trade_perpetual();
    const protocol::PositionView view{.lots = Lots(-4),
                                      .cost = Amount(-280'000'000),
                                      .unrealised = Amount(-200),
                                      .mark = Grid(1'400'001),
                                      .initial = Amount(5'600'010),
                                      .maintenance = Amount(2'800'005),
                                      .instrument = perpetual};
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_position(writer, world.markets, view,
                                 world.accounts.find_position(maker, perpetual));
              }),
              R"(GOLDEN_POSITION)");
    EXPECT_EQ(view_of(world.markets, *world.accounts.find_position(maker, perpetual)).unrealised,
              view.unrealised);
}

TEST_F(ObjectsTest, an_account_is_told_in_every_currency) {
    world.trade_perpetual();
    protocol::MarginAnswer margin;
    margin.account = taker;
    margin.cash = Amount(4'999'860'000);
    margin.unrealised = Amount(200);
    margin.collateral = Amount(0);
    margin.equity = Amount(4'999'860'200);
    margin.initial = Amount(5'600'010);
    margin.maintenance = Amount(2'800'005);
    margin.withdrawable = Amount(4'994'259'990);
    const AccountLimits limits;
    const AccountView view{.margin = margin, .settlement = usdc, .limits = limits};
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_account(writer, world.markets, world.accounts, view, usdc);
              }),
              R"(GOLDEN_ACCOUNT)");
}

// Labels of other protocols may be any bytes.
TEST_F(ObjectsTest, a_label_that_is_no_text_is_made_one) {
    const auto label = [](std::string_view bytes) {
        return std::string(readable_label(client_feed::Label(bytes)).view());
    };
    EXPECT_EQ(label("a\xc3\xa9z"), "a\xc3\xa9z");
    EXPECT_EQ(label("a\xc3z"), "a?z");
    EXPECT_EQ(label("\xff\xc0\xaf"), "???");
    EXPECT_EQ(label("\xed\xa0\x80"), "???");  // half of a pair
    EXPECT_EQ(label("\xf0\x9f\x8c\xb1"), "\xf0\x9f\x8c\xb1");
    EXPECT_EQ(label("\xf0\x9f\x8c"), "???");
}

TEST_F(ObjectsTest, the_average_of_fills_is_rounded_to_the_nearest) {
    const Listing listing = listing_of(world.markets, world.market(perpetual));
    // Ten million for each dollar, half a dollar for each tick.
    EXPECT_TRUE(average_price(listing, 300, 3) == 100 * 5'000'000);
    EXPECT_TRUE(average_price(listing, 301, 3) == 501'666'667);
    EXPECT_TRUE(average_price(listing, -301, 3) == -501'666'667);
    EXPECT_TRUE(average_price(listing, 5, 0) == 0);
}

}  // namespace
}  // namespace miletus::deribit
