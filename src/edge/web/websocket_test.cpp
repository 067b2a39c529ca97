// WebSockets over the simulated network, in raw bytes.
#include "base/prng.hpp"
#include "edge/web/bench_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace miletus::web {
namespace {

constexpr Nanos seconds(std::int64_t count) {
    return Nanos(count * 1'000'000'000);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string changed(text);
    return changed.replace(changed.find(from), from.size(), to);
}

std::string server_close(unsigned code) {
    const std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
    return server_frame(0x88, payload);
}

// ---- The handshake ----

TEST(WebSocket, opens_as_in_the_example_of_the_standard) {
    Bench bench;
    const std::string answer = bench.answer_to(upgrade_request);
    EXPECT_EQ(answer,
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    EXPECT_EQ(bench.shown, words({"opened /ws/api/v2"}));
    EXPECT_EQ(bench.server().websockets(), 1U);
}

TEST(WebSocket, opens_for_those_who_ask_in_other_words_and_compresses_for_none) {
    Bench bench;
    std::string request = replaced(upgrade_request, "Connection: Upgrade",
                                   "connection: keep-alive, UPGRADE\r\nAuthorization: bearer x\r\n"
                                   "Sec-WebSocket-Extensions: permessage-deflate");
    request = replaced(request, "/ws/api/v2", "/ws/api/v2?x=1");
    request = replaced(request, "Upgrade: websocket", "UPGRADE: WebSocket");
    const std::string answer = bench.answer_to(request + text_frame("at once"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 "));
    EXPECT_EQ(answer.find("xtensions"), std::string::npos);
    EXPECT_EQ(bench.shown, words({"opened /ws/api/v2?x=1", "message at once"}));
}

TEST(WebSocket, does_not_open_where_something_is_missing) {
    const std::vector<std::array<std::string_view, 3>> cases{
        {"404", "/ws/api/v2", "/api/v2"},
        {"404", "/ws/api/v2", "/ws/api/v22"},
        {"426", "Sec-WebSocket-Version: 13\r\n", ""},
        {"426", "Version: 13", "Version: 8"},
        {"426", "Upgrade: websocket\r\n", ""},
        {"426", "Connection: Upgrade\r\n", ""},
        {"400", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""},
        {"400", "nonce", "nonc!"},
        {"400", "dGhlIHNhbXBsZSBub25jZQ==", "dGhl"},
        {"400", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ!=="},
        {"400", "GET", "POST"},
        {"400", "HTTP/1.1", "HTTP/1.0"},
        {"400", "Host: venue\r\n", ""},
        {"400", "Host: venue\r\n", "Host: venue\r\nContent-Length: 1\r\n"},
        {"400", "Host: venue\r\n",
         "Host: venue\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"},
    };
    for (const auto& [status, from, to] : cases) {
        if (upgrade_request.find(from) == std::string_view::npos) {
            continue;
        }
        Bench bench;
        const std::string answer = bench.answer_to(replaced(upgrade_request, from, to));
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::string(status))) << to << answer;
        EXPECT_TRUE(bench.shown.empty());
    }
}

// ---- Messages ----

TEST(WebSocket, messages_come_and_go) {
    Bench bench;
    const auto client = bench.connect_websocket();
    for (const std::size_t size : {0UL, 5UL, 126UL, 70'000UL, 1UL << 20U}) {
        bench.heard(client).clear();
        const std::string text(size, 'm');
        bench.say(client, text_frame(text));
        while (bench.heard(client).size() < size) {
            bench.turn();
        }
        EXPECT_EQ(bench.heard(client), server_frame(0x81, text)) << size;
    }
    EXPECT_EQ(bench.server().counters().messages, 5U);
}

TEST(WebSocket, fragments_make_one_message_with_control_frames_in_between) {
    Bench bench;
    const auto client = bench.connect_websocket();
    bench.say(client, client_frame(0x01, "Hel") + client_frame(0x89, "a") + client_frame(0x00, "") +
                          client_frame(0x00, "lo \xE2\x82") + client_frame(0x8A, "") +
                          client_frame(0x89, "b") + client_frame(0x80, "\xAC!") +
                          text_frame("next"));
    EXPECT_EQ(bench.shown,
              words({"opened /ws/api/v2", "message Hello \xE2\x82\xAC!", "message next"}));
    EXPECT_EQ(bench.heard(client), server_frame(0x8A, "a") + server_frame(0x8A, "b") +
                                       server_frame(0x81, "Hello \xE2\x82\xAC!") +
                                       server_frame(0x81, "next"));
}

TEST(WebSocket, what_the_owner_cannot_take_waits_and_nothing_behind_it_is_read) {
    Bench bench;
    const auto client = bench.connect_websocket();
    bench.takes = false;
    bench.say(client, text_frame("one") + client_frame(0x89, "ping"));
    EXPECT_EQ(bench.heard(client), "");
    bench.pass(seconds(200));  // it is not silent: it is not heard
    bench.takes = true;
    bench.turn();
    EXPECT_EQ(bench.shown, words({"opened /ws/api/v2", "message one"}));
    EXPECT_EQ(bench.heard(client), server_frame(0x81, "one") + server_frame(0x8A, "ping"));
}

TEST(WebSocket, a_frame_is_encoded_once_for_all) {
    Bench bench;
    std::vector<Bench::Client> clients;
    for (int count = 0; count < 5; ++count) {
        clients.push_back(bench.connect_websocket());
    }
    const Frame frame("to all");
    for (const Inbound& opened : bench.last) {
        EXPECT_EQ(bench.server().send(opened.connection, frame), Sent::taken);
        EXPECT_EQ(bench.server().send(opened.connection, "to one"), Sent::taken);
    }
    EXPECT_EQ(bench.server().waiting_bytes(bench.last[0].connection), 16U);
    EXPECT_FALSE(bench.server().has_told_all());
    bench.turn();
    EXPECT_TRUE(bench.server().has_told_all());
    for (const auto client : clients) {
        EXPECT_EQ(bench.heard(client), server_frame(0x81, "to all") + server_frame(0x81, "to one"));
    }
}

// ---- What is refused ----

TEST(WebSocket, breaches_close_it_with_the_code_that_says_which) {
    const std::string half = client_frame(0x01, "half");
    const std::vector<std::pair<unsigned, std::string>> cases{
        {1002, std::string("\x81\x01x", 3)},  // not masked
        {1002, client_frame(0xC1, "x")},      // compressed
        {1002, client_frame(0x83, "x")},      // an unknown opcode
        {1002, client_frame(0x09, "x")},      // half a ping
        {1002, client_frame(0x89, std::string(126, 'x'))},
        {1002, client_frame(0x80, "x")},  // goes on with nothing
        {1002, half + text_frame("x")},   // begins before the other ended
        {1002, half + client_frame(0x80, "") + client_frame(0x80, "x")},
        {1002, close_frame(999, "")},
        {1002, close_frame(1005, "")},
        {1002, client_frame(0x88, "x")},
        {1003, client_frame(0x82, "binary")},
        {1003, client_frame(0x02, "binary")},
        {1007, text_frame("\xC0\xAF")},
        {1007, text_frame("\xED\xA0\x80")},
        {1007, client_frame(0x01, "\xE2\x82") + client_frame(0x80, "x")},
        {1007, close_frame(1000, "\xFF")},
        {1009, client_frame(0x01, std::string(1U << 20U, 'x')) + client_frame(0x80, "x")},
    };
    for (const auto& [code, bytes] : cases) {
        Bench bench;
        bench.answers = false;
        const auto client = bench.connect_websocket();
        bench.say(client, bytes);
        for (int count = 0; count < 20; ++count) {
            bench.turn();
        }
        EXPECT_EQ(bench.heard(client), server_close(code)) << code << bytes.substr(0, 30);
        EXPECT_TRUE(bench.is_over(client));
        EXPECT_EQ(bench.shown.back(), "closed " + std::to_string(code));
        EXPECT_EQ(bench.server().websockets(), 0U);
        EXPECT_EQ(bench.server().counters().malformed, 1U);
        const std::size_t messages = half == bytes.substr(0, half.size()) ? 1 : 0;
        EXPECT_LE(bench.server().counters().messages, messages);
    }
}

TEST(WebSocket, a_message_that_will_be_too_long_is_refused_before_it_comes) {
    Bench bench({.message_bytes_max = 1000});
    const auto client = bench.connect_websocket();
    bench.say(client, text_frame(std::string(1001, 'x')).substr(0, 8));
    EXPECT_EQ(bench.heard(client), server_close(1009));
}

// ---- Ends ----

TEST(WebSocket, a_close_is_answered_with_the_same_code) {
    Bench bench;
    for (const unsigned code : {1000U, 1001U, 4000U}) {
        const auto client = bench.connect_websocket();
        bench.say(client, text_frame("last") + close_frame(code, "bye") + text_frame("late"));
        EXPECT_EQ(bench.heard(client), server_frame(0x81, "last") + server_close(code));
        EXPECT_TRUE(bench.is_over(client));
        bench.hang_up(client);
        bench.turn();
        EXPECT_EQ(bench.shown.back(), "closed " + std::to_string(code));
    }
    const auto client = bench.connect_websocket();
    bench.say(client, client_frame(0x88, ""));
    EXPECT_EQ(bench.heard(client), server_frame(0x88, ""));
    bench.hang_up(client);
    bench.turn();
    EXPECT_EQ(bench.server().connections(), 0U);
}

TEST(WebSocket, the_owner_closes_it_behind_what_waits) {
    Bench bench;
    const auto client = bench.connect_websocket();
    const ConnectionId id = bench.last[0].connection;
    bench.server().send(id, "first");
    bench.server().close(id, CloseCode::try_again_later, std::string(122, 'x') + "\xE2\x82\xAC");
    EXPECT_FALSE(bench.server().is_open(id));
    EXPECT_EQ(bench.server().send(id, "late"), Sent::gone);
    bench.say(client, text_frame("late too"));
    EXPECT_EQ(bench.heard(client),
              server_frame(0x81, "first") + server_frame(0x88, "\x03\xF5" + std::string(122, 'x')));
    EXPECT_EQ(bench.shown, words({"opened /ws/api/v2", "closed 1013"}));
    bench.pass(seconds(4));  // it never closes
    EXPECT_EQ(bench.server().connections(), 0U);
}

TEST(WebSocket, a_connection_that_breaks_is_told_once) {
    Bench bench;
    const auto client = bench.connect_websocket();
    bench.hang_up(client);
    bench.takes = false;
    bench.turn();
    EXPECT_EQ(bench.shown, words({"opened /ws/api/v2"}));
    bench.takes = true;
    bench.turn();
    bench.turn();
    EXPECT_EQ(bench.shown, words({"opened /ws/api/v2", "closed 1006"}));
}

TEST(WebSocket, an_owner_may_close_while_it_looks) {
    Bench bench;
    const auto client = bench.connect();
    bench.send(client, std::string(upgrade_request) + text_frame("a") + text_frame("b"));
    std::size_t seen = 0;
    bench.server().hear([&](const Inbound& inbound) {
        ++seen;
        if (inbound.kind == Inbound::Kind::message) {
            bench.server().close(inbound.connection, CloseCode::policy, inbound.body);
            EXPECT_EQ(inbound.body, "a");
        }
        return true;
    });
    EXPECT_EQ(seen, 3U);  // opened, one message, closed
}

TEST(WebSocket, ids_of_those_that_are_gone_mean_nobody) {
    Bench bench;
    const auto client = bench.connect_websocket();
    const ConnectionId id = bench.last[0].connection;
    bench.hang_up(client);
    bench.turn();
    bench.connect_websocket();
    EXPECT_EQ(bench.server().send(id, "x"), Sent::gone);
    bench.server().close(id, CloseCode::normal, "");
    bench.server().ping(id);
    bench.server().respond(id, {});
    EXPECT_EQ(bench.server().waiting_bytes(id), 0U);
    EXPECT_EQ(bench.server().websockets(), 1U);
}

// ---- Time and bounds ----

TEST(WebSocket, one_that_says_nothing_is_asked_and_then_closed) {
    Bench bench;
    const auto silent = bench.connect_websocket();
    const auto alive = bench.connect_websocket();
    bench.pass(seconds(31));
    EXPECT_EQ(bench.heard(silent), server_frame(0x89, ""));
    EXPECT_EQ(bench.heard(alive), server_frame(0x89, ""));
    bench.say(alive, client_frame(0x8A, ""));
    bench.pass(seconds(61));
    EXPECT_TRUE(bench.is_over(silent));
    EXPECT_EQ(bench.heard(silent),
              server_frame(0x89, "") + server_frame(0x88, "\x03\xF0nothing was heard"));
    EXPECT_FALSE(bench.is_over(alive));
}

TEST(WebSocket, a_message_that_never_ends_is_not_waited_for) {
    Bench bench;
    const auto client = bench.connect_websocket();
    bench.say(client, client_frame(0x01, "half"));
    for (int count = 0; count < 40; ++count) {
        bench.say(client, client_frame(0x00, "more"));
        bench.pass(seconds(1));
    }
    EXPECT_TRUE(bench.is_over(client));
    EXPECT_EQ(bench.shown.back(), "closed 1008");
}

TEST(WebSocket, all_who_do_not_read_hold_no_more_than_there_is_and_the_greedy_go_first) {
    constexpr std::size_t most = 16'384;
    Bench bench({.buffer_bytes_max = most}, 1, 1000);
    bench.listens = false;
    std::vector<ConnectionId> slow;
    for (int count = 0; count < 32; ++count) {
        bench.connect_websocket();
        slow.push_back(bench.last.back().connection);
    }
    const std::string text(500, 't');
    const auto sum = [&] {
        std::size_t bytes = 0;
        for (const ConnectionId id : slow) {
            bytes += bench.server().waiting_bytes(id);
        }
        return bytes;
    };
    // One alone fills it, and is closed; the others do not notice.
    while (bench.server().is_open(slow[0])) {
        static_cast<void>(bench.server().send(slow[0], text));
        ASSERT_LE(sum(), 2 * most);
    }
    EXPECT_EQ(bench.server().counters().crowded_out, 1U);
    EXPECT_EQ(bench.server().send(slow[1], text), Sent::taken);
    for (int round = 0; round < 100; ++round) {
        for (const ConnectionId id : slow) {
            static_cast<void>(bench.server().send(id, text));
        }
        ASSERT_LE(sum(), 2 * most + slow.size() * (text.size() + 4));
    }
    EXPECT_EQ(bench.server().counters().too_slow_out, 0U);
}

TEST(WebSocket, messages_that_are_not_whole_count_for_the_buffers_of_all) {
    Bench bench({.buffer_bytes_max = 16'384});
    const auto greedy = bench.connect_websocket();
    const auto modest = bench.connect_websocket();
    const std::string whole = text_frame(std::string(100'000, 'm'));
    bench.say(modest, text_frame("begun").substr(0, 8));
    bench.say(greedy, whole.substr(0, 20'000));
    bench.say(greedy, whole.substr(20'000, 20'000));
    EXPECT_TRUE(bench.is_over(greedy));
    EXPECT_EQ(bench.server().counters().crowded_out, 1U);
    bench.say(modest, text_frame("begun").substr(8));
    EXPECT_EQ(bench.heard(modest), server_frame(0x81, "begun"));
}

TEST(WebSocket, one_that_does_not_read_is_told_to_the_owner_and_then_cut_off) {
    Bench bench({.out_bytes_behind = 3000, .out_bytes_max = 6000}, 1, 1000);
    const auto slow = bench.connect_websocket();
    const auto quick = bench.connect_websocket();
    const ConnectionId slow_id = bench.last[0].connection;
    const ConnectionId quick_id = bench.last[1].connection;
    bench.listens = false;
    const std::string text(500, 't');
    std::vector<Sent> answers;
    while (answers.empty() || answers.back() != Sent::gone) {
        answers.push_back(bench.server().send(slow_id, text));
        bench.turn();
        ASSERT_LT(answers.size(), 50U);
    }
    const auto taken = std::ranges::count(answers, Sent::taken);
    const auto behind = std::ranges::count(answers, Sent::behind);
    EXPECT_EQ(taken, 7);  // 1000 bytes are under way
    EXPECT_EQ(behind, 7);
    bench.turn();
    EXPECT_EQ(bench.shown.back(), "closed 1008");
    EXPECT_EQ(bench.server().counters().too_slow_out, 1U);
    bench.listens = true;
    EXPECT_EQ(bench.server().send(quick_id, text), Sent::taken);
    bench.turn();
    EXPECT_EQ(bench.heard(quick), server_frame(0x81, text));
    EXPECT_LE(bench.heard(slow).size(), 1000U);
}

TEST(WebSocket, a_venue_that_stops_says_so) {
    Bench bench;
    const auto client = bench.connect_websocket();
    bench.server().stop_reading();
    bench.server().say_goodbye();
    EXPECT_FALSE(bench.server().has_told_all());
    bench.turn();
    EXPECT_TRUE(bench.server().has_told_all());
    EXPECT_EQ(bench.heard(client), server_frame(0x88, "\x03\xE9the venue stops"));
}

// ---- Pieces ----

// Whatever the network does to a stream of frames, the owner and the client see the same.
TEST(WebSocket, any_cutting_gives_the_same_messages) {
    Prng prng(11);
    std::string stream(upgrade_request);
    std::vector<std::string> expected{"opened /ws/api/v2"};
    std::string pongs;
    for (int count = 0; count < 60; ++count) {
        std::string text(prng.below(8) == 0 ? 60'000 + prng.below(9'000) : prng.below(300), 'a');
        text += std::to_string(count) + "\xE2\x82\xAC";
        expected.push_back("message " + text);
        std::string_view rest = text;
        bool is_first = true;
        while (!rest.empty()) {
            const std::size_t size = prng.below(2) == 0 ? rest.size() : 1 + prng.below(rest.size());
            const bool is_last = size == rest.size();
            stream +=
                client_frame((is_first ? 1U : 0U) | (is_last ? 0x80U : 0U), rest.substr(0, size));
            rest.remove_prefix(size);
            is_first = false;
            if (prng.below(3) == 0) {
                stream += client_frame(0x89, "p" + std::to_string(count));
                pongs += server_frame(0x8A, "p" + std::to_string(count));
            }
        }
    }
    stream += close_frame(1000, "");
    expected.emplace_back("closed 1000");
    for (std::uint64_t round = 0; round < 60; ++round) {
        Bench bench;
        bench.answers = false;
        const auto client = bench.connect();
        const std::size_t piece_max = round == 0 ? stream.size() : 1 + prng.below(20'000);
        for (std::string_view rest = stream; !rest.empty();) {
            const std::size_t size = std::min<std::size_t>(1 + prng.below(piece_max), rest.size());
            bench.takes = prng.below(3) != 0;
            bench.say(client, rest.substr(0, size));
            rest.remove_prefix(size);
        }
        bench.takes = true;
        for (int count = 0; count < 100 && bench.shown.size() < expected.size(); ++count) {
            bench.turn();
        }
        bench.turn();
        ASSERT_EQ(bench.shown, expected) << round;
        const std::string& heard = bench.heard(client);
        ASSERT_EQ(heard.substr(heard.find("\r\n\r\n") + 4), pongs + server_close(1000));
    }
}

// Slow, cut up, and broken off anywhere: nothing but that is seen.
TEST(WebSocket, an_unreliable_network_changes_no_message) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        simulation::SimulatedNetwork network(seed, 4096);
        HandClock clock;
        Server server(network.venue(), clock, {}, std::nullopt);
        const auto client = *network.clients().connect("door:0");
        std::string stream(upgrade_request);
        for (int count = 0; count < 200; ++count) {
            stream += text_frame("message " + std::to_string(count));
        }
        int next = 0;
        bool is_closed = false;
        std::string_view rest = stream;
        for (int turn = 0; turn < 3000; ++turn) {
            const auto sent = network.clients().send(client, std::as_bytes(std::span(rest)));
            rest.remove_prefix(sent.bytes);
            if (turn == 200 && seed % 2 == 0) {
                network.cut_any();
            }
            server.hear([&](const Inbound& inbound) {
                EXPECT_FALSE(is_closed);
                is_closed = inbound.kind == Inbound::Kind::closed;
                if (inbound.kind == Inbound::Kind::message) {
                    EXPECT_EQ(inbound.body, "message " + std::to_string(next));
                    ++next;
                }
                return true;
            });
            server.send_all();
        }
        EXPECT_TRUE(next == 200 || is_closed);
    }
}

}  // namespace
}  // namespace miletus::web
