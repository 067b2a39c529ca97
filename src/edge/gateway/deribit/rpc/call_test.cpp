// JSON requests and what becomes of them.
#include "edge/gateway/deribit/rpc/told_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::deribit {
namespace {

class Json : public testing::Test {
  protected:
    std::string read(std::string_view body) { return told(reader_.read_json(body)); }
    // With the parameters of a call, written with apostrophes for quotes.
    std::string buy(std::string parameters) {
        for (char& letter : parameters) {
            letter = letter == '\'' ? '"' : letter;
        }
        return read(R"({"method":"private/buy","params":{)" + parameters + "}}");
    }

    CallReader reader_{CallLimits{}};
};

using Rows = std::vector<std::pair<std::string, std::string>>;

TEST_F(Json, requests_become_calls) {
    const Rows rows{
        {R"({"jsonrpc":"2.0","id":1,"method":"public/get_time","params":{}})",
         "public/get_time id=1"},
        {R"({"jsonrpc":"2.0","method":"public/get_time"})", "public/get_time"},
        {R"({"method":"public/get_time","id":1554883365000})", "public/get_time id=1554883365000"},
        {R"({"id":123456789012345678901234567890,"method":"public/get_time"})",
         "public/get_time id=123456789012345678901234567890"},
        {R"({"id":-1.5e3 ,"method":"public/get_time"})", "public/get_time id=-1.5e3"},
        {R"({"id":"a \"b\" \u00e9","method":"public/get_time"})",
         R"(public/get_time id="a \"b\" \u00e9")"},
        {R"({"id":null,"method":"public/get_time","params":null})", "public/get_time"},
        {R"({"id":7,"method":"/public/get_time","params":[]})", "public/get_time id=7"},
        {R"({"id":7,"method":"/api/v2/public/get_time"})", "public/get_time id=7"},
        {R"( {"id" : 7 , "method" : "public\/get_time" } )", "public/get_time id=7"},
        {R"({"params":{"depth":"9","instrument_name":"X"},"method":"public/get_order_book"})",
         "public/get_order_book instrument_name=X depth=9"},
        {R"({"\u006dethod":"public/get_time","\u0069d":2})", "public/get_time id=2"},
        {R"({"method":"public/get_time","extra":{"a":[1,{"b":[]}]},"id":3})",
         "public/get_time id=3"},
        {R"({"method":"private/get_open_orders","params":{"access_token":"abc"}})",
         "private/get_open_orders token=abc"},
        {R"({"method":"public/get_instruments","id":9})", "public/get_instruments id=9"},
    };
    for (const auto& [body, expected] : rows) {
        EXPECT_EQ(read(body), expected) << body;
    }
}

TEST_F(Json, what_is_no_request_is_refused_by_its_kind) {
    const Rows rows{
        {"", "-32700"},
        {"   ", "-32700"},
        {"hello", "-32700"},
        {"{", "-32700"},
        {R"({"method":"public/get_time")", "-32700"},
        {R"({"method":"public/get_time"}})", "-32700"},
        {R"({"method":"public/get_time"} {})", "-32700"},
        {R"({"method":"public/get_time",})", "-32700"},
        {R"({"method" "public/get_time"})", "-32700"},
        {R"({"method":"public/get_time" "id":1})", "-32700"},
        {R"({'method':'public/get_time'})", "-32700"},
        {R"({"method":"public/get_time","id":01})", "-32700"},
        {R"({"method":"public/get_time","id":+1})", "-32700"},
        {R"({"method":"public/get_time","id":tru})", "-32700"},
        {R"({"method":"public/get_time","id":"\x"})", "-32700"},
        {"{\"method\":\"public/get_time\",\"id\":\"\xff\"}", "-32700"},
        {"{\"method\":\"public/get_time\",\"id\":\"a\nb\"}", "-32700"},
        {"[]", "-32600 batches are not supported"},
        {R"([{"method":"public/get_time"}])", "-32600 batches are not supported"},
        {"5", "-32600 not an object"},
        {R"("public/get_time")", "-32600 not an object"},
        {"{}", "-32600 method missing"},
        {R"({"id":1})", "-32600 method missing"},
        {R"({"method":5})", "-32600 method must come once, as a text"},
        {R"({"method":"public/get_time","method":"public/test"})",
         "-32600 method must come once, as a text"},
        {R"({"method":"public/get_time","id":{}})", "-32600 id is neither a text nor a number"},
        {R"({"method":"public/get_time","id":true})", "-32600 id is neither a text nor a number"},
        {R"({"method":"public/get_thyme"})", "-32601"},
        {R"({"method":""})", "-32601"},
        {R"({"method":"get_time"})", "-32601"},
        {R"({"method":"public/get_time","params":[1]})", "-32602 params must be an object"},
        {R"({"method":"public/get_time","params":"x"})", "-32602 params must be an object"},
        {R"({"method":"private/withdraw","params":{"amount":"x"}})", "10033"},
        {R"({"method":"private/mass_quote"})", "10033"},
    };
    for (const auto& [body, expected] : rows) {
        EXPECT_EQ(read(body), expected) << body;
    }
}

