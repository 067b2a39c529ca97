// The gateway before a whole venue: what clients are told, and what they are not. What they hear on
// channels is channels_test's.
#include "edge/gateway/deribit/street_test.hpp"

namespace miletus::deribit {
namespace {

TEST_F(Street, every_method_that_is_built_is_answered_by_somebody) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    for (const MethodRow& method : all_methods()) {
        const bool ends_it = method.method == Method::private_logout;
        if (method.is_built() && !ends_it) {
            const std::string told = answer(client, std::string(method.name), "{}");
            EXPECT_FALSE(told.empty()) << method.name;
            EXPECT_FALSE(told.contains("not_implemented")) << method.name << " " << told;
        }
    }
}

TEST_F(Street, reads_without_a_login_over_http) {
    const std::string told = get("/api/v2/public/get_instruments");
    EXPECT_EQ(status, "200");
    EXPECT_EQ(value(told, "instrument_name"), "BTC_USDC-PERPETUAL");
    EXPECT_EQ(value(told, "tick_size"), "0.5");
    EXPECT_EQ(value(told, "min_trade_amount"), "0.0001");
    EXPECT_EQ(value(get("/api/v2/public/ticker?instrument_name=BTC_USDC-PERPETUAL"), "index_price"),
              "100000");
}

TEST_F(Street, a_private_call_needs_a_login) {
    const std::string told = get("/api/v2/private/get_open_orders");
    EXPECT_EQ(status, "401");
    EXPECT_EQ(value(told, "code"), "13009");
}

TEST_F(Street, an_order_is_placed_signed_as_ccxt_signs) {
    const std::string told = get_signed(
        people.alice,
        "/api/v2/private/buy?instrument_name=BTC_USDC-PERPETUAL&amount=0.5&type=limit&price=99000"
        "&label=a%20b");
    EXPECT_EQ(status, "200") << told;
    EXPECT_EQ(value(told, "order_state"), "open");
    EXPECT_EQ(value(told, "amount"), "0.5");
    EXPECT_EQ(value(told, "price"), "99000");
    EXPECT_EQ(value(told, "label"), "a b");
    const std::string id = value(told, "order_id");
    EXPECT_TRUE(id.starts_with("USDC-"));
    const std::string state =
        get_signed(people.alice, "/api/v2/private/get_order_state?order_id=" + id);
    EXPECT_EQ(value(state, "order_id"), id);
}

TEST_F(Street, a_signature_of_yesterday_is_worth_nothing) {
    const std::string told = get_signed(people.alice, "/api/v2/private/get_open_orders", 61'000);
    EXPECT_EQ(status, "401");
    EXPECT_EQ(value(told, "code"), "13004") << told;
}

TEST_F(Street, nothing_secret_is_logged) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    get_signed(people.alice, "/api/v2/private/get_open_orders");
    hang_up(client);
    EXPECT_FALSE(log.text.contains(people.alice.secret));
}

TEST_F(Street, two_trade_and_both_are_told_the_same) {
    const Client alice = open_websocket();
    const Client bob = open_websocket();
    log_in(alice, people.alice);
    log_in(bob, people.bob);
    call(bob, "private/subscribe", R"({"channels":["user.changes.any.any.raw"]})");
    const std::string placed =
        answer(bob, "private/sell", order(R"("amount":0.3,"price":100000,"label":"b")"));
    EXPECT_EQ(value(placed, "order_state"), "open") << placed;
    const std::string taken =
        answer(alice, "private/buy", order(R"("amount":"0.1","type":"market")"));
    EXPECT_EQ(value(taken, "order_state"), "filled") << taken;
    EXPECT_EQ(value(taken, "price"), "market_price");
    EXPECT_EQ(value(taken, "average_price"), "100000");
    EXPECT_EQ(value(taken, "liquidity"), "T");
    const std::string told = one_with(hear(bob), "user.changes");
    EXPECT_TRUE(told.contains(R"("liquidity":"M")")) << told;
    EXPECT_EQ(value(told, "filled_amount"), "0.1");
    EXPECT_EQ(value(told, "size"), "-0.1");
    const std::string positions = answer(alice, "private/get_positions", "{}");
    EXPECT_EQ(value(positions, "size"), "0.1") << positions;
    EXPECT_EQ(value(positions, "average_price"), "100000");
}

TEST_F(Street, a_price_beyond_its_bound_is_too_high_to_buy_at_and_too_low_to_sell_at) {
    const Client alice = open_websocket();
    log_in(alice, people.alice);
    const std::string bought = answer(alice, "private/buy", order(R"("amount":1,"price":150000)"));
    EXPECT_EQ(value(bought, "code"), "10007") << bought;
    const std::string sold = answer(alice, "private/sell", order(R"("amount":1,"price":50000)"));
    EXPECT_EQ(value(sold, "code"), "10005") << sold;
    const std::string id =
        value(answer(alice, "private/buy", order(R"("amount":1,"price":99000)")), "order_id");
    const std::string edited =
        answer(alice, "private/edit", R"({"order_id":")" + id + R"(","amount":1,"price":150000})");
    EXPECT_EQ(value(edited, "code"), "10007") << edited;
}

TEST_F(Street, anothers_order_does_not_exist) {
    const Client alice = open_websocket();
    const Client bob = open_websocket();
    log_in(alice, people.alice);
    log_in(bob, people.bob);
    const std::string id =
        value(answer(alice, "private/buy", order(R"("amount":1,"price":99000)")), "order_id");
    for (const char* method : {"private/cancel", "private/edit", "private/get_order_state"}) {
        const std::string told =
            answer(bob, method, R"({"order_id":")" + id + R"(","amount":1,"price":98000})");
        EXPECT_EQ(value(told, "code"), "10004") << told;
    }
    EXPECT_EQ(
        value(answer(alice, "private/cancel", R"({"order_id":")" + id + R"("})"), "order_state"),
        "cancelled");
    EXPECT_EQ(value(answer(alice, "private/cancel", R"({"order_id":")" + id + R"("})"), "code"),
              "10010");
}

TEST_F(Street, who_may_only_read_does_not_trade) {
    const Client client = open_websocket();
    log_in(client, people.reader, "trade:read_write");
    EXPECT_EQ(value(answer(client, "private/buy", order(R"("amount":1,"price":99000)")), "code"),
              "13021");
    EXPECT_TRUE(answer(client, "private/get_open_orders", "{}").contains("\"result\":[]"));
}

TEST_F(Street, what_is_wrong_is_named) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    const std::string tick = answer(client, "private/buy", order(R"("amount":1,"price":99000.3)"));
    EXPECT_EQ(value(tick, "code"), "10043") << tick;
    EXPECT_EQ(value(tick, "param"), "price");
    const std::string lots =
        answer(client, "private/buy", order(R"("amount":0.00001,"price":99000)"));
    EXPECT_EQ(value(lots, "code"), "-32602") << lots;
    EXPECT_EQ(value(lots, "param"), "amount");
    const std::string name =
        answer(client, "private/buy", R"({"instrument_name":"NOTHING","amount":1,"price":1})");
    EXPECT_EQ(value(name, "reason"), "instrument not found") << name;
    EXPECT_EQ(value(answer(client, "private/nothing", "{}"), "code"), "-32601");
    say(client, "{not json");
    EXPECT_EQ(value(one_with(hear(client), "error"), "code"), "-32700");
    const std::string funds =
        answer(client, "private/buy", order(R"("amount":1000,"price":99000)"));
    EXPECT_EQ(value(funds, "code"), "10009") << funds;
}

