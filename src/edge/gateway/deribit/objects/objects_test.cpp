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
              R"({"instrument_name":"BTC_USDC-PERPETUAL","instrument_id":1,"kind":"future",)"
              R"("base_currency":"BTC","quote_currency":"USDC","counter_currency":"USDC",)"
              R"("settlement_currency":"USDC","settlement_period":"perpetual",)"
              R"("instrument_type":"linear","future_type":"linear",)"
              R"("price_index":"btc_usdc","contract_size":0.001,"min_trade_amount":0.001,)"
              R"("tick_size":0.5,"tick_size_steps":[],)"
              R"("expiration_timestamp":32503708800000,"creation_timestamp":1772366400000,)"
              R"("is_active":true,"state":"open","maker_commission":0,)"
              R"("taker_commission":0.0005})");
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_instrument(writer, world.markets, world.market(call));
              }),
              R"({"instrument_name":"BTC_USDC-27MAR26-70000-C","instrument_id":3,)"
              R"("kind":"option","base_currency":"BTC","quote_currency":"USDC",)"
              R"("counter_currency":"USDC","settlement_currency":"USDC",)"
              R"("settlement_period":"month","instrument_type":"linear",)"
              R"("price_index":"btc_usdc","contract_size":0.001,"min_trade_amount":0.001,)"
              R"("tick_size":0.5,"tick_size_steps":[{"above_price":5000,"tick_size":1}],)"
              R"("expiration_timestamp":1774598400000,"creation_timestamp":1772366400000,)"
              R"("is_active":true,"state":"open","strike":70000,"option_type":"call",)"
              R"("maker_commission":0.0003,"taker_commission":0.0003})");
}

TEST_F(ObjectsTest, an_order_that_rests_tells_all_that_clients_look_for) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10, "my \"first\"");
    EXPECT_EQ(order_text(OrderId(11)),
              R"({"order_id":"USDC-11","instrument_name":"BTC_USDC-PERPETUAL",)"
              R"("direction":"sell","amount":0.01,"contracts":10,"price":70000.5,)"
              R"("order_type":"limit","order_state":"open",)"
              R"("time_in_force":"good_til_cancelled","label":"my \"first\"",)"
              R"("filled_amount":0,"average_price":0,"post_only":false,"reduce_only":false,)"
              R"("api":true,"web":false,"mmp":false,"risk_reducing":false,"replaced":false,)"
              R"("is_liquidation":false,"creation_timestamp":1772366401000,)"
              R"("last_update_timestamp":1772366401000,"max_show":0.01,"user_id":1,)"
              R"("commission":0})");
}

TEST_F(ObjectsTest, a_market_order_has_a_word_for_a_price) {
    world.trade_perpetual();
    EXPECT_EQ(order_text(OrderId(12)),
              R"({"order_id":"USDC-12","instrument_name":"BTC_USDC-PERPETUAL",)"
              R"("direction":"buy","amount":0.004,"contracts":4,"price":"market_price",)"
              R"("order_type":"market","order_state":"filled",)"
              R"("time_in_force":"good_til_cancelled","label":"","filled_amount":0.004,)"
              R"("average_price":70000,"post_only":false,"reduce_only":false,"api":true,)"
              R"("web":false,"mmp":false,"risk_reducing":false,"replaced":false,)"
              R"("is_liquidation":false,"creation_timestamp":1772366402000,)"
              R"("last_update_timestamp":1772366402000,"max_show":0.004,"user_id":2,)"
              R"("commission":0.14})");
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
    EXPECT_EQ(order_text(OrderId(21)),
              R"({"order_id":"USDC-21","instrument_name":"BTC_USDC-PERPETUAL",)"
              R"("direction":"sell","amount":0.002,"contracts":2,"price":65000,)"
              R"("order_type":"stop_limit","order_state":"untriggered",)"
              R"("time_in_force":"good_til_cancelled","label":"","filled_amount":0,)"
              R"("average_price":0,"post_only":false,"reduce_only":true,"api":true,)"
              R"("web":false,"mmp":false,"risk_reducing":false,"replaced":false,)"
              R"("is_liquidation":false,"creation_timestamp":1772366401000,)"
              R"("last_update_timestamp":1772366401000,"max_show":0.002,)"
              R"("trigger":"mark_price","trigger_price":67500.5,"stop_price":67500.5,)"
              R"("triggered":false,"user_id":2,"commission":0})");
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_trigger_order(writer, world.markets, world.order(OrderId(21)));
              }),
              R"({"timestamp":1772366401000,"trigger":"mark_price","trigger_price":67500.5,)"
              R"("trigger_offset":null,"trigger_order_id":"USDC-21","order_id":"USDC-21",)"
              R"("order_state":"new","instrument_name":"BTC_USDC-PERPETUAL",)"
              R"("request":"trigger:order","direction":"sell","price":65000,"amount":0.002,)"
              R"("last_update_timestamp":1772366401000,"reduce_only":true,)"
              R"("post_only":false,"order_type":"stop_limit","label":"",)"
              R"("is_secondary_oto":false,"source":"api"})");
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
              R"([{"trade_id":"USDC-196609","trade_seq":1,)"
              R"("instrument_name":"BTC_USDC-PERPETUAL","timestamp":1772366402000,)"
              R"("direction":"buy","price":70000,"amount":0.004,"contracts":4,)"
              R"("tick_direction":1,"index_price":70000.123456,"mark_price":70000.05}])");
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_user_trades(writer, world.markets, world.new_trades(taker));
              }),
              R"([{"trade_id":"USDC-196609","trade_seq":1,)"
              R"("instrument_name":"BTC_USDC-PERPETUAL","timestamp":1772366402000,)"
              R"("direction":"buy","price":70000,"amount":0.004,"contracts":4,)"
              R"("tick_direction":1,"index_price":70000.123456,"mark_price":70000.05,)"
              R"("order_id":"USDC-12","order_type":"market","state":"filled",)"
              R"("liquidity":"T","fee":0.14,"fee_currency":"USDC","self_trade":false,)"
              R"("post_only":false,"reduce_only":false,"mmp":false,"risk_reducing":false,)"
              R"("api":true,"profit_loss":0,"matching_id":null,"user_id":2}])");
}