TEST_F(Json, the_id_is_known_though_the_call_failed) {
    EXPECT_EQ(read(R"({"method":"public/nothing","id":"x"})"), "-32601");
    EXPECT_EQ(reader_.id(), R"("x")");
    EXPECT_EQ(reader_.method(), std::nullopt);
    EXPECT_EQ(read(R"({"method":"public/ticker","params":{},"id":4})"),
              "-32602 value required (instrument_name)");
    EXPECT_EQ(reader_.id(), "4");
    EXPECT_EQ(reader_.method(), Method::public_ticker);
    EXPECT_EQ(read("nonsense"), "-32700");
    EXPECT_EQ(reader_.id(), "");
    EXPECT_EQ(read(R"({"method":"public/get_time","id":")" + std::string(300, 'x') + R"("})"),
              "-32600 id too long");
}

TEST_F(Json, parameters_are_read_by_the_schema_and_not_by_their_type) {
    const Rows rows{
        {"'instrument_name':'X','amount':10", "private/buy instrument_name=X amount=10"},
        {"'instrument_name':'X','amount':'10'", "private/buy instrument_name=X amount=10"},
        {"'instrument_name':'X','amount':1e-8", "private/buy instrument_name=X amount=1e-8"},
        {"'instrument_name':'X','post_only':true", "private/buy instrument_name=X post_only=true"},
        {"'instrument_name':'X','post_only':'True'",
         "private/buy instrument_name=X post_only=True"},
        {"'instrument_name':'X','post_only':1", "private/buy instrument_name=X post_only=1"},
        {"'instrument_name':'X','label':7", "private/buy instrument_name=X label=7"},
        {"'instrument_name':'X','price':null", "private/buy instrument_name=X"},
        {"'instrument_name':'X','price':5,'price':6", "private/buy instrument_name=X price=6"},
        {"'instrument_name':'X','price':5,'price':null", "private/buy instrument_name=X"},
        {"'instrument_name':'X','unknown':[1,2],'trailing':3", "private/buy instrument_name=X"},
        {"'instrument_name':'X','label':'\\ud83d\\ude00\\n'",
         "private/buy instrument_name=X label=\xF0\x9F\x98\x80\n"},
        {"'instrument_name':'X','otoco_config':[{'a': [1]}]",
         R"(private/buy instrument_name=X otoco_config=[{"a": [1]}])"},
        {"'instrument_name':'X','otoco_config':'[]'",
         "private/buy instrument_name=X otoco_config=[]"},
        {"'amount':10", "-32602 value required (instrument_name)"},
        {"'instrument_name':null", "-32602 value required (instrument_name)"},
        {"'instrument_name':['X']", "-32602 wrong format (instrument_name)"},
        {"'instrument_name':{'a':1}", "-32602 wrong format (instrument_name)"},
        {"'instrument_name':'X','amount':'NaN'", "-32602 wrong format (amount)"},
        {"'instrument_name':'X','amount':''", "-32602 wrong format (amount)"},
        {"'instrument_name':'X','amount':[10]", "-32602 wrong format (amount)"},
        {"'instrument_name':'X','amount':'x','type':'y'", "-32602 wrong format (amount)"},
        {"'instrument_name':'X','type':'limits'", "-32602 wrong format (type)"},
        {"'instrument_name':'X','time_in_force':1", "-32602 wrong format (time_in_force)"},
        {"'instrument_name':'X','post_only':'yes'", "-32602 wrong format (post_only)"},
        {"'instrument_name':'X','valid_until':1.5", "-32602 wrong format (valid_until)"},
        {"'instrument_name':'X','valid_until':9223372036854775808",
         "-32602 wrong format (valid_until)"},
        {"'instrument_name':'X','otoco_config':{}", "-32602 wrong format (otoco_config)"},
        {"'instrument_name':'X','otoco_config':[1,,2]", "-32602 wrong format (otoco_config)"},
        {"'instrument_name':'X','amount':NaN", "-32700"},
        {"'instrument_name':'X','amount':01", "-32700"},
        {"'instrument_name':'X','label':'\\ud83d'", "-32700"},
        {"'instrument_name':'X','label':'\\ude00'", "-32700"},
        {"'instrument_name':'X','label':'\\u12'", "-32700"},
    };
    for (const auto& [parameters, expected] : rows) {
        EXPECT_EQ(buy(parameters), expected) << parameters;
    }
}