TEST_F(Street, stops_wait_and_can_be_edited) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    const std::string placed = answer(
        client, "private/sell",
        order(R"("amount":1,"type":"stop_market","trigger":"index_price","trigger_price":90000)"));
    EXPECT_EQ(value(placed, "order_state"), "untriggered") << placed;
    EXPECT_EQ(value(placed, "stop_price"), "90000");
    EXPECT_EQ(value(placed, "price"), "market_price");
    const std::string edited = answer(client, "private/edit",
                                      R"({"order_id":")" + value(placed, "order_id") +
                                          R"(","amount":0.5,"trigger_price":91000})");
    EXPECT_EQ(value(edited, "trigger_price"), "91000") << edited;
    EXPECT_EQ(value(edited, "amount"), "0.5");
    EXPECT_EQ(value(answer(client, "private/cancel_all", "{}"), "result"), "1");
}

TEST_F(Street, cancels_by_kind_label_and_currency_say_how_many) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    for (const char* label : {"a", "a", "b"}) {
        answer(client, "private/buy",
               order(std::string(R"("amount":1,"price":99000,"label":")") + label + "\""));
    }
    EXPECT_EQ(value(answer(client, "private/cancel_all_by_currency",
                           R"({"currency":"USDC","kind":"option"})"),
                    "result"),
              "0");
    EXPECT_EQ(value(answer(client, "private/cancel_by_label", R"({"label":"a"})"), "result"), "2");
    EXPECT_EQ(value(answer(client, "private/cancel_all_by_currency",
                           R"({"currency":"BTC","kind":"future"})"),
                    "result"),
              "1");
}

