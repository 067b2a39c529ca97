// What is told of a price, to people and to programs.
#include "calculator/calculator.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

namespace miletus::calculator {
namespace {

constexpr pricing::Forward weekly{
    .forward = 100'000, .strike = 110'000, .time = 7.0 / 365, .vol = 0.55};

struct Told {
    bool has_price = false;
    std::string text;
};

Told told(const PriceQuestion& question) {
    std::ostringstream out;
    const bool has_price = price(out, question);
    return {has_price, out.str()};
}

TEST(Calculator, tells_a_price_that_reads_back_as_the_same_bits) {
    const Told price = told({.option = weekly});
    EXPECT_TRUE(price.has_price);
    ASSERT_TRUE(price.text.starts_with("price   "));
    EXPECT_EQ(std::stod(price.text.substr(8)), pricing::value_of(weekly).price);
}

TEST(Calculator, tells_greeks_in_lines_or_in_json) {
    const Told lines = told({.option = weekly, .wants_greeks = true});
    EXPECT_NE(lines.text.find("\ndelta   0.1"), std::string::npos) << lines.text;
    EXPECT_NE(lines.text.find("\ncharm   "), std::string::npos);
    const Told json = told({.option = weekly, .wants_greeks = true, .wants_json = true});
    EXPECT_TRUE(json.text.starts_with("{\"price\": "));
    EXPECT_TRUE(json.text.ends_with(", \"status\": \"ok\"}\n")) << json.text;
}

TEST(Calculator, tells_why_there_is_no_price) {
    pricing::Forward option = weekly;
    option.strike = -1;
    const Told price = told({.option = option, .wants_greeks = true});
    EXPECT_FALSE(price.has_price);
    EXPECT_EQ(price.text, "an input is out of its domain\n");
    EXPECT_EQ(told({.option = option, .wants_json = true}).text,
              "{\"status\": \"an input is out of its domain\"}\n");
    option.strike = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(told({.option = option}).text, "an input is not a number\n");
}

TEST(Calculator, tells_the_volatility_that_a_price_implies) {
    std::ostringstream out;
    const pricing::PricedForward option{.price = pricing::value_of(weekly).price,
                                        .forward = weekly.forward,
                                        .strike = weekly.strike,
                                        .time = weekly.time};
    EXPECT_TRUE(implied_vol(out, {.option = option}));
    ASSERT_TRUE(out.str().starts_with("vol     "));
    EXPECT_NEAR(std::stod(out.str().substr(8)), weekly.vol, 1e-14);
    std::ostringstream none;
    EXPECT_FALSE(implied_vol(none, {.option = {.price = 5, .forward = 100, .strike = 50, .time = 1},
                                    .wants_json = true}));
    EXPECT_EQ(none.str(), "{\"status\": \"the price is below the intrinsic value\"}\n");
}

}  // namespace
}  // namespace miletus::calculator
