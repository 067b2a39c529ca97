// What is written, byte by byte.
#include "base/decimal.hpp"
#include "edge/gateway/deribit/rpc/envelope.hpp"
#include "edge/gateway/deribit/rpc/json_check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace miletus::deribit {
namespace {

std::string decimal(int128 value, std::uint32_t decimals) {
    std::string out;
    JsonWriter(out).decimal(value, decimals);
    return out;
}

std::string real(double value, std::uint32_t digits) {
    std::string out;
    JsonWriter(out).real(value, digits);
    return out;
}

TEST(JsonWriter, puts_commas_where_they_belong) {
    std::string out = "before";
    JsonWriter json(out);
    json.begin_object();
    json.text("a", "x:");
    json.integer("b", -5);
    json.key("c");
    json.begin_array();
    json.begin_object();
    json.end_object();
    json.begin_array();
    json.null();
    json.boolean(true);
    json.end_array();
    json.text("[");
    json.text("{");
    json.raw("[1]");
    json.end_array();
    json.boolean("d", false);
    json.null("e");
    json.decimal("f", 25, 1);
    json.end_object();
    EXPECT_EQ(out, R"(before{"a":"x:","b":-5,"c":[{},[null,true],"[","{",[1]],"d":false,"e":null,)"
                   R"("f":2.5})");
}

TEST(JsonWriter, writes_numbers_without_exponents) {
    EXPECT_EQ(decimal(0, 0), "0");
    EXPECT_EQ(decimal(0, 8), "0");
    EXPECT_EQ(decimal(1, 8), "0.00000001");
    EXPECT_EQ(decimal(-1, 8), "-0.00000001");
    EXPECT_EQ(decimal(100'000'000, 8), "1");
    EXPECT_EQ(decimal(4'250'050, 2), "42500.5");
    EXPECT_EQ(decimal(std::numeric_limits<std::int64_t>::min(), 0), "-9223372036854775808");
    EXPECT_EQ(decimal(std::numeric_limits<std::uint64_t>::max(), 1), "1844674407370955161.5");
    const int128 most = ~(static_cast<int128>(1) << 127U);
    EXPECT_EQ(decimal(most, 0), "170141183460469231731687303715884105727");
    EXPECT_EQ(decimal(-most - 1, 38), "-1.70141183460469231731687303715884105728");
    EXPECT_EQ(decimal(most, 40), "0.0170141183460469231731687303715884105727");
}

TEST(JsonWriter, writes_numbers_as_the_base_does) {
    int128 value = 1;
    for (int turn = 0; turn < 2'000; ++turn) {
        value = value * 7 + turn;
        value = value > (static_cast<int128>(1) << 120U) ? value >> 100U : value;
        for (const std::uint32_t decimals : {0U, 1U, 6U, 8U, 18U, 30U}) {
            EXPECT_EQ(decimal(value, decimals), decimal_text(value, decimals));
            EXPECT_EQ(decimal(-value, decimals), decimal_text(-value, decimals));
        }
    }
}

TEST(JsonWriter, writes_numbers_as_the_base_does_where_digits_begin_and_end) {
    const int128 most = ~(static_cast<int128>(1) << 127U);
    std::vector<int128> values{0, most, -most, -most - 1};
    for (int128 power = 1; power < most / 10; power *= 10) {
        for (const int128 near : {power - 1, power, power + 1, 2 * power, 5 * power}) {
            values.push_back(near);
            values.push_back(-near);
        }
    }
    for (const unsigned bits : {31U, 32U, 63U, 64U, 65U, 126U}) {
        const int128 power = static_cast<int128>(1) << bits;
        values.insert(values.end(), {power - 1, power, power + 1});
    }
    for (const int128 value : values) {
        for (std::uint32_t decimals = 0; decimals <= 40; ++decimals) {
            ASSERT_EQ(decimal(value, decimals), decimal_text(value, decimals));
        }
    }
}

TEST(JsonWriter, writes_integers_as_the_standard_does) {
    for (unsigned bits = 0; bits < 64; ++bits) {
        for (const std::uint64_t near : {0U, 1U, 2U}) {
            const auto value = static_cast<std::int64_t>((std::uint64_t{1} << bits) - near);
            std::string out;
            JsonWriter(out).integer(value);
            EXPECT_EQ(out, std::to_string(value));
        }
    }
}

TEST(JsonWriter, rounds_reals_and_has_no_word_for_those_that_are_not_finite) {
    EXPECT_EQ(real(0.5, 4), "0.5");
    EXPECT_EQ(real(-0.00001, 4), "0");
    EXPECT_EQ(real(0.00005001, 4), "0.0001");
    EXPECT_EQ(real(65.4321, 2), "65.43");
    EXPECT_EQ(real(1e15, 2), "1000000000000000");
    EXPECT_EQ(real(100, 0), "100");
    EXPECT_EQ(real(std::numeric_limits<double>::max(), 40).size(), 309U);
    EXPECT_EQ(real(NAN, 2), "null");
    EXPECT_EQ(real(-INFINITY, 2), "null");
}

TEST(JsonWriter, escapes_what_must_be) {
    std::string out;
    JsonWriter(out).text(std::string("a\"b\\c/\n\r\t\b\f\0\x1f\x7f\xC3\xA9", 16));
    EXPECT_EQ(out, "\"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0000\\u001f\x7f\xC3\xA9\"");
    EXPECT_TRUE(is_json(out, 1));
}

// Byte by byte.
std::string escaped(std::string_view text) {
    std::string out = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            out += {'\\', letter};
        } else if (letter == '\n') {
            out += "\\n";
        } else if (letter == '\x01') {
            out += "\\u0001";
        } else {
            out += letter;
        }
    }
    return out + '"';
}

TEST(JsonWriter, finds_what_must_be_escaped_wherever_it_stands) {
    for (std::size_t size = 0; size < 80; ++size) {
        for (std::size_t place = 0; place <= size; ++place) {
            for (const char letter : std::string("\"\\\n\x01 !#[]\x7f\x80\xa2\xdc\xff")) {
                std::string text(size, 'a');
                text.replace(place, place < size ? 1 : 0, place < size ? 1 : 0, letter);
                std::string out;
                JsonWriter(out).text(text);
                ASSERT_EQ(out, escaped(text));
            }
        }
    }
}

TEST(JsonWriter, hands_over_what_is_whole_however_long_it_is) {
    for (std::size_t size = 0; size < 200; ++size) {
        std::string out;
        std::string expected = "{";
        JsonWriter json(out);
        json.begin_object();
        for (std::size_t member = 0; member < 50; ++member) {
            const std::string name = "m" + std::to_string(member);
            const std::string text(member % 2 == 0 ? size : 1, member % 7 == 0 ? '\n' : 'x');
            expected += (member == 0 ? "\"" : ",\"") + name + "\":";
            if (member % 5 == 0) {
                json.raw(name, "[\"" + text.substr(0, size) + "x\"]");
                expected += "[\"" + text.substr(0, size) + "x\"]";
            } else {
                json.text(name, text);
                expected += escaped(text);
            }
        }
        json.end_object();
        ASSERT_EQ(out, expected + "}");
        json.null();
        ASSERT_EQ(out, expected + "},null");
    }
}

constexpr Timing timing{.in_us = 1'700'000'000'000'001, .out_us = 1'700'000'000'000'043};

TEST(Envelope, stands_around_results) {
    std::string out;
    write_result_head(out, R"("x-1")");
    JsonWriter json(out);
    json.begin_object();
    json.text("version", "1");
    json.end_object();
    write_result_tail(out, timing);
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","id":"x-1","result":{"version":"1"},)"
                   R"("usIn":1700000000000001,"usOut":1700000000000043,"usDiff":42,)"
                   R"("testnet":false})");
    EXPECT_TRUE(is_json(out, 2));
}