TEST_F(Street, orders_go_with_the_connection_where_that_is_wanted) {
    const Client alice = open_websocket();
    const Client again = open_websocket();
    log_in(alice, people.alice);
    log_in(again, people.alice);
    answer(alice, "private/enable_cancel_on_disconnect", "{}");
    answer(alice, "private/buy", order(R"("amount":1,"price":99000)"));
    answer(again, "private/buy", order(R"("amount":2,"price":98000)"));
    hang_up(alice);
    const std::string left = answer(again, "private/get_open_orders", "{}");
    EXPECT_FALSE(left.contains("99000")) << left;
    EXPECT_TRUE(left.contains("98000")) << left;
}

TEST_F(Street, orders_stay_where_nothing_was_said_and_after_a_logout) {
    const Client first = open_websocket();
    const Client second_one = open_websocket();
    log_in(first, people.alice);
    log_in(second_one, people.alice);
    answer(first, "private/enable_cancel_on_disconnect", "{}");
    answer(first, "private/buy", order(R"("amount":1,"price":99000)"));
    call(first, "private/logout", "{}");
    hang_up(first);
    EXPECT_TRUE(answer(second_one, "private/get_open_orders", "{}").contains("99000"));
}

TEST_F(Street, a_new_connection_wants_what_its_account_wants_of_all) {
    const Client first = open_websocket();
    log_in(first, people.alice);
    answer(first, "private/enable_cancel_on_disconnect", R"({"scope":"account"})");
    const Client next = open_websocket();
    log_in(next, people.alice);
    EXPECT_EQ(value(answer(next, "private/get_cancel_on_disconnect", "{}"), "enabled"), "true");
    // What it says of itself counts, also before its first order.
    answer(next, "private/disable_cancel_on_disconnect", "{}");
    EXPECT_EQ(value(answer(next, "private/get_cancel_on_disconnect", "{}"), "enabled"), "false");
    answer(next, "private/buy", order(R"("amount":2,"price":98000)"));
    answer(first, "private/buy", order(R"("amount":1,"price":99000)"));
    hang_up(next);
    const std::string left = answer(first, "private/get_open_orders", "{}");
    EXPECT_TRUE(left.contains("98000")) << left;
    hang_up(first);
    const Client last = open_websocket();
    log_in(last, people.alice);
    EXPECT_FALSE(answer(last, "private/get_open_orders", "{}").contains("99000"));
}

