// Quotes as text, and mistakes in it, told with line and column.
#include "surface_report/chain_file.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace miletus::surface_report {
namespace {

constexpr std::string_view small =
    "timestamp,underlying,option_type,strike,expiry_datetime,time_to_maturity,bid_price,ask_price,"
    "mark_price,futures_price,currency,index_price\n"
    "2026-01-10T15:27:53.5+00:00,90586.3,call,82000.0,2026-01-16T08:00:00+00:00,0.0155,0.091,"
    "0.1025,0.096,90586.32,BTC,90478.5\n"
    "2026-01-10T15:27:50+00:00,3100,put,3000,2026-01-16T08:00:00+00:00,0.0156,,0.02,,,ETH,3090\n"
    "\n"
    "2026-01-10T15:27:51+00:00,90586.3,P,82000.0,2026-01-16T08:00:00+00:00,0.01551,0.001,0.002,"
    "0.0015,,BTC,90479\n";

std::string problem_of(std::string_view text) {
    const auto chains = read_chains(text);
    return chains ? "none" : chains.error();
}

TEST(ChainFile, tells_currencies_apart) {
    const auto chains = read_chains(small);
    ASSERT_TRUE(chains.has_value()) << chains.error();
    ASSERT_EQ(chains->size(), 2);
    const NamedChain& bitcoin = (*chains)[0];
    EXPECT_EQ(bitcoin.name, "BTC");
    ASSERT_EQ(bitcoin.quotes.size(), 2);
    EXPECT_EQ(bitcoin.quotes[0].strike, 82'000);
    EXPECT_EQ(bitcoin.quotes[0].kind, pricing::call);
    EXPECT_EQ(bitcoin.quotes[1].kind, pricing::put);
    EXPECT_EQ(bitcoin.quotes[0].bid, 0.091);
    EXPECT_EQ(bitcoin.quotes[0].mark, 0.096);
    EXPECT_EQ(bitcoin.quotes[0].forward, 90'586.32);
    EXPECT_EQ(bitcoin.quotes[1].forward, 0);
    EXPECT_EQ(bitcoin.labels[0], "2026-01-16");
    EXPECT_EQ(bitcoin.spot, 90'479);
    const NamedChain& ether = (*chains)[1];
    EXPECT_EQ(ether.quotes[0].bid, 0);
    EXPECT_EQ(ether.quotes[0].ask, 0.02);
}

TEST(ChainFile, makes_one_time_of_an_expiry_and_an_age_of_a_moment) {
    const auto chains = read_chains(small);
    ASSERT_TRUE(chains.has_value());
    EXPECT_EQ((*chains)[0].quotes[0].time, 0.0155);
    EXPECT_EQ((*chains)[0].quotes[1].time, 0.0155);
    EXPECT_EQ((*chains)[0].quotes[0].age, 0);
    EXPECT_NEAR((*chains)[0].quotes[1].age, 2.5, 1e-6);
    EXPECT_NEAR((*chains)[1].quotes[0].age, 3.5, 1e-6);
}

TEST(ChainFile, counts_years_of_365_days_where_only_moments_are_given) {
    const auto chains = read_chains(
        "timestamp,kind,strike,expiry,bid,ask\n"
        "2026-02-27T12:00:00Z,C,100,2026-03-01,0.1,0.2\n"
        "2026-02-27T13:00:00+01:00,C,100,2027-02-27 12:00:00,0.1,0.2\n");
    ASSERT_TRUE(chains.has_value()) << chains.error();
    EXPECT_NEAR((*chains)[0].quotes[0].time, 1.5 / 365, 1e-12);
    EXPECT_NEAR((*chains)[0].quotes[1].time, 1, 1e-12);
    EXPECT_EQ((*chains)[0].name, "");
}

TEST(ChainFile, reads_fields_in_quotation_marks_and_numbers_that_are_none) {
    const auto chains = read_chains(
        "\xEF\xBB\xBFkind,strike,\"time\",bid,ask,name\r\n"
        "call,100,0.5,nan,1e999,\"a, b\"\r\n");
    ASSERT_TRUE(chains.has_value()) << chains.error();
    EXPECT_TRUE(std::isnan((*chains)[0].quotes[0].bid));
    EXPECT_TRUE(std::isinf((*chains)[0].quotes[0].ask));
}

TEST(ChainFile, names_line_and_column_of_a_mistake) {
    EXPECT_EQ(problem_of(""), "line 1: the file is empty; its first line names the columns");
    EXPECT_EQ(problem_of("kind,strike,time,bid\n"),
              "line 1: no column ask_price; the first line has to name it");
    EXPECT_EQ(problem_of("kind,strike,bid,ask\n"),
              "line 1: nothing says when options expire; name a column time_to_maturity, in years, "
              "or two, timestamp and expiry_datetime");
    const std::string head = "kind,strike,time,bid,ask\n";
    EXPECT_EQ(problem_of(head + "call,100,1,2\n"),
              "line 2: 4 fields, where the first line names 5 columns; give each column a field, "
              "empty where there is nothing");
    EXPECT_EQ(problem_of(head + "\ncall,a lot,1,2,3\n"),
              "line 3, column strike: \"a lot\" is no number; write it as 82000 or 0.0105");
    EXPECT_EQ(problem_of(head + "call,100,1,2x,3\n"),
              "line 2, column bid_price: \"2x\" is no number; write it as 82000 or 0.0105, or "
              "nothing");
    EXPECT_EQ(problem_of(head + "future,100,1,2,3\n"),
              "line 2, column option_type: \"future\"; write call or put");
    EXPECT_EQ(problem_of(head + "call,100,,2,3\n"),
              "line 2: nothing says when the option expires; give time_to_maturity in years, or "
              "timestamp and expiry_datetime");
    const std::string dated = "kind,strike,timestamp,expiry,bid,ask\n";
    EXPECT_EQ(problem_of(dated + "call,100,2026-01-01,2026-13-01,2,3\n"),
              "line 2, column expiry_datetime: \"2026-13-01\" is no moment; write it as "
              "2026-03-27T08:00:00Z");
}

TEST(ChainFile, keeps_an_age_of_zero_beside_an_older_timestamp) {
    const auto chains = read_chains(
        "timestamp,kind,strike,time,bid,ask,age\n"
        "2026-02-27T12:00:00Z,C,100,1,0.1,0.2,0\n"
        "2026-02-27T12:00:00Z,C,110,1,0.1,0.2,\n"
        "2026-02-27T12:01:00Z,C,120,1,0.1,0.2,7\n");
    ASSERT_TRUE(chains.has_value()) << chains.error();
    EXPECT_EQ((*chains)[0].quotes[0].age, 0);
    EXPECT_EQ((*chains)[0].quotes[1].age, 60);
    EXPECT_EQ((*chains)[0].quotes[2].age, 7);
}

TEST(ChainFile, keeps_a_time_of_infinity_beside_moments) {
    const auto chains = read_chains(
        "timestamp,kind,strike,expiry,time,bid,ask\n"
        "2026-02-27,C,100,2027-02-27,inf,0.1,0.2\n"
        "2026-02-27,C,110,2027-02-27,,0.1,0.2\n"
        "2026-02-27,C,120,2027-02-27,nan,0.1,0.2\n");
    ASSERT_TRUE(chains.has_value()) << chains.error();
    EXPECT_TRUE(std::isinf((*chains)[0].quotes[0].time));
    EXPECT_NEAR((*chains)[0].quotes[1].time, 1, 1e-12);
    EXPECT_TRUE(std::isnan((*chains)[0].quotes[2].time));
}

TEST(ChainFile, refuses_moments_that_never_come) {
    const std::string head = "kind,strike,timestamp,expiry,bid,ask\n";
    for (const std::string moment :
         {"2026-02-31", "2026-06-31", "2026-02-29", "2100-02-29", "2026-12-32", "2026-01-00",
          "2026-01-01T99:99", "2026-01-01T24:00:00", "2026-01-01T00:60:00", "2026-01-01T00:00:60",
          "2026-01-01T00:00:00.", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60",
          "2026-01-01T00:00:00+0000", "2026-01-01T00:00:00 Z", "2026-01-01T"}) {
        EXPECT_EQ(problem_of(head + "call,100," + moment + ",2030-01-01,2,3\n"),
                  "line 2, column timestamp: \"" + moment +
                      "\" is no moment; write it as 2026-03-27T08:00:00Z");
    }
    for (const std::string moment : {"2028-02-29", "2026-12-31", "2026-01-01T23:59:59.999-23:59"}) {
        EXPECT_EQ(problem_of(head + "call,100," + moment + ",2030-01-01,2,3\n"), "none");
    }
}

TEST(ChainFile, refuses_lines_that_are_not_utf8) {
    const std::string head = "kind,strike,time,bid,ask,currency\n";
    for (const std::string letters :
         {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xEF\xBF\xBF",
          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xC3("}) {
        EXPECT_EQ(problem_of(head + "\ncall,100,1,2,3," + letters + "\n"),
                  "line 3: not text in UTF-8; save the file in that encoding");
    }
    for (const std::string letters : {"ü", "€", "\xF0\x9F\x92\xB0"}) {
        const auto chains = read_chains(head + "call,100,1,2,3," + letters + "\n");
        ASSERT_TRUE(chains.has_value()) << chains.error();
        EXPECT_EQ((*chains)[0].name, letters);
    }
}

TEST(ChainFile, cuts_what_it_quotes_between_letters) {
    const std::string blank(39, 'x');
    EXPECT_EQ(problem_of("kind,strike,time,bid,ask\n" + blank + "€€,100,1,2,3\n"),
              "line 2, column option_type: \"" + blank + "…\"; write call or put");
}

TEST(ChainFile, makes_one_of_two_quotation_marks) {
    const auto chains = read_chains(
        "kind,strike,time,bid,ask,currency\n"
        "call,100,0.5,1,2,\"a \"\"b\"\", c\"\"\"\n"
        "call,100,0.5,1,2,\"\"\n");
    ASSERT_TRUE(chains.has_value()) << chains.error();
    EXPECT_EQ((*chains)[0].name, "a \"b\", c\"");
    EXPECT_EQ((*chains)[1].name, "");
}

TEST(ChainFile, takes_no_plus_before_a_number) {
    EXPECT_EQ(problem_of("kind,strike,time,bid,ask\ncall,+100,1,2,3\n"),
              "line 2, column strike: \"+100\" is no number; write it as 82000 or 0.0105");
    EXPECT_EQ(problem_of("kind,strike,time,bid,ask\ncall,1.05e+2,1,-0.5,3\n"), "none");
}

}  // namespace
}  // namespace miletus::surface_report
