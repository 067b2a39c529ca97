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

}  // namespace
}  // namespace miletus::surface_report