TEST_F(Street, whoever_logs_in_as_another_wants_nothing_of_what_the_first_wanted) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    answer(client, "private/enable_cancel_on_disconnect", "{}");
    log_in(client, people.bob);
    EXPECT_EQ(value(answer(client, "private/get_cancel_on_disconnect", "{}"), "enabled"), "false");
    answer(client, "private/buy", order(R"("amount":1,"price":99000)"));
    hang_up(client);
    const Client bob = open_websocket();
    log_in(bob, people.bob);
    EXPECT_TRUE(answer(bob, "private/get_open_orders", "{}").contains("99000"));
}

TEST_F(Street, what_is_sent_again_is_done_once) {
    const std::string terms = order(R"("amount":1,"price":99000,"client_sequence":1)");
    const Client first = open_websocket();
    log_in(first, people.alice, "session:mine");
    const std::string placed = answer(first, "private/buy", terms);
    EXPECT_EQ(value(placed, "order_state"), "open") << placed;
    hang_up(first);
    const Client again = open_websocket();
    log_in(again, people.alice, "session:mine");
    const std::string same = answer(again, "private/buy", terms);
    EXPECT_EQ(value(same, "order_id"), value(placed, "order_id")) << same;
    const std::string open = answer(again, "private/get_open_orders", "{}");
    EXPECT_EQ(open.find("order_id"), open.rfind("order_id")) << open;
}

TEST_F(Street, who_does_not_answer_a_test_request_is_sent_away) {
    const Client client = open_websocket();
    answer(client, "public/set_heartbeat", R"({"interval":10})");
    pass(Nanos(10 * second.value()));
    EXPECT_EQ(count_of(hear(client), "test_request"), 1U);
    pass(Nanos(11 * second.value()));
    EXPECT_EQ(count_of(hear(client), "close "), 1U);
}

TEST_F(Street, who_answers_a_test_request_stays) {
    const Client client = open_websocket();
    answer(client, "public/set_heartbeat", R"({"interval":10})");
    for (int round = 0; round < 3; ++round) {
        pass(Nanos(10 * second.value()));
        EXPECT_EQ(count_of(hear(client), "heartbeat"), 1U);
        EXPECT_TRUE(answer(client, "public/test", "{}").contains("version"));
    }
}

TEST_F(Street, a_clock_that_is_set_back_stops_neither_pulses_nor_portfolios) {
    constexpr Nanos hour_back{-3600 * second.value()};
    const Client client = open_websocket();
    log_in(client, people.alice);
    answer(client, "public/set_heartbeat", R"({"interval":10})");
    call(client, "private/subscribe", R"({"channels":["user.portfolio.usdc"]})");
    pass(hour_back);
    hear(client);
    submit(protocol::Deposit{
        .amount = Amount(5'000'000), .receiver = people.alice.account, .asset = AssetId(0)});
    pass(second);
    EXPECT_EQ(value(one_with(hear(client), "user.portfolio"), "equity"), "1000005");
    for (int round = 0; round < 3; ++round) {
        pass(Nanos(10 * second.value()));
        EXPECT_EQ(count_of(hear(client), "heartbeat"), 1U) << round;
        EXPECT_TRUE(answer(client, "public/test", "{}").contains("version"));
    }
    // Who is silent then is still found out.
    pass(Nanos(11 * second.value()));
    pass(Nanos(11 * second.value()));
    EXPECT_EQ(count_of(hear(client), "close "), 1U);
}

TEST_F(Street, an_account_is_summed_up_by_the_engine) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    const std::string told =
        answer(client, "private/get_account_summary", R"({"currency":"USDC","extended":true})");
    EXPECT_EQ(value(told, "balance"), "1000000") << told;
    EXPECT_EQ(value(told, "equity"), "1000000");
    EXPECT_TRUE(told.contains(R"("maker_fee")"));
    const std::string margins =
        answer(client, "private/get_margins", order(R"("amount":1,"price":100000)"));
    EXPECT_NE(value(margins, "buy"), "0") << margins;
}