TEST_F(ObjectsTest, a_ticker_is_told_whole_and_then_by_what_changed) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10);
    const market_data::Ticker before = world.markets.ticker(world.market(perpetual));
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_ticker_snapshot(writer, world.markets, world.market(perpetual), before);
              }),
              R"({"timestamp":1772366401000,"type":"snapshot",)"
              R"("instrument_name":"BTC_USDC-PERPETUAL","state":"open",)"
              R"("stats":{"high":null,"low":null,"price_change":null,"volume":0,)"
              R"("volume_usd":0,"volume_notional":0},"last_price":null,)"
              R"("best_bid_price":null,"best_bid_amount":0,"best_ask_price":70000.5,)"
              R"("best_ask_amount":0.01,"mark_price":70000.05,"index_price":70000.123456,)"
              R"("estimated_delivery_price":70000.123456,"min_price":66500,)"
              R"("max_price":73500.5,"open_interest":0,"current_funding":0,"funding_8h":0,)"
              R"("interest_value":0})");
    world.place(OrderId(12), maker, perpetual, Side::buy, 139'999, 5);
    const market_data::Ticker now = world.markets.ticker(world.market(perpetual));
    EXPECT_TRUE(is_other_ticker(now, before));
    EXPECT_FALSE(is_other_ticker(now, now));
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_ticker_change(writer, world.markets, world.market(perpetual), now, before);
              }),
              R"({"timestamp":1772366402000,"type":"change",)"
              R"("instrument_name":"BTC_USDC-PERPETUAL","best_bid_price":69999.5,)"
              R"("best_bid_amount":0.005})");
}

TEST_F(ObjectsTest, an_option_tells_volatilities_and_greeks) {
    EXPECT_EQ(
        json([&](JsonWriter& writer) { write_ticker(writer, world.markets, world.market(call)); }),
        R"({"timestamp":1772366400000,"instrument_name":"BTC_USDC-27MAR26-70000-C",)"
        R"("state":"open","stats":{"high":null,"low":null,"price_change":null,)"
        R"("volume":0,"volume_usd":0,"volume_notional":0},"last_price":null,)"
        R"("best_bid_price":null,"best_bid_amount":0,"best_ask_price":null,)"
        R"("best_ask_amount":0,"mark_price":3000,"index_price":70000.123456,)"
        R"("estimated_delivery_price":70000.123456,"min_price":0.5,"max_price":10000,)"
        R"("open_interest":0,"bid_iv":0,"ask_iv":0,"mark_iv":38.98,)"
        R"("underlying_price":70200,"underlying_index":"BTC_USDC-27MAR26",)"
        R"("interest_rate":0,"greeks":{"delta":0.53163,"gamma":0.00005,)"
        R"("vega":74.27168,"theta":-56.03628,"rho":-2.12329}})");
}