TEST_F(Json, values_are_exact_and_what_was_left_out_reads_as_its_default) {
    const auto call = reader_.read_json(
        R"({"method":"private/buy","params":{"instrument_name":"X","amount":"0.00000001",)"
        R"("price":1e5,"post_only":"true","valid_until":"1554883365000","type":"stop_limit"}})");
    ASSERT_TRUE(call.has_value());
    const Parameters& parameters = call->parameters;
    EXPECT_EQ(parameters.scaled(Parameter::amount, 8), 1);
    EXPECT_EQ(parameters.scaled(Parameter::amount, 7), std::nullopt);
    EXPECT_EQ(parameters.scaled(Parameter::price, 6), 100'000'000'000);
    EXPECT_EQ(parameters.scaled(Parameter::contracts, 6), std::nullopt);
    EXPECT_EQ(parameters.integer(Parameter::valid_until), 1'554'883'365'000);
    EXPECT_TRUE(parameters.flag(Parameter::post_only));
    EXPECT_FALSE(parameters.flag(Parameter::reduce_only));
    EXPECT_EQ(parameters.choice<choices::OrderType>(Parameter::type),
              choices::OrderType::stop_limit);
    EXPECT_EQ(parameters.choice<choices::TimeInForce>(Parameter::time_in_force),
              choices::TimeInForce::good_til_cancelled);
    EXPECT_EQ(parameters.choice<choices::Trigger>(Parameter::trigger), std::nullopt);
    EXPECT_FALSE(parameters.has(Parameter::time_in_force));
    EXPECT_EQ(parameters.text(Parameter::time_in_force), "good_til_cancelled");
    EXPECT_EQ(parameters.text(Parameter::label), "");
    // A parameter of another method is none of this one.
    EXPECT_FALSE(parameters.has(Parameter::count));
    EXPECT_EQ(parameters.integer(Parameter::count), std::nullopt);
}

TEST_F(Json, lists_of_channels_come_in_several_shapes_and_are_bounded) {
    const auto subscribe = [this](std::string_view channels) {
        return read(R"({"method":"public/subscribe","params":{"channels":)" +
                    std::string(channels) + "}}");
    };
    EXPECT_EQ(subscribe(R"(["a.b","c"])"), "public/subscribe channels=<a.b><c>");
    EXPECT_EQ(subscribe("[]"), "public/subscribe channels=");
    EXPECT_EQ(subscribe(R"("a.b")"), "public/subscribe channels=<a.b>");
    EXPECT_EQ(subscribe(R"("[\"a.b\", \"c\"]")"), "public/subscribe channels=<a.b><c>");
    EXPECT_EQ(subscribe(R"([1])"), "public/subscribe channels=<1>");
    EXPECT_EQ(subscribe(R"(["a",["b"]])"), "-32602 wrong format (channels)");
    EXPECT_EQ(subscribe(R"(["a",null])"), "-32602 wrong format (channels)");
    EXPECT_EQ(subscribe(R"("[1")"), "-32602 wrong format (channels)");
    EXPECT_EQ(subscribe(R"(["a",])"), "-32700");
    EXPECT_EQ(subscribe("null"), "-32602 value required (channels)");

    const auto many = [](std::size_t count) {
        std::string text = R"({"method":"public/subscribe","params":{"channels":[)";
        for (std::size_t at = 0; at < count; ++at) {
            text += (at == 0 ? "\"" : ",\"") + std::string("quote.") + std::to_string(at) + "\"";
        }
        return text + "]}}";
    };
    const auto call = reader_.read_json(many(10'000));
    ASSERT_TRUE(call.has_value());
    EXPECT_EQ(call->parameters.list(Parameter::channels).size(), 10'000U);
    EXPECT_EQ(call->parameters.list(Parameter::channels)[9'999], "quote.9999");
    EXPECT_EQ(read(many(10'001)), "-32602 too many elements (channels)");
}

TEST_F(Json, texts_and_names_are_the_same_with_and_without_escapes) {
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string plain(size, 'x');
        const std::string told = "private/buy instrument_name=X label=" + plain;
        EXPECT_EQ(buy("'instrument_name':'X','label':'" + plain + "'"), told);
        EXPECT_EQ(buy("'label':'" + plain + "'  ,'instrument_name':'X'"), told);
        EXPECT_EQ(buy("'" + plain + "':'" + plain + "','instrument_name':'X'"),
                  "private/buy instrument_name=X");
        for (std::size_t place = 0; place < size; ++place) {
            std::string escaped = plain;
            escaped.replace(place, 1, "\\u0078");
            EXPECT_EQ(buy("'instrument_name':'X','label':'" + escaped + "'"), told);
        }
    }
    EXPECT_EQ(buy(R"('instrument_name':'X','\u006cabel':'a\"b\\')"),
              R"(private/buy instrument_name=X label=a"b\)");
    EXPECT_EQ(buy(R"('instrument_name':'X','access\u005ftoken':'t\u0031')"),
              "private/buy token=t1 instrument_name=X");
    EXPECT_EQ(buy(R"('instrument_name':'X','label\q':1)"), "-32700");
}

TEST_F(Json, parameters_before_and_after_the_method_are_read_in_order) {
    EXPECT_EQ(read(R"({"params":{"channels":["a"]},"method":"public/subscribe",)"
                   R"("params":{"channels":["b"]}})"),
              "public/subscribe channels=<a><b>");
}

TEST_F(Json, deep_and_large_messages_are_refused) {
    std::string deep = R"({"method":"private/buy","params":{"instrument_name":"X","otoco_config":)";
    EXPECT_EQ(read(deep + std::string(17, '[') + std::string(17, ']') + "}}"),
              "-32602 wrong format (otoco_config)");
    EXPECT_EQ(read(deep + std::string(100'000, '[') + std::string(100'000, ']') + "}}"),
              "-32602 wrong format (otoco_config)");
    EXPECT_EQ(read(std::string(500'000, '[')), "-32700");
    EXPECT_EQ(read(std::string((1U << 20U) + 1, ' ')), "-32600 message too large");
    // What nobody reads may be deep: it is passed over.
    EXPECT_EQ(read(R"({"method":"public/get_time","x":)" + std::string(1000, '[') +
                   std::string(1000, ']') + "}"),
              "public/get_time");
}

TEST_F(Json, what_nobody_reads_must_be_json_all_the_same) {
    using namespace std::string_view_literals;
    const std::string_view good = R"(,"method":"public/get_time"})";
    for (const std::string_view bad : {R"({"x":[})"sv, R"({"x":tru)"sv, R"({"x":"a":1})"sv,
                                       R"({"x":"\q")"sv, R"({"x":{"y"})"sv, R"({"x":1 2)"sv}) {
        EXPECT_EQ(read(std::string(bad) + std::string(good)), "-32700") << bad;
    }
    EXPECT_EQ(read(R"({"x":[{"y":"\n"}],"z":null,"method":"public/get_time","params":{"a":[]}})"),
              "public/get_time");
    EXPECT_EQ(read(R"({"method":"public/get_time","params":{"x":[}}})"), "-32700");
    EXPECT_EQ(read("{\"method\":\"public/get_time\",\"id\":7\x01}"), "-32700");
    EXPECT_EQ(buy("'amount':10\x02"), "-32700");
}

TEST_F(Json, the_token_of_a_call_that_fails_is_known) {
    EXPECT_EQ(buy("'access_token':'t','amount':'none'"), "-32602 wrong format (amount)");
    EXPECT_EQ(reader_.access_token(), "t");
    EXPECT_EQ(buy("'label':'access_token','amount':'none'"), "-32602 wrong format (amount)");
    EXPECT_EQ(reader_.access_token(), "");
}

TEST_F(Json, one_call_leaves_nothing_to_the_next) {
    EXPECT_EQ(buy("'instrument_name':'X','amount':1,'access_token':'t'"),
              "private/buy token=t instrument_name=X amount=1");
    EXPECT_EQ(read(R"({"method":"private/sell","params":{"instrument_name":"Y"}})"),
              "private/sell instrument_name=Y");
    EXPECT_EQ(read(R"({"method":"private/buy","params":{"instrument_name":"Y"}})"),
              "private/buy instrument_name=Y");
}

}  // namespace
}  // namespace miletus::deribit
