// Channels before a whole venue: who may listen to what, and what is told when.
#include "edge/gateway/deribit/street_test.hpp"

#include <array>

namespace miletus::deribit {
namespace {

TEST_F(Street, a_book_is_told_whole_and_then_in_a_chain) {
    const Client client = open_websocket();
    log_in(client, people.bob);
    answer(client, "private/buy", order(R"("amount":1,"price":99000)"));
    const auto told =
        call(client, "private/subscribe", R"({"channels":["book.BTC_USDC-PERPETUAL.raw"]})");
    ASSERT_EQ(told.size(), 2U);
    EXPECT_TRUE(told[0].contains(R"("result":["book.BTC_USDC-PERPETUAL.raw"])")) << told[0];
    EXPECT_TRUE(told[1].contains(R"(["new",99000,1])")) << told[1];
    std::string last = value(told[1], "change_id");
    for (const char* price : {"98000", "97000"}) {
        const auto more =
            call(client, "private/buy", order(std::string(R"("amount":1,"price":)") + price));
        const std::string change = one_with(more, "subscription");
        EXPECT_EQ(value(change, "prev_change_id"), last) << change;
        last = value(change, "change_id");
    }
    EXPECT_EQ(value(answer(client, "public/get_order_book", order(R"("depth":5)")), "change_id"),
              last);
}

TEST_F(Street, a_channel_is_written_once_however_many_listen) {
    const Client trader = open_websocket();
    log_in(trader, people.alice);
    const std::array listeners{open_websocket(), open_websocket(), open_websocket()};
    for (const Client listener : listeners) {
        log_in(listener, people.bob);
        call(listener, "private/subscribe", R"({"channels":["book.BTC_USDC-PERPETUAL.raw"]})");
    }
    const std::uint64_t before = gateway->channels().written();
    answer(trader, "private/buy", order(R"("amount":1,"price":99000)"));
    EXPECT_EQ(gateway->channels().written() - before, 1U);
    for (const Client listener : listeners) {
        EXPECT_EQ(count_of(hear(listener), R"(["new",99000,1])"), 1U);
    }
}

TEST_F(Street, raw_books_are_for_those_who_logged_in) {
    const Client client = open_websocket();
    const std::string told =
        answer(client, "public/subscribe", R"({"channels":["book.BTC_USDC-PERPETUAL.raw"]})");
    EXPECT_EQ(value(told, "code"), "13778");
}

TEST_F(Street, what_nobody_may_hear_is_left_out_of_the_answer) {
    const Client client = open_websocket();
    const std::string told = answer(
        client, "public/subscribe",
        R"({"channels":["quote.BTC_USDC-PERPETUAL","quote.NOTHING","user.orders.any.any.raw"]})");
    EXPECT_TRUE(told.contains(R"("result":["quote.BTC_USDC-PERPETUAL"])")) << told;
}

TEST_F(Street, only_perpetuals_have_the_channel_of_their_funding) {
    list_future(UnixNanos(1'769'760'000'000'000'000));  // 30 January 2026, 08:00
    const Client client = open_websocket();
    const auto told =
        call(client, "public/subscribe",
             R"({"channels":["perpetual.BTC_USDC-30JAN26.100ms","ticker.BTC_USDC-30JAN26.100ms",)"
             R"("perpetual.BTC_USDC-PERPETUAL.100ms"]})");
    ASSERT_FALSE(told.empty());
    EXPECT_TRUE(told[0].contains(
        R"("result":["ticker.BTC_USDC-30JAN26.100ms","perpetual.BTC_USDC-PERPETUAL.100ms"])"))
        << told[0];
}

TEST_F(Street, who_asks_for_the_state_of_public_methods_is_told_it_at_once) {
    const Client client = open_websocket();
    const auto told =
        call(client, "public/subscribe", R"({"channels":["platform_state.public_methods_state"]})");
    EXPECT_EQ(value(one_with(told, "subscription"), "allow_unauthenticated_public_requests"),
              "true");
}

// Everything about an instrument that can be listened to.
std::string all_about(const std::string& name) {
    std::string channels;
    for (const char* channel :
         {"book.%.raw", "book.%.100ms", "book.%.none.10.100ms", "ticker.%.raw",
          "incremental_ticker.%", "quote.%", "trades.%.raw", "chart.trades.%.1",
          "user.orders.%.raw", "user.orders.%.100ms", "user.trades.%.raw", "user.changes.%.raw",
          "user.changes.%.100ms"}) {
        std::string text(channel);
        text.replace(text.find('%'), 1, name);
        channels += (channels.empty() ? "\"" : ",\"") + text + "\"";
    }
    return R"({"channels":[)" + channels + "]}";
}

TEST_F(Street, who_listens_to_what_is_archived_never_hears_of_what_gets_its_number) {
    const Client alice = open_websocket();
    const Client bob = open_websocket();
    log_in(alice, people.alice);
    log_in(bob, people.bob);
    const auto trade = [&](const std::string& name) {
        const std::string terms =
            R"({"instrument_name":")" + name + R"(","amount":0.1,"price":100000})";
        answer(bob, "private/sell", terms);
        const auto told = call(alice, "private/buy", terms);
        EXPECT_EQ(count_of(told, R"("order_state":"filled")"), 1U) << name;
        EXPECT_EQ(count_of(told, R"("subscription")"), 0U) << name;
        pass(second);
    };
    list_future(UnixNanos(1'769'760'000'000'000'000));  // 30 January 2026, 08:00
    open_for_trading(InstrumentId(1));
    call(alice, "private/subscribe", all_about("BTC_USDC-30JAN26"));
    const auto told = call(alice, "private/buy",
                           R"({"instrument_name":"BTC_USDC-30JAN26","amount":0.1,"price":90000})");
    EXPECT_GE(count_of(told, R"("subscription")"), 5U);
    archive(InstrumentId(1));
    pass(second);
    hear(alice);
    list_future(UnixNanos(1'772'179'200'000'000'000));  // 27 February 2026, 08:00
    open_for_trading(InstrumentId(1));
    trade("BTC_USDC-27FEB26");
    EXPECT_EQ(count_of(hear(alice), "subscription"), 0U);
    const std::string left = answer(alice, "private/unsubscribe", all_about("BTC_USDC-30JAN26"));
    EXPECT_TRUE(left.contains("user.changes.BTC_USDC-30JAN26.100ms")) << left;
}

TEST_F(Street, what_is_listed_again_by_the_same_name_is_listened_to_anew) {
    const Client before = open_websocket();
    const Client after = open_websocket();
    log_in(before, people.alice);
    log_in(after, people.alice);
    call(before, "private/subscribe", all_about("BTC_USDC-PERPETUAL"));
    archive(InstrumentId(0));
    list_future(UnixNanos(0));
    open_for_trading(InstrumentId(0));
    pass(second);
    hear(before);
    call(after, "private/subscribe", all_about("BTC_USDC-PERPETUAL"));
    const auto told = call(after, "private/buy", order(R"("amount":0.1,"price":90000)"));
    EXPECT_EQ(count_of(told, R"("channel":"user.orders.BTC_USDC-PERPETUAL.100ms")"), 1U);
    pass(second);
    EXPECT_EQ(count_of(hear(before), "subscription"), 0U);
    answer(before, "private/unsubscribe", all_about("BTC_USDC-PERPETUAL"));
    answer(after, "private/cancel_all", "{}");
    EXPECT_EQ(count_of(hear(before), "subscription"), 0U);
    call(before, "private/subscribe", all_about("BTC_USDC-PERPETUAL"));
    answer(after, "private/buy", order(R"("amount":0.1,"price":90000)"));
    EXPECT_GE(count_of(hear(before), "subscription"), 3U);
}

TEST_F(Street, an_interval_tells_once_what_happened_in_it) {
    const Client client = open_websocket();
    log_in(client, people.bob);
    call(client, "private/subscribe", R"({"channels":["book.BTC_USDC-PERPETUAL.agg2"]})");
    pass(second);
    hear(client);
    for (const char* price : {"98000", "97000", "96000"}) {
        call(client, "private/buy", order(std::string(R"("amount":1,"price":)") + price));
    }
    pass(second);
    const auto told = hear(client);
    EXPECT_LE(count_of(told, "subscription"), 1U);
}

TEST_F(Street, a_portfolio_is_told_at_once_and_when_it_changes) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    const auto first = call(client, "private/subscribe", R"({"channels":["user.portfolio.usdc"]})");
    EXPECT_EQ(value(one_with(first, "subscription"), "equity"), "1000000");
    answer(client, "private/buy", order(R"("amount":1,"price":99000)"));
    submit(protocol::Deposit{
        .amount = Amount(5'000'000), .receiver = people.alice.account, .asset = AssetId(0)});
    pass(second);
    EXPECT_EQ(value(one_with(hear(client), "subscription"), "equity"), "1000005");
}

TEST_F(Street, every_channel_that_is_built_can_be_listened_to) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    std::string names;
    for (const ChannelRow& channel : all_channels()) {
        std::string name(channel.pattern);
        for (const auto& [part, word] :
             std::map<std::string, std::string>{{"{instrument_name}", "BTC_USDC-PERPETUAL"},
                                                {"{index_name}", "btc_usdc"},
                                                {"{interval}", "100ms"},
                                                {"{group}", "none"},
                                                {"{depth}", "10"},
                                                {"{kind}", "any"},
                                                {"{currency}", "any"},
                                                {"{resolution}", "1"}}) {
            const std::size_t at = name.find(part);
            name = at == std::string::npos ? name : name.replace(at, part.size(), word);
        }
        names += (names.empty() ? "\"" : ",\"") + name + "\"";
    }
    const std::string told = answer(client, "private/subscribe", R"({"channels":[)" + names + "]}");
    EXPECT_TRUE(told.contains("deribit_price_statistics.btc_usdc")) << told;
    answer(client, "private/buy", order(R"("amount":1,"price":99000)"));
    tell_index(100'500);
    pass(second);
    EXPECT_TRUE(answer(client, "public/test", "{}").contains("version"));
}

TEST_F(Street, whether_the_venue_and_the_account_are_open_is_told_at_once_and_when_it_changes) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    const auto first = call(client, "private/subscribe",
                            R"({"channels":["platform_state","user.lock",)"
                            R"("platform_state.public_methods_state"]})");
    EXPECT_EQ(value(one_with(first, R"("channel":"platform_state")"), "maintenance"), "false");
    EXPECT_EQ(
        value(one_with(first, "methods_state\",\"data"), "allow_unauthenticated_public_requests"),
        "true");
    EXPECT_EQ(count_of(first, R"("channel":"user.lock")"), 2U);  // of each currency
    EXPECT_EQ(value(one_with(first, R"("channel":"user.lock")"), "enabled"), "false");
    submit(protocol::SetVenueState{.state = protocol::VenueState::cancel_only});
    EXPECT_EQ(value(one_with(hear(client), R"("channel":"platform_state")"), "maintenance"),
              "true");
    submit(protocol::SetAccountState{.target = people.alice.account,
                                     .state = protocol::AccountState::stopped});
    const auto told = hear(client);
    EXPECT_EQ(count_of(told, R"("channel":"user.lock")"), 2U);
    EXPECT_EQ(value(one_with(told, R"("channel":"user.lock")"), "enabled"), "true");
}

TEST_F(Street, who_logs_in_as_another_no_longer_hears_the_first) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    call(client, "private/subscribe", R"({"channels":["user.orders.any.any.raw"]})");
    log_in(client, people.bob);
    const Client alice = open_websocket();
    log_in(alice, people.alice);
    answer(alice, "private/buy", order(R"("amount":1,"price":99000)"));
    EXPECT_EQ(count_of(hear(client), "user.orders"), 0U);
}

}  // namespace
}  // namespace miletus::deribit