TEST_F(ObjectsTest, a_book_is_told_whole_and_then_by_what_changed) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10);
    world.place(OrderId(12), maker, perpetual, Side::buy, 139'999, 5);
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  const Market& market = world.market(perpetual);
                  write_book_snapshot(writer, world.markets, market, market.book().change_id());
              }),
              R"({"type":"snapshot","timestamp":1772366402000,)"
              R"("instrument_name":"BTC_USDC-PERPETUAL","change_id":3,"bids":[["new",)"
              R"(69999.5,0.005]],"asks":[["new",70000.5,0.01]]})");
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
              R"({"type":"change","timestamp":1772366403000,)"
              R"("instrument_name":"BTC_USDC-PERPETUAL","prev_change_id":3,"change_id":4,)"
              R"("bids":[["change",69999.5,0.003]],"asks":[["delete",70000.5,0]]})");
    market_data::GroupedBook grouped(Ticks(10), 5);
    EXPECT_TRUE(grouped.refresh(world.market(perpetual).book()));
    EXPECT_EQ(json([&](JsonWriter& writer) {
                  write_grouped_book(writer, world.markets, world.market(perpetual), grouped);
              }),
              R"({"timestamp":1772366403000,"instrument_name":"BTC_USDC-PERPETUAL",)"
              R"("change_id":4,"bids":[[69995,0.003]],"asks":[]})");
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
              R"({"instrument_name":"BTC_USDC-PERPETUAL","kind":"future",)"
              R"("direction":"sell","size":-0.004,"size_currency":-0.004,)"
              R"("average_price":70000,"mark_price":70000.05,"index_price":70000.123456,)"
              R"("settlement_price":70000.05,"delta":-0.004,"floating_profit_loss":-0.0002,)"
              R"("realized_profit_loss":0,"realized_funding":0,"total_profit_loss":-0.0002,)"
              R"("interest_value":0,"initial_margin":5.60001,"maintenance_margin":2.800005,)"
              R"("open_orders_margin":0,"leverage":50,"estimated_liquidation_price":null})");
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
              R"({"currency":"USDC","balance":4999.86,"equity":4999.8602,)"
              R"("margin_balance":4999.8602,"available_funds":4994.26019,)"
              R"("available_withdrawal_funds":4994.25999,"initial_margin":5.60001,)"
              R"("maintenance_margin":2.800005,"projected_initial_margin":5.60001,)"
              R"("projected_maintenance_margin":2.800005,"total_pl":0.0002,"session_rpl":0,)"
              R"("session_upl":0.0002,"futures_pl":0.0002,"futures_session_rpl":0,)"
              R"("futures_session_upl":0.0002,"options_pl":0,"options_session_rpl":0,)"
              R"("options_session_upl":0,"options_value":0,"options_delta":0,)"
              R"("options_gamma":0,"options_vega":0,"options_theta":0,)"
              R"("options_delta_map":{"btc_usdc":0},"options_gamma_map":{"btc_usdc":0},)"
              R"("options_vega_map":{"btc_usdc":0},"options_theta_map":{"btc_usdc":0},)"
              R"("delta_total":0.004,"delta_total_map":{"btc_usdc":0.004},)"
              R"("projected_delta_total":0.004,"fee_balance":0,"spot_reserve":0,)"
              R"("additional_reserve":0,"locked_balance":0,"margin_model":"cross_sm",)"
              R"("portfolio_margining_enabled":false,"cross_collateral_enabled":true,)"
              R"("total_equity_usd":4999.8602,"total_initial_margin_usd":5.60001,)"
              R"("total_maintenance_margin_usd":2.800005,)"
              R"("total_margin_balance_usd":4999.8602,)"
              R"("total_delta_total_usd":280.000493824,)"
              R"("limits":{"non_matching_engine":{"rate":20,"burst":100},)"
              R"("matching_engine":{"trading":{"total":{"rate":5,"burst":20}},)"
              R"("spot":{"rate":5,"burst":20},"quotes":{"rate":5,"burst":20},)"
              R"("max_quotes":{"rate":5,"burst":20},"guaranteed_quotes":{"rate":5,)"
              R"("burst":20},"cancel_all":{"rate":5,"burst":20}},)"
              R"("limits_per_currency":false}})");
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
