// Methods: what is chosen, how many, in which order, where the next page begins, what is refused.
#include "edge/gateway/deribit/objects/pages.hpp"
#include "edge/gateway/deribit/objects/world_test.hpp"

#include <gtest/gtest.h>

namespace miletus::deribit {
namespace {

using protocol::InstrumentState;
using protocol::Side;

constexpr std::string_view no_instrument = "-32602 instrument_name instrument not found";

class ReadingTest : public testing::Test {
  protected:
    // The values of a key, in order, as text.
    [[nodiscard]] static std::vector<std::string> values(const std::string& text,
                                                         std::string_view key) {
        const std::string mark = "\"" + std::string(key) + "\":";
        std::vector<std::string> found;
        for (std::size_t at = text.find(mark); at != std::string::npos;
             at = text.find(mark, at + 1)) {
            const std::size_t begin = at + mark.size();
            found.push_back(text.substr(begin, text.find_first_of(",}]", begin) - begin));
        }
        return found;
    }
    using Values = std::vector<std::string>;

    World world;
    Asking asking{world};
};

TEST_F(ReadingTest, instruments_are_chosen_by_currency_kind_and_life) {
    const auto names = [&](std::string_view parameters) {
        return values(asking.ask("public/get_instruments", parameters), "instrument_id");
    };
    EXPECT_EQ(names("{}"), (Values{"1", "2", "3", "4"}));
    EXPECT_EQ(names(R"({"currency":"any"})"), (Values{"1", "2", "3", "4"}));
    EXPECT_EQ(names(R"({"currency":"USDC","kind":"option"})"), (Values{"3", "4"}));
    EXPECT_EQ(names(R"({"currency":"btc","kind":"future"})"), (Values{"1", "2"}));
    EXPECT_EQ(names(R"({"currency":"ETH"})"), Values{});
    EXPECT_EQ(names(R"({"kind":"spot"})"), Values{});
    EXPECT_EQ(asking.ask("public/get_instruments", R"({"currency":"BCT"})"),
              "-32602 currency currency not found");
    world.set_state(call, InstrumentState::settling);
    world.set_state(call, InstrumentState::settled);
    world.complete();
    EXPECT_EQ(names("{}"), (Values{"1", "2", "4"}));
    EXPECT_EQ(names(R"({"expired":"true"})"), Values{"3"});
    world.tell(protocol::InstrumentArchived{.instrument = call});
    world.complete();
    EXPECT_EQ(names(R"({"expired":true})"), Values{"3"});
}

TEST_F(ReadingTest, what_is_not_there_is_not_found) {
    for (const std::string_view method :
         {"public/get_instrument", "public/ticker", "public/get_order_book",
          "public/get_book_summary_by_instrument", "public/get_last_trades_by_instrument",
          "public/get_contract_size", "private/get_open_orders_by_instrument",
          "private/get_order_history_by_instrument", "private/get_user_trades_by_instrument"}) {
        EXPECT_EQ(asking.ask(method, R"({"instrument_name":"BTC-PERPETUAL"})"), no_instrument)
            << method;
    }
    EXPECT_EQ(asking.ask("public/get_index_price", R"({"index_name":"eth_usd"})"),
              "-32602 index_name index not found");
    EXPECT_EQ(asking.ask("public/get_order_book_by_instrument_id", R"({"instrument_id":-1})"),
              "-32602 instrument_id instrument not found");
    EXPECT_EQ(asking.ask("public/get_funding_rate_value",
                         R"({"instrument_name":"BTC_USDC-27MAR26","start_timestamp":1})"),
              "-32602 instrument_name must be a perpetual");
    EXPECT_EQ(asking.ask("public/test", R"({"expected_result":"exception"})"), "10001  exception");
    EXPECT_EQ(asking.ask("private/get_positions"), "10033  ");
}

TEST_F(ReadingTest, a_book_may_be_asked_for_any_depth) {
    for (int level = 0; level < 30; ++level) {
        world.place(OrderId(100U + static_cast<unsigned>(level)), maker, perpetual, Side::buy,
                    130'000 - level, 1);
    }
    const auto levels = [&](std::string_view depth) {
        const std::string answer = asking.ask(
            "public/get_order_book",
            R"({"instrument_name":"BTC_USDC-PERPETUAL","depth":)" + std::string(depth) + "}");
        const std::string bids = answer.substr(answer.find("\"bids\":["));
        std::size_t count = 0;
        for (const char letter : bids.substr(0, bids.find("\"asks\""))) {
            count += letter == '[' ? 1 : 0;
        }
        return count - 1;
    };
    EXPECT_EQ(levels("7"), 7U);
    EXPECT_EQ(levels("\"1\""), 1U);
    EXPECT_EQ(levels("0"), 0U);
    EXPECT_EQ(levels("1000"), 30U);
}

TEST_F(ReadingTest, trades_come_newest_first_unless_a_start_is_all_that_is_said) {
    for (int round = 0; round < 5; ++round) {
        world.trade_perpetual();
    }
    const auto numbers = [&](std::string_view more) {
        return values(
            asking.ask("public/get_last_trades_by_instrument",
                       R"({"instrument_name":"BTC_USDC-PERPETUAL")" + std::string(more) + "}"),
            "trade_seq");
    };
    EXPECT_EQ(numbers(""), (Values{"5", "4", "3", "2", "1"}));
    EXPECT_EQ(numbers(R"(,"sorting":"asc")"), (Values{"1", "2", "3", "4", "5"}));
    EXPECT_EQ(numbers(R"(,"start_seq":2,"count":"2","include_old":true)"), (Values{"2", "3"}));
    EXPECT_EQ(numbers(R"(,"start_seq":2,"end_seq":4,"count":2)"), (Values{"4", "3"}));
    EXPECT_EQ(numbers(R"(,"count":5000)").size(), 5U);
    EXPECT_EQ(asking.ask("public/get_last_trades_by_instrument",
                         R"({"instrument_name":"BTC_USDC-PERPETUAL","count":0})"),
              "-32602 count too small");
    const auto more = [&](std::string_view count) {
        return values(
            asking.ask("public/get_last_trades_by_currency",
                       R"({"currency":"USDC","kind":"future","count":)" + std::string(count) + "}"),
            "has_more");
    };
    EXPECT_EQ(more("4"), Values{"true"});
    EXPECT_EQ(more("5"), Values{"false"});
    EXPECT_EQ(
        asking.ask("public/get_last_trades_by_currency", R"({"currency":"USDC","kind":"option"})"),
        R"({"trades":[],"has_more":false})");
}

TEST_F(ReadingTest, own_trades_are_those_of_the_account) {
    world.trade_perpetual();
    world.trade_perpetual();
    const auto ask = [&](AccountId account) {
        return asking.ask("private/get_user_trades_by_instrument",
                          R"({"instrument_name":"BTC_USDC-PERPETUAL","count":1})", account);
    };
    EXPECT_EQ(values(ask(maker), "liquidity"), Values{"\"M\""});
    EXPECT_EQ(values(ask(taker), "liquidity"), Values{"\"T\""});
    EXPECT_EQ(values(ask(taker), "has_more"), Values{"true"});
    const std::string bare =
        asking.ask("private/get_user_trades_by_order", R"({"order_id":"USDC-12"})", taker);
    EXPECT_EQ(bare.substr(0, 2), "[{");
    EXPECT_EQ(asking.ask("private/get_user_trades_by_order", R"({"order_id":"USDC-12"})", maker),
              "[]");
}

TEST_F(ReadingTest, an_order_of_another_account_is_not_found) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10, "mine");
    constexpr std::string_view by_id = R"({"order_id":"USDC-11"})";
    EXPECT_EQ(values(asking.ask("private/get_order_state", by_id, maker), "order_state"),
              Values{"\"open\""});
    EXPECT_EQ(asking.ask("private/get_order_state", by_id, taker), "10004 order_id ");
    EXPECT_EQ(asking.ask("private/get_order_state", R"({"order_id":"USDC-12"})"),
              "10004 order_id ");
    EXPECT_EQ(asking.ask("private/get_order_state", R"({"order_id":"ETH-x"})"), "10004 order_id ");
    EXPECT_EQ(asking.ask("private/get_open_orders", "{}", taker), "[]");
}

TEST_F(ReadingTest, orders_are_found_by_label_open_or_not) {
    world.place(OrderId(11), maker, perpetual, Side::sell, 140'001, 10, "twice");
    world.place(OrderId(12), maker, call, Side::sell, 9'000, 10, "twice");
    world.remove(OrderId(11), maker, perpetual, Side::sell, 140'001, 10);
    constexpr std::string_view by_label = R"({"currency":"USDC","label":"twice"})";
    EXPECT_EQ(values(asking.ask("private/get_order_state_by_label", by_label), "order_id"),
              (Values{"\"USDC-12\"", "\"USDC-11\""}));
    EXPECT_EQ(values(asking.ask("private/get_open_orders_by_label", by_label), "order_id"),
              Values{"\"USDC-12\""});
    EXPECT_EQ(values(asking.ask("private/get_open_orders_by_currency",
                                R"({"currency":"BTC","kind":"option","type":"limit"})"),
                     "order_id"),
              Values{"\"USDC-12\""});
    EXPECT_EQ(asking.ask("private/get_open_orders", R"({"type":"trigger_all"})"), "[]");
}

TEST_F(ReadingTest, a_history_of_orders_goes_on_where_its_page_ended) {
    for (std::uint64_t at = 0; at < 5; ++at) {
        world.place(OrderId(20 + at), maker, perpetual, Side::buy, 130'000, 1);
        world.remove(OrderId(20 + at), maker, perpetual, Side::buy, 130'000, 1);
    }
    constexpr std::string_view method = "private/get_order_history_by_currency";
    EXPECT_EQ(asking.ask(method, R"({"currency":"USDC"})"), "[]");  // none was ever filled
    EXPECT_EQ(values(asking.ask(method, R"({"currency":"USDC","include_unfilled":true,)"
                                        R"("count":2,"offset":1})"),
                     "order_id"),
              (Values{"\"USDC-23\"", "\"USDC-22\""}));
    std::string next = "null";
    std::string all;
    do {
        const std::string page =
            asking.ask(method, R"({"currency":"USDC","include_unfilled":true,"count":2,)"
                               R"("with_continuation":true,"continuation":)" +
                                   next + "}");
        for (const std::string& id : values(page, "order_id")) {
            all += id;
        }
        next = values(page, "continuation").at(0);
    } while (next != "null");
    EXPECT_EQ(all, R"("USDC-24""USDC-23""USDC-22""USDC-21""USDC-20")");
}

TEST_F(ReadingTest, a_log_of_money_goes_on_where_its_page_ended) {
    for (int round = 0; round < 4; ++round) {
        world.trade_perpetual();
    }
    const auto ask = [&](std::string_view more) {
        return asking.ask("private/get_transaction_log",
                          R"({"currency":"USDC","start_timestamp":0)" + std::string(more) + "}",
                          taker);
    };
    const Values all = values(ask(""), "id");
    EXPECT_EQ(all.size(), 5U);  // four trades and the deposit
    const std::string page = ask(R"(,"count":3)");
    EXPECT_EQ(values(page, "id"), Values(all.begin(), all.begin() + 3));
    EXPECT_EQ(
        values(ask(R"(,"count":3,"continuation":)" + values(page, "continuation").at(0)), "id"),
        Values(all.begin() + 3, all.end()));
    EXPECT_EQ(values(ask(R"(,"query":"deposit")"), "type"), Values{"\"deposit\""});
    EXPECT_EQ(values(ask(R"(,"query":"trade taker buy")"), "id").size(), 4U);
    EXPECT_EQ(values(ask(R"(,"query":"maker")"), "id").size(), 0U);
    // The words are read for each entry: there are so many at most.
    EXPECT_EQ(values(ask(R"(,"query":")" + std::string(256, ' ') + "\""), "id").size(), 5U);
    const std::string refused = ask(R"(,"query":")" + std::string(257, ' ') + "\"");
    EXPECT_EQ(values(refused, "id").size(), 0U) << refused;
}

TEST_F(ReadingTest, expirations_stand_by_currency_and_kind) {
    EXPECT_EQ(asking.ask("public/get_expirations", R"({"currency":"any","kind":"any"})"),
              R"({"option":["27MAR26"],"future":["27MAR26","PERPETUAL"]})");
    EXPECT_EQ(asking.ask("public/get_expirations", R"({"currency":"BTC","kind":"option"})"),
              R"({"btc":{"option":["27MAR26"]}})");
}

TEST_F(ReadingTest, candles_are_columns) {
    world.trade_perpetual();
    EXPECT_EQ(asking.ask("public/get_tradingview_chart_data",
                         R"({"instrument_name":"BTC_USDC-PERPETUAL","resolution":"1D",)"
                         R"("start_timestamp":1772323200000})"),
              R"({"status":"ok","ticks":[1772323200000],"open":[70000],"high":[70000],)"
              R"("low":[70000],"close":[70000],"volume":[0.004],"cost":[280]})");
    EXPECT_EQ(asking.ask("public/get_tradingview_chart_data",
                         R"({"instrument_name":"BTC_USDC-27MAR26","resolution":"1",)"
                         R"("start_timestamp":0})"),
              R"({"status":"no_data","ticks":[],"open":[],"high":[],"low":[],"close":[],)"
              R"("volume":[],"cost":[]})");
}

TEST_F(ReadingTest, an_archived_instrument_keeps_its_trades_though_its_number_is_anothers) {
    world.trade_perpetual();
    const std::string before =
        asking.ask("private/get_order_state", R"({"order_id":"USDC-12"})", taker);
    world.set_state(perpetual, InstrumentState::settled);
    world.tell(protocol::InstrumentArchived{.instrument = perpetual});
    world.complete();
    world.list(perpetual, "BTC_USDC-3APR26", protocol::InstrumentKind::future, expiry, 0);
    world.complete();
    EXPECT_EQ(asking.ask("private/get_order_state", R"({"order_id":"USDC-12"})", taker), before);
    const auto trades_of = [&](std::string_view name) {
        return values(asking.ask("private/get_user_trades_by_instrument",
                                 R"({"instrument_name":")" + std::string(name) + "\"}", taker),
                      "trade_seq");
    };
    EXPECT_EQ(trades_of("BTC_USDC-PERPETUAL"), Values{"1"});
    EXPECT_EQ(trades_of("BTC_USDC-3APR26"), Values{});
}

TEST_F(ReadingTest, every_method_refuses_an_order_that_cannot_be_by_the_same_words) {
    world.trade_perpetual();
    for (const char* id : {"0", "USDC-0", "USDC-", "", "USDC-1x", "99999999999999999999"}) {
        const std::string parameters = R"({"order_id":")" + std::string(id) + "\"}";
        EXPECT_EQ(asking.ask("private/get_order_state", parameters), "10004 order_id ") << id;
        EXPECT_EQ(asking.ask("private/get_user_trades_by_order", parameters), "10004 order_id ")
            << id;
    }
    EXPECT_EQ(asking.ask("private/get_order_state", R"({"order_id":"USDC-12"})", maker),
              "10004 order_id ");
    EXPECT_EQ(asking.ask("private/get_user_trades_by_order", R"({"order_id":"USDC-12"})", maker),
              "[]");
}

TEST(PageTest, a_token_names_the_first_entry_that_was_not_told) {
    // Two of one moment straddle the pages.
    const std::vector<std::int64_t> times{9, 7, 7, 7, 5};
    std::optional<PagePlace> start;
    std::vector<std::size_t> told;
    for (int pages = 0; pages < 3; ++pages) {
        Page page(2, start);
        for (std::size_t at = 0; at != times.size(); ++at) {
            if (page.takes(UnixNanos(times[at]))) {
                told.push_back(at);
            }
        }
        start =
            page.next().has_value() ? page_place(page_token(*page.next()).view()) : std::nullopt;
        EXPECT_EQ(start.has_value(), pages < 2);
    }
    EXPECT_EQ(told, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    EXPECT_FALSE(page_place("").has_value());
    EXPECT_FALSE(page_place("5").has_value());
    EXPECT_FALSE(page_place("5-").has_value());
    EXPECT_FALSE(page_place("99999999999999999999-1").has_value());
}

}  // namespace
}  // namespace miletus::deribit