TEST_F(Street, times_beyond_all_bounds_are_only_late) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    for (const MethodRow& method : all_methods()) {
        const bool has_end = std::ranges::any_of(method.parameters, [](const ParameterRow& row) {
            return row.parameter == Parameter::end_timestamp;
        });
        if (method.is_built() && has_end) {
            EXPECT_FALSE(answer(client, std::string(method.name),
                                order(R"("currency":"any","start_timestamp":-9223372036854775808,)"
                                      R"("end_timestamp":9223372036854775807,"resolution":"1")"))
                             .empty())
                << method.name;
        }
    }
}

TEST_F(Street, a_label_too_long_is_refused_by_every_method) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    const std::string label =
        R"("currency":"any","amount":1,"price":99000,"label":")" + std::string(65, 'x') + "\"";
    for (const MethodRow& method : all_methods()) {
        const bool has_label = std::ranges::any_of(method.parameters, [](const ParameterRow& row) {
            return row.parameter == Parameter::label;
        });
        if (method.is_built() && has_label) {
            EXPECT_FALSE(answer(client, std::string(method.name), order(label)).empty())
                << method.name;
        }
    }
}

TEST_F(Street, a_number_used_for_something_else_shows_nobody_elses_order) {
    const Client bob = open_websocket();
    log_in(bob, people.bob);
    answer(bob, "private/buy", order(R"("amount":1,"price":99000,"label":"secret")"));
    const Client alice = open_websocket();
    log_in(alice, people.alice, "session:x");
    answer(alice, "private/buy", order(R"("amount":1,"price":98000)"));
    EXPECT_EQ(value(answer(alice, "private/cancel_all", R"({"client_sequence":1})"), "result"),
              "1");
    const std::string told =
        answer(alice, "private/buy", order(R"("amount":1,"price":98000,"client_sequence":1)"));
    EXPECT_FALSE(told.contains("secret")) << told;
    EXPECT_FALSE(told.contains("order_id")) << told;
}

TEST_F(Street, too_many_orders_are_refused_and_nobody_is_cut_off) {
    matching = Rate{.cost = 1, .cap = 2, .per_second = 1};
    reopen();
    const Client client = open_websocket();
    log_in(client, people.alice);
    const std::string terms = order(R"("amount":1,"price":99000)");
    answer(client, "private/buy", terms);
    answer(client, "private/buy", terms);
    EXPECT_EQ(value(answer(client, "private/buy", terms), "code"), "10028");
    pass(Nanos(2 * second.value()));
    EXPECT_EQ(value(answer(client, "private/buy", terms), "order_state"), "open");
}

TEST_F(Street, orders_that_are_cancelled_one_by_one_cost_one_by_one_as_far_as_there_are_credits) {
    matching = Rate{.cost = 1, .cap = 6, .per_second = 1};
    reopen();
    const Client client = open_websocket();
    log_in(client, people.alice);
    const std::string terms = order(R"("amount":1,"price":99000)");
    const std::string all = R"({"currency":"USDC","kind":"future"})";
    for (int count = 0; count < 3; ++count) {
        answer(client, "private/buy", terms);
    }
    // Three are left, for three orders.
    EXPECT_EQ(value(answer(client, "private/cancel_all_by_currency", all), "result"), "3");
    EXPECT_EQ(value(answer(client, "private/cancel_all_by_currency", all), "code"), "10028");
    for (int count = 0; count < 9; ++count) {
        pass(second);
        answer(client, "private/buy", terms);
    }
    pass(Nanos(2 * second.value()));
    // Nine for two credits: whoever has one for the call is never refused for the rest.
    EXPECT_EQ(value(answer(client, "private/cancel_all_by_currency", all), "result"), "9");
    EXPECT_EQ(value(answer(client, "private/buy", terms), "code"), "10028");
    pass(second);
    tell_index(100'000);
    const std::string more = answer(client, "private/buy", terms);
    EXPECT_EQ(value(more, "order_state"), "open") << more;
}

TEST_F(Street, where_the_venue_is_halted_no_order_is_cancelled_one_by_one) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    for (int count = 0; count < 3; ++count) {
        answer(client, "private/buy", order(R"("amount":1,"price":99000)"));
    }
    submit(protocol::SetVenueState{.state = protocol::VenueState::halted});
    const std::uint64_t before = gateway->counters().commands;
    const std::string told =
        answer(client, "private/cancel_all_by_currency", R"({"currency":"BTC","kind":"future"})");
    EXPECT_EQ(value(told, "reason"), "venue_halted") << told;
    EXPECT_EQ(gateway->counters().commands, before);
}

