// HTTP requests and what becomes of them.
#include "edge/gateway/deribit/rpc/query.hpp"
#include "edge/gateway/deribit/rpc/told_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::deribit {
namespace {

class Http : public testing::Test {
  protected:
    std::string get(std::string_view target) {
        return told(
            reader_.read_http({.verb = "GET", .target = target, .content_type = "", .body = ""}));
    }
    std::string post(std::string_view target, std::string_view type, std::string_view body) {
        return told(reader_.read_http(
            {.verb = "POST", .target = target, .content_type = type, .body = body}));
    }

    CallReader reader_{CallLimits{}};
};

TEST_F(Http, queries_become_calls) {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"/api/v2/public/get_time", "public/get_time"},
        {"/api/v2/public/get_time?", "public/get_time"},
        {"//api/v2//public/get_time", "public/get_time"},
        {"/public/get_time", "public/get_time"},
        {"/api/v2/public/get_instruments", "public/get_instruments"},
        {"/api/v2/public/get_instruments?currency=BTC&expired=false&kind=option",
         "public/get_instruments currency=BTC kind=option expired=false"},
        {"/api/v2/private/buy?instrument_name=BTC-PERPETUAL&amount=10&post_only=true&price=40000",
         "private/buy instrument_name=BTC-PERPETUAL amount=10 price=40000 post_only=true"},
        {"/api/v2/private/buy?instrument_name=X&label=a%20b+c%2Bd%26%3D%C3%A9",
         "private/buy instrument_name=X label=a b c+d&=\xC3\xA9"},
        {"/api/v2/private/buy?instrument%5Fname=X&label=", "private/buy instrument_name=X label="},
        {"/api/v2/private/buy?instrument_name=X&amount=1&amount=2",
         "private/buy instrument_name=X amount=2"},
        {"/api/v2/private/buy?&&instrument_name=X&=5&code=USD&include_old=true",
         "private/buy instrument_name=X"},
        {"/api/v2/private/get_order_margin_by_ids?ids=%5B%22a%22%2C%22b%22%5D",
         "private/get_order_margin_by_ids ids=<a><b>"},
        {"/api/v2/private/get_order_margin_by_ids?ids=a&ids=b",
         "private/get_order_margin_by_ids ids=<a><b>"},
        {"/api/v2/private/get_order_margin_by_ids?ids%5B%5D=a&ids[1]=b",
         "private/get_order_margin_by_ids ids=<a><b>"},
        {"/api/v2/private/get_positions?access_token=a.b", "private/get_positions token=a.b"},
        {"/api/v2/private/buy", "-32602 value required (instrument_name)"},
        {"/api/v2/private/buy?instrument_name=%zz", "-32602 wrong format (instrument_name)"},
        {"/api/v2/private/buy?instrument_name=%4", "-32602 wrong format (instrument_name)"},
        {"/api/v2/private/buy?instrument_name=%FF", "-32602 wrong format (instrument_name)"},
        {"/api/v2/private/buy?instrument_name=X&amount=abc", "-32602 wrong format (amount)"},
        {"/api/v2/private/buy?instrument_name=X&amount=1e5",
         "private/buy instrument_name=X amount=1e5"},
        {"/api/v2/public/get_thyme", "-32601"},
        {"/api/v2x/public/get_time", "-32601"},
        {"/api/v2", "-32600 method missing"},
        {"", "-32600 method missing"},
        {"/api/v2/public/subscribe?channels=a", "10030"},
        {"/api/v2/public/set_heartbeat?interval=10", "10030"},
        {"/api/v2/private/withdraw", "10033"},
    };
    for (const auto& [target, expected] : rows) {
        EXPECT_EQ(get(target), expected) << target;
    }
}

TEST_F(Http, bodies_become_calls) {
    constexpr std::string_view json = "application/json";
    constexpr std::string_view form = "application/x-www-form-urlencoded";
    constexpr std::string_view time = R"({"jsonrpc":"2.0","id":5,"method":"public/get_time"})";
    EXPECT_EQ(post("/api/v2", json, time), "public/get_time id=5");
    EXPECT_EQ(post("/api/v2/", json, time), "public/get_time id=5");
    EXPECT_EQ(post("/api/v2/public/get_time", json, time), "public/get_time id=5");
    // As curl sends it where nobody says what it is.
    EXPECT_EQ(post("/api/v2/public/get_time", form, time), "public/get_time id=5");
    EXPECT_EQ(post("/api/v2/public/ticker", "", R"({"id":1,"params":{"instrument_name":"X"}})"),
              "public/ticker id=1 instrument_name=X");
    EXPECT_EQ(post("/api/v2/public/ticker?instrument_name=X", json, ""),
              "public/ticker instrument_name=X");
    EXPECT_EQ(post("/api/v2/public/ticker", form, "instrument_name=X"),
              "public/ticker instrument_name=X");
    EXPECT_EQ(post("/api/v2/public/test", json, time),
              "-32600 path and body name different methods");
    EXPECT_EQ(post("/api/v2/public/ticker", json, "instrument_name=X"), "-32700");
    EXPECT_EQ(post("/api/v2/public/ticker", "multipart/form-data; boundary=x", "--x"), "13018");
    EXPECT_EQ(post("/api/v2", json, ""), "-32700");
    EXPECT_EQ(post("/api/v2", json, "[" + std::string(time) + "]"),
              "-32600 batches are not supported");
    const HttpRequest put{
        .verb = "PUT", .target = "/api/v2/public/test", .content_type = "", .body = ""};
    EXPECT_EQ(told(reader_.read_http(put)), "-32600 neither GET nor POST");
}

TEST_F(Http, both_transports_understand_the_same_values) {
    const std::vector<std::pair<std::string, std::string>> values{
        {"1e-8", "1e-8"}, {"10", "10"}, {"\"10.50\"", "10.50"}, {"\"x y\"", "x%20y"}};
    for (const auto& [json, query] : values) {
        const std::string body =
            R"({"method":"private/buy","params":{"instrument_name":"X","price":)" + json + "}}";
        const std::string from_json = told(reader_.read_json(body));
        EXPECT_EQ(get("/api/v2/private/buy?instrument_name=X&price=" + query), from_json);
    }
}

TEST(Query, percent_signs_stand_for_any_byte) {
    std::string out = "kept ";
    EXPECT_TRUE(percent_decode(out, "a%00%fF+%41"));
    EXPECT_EQ(out, std::string("kept a\0\xff A", 10));
    EXPECT_FALSE(percent_decode(out, "%"));
    EXPECT_FALSE(percent_decode(out, "%g0"));
    EXPECT_EQ(without_brackets("a[]"), "a");
    EXPECT_EQ(without_brackets("a]"), "a]");
}

// Each element was kept twice, in a buffer with room for once: the process ended.
TEST_F(Http, a_list_of_a_query_is_kept_once_however_long) {
    const std::string letters(200, 'a');
    EXPECT_EQ(get("/api/v2/private/get_order_margin_by_ids?ids=" + letters),
              "private/get_order_margin_by_ids ids=<" + letters + ">");
    CallReader another{CallLimits{}};
    EXPECT_EQ(told(another.read_http({.verb = "POST",
                                      .target = "/api/v2/public/subscribe",
                                      .content_type = "Application/X-WWW-Form-Urlencoded",
                                      .body = "channels=" + letters})),
              told(std::unexpected(Failure{
                  .code = ErrorCode::must_be_websocket_request, .reason = "", .param = ""})));
}

}  // namespace
}  // namespace miletus::deribit
