// A million random options: prices keep their digits, and each implies the volatility that it was
// made of, as closely as the rounding of a price allows. What is right comes from an oracle in
// wider numbers, which is judged first, by rows of 50 digits.
#include "pricing/digests_test.hpp"
#include "pricing/oracle_test.hpp"
#include "pricing/pricing.hpp"
#include "pricing/wide_oracle_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double error_max = 4e-15;

double condition_of(const wide::TimeValue& exact, double deviation) {
    return static_cast<double>(exact.value / (exact.slope * deviation));
}

// What an error of the value does to the volatility counts.
TEST(Million, the_wide_oracle_agrees_with_the_one_of_fifty_digits) {
    constexpr double oracle_error_max = error_max / 20;
    const std::vector<OracleRow> rows = read_oracle("tests/pricing/time_values.rows", 1);
    double worst = 0;
    for (const OracleRow& row : rows) {
        ASSERT_EQ(row.numbers.size(), 5U);
        const double forward = row.numbers[0];
        const double strike = row.numbers[1];
        const double deviation = row.numbers[2];
        const double high = row.numbers[3];
        const double low = row.numbers[4];
        const wide::TimeValue value = row.words[0] == "black"
                                          ? wide::black(forward, strike, deviation)
                                          : wide::bachelier(forward, strike, deviation);
        const auto error = static_cast<double>(((value.value - high) - low) / high);
        const double of_vol = std::abs(error) * std::min(1.0, condition_of(value, deviation));
        worst = std::max(worst, of_vol);
        ASSERT_LE(of_vol, oracle_error_max) << row.line;
    }
    EXPECT_EQ(rows.size(), 1000U);
    RecordProperty("worst", in_short(worst));
}

// Options by the array, and what their prices should imply.
struct Rows {
    explicit Rows(std::size_t count) {
        for (std::vector<double>* column : {&price, &forward, &strike, &right, &condition}) {
            column->reserve(count);
        }
        kind.reserve(count);
    }

    // The exact price is rounded, and so implies a little more or less: by the slope.
    void add(double f, double k, double deviation, std::int8_t w, const wide::TimeValue& exact) {
        const long double intrinsic = w * (static_cast<long double>(f) - k);
        const long double whole = exact.value + (intrinsic > 0 ? intrinsic : 0.0L);
        const auto rounded = static_cast<double>(whole);
        forward.push_back(f);
        strike.push_back(k);
        kind.push_back(w);
        price.push_back(rounded);
        right.push_back(static_cast<double>(deviation + (rounded - whole) / exact.slope));
        condition.push_back(static_cast<double>(whole / (exact.slope * deviation)));
    }

    std::vector<double> price, forward, strike, right, condition;
    std::vector<std::int8_t> kind;
};

void expect_implied(const Rows& rows, const std::vector<double>& vol,
                    const std::vector<std::uint8_t>& status) {
    double worst = 0;
    for (std::size_t at = 0; at < vol.size(); ++at) {
        const double error =
            std::abs(vol[at] / rows.right[at] - 1) / std::max(1.0, rows.condition[at]);
        ASSERT_EQ(status[at], static_cast<std::uint8_t>(Status::ok))
            << at << ": " << rows.price[at] << " " << rows.forward[at] << " " << rows.strike[at];
        ASSERT_LE(error, error_max) << at << ": " << vol[at] << ", not " << rows.right[at];
        worst = std::max(worst, error);
    }
    testing::Test::RecordProperty("worst", in_short(worst));
}

// In the money while a thousandth of the price is time value: with less, the digits are the
// intrinsic value's.
std::int8_t random_kind(Prng& prng, double forward, double strike, const wide::TimeValue& exact) {
    const std::int8_t out = strike >= forward ? call : put;
    const bool may_be_in = exact.value > 1e-3L * std::abs(forward - strike);
    return prng.one_in(2) && may_be_in ? static_cast<std::int8_t>(-out) : out;
}

const std::array<double, 1> one{1.0};

TEST(Million, prices_of_black_imply_what_they_were_made_of) {
    constexpr std::size_t count = 1'000'000;
    constexpr double price_error_max = 1e-14;  // of the price, six deviations out
    Prng prng(1973);
    Rows rows(count);
    for (std::size_t at = 0; at < count; ++at) {
        const double deviation = std::exp(between(prng, std::log(1e-3), std::log(6.0)));
        const double forward = std::exp(between(prng, 0, 11));
        const double distance = between(prng, -9, 9);
        const double strike = forward * std::exp(distance * deviation);
        const wide::TimeValue exact = wide::black(forward, strike, deviation);
        rows.add(forward, strike, deviation, random_kind(prng, forward, strike, exact), exact);
        if (std::abs(distance) + deviation / 2 < 6) {
            const std::int8_t out = strike >= forward ? call : put;
            const Valuation value = value_of(Forward{
                .forward = forward, .strike = strike, .time = 1, .vol = deviation, .kind = out});
            ASSERT_LE(std::abs(value.price / exact.value - 1), price_error_max)
                << at << ": " << deviation << " " << distance;
        }
    }
    std::vector<double> vol(count);
    std::vector<std::uint8_t> status(count);
    ASSERT_TRUE(imply({.price = rows.price,
                       .forward = rows.forward,
                       .strike = rows.strike,
                       .time = one,
                       .discount = one,
                       .kind = rows.kind},
                      vol, status));
    expect_implied(rows, vol, status);
}

TEST(Million, prices_of_bachelier_imply_what_they_were_made_of) {
    constexpr std::size_t count = 250'000;
    Prng prng(1900);
    Rows rows(count);
    for (std::size_t at = 0; at < count; ++at) {
        const double deviation = std::exp(between(prng, std::log(1e-3), std::log(1e3)));
        const double forward = between(prng, -100, 100);
        const double strike = forward + between(prng, -9, 9) * deviation;
        const wide::TimeValue exact = wide::bachelier(forward, strike, deviation);
        rows.add(forward, strike, deviation, random_kind(prng, forward, strike, exact), exact);
    }
    std::vector<double> vol(count);
    std::vector<std::uint8_t> status(count);
    ASSERT_TRUE(imply_bachelier({.price = rows.price,
                                 .forward = rows.forward,
                                 .strike = rows.strike,
                                 .time = one,
                                 .discount = one,
                                 .kind = rows.kind},
                                vol, status));
    expect_implied(rows, vol, status);
}

}  // namespace
}  // namespace miletus::pricing