TEST(Envelope, leaves_the_id_out_where_none_came) {
    std::string out;
    write_result_head(out, "");
    JsonWriter(out).text("ok");
    write_result_tail(out, {.in_us = 2, .out_us = 1, .is_testnet = true});
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","result":"ok","usIn":2,"usOut":1,"usDiff":-1,)"
                   R"("testnet":true})");
}

TEST(Envelope, tells_what_went_wrong_and_where) {
    std::string out;
    write_error(out, "1", wrong(Parameter::amount, "wrong format"), timing);
    EXPECT_TRUE(out.starts_with(
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params",)"
        R"("data":{"reason":"wrong format","param":"amount"}},"usIn":)"))
        << out;
    EXPECT_TRUE(is_json(out, 3));
    out.clear();
    const Failure failure{.code = ErrorCode::invalid_credentials, .reason = "", .param = ""};
    write_error(out, "", failure, timing);
    EXPECT_TRUE(out.starts_with(
        R"({"jsonrpc":"2.0","error":{"code":13004,"message":"invalid_credentials"},"usIn":)"))
        << out;
}

TEST(Envelope, stands_around_notifications) {
    std::string out;
    write_notification_head(out, "quote.BTC-PERPETUAL");
    JsonWriter json(out);
    json.begin_array();
    json.end_array();
    write_notification_tail(out, "");
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"subscription","params":)"
                   R"({"channel":"quote.BTC-PERPETUAL","data":[]}})");
    out.clear();
    write_notification_head(out, "c");
    JsonWriter(out).null();
    write_notification_tail(out, "l\"");
    EXPECT_TRUE(out.ends_with(R"("data":null,"label":"l\""}})")) << out;
    out.clear();
    write_heartbeat(out, Heartbeat::test_request);
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}})");
}

TEST(JsonCheck, knows_json_from_what_looks_like_it) {
    for (const std::string text :
         {"[]", "{}", R"( [ 1 , "a" , true , null , {"b" : [] } ] )", R"("\u00e9\n")", "-1.5e3"}) {
        EXPECT_TRUE(is_json(text, 3)) << text;
    }
    for (const std::string text :
         {"",         "[",          "]",           "[1,]", "{\"a\"", "[,1]",      "{\"a\"}",
          "{\"a\":}", "{\"a\":1,}", "{1:2}",       "[}",   "{]",     "[1 2]",     "nul",
          "\"a",      "\"\\x\"",    "\"\\u12g4\"", "01",   "[] []",  "{\"a\" 1}", "\"a\nb\""}) {
        EXPECT_FALSE(is_json(text, 3)) << text;
    }
    EXPECT_TRUE(is_json("[[[]]]", 3));
    EXPECT_FALSE(is_json("[[[[]]]]", 3));
}

}  // namespace
}  // namespace miletus::deribit
