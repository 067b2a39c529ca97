// HTTP over the simulated network, in raw bytes.
#include "base/prng.hpp"
#include "edge/web/bench_test.hpp"

#include <gtest/gtest.h>

namespace miletus::web {
namespace {

constexpr Nanos seconds(std::int64_t count) {
    return Nanos(count * 1'000'000'000);
}

bool starts(const std::string& text, std::string_view start) {
    return text.starts_with(start);
}

// How often a piece stands in a text.
std::size_t count_of(std::string_view text, std::string_view piece) {
    std::size_t count = 0;
    for (std::size_t at = text.find(piece); at != text.npos; at = text.find(piece, at + 1)) {
        ++count;
    }
    return count;
}

TEST(Http, a_request_is_shown_as_it_was_sent_and_answered) {
    Bench bench;
    const std::string answer = bench.answer_to(
        "GET /api/v2/public/ticker?a=%41+b HTTP/1.1\r\nHost: v\r\nAuthorization: deri x\r\n\r\n");
    ASSERT_EQ(bench.shown, words({"GET /api/v2/public/ticker?a=%41+b"}));
    EXPECT_TRUE(starts(answer, "HTTP/1.1 200 OK\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"));
    EXPECT_TRUE(answer.ends_with("Content-Length: 33\r\n\r\nGET /api/v2/public/ticker?a=%41+b"));
    EXPECT_EQ(bench.last[0].address, host::address_of("127.0.0.1"));
}

TEST(Http, a_connection_serves_one_request_after_the_other) {
    Bench bench;
    const auto client = bench.connect();
    for (const char* target : {"/1", "/2", "/3"}) {
        bench.heard(client).clear();
        bench.say(client, "GET " + std::string(target) + " HTTP/1.1\r\nHost: v\r\n\r\n");
        EXPECT_TRUE(bench.heard(client).ends_with(target));
    }
    EXPECT_FALSE(bench.is_over(client));
    EXPECT_EQ(bench.server().counters().requests, 3U);
}

TEST(Http, requests_sent_ahead_wait_for_the_answer_to_the_one_before) {
    Bench bench;
    bench.answers = false;
    const auto client = bench.connect();
    bench.say(client,
              "POST /1 HTTP/1.1\r\nHost: v\r\nContent-Length: 3\r\n\r\none"
              "GET /2 HTTP/1.1\r\nHost: v\r\n\r\nGET /3 HTTP/1.1\r\nHost: v\r\n\r\n");
    EXPECT_EQ(bench.shown, words({"POST /1 one"}));
    bench.server().respond(bench.last[0].connection, {.body = "first"});
    bench.turn();
    EXPECT_EQ(bench.shown, words({"POST /1 one", "GET /2"}));
    bench.answers = true;
    bench.server().respond(bench.last[0].connection, {.body = "second"});
    bench.turn();
    EXPECT_EQ(bench.shown, words({"POST /1 one", "GET /2", "GET /3"}));
    const std::string& heard = bench.heard(client);
    EXPECT_LT(heard.find("first"), heard.find("second"));
    EXPECT_TRUE(heard.ends_with("GET /3"));
}

TEST(Http, an_answer_that_nothing_waits_for_goes_nowhere) {
    Bench bench;
    const auto client = bench.connect();
    bench.say(client, "GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    const std::size_t before = bench.heard(client).size();
    bench.server().respond(bench.last[0].connection, {.body = "again"});
    bench.server().respond(ConnectionId(77), {.body = "nobody"});
    bench.turn();
    EXPECT_EQ(bench.heard(client).size(), before);
}

TEST(Http, what_the_owner_cannot_take_waits_and_is_shown_again) {
    Bench bench;
    bench.takes = false;
    const auto client = bench.connect();
    bench.say(client, "GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    EXPECT_TRUE(bench.shown.empty());
    EXPECT_GT(bench.server().counters().held_back, 0U);
    bench.takes = true;
    bench.turn();
    EXPECT_EQ(bench.shown, words({"GET /1"}));
    EXPECT_TRUE(bench.heard(client).ends_with("GET /1"));
}

TEST(Http, bodies_come_by_length_or_in_chunks) {
    Bench bench;
    bench.answer_to("POST /a HTTP/1.1\r\nHost: v\r\nContent-Length: 5\r\n\r\n12345");
    bench.answer_to(
        "POST /b HTTP/1.1\r\nHost: v\r\nTransfer-Encoding: chunked\r\n\r\n"
        "4;name=value\r\n1234\r\nA\r\n567890abcd\r\n0\r\nTrailer: x\r\n\r\n");
    bench.answer_to("POST /c HTTP/1.1\r\nHost: v\r\n\r\n");
    EXPECT_EQ(bench.shown, words({"POST /a 12345", "POST /b 1234567890abcd", "POST /c"}));
}

TEST(Http, a_client_that_asks_before_it_sends_a_body_is_told_to_go_on) {
    Bench bench;
    const auto client = bench.connect();
    bench.say(client,
              "POST / HTTP/1.1\r\nHost: v\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(bench.heard(client), "HTTP/1.1 100 Continue\r\n\r\n");
    bench.say(client, "ab");
    EXPECT_EQ(bench.shown, words({"POST / ab"}));
    EXPECT_TRUE(
        starts(bench.answer_to("POST / HTTP/1.1\r\nHost: v\r\nExpect: x\r\n\r\n"), "HTTP/1.1 417"));
}

TEST(Http, head_has_no_body_and_options_is_answered_here) {
    Bench bench;
    const std::string head = bench.answer_to("HEAD /x HTTP/1.1\r\nHost: v\r\n\r\n");
    EXPECT_EQ(bench.shown, words({"HEAD /x"}));
    EXPECT_TRUE(head.ends_with("Content-Length: 7\r\n\r\n"));
    const std::string options = bench.answer_to("OPTIONS * HTTP/1.1\r\nHost: v\r\n\r\n");
    EXPECT_TRUE(starts(options, "HTTP/1.1 204 No Content\r\n"));
    EXPECT_NE(options.find("Allow: GET"), std::string::npos);
    EXPECT_EQ(bench.shown.size(), 1U);
}

TEST(Http, connections_end_when_a_side_says_so) {
    Bench bench;
    for (const char* request :
         {"GET / HTTP/1.1\r\nHost: v\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
        const auto client = bench.connect();
        bench.say(client, request);
        EXPECT_NE(bench.heard(client).find("Connection: close\r\n"), std::string::npos);
        EXPECT_TRUE(bench.is_over(client));
        bench.hang_up(client);
    }
    const auto kept = bench.connect();
    bench.say(kept, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_NE(bench.heard(kept).find("Connection: keep-alive\r\n"), std::string::npos);
    EXPECT_FALSE(bench.is_over(kept));
    bench.turn();
    EXPECT_EQ(bench.server().connections(), 1U);
}

TEST(Http, a_client_that_sends_no_more_still_gets_its_answers) {
    Bench bench;
    bench.answers = false;
    const auto client = bench.connect();
    bench.send(client, "GET /1 HTTP/1.1\r\nHost: v\r\n\r\nGET /2 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.network().clients().finish(client);
    bench.turn();
    bench.server().respond(bench.last[0].connection, {.body = "late"});
    bench.answers = true;
    bench.turn();
    EXPECT_NE(bench.heard(client).find("late"), std::string::npos);
    EXPECT_TRUE(bench.heard(client).ends_with("GET /2"));
    EXPECT_TRUE(bench.is_over(client));
    bench.turn();
    EXPECT_EQ(bench.server().connections(), 0U);
    EXPECT_EQ(bench.shown.back(), "closed 1006");
}

// ---- What is refused ----

struct Refused {
    const char* status;
    std::string bytes;
};

TEST(Http, what_two_servers_might_read_differently_is_refused) {
    const std::string post = "POST / HTTP/1.1\r\nHost: v\r\n";
    const std::vector<Refused> cases{
        {"400", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n"},
        {"400", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"},
        {"400", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"},
        {"400", post + "Content-Length: +1\r\n\r\nx"},
        {"400", post + "Content-Length: 1, 2\r\n\r\nx"},
        {"400", post + "Content-Length: 99999999999999999999\r\n\r\nx"},
        {"400", post + "Content-Length : 1\r\n\r\nx"},
        {"501", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
        {"501", post + "Transfer-Encoding: identity\r\n\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"400", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"400", "GET / HTTP/1.1\nHost: v\n\n"},
        {"400", "GET / HTTP/1.1\r\nHost: v\n\r\n"},
        {"400", "GET / HTTP/1.1\r\nHost: v\r\nA: b\r\n c\r\n\r\n"},
        {"400", "GET / HTTP/1.1\r\n Host: v\r\n\r\n"},
        {"400", "GET / HTTP/1.1\r\nHost: v\r\nA\r\n\r\n"},
        {"400", "GET / HTTP/1.1\r\nHost: v\r\n: b\r\n\r\n"},
        {"400", std::string("GET / HTTP/1.1\r\nHost: v\r\nA: b") + '\0' + "c\r\n\r\n"},
        {"400", "GET / HTTP/1.1\r\nHost: v\r\nA: b\rc\r\n\r\n"},
        {"400", "GET / HTTP/1.1\r\nHost: v\r\nHost: w\r\n\r\n"},
        {"400", "GET / HTTP/1.1\r\n\r\n"},
        {"400", "GET  / HTTP/1.1\r\nHost: v\r\n\r\n"},
        {"400", "GET http://v/ HTTP/1.1\r\nHost: v\r\n\r\n"},
        {"400", "GET / HTTP/1.1\r\nHost: v\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"},
        {"400", "\x16\x03\x01\x02"},
        {"505", "GET / HTTP/2.0\r\nHost: v\r\n\r\n"},
        {"400", "GET /\r\n\r\n"},
        {"405", "DELETE / HTTP/1.1\r\nHost: v\r\n\r\n"},
        {"405", "CONNECT v:443 HTTP/1.1\r\nHost: v\r\n\r\n"},
        {"413", post + "Content-Length: 2000000\r\n\r\n"},
        {"413", post + "Transfer-Encoding: chunked\r\n\r\n200000\r\n"},
        {"413", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nxy0\r\n\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\n\r\n 1\r\nx\r\n0\r\n\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n"},
        {"400", post + "Transfer-Encoding: chunked\r\n\r\n\r\n"},
        {"414", "GET /" + std::string(9000, 'a')},
        {"431", "GET / HTTP/1.1\r\nHost: v\r\nA: " + std::string(17000, 'a')},
    };
    for (const Refused& refused : cases) {
        Bench bench;
        const auto client = bench.connect();
        bench.say(client, refused.bytes);
        EXPECT_TRUE(starts(bench.heard(client), "HTTP/1.1 " + std::string(refused.status)))
            << refused.bytes.substr(0, 200) << " -> " << bench.heard(client);
        EXPECT_EQ(count_of(bench.heard(client), "HTTP/1.1"), 1U) << bench.heard(client);
        EXPECT_TRUE(bench.is_over(client));
        EXPECT_TRUE(bench.shown.empty());
        EXPECT_EQ(bench.server().counters().malformed, 1U);
    }
}

TEST(Http, a_refusal_is_heard_by_one_that_goes_on_sending) {
    Bench bench;
    const auto client = bench.connect();
    bench.say(client, "POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 2000000\r\n\r\n");
    bench.say(client, std::string(100'000, 'x'));
    EXPECT_TRUE(starts(bench.heard(client), "HTTP/1.1 413 Content Too Large\r\n"));
    EXPECT_EQ(bench.server().connections(), 1U);  // still listening, without a use
    bench.hang_up(client);
    bench.turn();
    EXPECT_EQ(bench.server().connections(), 0U);
}

// ---- Time ----

TEST(Http, who_says_nothing_or_too_little_is_sent_away) {
    Bench bench;
    const auto silent = bench.connect();
    const auto slow_head = bench.connect();
    const auto slow_body = bench.connect();
    const auto idle = bench.connect();
    bench.say(idle, "GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    for (int count = 0; count < 9; ++count) {
        bench.say(slow_head, count == 0 ? "GET / HTTP/1.1\r\nA: " : "a");
        bench.say(slow_body,
                  count == 0 ? "POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 99\r\n\r\n" : "a");
        bench.pass(seconds(1));
    }
    EXPECT_FALSE(bench.is_over(silent) || bench.is_over(slow_head) || bench.is_over(slow_body));
    bench.pass(seconds(3));
    EXPECT_TRUE(bench.is_over(silent));
    EXPECT_EQ(bench.heard(silent), "");
    EXPECT_TRUE(starts(bench.heard(slow_head), "HTTP/1.1 408 "));
    EXPECT_FALSE(bench.is_over(slow_body));
    bench.pass(seconds(20));
    EXPECT_TRUE(starts(bench.heard(slow_body), "HTTP/1.1 408 "));
    EXPECT_FALSE(bench.is_over(idle));
    bench.pass(seconds(30));
    EXPECT_TRUE(bench.is_over(idle));
    EXPECT_EQ(bench.server().connections(), 0U);  // those that never closed are not waited for
    EXPECT_EQ(bench.server().counters().too_slow_in, 3U);
    EXPECT_EQ(bench.shown, words({"GET /1", "closed 1000"}));
}

TEST(Http, an_owner_that_thinks_is_waited_for) {
    Bench bench;
    bench.answers = false;
    const auto client = bench.connect();
    bench.say(client, "GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    bench.pass(seconds(300));
    EXPECT_FALSE(bench.is_over(client));
    bench.server().respond(bench.last[0].connection, {.status = 404, .body = "{}"});
    bench.turn();
    EXPECT_TRUE(starts(bench.heard(client), "HTTP/1.1 404 Not Found\r\n"));
}

// ---- Bounds ----

TEST(Http, an_address_has_a_number_of_places) {
    Bench bench({.per_address_max = 2});
    const auto first = bench.connect("door:0@192.0.2.7");
    bench.connect("door:0@192.0.2.7");
    const auto third = bench.connect("door:0@192.0.2.7");
    EXPECT_TRUE(starts(bench.heard(third), "HTTP/1.1 429 "));
    EXPECT_TRUE(bench.is_over(third));
    const auto other = bench.connect("door:0@192.0.2.8");
    EXPECT_FALSE(bench.is_over(other));
    bench.hang_up(first);
    bench.turn();
    EXPECT_FALSE(bench.is_over(bench.connect("door:0@192.0.2.7")));
    for (int count = 0; count < 5; ++count) {
        EXPECT_FALSE(bench.is_over(bench.connect()));
    }
    EXPECT_EQ(bench.server().counters().turned_away, 1U);
}

TEST(Http, all_addresses_of_a_net_of_64_bits_are_one_client_s) {
    Bench bench({.per_address_max = 2});
    const auto first = bench.connect("door:0@2001:db8:1:2::1");
    bench.connect("door:0@2001:db8:1:2::2");
    EXPECT_TRUE(starts(bench.heard(bench.connect("door:0@2001:db8:1:2:3::3")), "HTTP/1.1 429 "));
    EXPECT_FALSE(bench.is_over(bench.connect("door:0@2001:db8:1:3::1")));
    bench.hang_up(first);
    bench.turn();
    EXPECT_FALSE(bench.is_over(bench.connect("door:0@2001:db8:1:2::4")));
}

TEST(Http, a_full_house_says_so) {
    Bench bench({.connections_max = 1});
    bench.connect();
    EXPECT_TRUE(starts(bench.heard(bench.connect()), "HTTP/1.1 503 "));
}

TEST(Http, who_asks_much_and_reads_nothing_is_cut_off) {
    Bench bench({.out_bytes_max = 4096}, 1, 1024);
    bench.listens = false;
    const auto client = bench.connect();
    for (int count = 0; count < 200 && bench.server().connections() == 1; ++count) {
        bench.say(client, "GET /1 HTTP/1.1\r\nHost: v\r\n\r\n");
    }
    EXPECT_EQ(bench.server().connections(), 0U);
    EXPECT_EQ(bench.server().counters().too_slow_out, 1U);
}

// ---- Pieces ----

// Whatever the network does to a stream of requests, the owner sees the same.
TEST(Http, any_cutting_gives_the_same_requests) {
    std::string stream;
    for (int count = 0; count < 20; ++count) {
        const std::string number = std::to_string(count);
        stream += "GET /" + number + " HTTP/1.1\r\nHost: v\r\n\r\n\r\n";
        stream += "POST /" + number + " HTTP/1.1\r\nHost: v\r\nContent-Length: 4\r\n\r\n\r\n\r\n";
        stream += "POST /" + number +
                  " HTTP/1.1\r\nHost: v\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "1\r\na\r\n0003\r\nbcd\r\n00\r\nX: y\r\n\r\n";
    }
    Bench whole;
    const std::string answer = whole.answer_to(stream);
    ASSERT_EQ(whole.shown.size(), 60U);
    EXPECT_EQ(whole.shown.back(), "POST /19 abcd");
    Prng prng(7);
    for (std::uint64_t round = 0; round < 200; ++round) {
        Bench bench;
        const auto client = bench.connect();
        const std::uint64_t piece_max = round < 5 ? 1 : 1 + prng.below(300);
        for (std::string_view rest = stream; !rest.empty();) {
            const std::size_t size = std::min<std::size_t>(1 + prng.below(piece_max), rest.size());
            bench.send(client, rest.substr(0, size));
            bench.server().hear([&](const Inbound& inbound) {
                const bool is_taken = prng.below(4) != 0;
                if (is_taken) {
                    bench.shown.push_back(
                        std::string(inbound.method) + " " + std::string(inbound.target) +
                        (inbound.body.empty() ? "" : " ") + std::string(inbound.body));
                    bench.server().respond(inbound.connection, {.body = bench.shown.back()});
                }
                return is_taken;
            });
            rest.remove_prefix(size);
        }
        while (bench.shown.size() < whole.shown.size()) {
            bench.turn();
        }
        bench.turn();
        ASSERT_EQ(bench.shown, whole.shown);
        ASSERT_EQ(bench.heard(client), answer);
    }
}

}  // namespace
}  // namespace miletus::web