TEST_F(Street, a_call_for_a_subaccount_that_is_not_the_login_s_is_refused) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    std::size_t count = 0;
    for (const MethodRow& method : all_methods()) {
        const bool names_one = std::ranges::any_of(method.parameters, [](const ParameterRow& row) {
            return row.parameter == Parameter::subaccount_id;
        });
        if (!method.is_built() || !names_one) {
            continue;
        }
        const auto ask = [&](const std::string& subaccount) {
            return answer(client, std::string(method.name),
                          order(R"("currency":"USDC","order_id":"USDC-1","start_timestamp":1,)"
                                R"("end_timestamp":2,"subaccount_id":)" +
                                subaccount));
        };
        const std::string other = ask("8");
        EXPECT_EQ(value(other, "code"), "-32602") << method.name << other;
        EXPECT_EQ(value(other, "param"), "subaccount_id") << method.name;
        EXPECT_NE(value(ask("-1"), "param"), "") << method.name;
        EXPECT_TRUE(ask("7").contains("\"result\"")) << method.name << ask("7");
        ++count;
    }
    EXPECT_GE(count, 9U);
    const std::string pages =
        get_signed(people.alice, "/api/v2/private/get_positions?currency=USDC&subaccount_id=8");
    EXPECT_EQ(value(pages, "param"), "subaccount_id");
}

TEST_F(Street, what_is_no_call_costs_as_much_as_one) {
    non_matching = Rate{.cost = 1, .cap = 3, .per_second = 1};
    reopen();
    const std::string call_of = R"({"jsonrpc":"2.0","id":1,"method":")";
    for (const std::string& garbage :
         {std::string("{not json"), call_of + R"(public/nothing"})", call_of + R"(private/buy"})",
          call_of + R"(private/withdraw"})", call_of + R"(private/get_open_orders"})",
          call_of + R"(private/get_open_orders","params":{"access_token":"none"}})"}) {
        const Client client = open_websocket("door:0@2001:db8::1");
        for (int count = 0; count < 3; ++count) {
            say(client, garbage);
            const std::string told = one_with(hear(client), "error");
            EXPECT_FALSE(told.contains("10028")) << garbage << told;
        }
        say(client, garbage);
        EXPECT_EQ(value(one_with(hear(client), "error"), "code"), "10028") << garbage;
        EXPECT_FALSE(is_over[client]);
        // Nor does another address of the same household help.
        const Client other = open_websocket("door:0@2001:db8::2");
        EXPECT_EQ(value(answer(other, "public/test", "{}"), "code"), "10028") << garbage;
        pass(Nanos(3 * second.value()));
    }
}

