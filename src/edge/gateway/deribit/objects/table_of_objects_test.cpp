// What is written agrees with the table of objects, field by field: answers of methods by the shape
// that their rows promise, payloads of channels by theirs. And clients find what they look for.
#include "edge/gateway/deribit/objects/table_test.hpp"
#include "edge/gateway/deribit/objects/world_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace miletus::deribit {
namespace {

using protocol::Side;

// With an order of each kind, trades, money and the past of a day.
class TableOfObjectsTest : public testing::Test {
  protected:
    void SetUp() override {
        world.trade_perpetual();
        world.place(OrderId(31), taker, call, Side::buy, 5'990, 3, "call");
        world.place(OrderId(32), maker, perpetual, Side::buy, 139'000, 3, "first");
        world.remove(OrderId(32), maker, perpetual, Side::buy, 139'000, 3);
        world.tell_with(protocol::OrderWaits{.order = OrderId(33),
                                             .price = Ticks(130'000),
                                             .quantity = Lots(2),
                                             .trigger_price = Ticks(135'001),
                                             .time = world.now,
                                             .instrument = perpetual,
                                             .account = taker,
                                             .side = Side::sell},
                        std::span<const char>());
        tell_money();
        for (int hours = 0; hours < 4; ++hours) {
            world.tell(protocol::FundingChanged{.rate = 100'000, .instrument = perpetual});
            world.tell(protocol::IndexChanged{.price = IndexPrice((70'000 + hours) * whole),
                                              .time = world.now,
                                              .underlying = btc_usdc,
                                              .state = protocol::IndexState::good,
                                              .sources = 3});
            world.complete();
            world.now = world.now + Nanos(hour);
        }
        world.tell(protocol::SessionSettled{.end = world.now, .accounts = 2});
        world.complete();
    }
    void tell_money() {
        using protocol::BalanceReason;
        const auto move = [&](std::int64_t change, BalanceReason reason) {
            world.tell(protocol::BalanceChanged{.change = Amount(change),
                                                .balance = Amount(4'000 * whole),
                                                .account = taker,
                                                .asset = usdc,
                                                .reason = reason});
        };
        move(-1'000 * whole, BalanceReason::withdrawal);
        move(10 * whole, BalanceReason::transfer);
        world.tell(protocol::ResultBooked{.change = Amount(-1'500),
                                          .session = Amount(-1'500),
                                          .account = taker,
                                          .instrument = perpetual,
                                          .asset = usdc,
                                          .reason = protocol::ResultReason::funding});
        world.complete();
    }
    [[nodiscard]] static std::string parameters_of(const MethodRow& method) {
        std::string text = "{";
        for (const ParameterRow& parameter : method.parameters) {
            if (parameter.need.is_required) {
                text += text.size() == 1 ? "\"" : ",\"";
                text += name(parameter.parameter);
                text += "\":\"";
                text += value_of(parameter);
                text += "\"";
            }
        }
        return text + "}";
    }
    [[nodiscard]] static std::string value_of(const ParameterRow& parameter) {
        constexpr std::array<std::pair<Parameter, std::string_view>, 5> known{{
            {Parameter::instrument_name, "BTC_USDC-PERPETUAL"},
            {Parameter::instrument_id, "1"},
            {Parameter::index_name, "btc_usdc"},
            {Parameter::currency, "USDC"},
            {Parameter::order_id, "USDC-12"},
        }};
        for (const auto& [name, value] : known) {
            if (name == parameter.parameter) {
                return std::string(value);
            }
        }
        return parameter.choices == ChoiceSet::none ? "1"
                                                    : std::string(words(parameter.choices).front());
    }

    World world;
    Asking asking{world};
    TableCheck table;
};

TEST_F(TableOfObjectsTest, every_answer_has_the_shape_that_its_method_promises) {
    int checked = 0;
    for (const MethodRow& method : all_methods()) {
        if (!is_public_reading(method.method) && !is_private_reading(method.method)) {
            continue;
        }
        EXPECT_TRUE(method.is_built()) << method.name;
        const std::string answer = asking.ask(method.name, parameters_of(method), taker);
        if (method.method == Method::public_get_index_price_names) {
            EXPECT_EQ(answer, R"(["btc_usdc"])");  // bare names, unless more is asked for
            continue;
        }
        EXPECT_EQ(table.check(answer, method.result), "") << method.name << " " << answer;
        ++checked;
    }
    EXPECT_GT(checked, 50);
}

// What is read is neither forgotten by the tables nor there twice.
TEST_F(TableOfObjectsTest, a_method_is_read_by_whom_it_belongs_to) {
    for (const MethodRow& method : all_methods()) {
        EXPECT_FALSE(is_public_reading(method.method) && method.is_private()) << method.name;
        EXPECT_FALSE(is_private_reading(method.method) && !method.is_private()) << method.name;
    }
    EXPECT_FALSE(is_private_reading(Method::private_buy));
    EXPECT_FALSE(is_private_reading(Method::private_get_positions));
    EXPECT_FALSE(is_public_reading(Method::public_auth));
}

TEST_F(TableOfObjectsTest, every_list_that_could_be_empty_was_not) {
    for (const std::string_view method :
         {"private/get_open_orders", "private/get_order_history_by_currency",
          "private/get_user_trades_by_currency", "private/get_transaction_log",
          "private/get_deposits", "private/get_withdrawals", "private/get_transfers",
          "private/get_trigger_order_history", "public/get_funding_rate_history",
          "public/get_last_trades_by_currency", "public/get_index_chart_data",
          "public/get_last_settlements_by_currency"}) {
        const std::string answer =
            asking.ask(method,
                       R"({"currency":"any","instrument_name":"BTC_USDC-PERPETUAL",)"
                       R"("start_timestamp":0,"index_name":"btc_usdc","range":"1d"})",
                       taker);
        EXPECT_EQ(answer.find("[]"), std::string::npos) << method << " " << answer;
        EXPECT_GT(answer.size(), 30U) << method << " " << answer;
    }
}

TEST_F(TableOfObjectsTest, every_payload_has_the_shape_that_its_channel_promises) {
    const Market& market = world.market(perpetual);
    market_data::GroupedBook grouped(Ticks(1), 10);
    grouped.refresh(market.book());
    const auto write = [&](JsonWriter& writer, const ChannelRow& channel) {
        if (channel.kind == ChannelKind::book) {
            write_book_snapshot(writer, world.markets, market, market.book().change_id());
        } else if (channel.kind == ChannelKind::grouped_book) {
            write_grouped_book(writer, world.markets, market, grouped);
        } else if (channel.kind == ChannelKind::incremental_ticker) {
            write_ticker_snapshot(writer, world.markets, market, world.markets.ticker(market));
        } else if (channel.kind == ChannelKind::candles) {
            const auto candle = market.candles().at(market_data::Resolution::day, world.now);
            write_candle(writer, world.markets, market, candle.value_or(market_data::Candle()));
        } else if (subject_of(channel.kind) == Subject::market) {
            write_of_market(writer, channel.kind, world.markets, market);
        } else if (subject_of(channel.kind) == Subject::index) {
            write_of_index(writer, channel.kind, world.markets,
                           *world.markets.underlying(btc_usdc));
        } else {
            write_of_venue(writer, channel.kind, world.markets);
        }
    };
    int told = 0;
    for (const ChannelRow& channel : all_channels()) {
        if (subject_of(channel.kind) == Subject::event) {
            continue;
        }
        EXPECT_TRUE(channel.is_built()) << channel.pattern;
        const std::string text = json([&](JsonWriter& writer) { write(writer, channel); });
        EXPECT_EQ(table.check(text, channel.data), "") << channel.pattern << " " << text;
        ++told;
    }
    EXPECT_EQ(told, 13);
    for (const InstrumentId instrument : {perpetual, future, call}) {
        EXPECT_EQ(table.check(json([&](JsonWriter& writer) {
                                  write_order_book(writer, world.markets, world.market(instrument),
                                                   5);
                              }),
                              shapes::one(Object::order_book)),
                  "");
    }
}

TEST_F(TableOfObjectsTest, what_accounts_hear_has_the_shape_that_their_channels_promise) {
    world.trade_perpetual();
    const std::vector<client_feed::OwnTrade> trades = world.new_trades(taker);
    ASSERT_EQ(trades.size(), 1U);
    const std::vector<client_feed::Order> orders{world.order(OrderId(12)),
                                                 world.order(OrderId(31))};
    const auto changes_of = [&](InstrumentId instrument) {
        return json([&](JsonWriter& writer) {
            write_user_changes(writer, world.markets, world.accounts,
                               {.account = taker,
                                .market = world.market(instrument),
                                .orders = orders,
                                .trades = trades,
                                .has_position = true});
        });
    };
    const std::string of_perpetual = changes_of(perpetual);
    EXPECT_EQ(table.check(of_perpetual, shapes::one(Object::user_changes)), "");
    EXPECT_TRUE(of_perpetual.contains("\"size\":0.004")) << of_perpetual;
    EXPECT_FALSE(of_perpetual.contains("USDC-31")) << of_perpetual;
    // What it held there is gone by now, and said to be.
    const std::string of_call = changes_of(call);
    EXPECT_EQ(table.check(of_call, shapes::one(Object::user_changes)), "");
    EXPECT_TRUE(of_call.contains("\"size\":0,")) << of_call;
    EXPECT_FALSE(of_call.contains("USDC-12")) << of_call;
    EXPECT_EQ(table.check(json([&](JsonWriter& writer) {
                              write_order_and_trades(writer, world.markets,
                                                     world.order(OrderId(12)), trades);
                          }),
                          shapes::one(Object::order_and_trades)),
              "");
    EXPECT_EQ(
        table.check(json([&](JsonWriter& writer) { write_orders(writer, world.markets, orders); }),
                    shapes::many(Object::order)),
        "");
    const protocol::MarginAnswer margin;
    const AccountLimits limits;
    const AccountView view{.margin = margin, .settlement = usdc, .limits = limits};
    const AccountNames names{
        .account = taker, .username = "t", .system_name = "t", .email = "", .created = noon};
    EXPECT_EQ(table.check(json([&](JsonWriter& writer) {
                              write_account_summaries(writer, world.markets, world.accounts, view,
                                                      names, true);
                          }),
                          shapes::one(Object::account_summaries)),
              "");
    EXPECT_EQ(table.check(json([&](JsonWriter& writer) {
                              write_extended_account(writer, world.markets, world.accounts, view,
                                                     usdc, names);
                          }),
                          shapes::one(Object::account)),
              "");
    EXPECT_EQ(table.check(json([&](JsonWriter& writer) {
                              write_subaccount(writer, world.markets, world.accounts, names, view);
                          }),
                          shapes::one(Object::subaccount)),
              "");
}

// The fields that ccxt reads, by the methods that it calls.
TEST_F(TableOfObjectsTest, ccxt_finds_what_it_reads) {
    const auto expect = [&](std::string_view method, std::string_view parameters,
                            std::initializer_list<std::string_view> keys) {
        const std::string answer = asking.ask(method, parameters, taker);
        for (const std::string_view key : keys) {
            EXPECT_NE(answer.find("\"" + std::string(key) + "\":"), std::string::npos)
                << method << " lacks " << key << ": " << answer;
        }
    };
    constexpr std::string_view on_perpetual = R"({"instrument_name":"BTC_USDC-PERPETUAL"})";
    expect("public/get_currencies", "{}", {"currency", "currency_long", "withdrawal_fee"});
    expect("public/get_instruments", "{}",
           {"kind", "instrument_name", "base_currency", "counter_currency", "settlement_currency",
            "settlement_period", "expiration_timestamp", "strike", "option_type",
            "min_trade_amount", "tick_size", "maker_commission", "taker_commission",
            "contract_size", "is_active", "creation_timestamp"});
    expect("public/ticker", on_perpetual,
           {"timestamp", "instrument_name", "best_bid_price", "best_bid_amount", "best_ask_price",
            "best_ask_amount", "last_price", "high", "low", "volume", "price_change",
            "settlement_price", "mark_price", "index_price", "open_interest"});
    expect("public/ticker", R"({"instrument_name":"BTC_USDC-27MAR26-70000-C"})",
           {"delta", "gamma", "theta", "vega", "rho", "bid_iv", "ask_iv", "mark_iv",
            "underlying_price"});
    expect("public/get_book_summary_by_currency", R"({"currency":"USDC"})",
           {"instrument_name", "bid_price", "ask_price", "mid_price", "mark_price", "last",
            "volume", "volume_usd", "open_interest", "creation_timestamp", "underlying_price"});
    expect("public/get_order_book", on_perpetual, {"bids", "asks", "timestamp", "change_id"});
    expect("public/get_last_trades_by_instrument", on_perpetual,
           {"trade_seq", "trade_id", "timestamp", "tick_direction", "price", "instrument_name",
            "index_price", "direction", "amount"});
    expect("public/get_tradingview_chart_data",
           R"({"instrument_name":"BTC_USDC-PERPETUAL","start_timestamp":"1772366400000",)"
           R"("resolution":"60"})",
           {"ticks", "open", "high", "low", "close", "volume"});
    expect("public/get_funding_rate_history",
           R"({"instrument_name":"BTC_USDC-PERPETUAL","start_timestamp":"0"})",
           {"timestamp", "interest_8h", "index_price"});
    expect("private/get_order_state", R"({"order_id":"USDC-33"})",
           {"time_in_force", "reduce_only",    "price",
            "post_only",     "order_type",     "order_state",
            "order_id",      "max_show",       "last_update_timestamp",
            "label",         "is_liquidation", "instrument_name",
            "filled_amount", "direction",      "creation_timestamp",
            "commission",    "average_price",  "api",
            "amount",        "stop_price"});
    expect("private/get_user_trades_by_currency", R"({"currency":"USDC"})",
           {"trade_id", "timestamp", "price", "order_type", "order_id", "liquidity", "fee",
            "fee_currency", "direction", "amount", "instrument_name", "index_price"});
    expect("private/get_settlement_history_by_instrument",
           R"({"instrument_name":"BTC_USDC-PERPETUAL","type":"bankruptcy"})",
           {"settlements", "continuation"});
    expect("private/get_deposits", R"({"currency":"USDC"})",
           {"data", "count", "received_timestamp", "amount", "currency", "state"});
    EXPECT_EQ(asking.ask("public/status"), R"({"locked":"false","locked_indices":[]})");
}

}  // namespace
}  // namespace miletus::deribit