TEST_F(Street, what_an_account_may_not_call_costs_the_account) {
    non_matching = Rate{.cost = 1, .cap = 3, .per_second = 1};
    matching = Rate{.cost = 1, .cap = 1, .per_second = 1};
    reopen();
    const Client reader = open_websocket();
    log_in(reader, people.reader, "trade:read");
    EXPECT_EQ(value(answer(reader, "private/buy", order(R"("amount":1,"price":99000)")), "code"),
              "13021");
    EXPECT_EQ(value(answer(reader, "private/buy", order(R"("amount":1,"price":99000)")), "code"),
              "10028");
    for (int count = 0; count < 3; ++count) {
        say(reader, "{not json");
        EXPECT_EQ(value(one_with(hear(reader), "error"), "code"), "-32700");
    }
    EXPECT_EQ(value(answer(reader, "private/get_open_orders", "{}"), "code"), "10028");
}

TEST_F(Street, over_http_garbage_meets_the_rate_too) {
    non_matching = Rate{.cost = 1, .cap = 3, .per_second = 1};
    reopen();
    for (const char* target : {"/api/v2/public/nothing", "/api/v2/private/get_open_orders",
                               "/api/v2/private/buy", "/elsewhere"}) {
        for (int count = 0; count < 3; ++count) {
            EXPECT_NE(value(get(target), "code"), "10028") << target;
        }
        EXPECT_EQ(value(get(target), "code"), "10028") << target;
        pass(Nanos(3 * second.value()));
    }
    for (int count = 0; count < 3; ++count) {
        EXPECT_EQ(value(get("/api/v2/private/get_open_orders", "bearer none"), "code"), "13009");
    }
    EXPECT_EQ(value(get("/api/v2/private/get_open_orders", "bearer none"), "code"), "10028");
}

TEST_F(Street, a_path_that_is_none_of_the_interface_is_not_found) {
    for (const char* target : {"/", "/index.html", "/api/v3/public/get_time", "/api/v2x", "/api"}) {
        EXPECT_FALSE(get(target).empty());
        EXPECT_EQ(status, "404") << target;
    }
    for (const char* target : {"/api/v2/public/nothing", "/api/v2/x?y=1"}) {
        EXPECT_EQ(value(get(target), "code"), "-32601") << target;
        EXPECT_EQ(status, "400") << target;
    }
    get("/public/get_time");
    EXPECT_EQ(status, "200");
}

TEST_F(Street, who_may_not_call_is_told_so_before_what_the_call_lacks) {
    const std::string bare = "/api/v2/private/buy";
    EXPECT_EQ(value(get(bare), "code"), "13009");
    EXPECT_EQ(status, "401");
    EXPECT_EQ(value(get(bare, "bearer none"), "code"), "13009");
    EXPECT_EQ(value(get(bare + "?access_token=none"), "code"), "13009");
    EXPECT_EQ(value(get(bare + "?label=access_token"), "code"), "13009");
    EXPECT_EQ(value(get_signed(people.alice, bare), "code"), "-32602");
    const Client client = open_websocket();
    EXPECT_EQ(value(answer(client, "private/buy", "{}"), "code"), "13009");
    EXPECT_EQ(value(answer(client, "private/buy", R"({"label":"access_token"})"), "code"), "13009");
    const std::string token = value(log_in(client, people.alice), "access_token");
    EXPECT_EQ(value(answer(client, "private/buy", "{}"), "code"), "-32602");
    EXPECT_EQ(value(answer(open_websocket(), "private/buy",
                           R"({"amount":"x","access_token":")" + token + R"("})"),
                    "code"),
              "-32602");
}

TEST_F(Street, after_a_start_orders_and_trades_are_found_again) {
    const Client client = open_websocket();
    log_in(client, people.alice);
    const std::string id =
        value(answer(client, "private/buy", order(R"("amount":1,"price":99000,"label":"kept")")),
              "order_id");
    hang_up(client);
    reopen();
    const Client again = open_websocket();
    log_in(again, people.alice);
    const std::string found =
        answer(again, "private/get_open_orders_by_label", R"({"currency":"any","label":"kept"})");
    EXPECT_EQ(value(found, "order_id"), id) << found;
}

}  // namespace
}  // namespace miletus::deribit
