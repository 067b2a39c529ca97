// Prices and Greeks against an oracle of 50 digits, what options must obey, and bad input.
#include "pricing/vanilla/vanilla.hpp"

#include "pricing/chain/chain_of_one_test.hpp"
#include "pricing/isa.hpp"
#include "pricing/oracle_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double least = std::numeric_limits<double>::denorm_min();

// A row of the oracle's.
struct Row {
    bool is_forward = false;
    std::int8_t kind = call;
    std::array<double, 6> in{};
    std::array<double, 9> right{};
};

std::vector<Row> read_rows() {
    std::vector<Row> rows;
    for (const OracleRow& written : read_oracle("tests/pricing/options.rows", 2)) {
        Row row;
        row.is_forward = written.words[0] == "forward";
        row.kind = written.words[1] == "1" ? call : put;
        std::copy_n(written.numbers.begin(), row.in.size(), row.in.begin());
        std::copy_n(written.numbers.begin() + 6, row.right.size(), row.right.begin());
        rows.push_back(row);
    }
    return rows;
}

Valuation valued(const Row& row) {
    const auto& [asset, strike, time, vol, first, second] = row.in;
    if (row.is_forward) {
        return value_of(Forward{.forward = asset,
                                .strike = strike,
                                .time = time,
                                .vol = vol,
                                .discount = first,
                                .kind = row.kind});
    }
    return value_of(Spot{.spot = asset,
                         .strike = strike,
                         .time = time,
                         .vol = vol,
                         .rate = first,
                         .yield = second,
                         .kind = row.kind});
}

// By itself, and in a chain of one.
std::vector<Valuation> valuations(const Row& row) {
    std::vector<Valuation> all{valued(row)};
    if (row.is_forward) {
        all.push_back(value_in_chain({.forward = row.in[0],
                                      .strike = row.in[1],
                                      .time = row.in[2],
                                      .vol = row.in[3],
                                      .discount = row.in[4],
                                      .kind = row.kind}));
    }
    return all;
}

double ulp_of(double value) {
    return std::nextafter(value, infinity) - value;
}

TEST(Vanilla, prices_are_within_four_units_of_the_last_place_of_what_is_exchanged) {
    const std::vector<Row> rows = read_rows();
    ASSERT_EQ(rows.size(), 8000U);
    for (const Row& row : rows) {
        const double scale = std::max(row.in[0], row.in[1]);
        for (const Valuation& value : valuations(row)) {
            ASSERT_EQ(value.status, Status::ok);
            ASSERT_LE(std::abs(value.price - row.right[0]), 4 * ulp_of(scale))
                << row.in[0] << " " << row.in[1] << " " << row.in[2] << " " << row.in[3];
        }
    }
}

// How far d1 is, and how wide the distribution.
struct Place {
    double d1 = 0;
    double d2 = 0;
};

Place place_of(const Row& row) {
    const double s = row.in[3] * std::sqrt(row.in[2]);
    const double carry = row.is_forward ? 0.0 : (row.in[4] - row.in[5]) * row.in[2];
    const double d1 = (std::log(row.in[0] / row.in[1]) + carry) / s + s / 2;
    return {d1, d1 - s};
}

TEST(Vanilla, prices_keep_their_digits_six_deviations_out) {
    double worst = 0;
    int judged = 0;
    for (const Row& row : read_rows()) {
        const Place place = place_of(row);
        const bool is_out = row.kind * place.d1 < 0;  // else digits went with the difference
        if (row.is_forward && is_out && std::abs(place.d1) < 6 && std::abs(place.d2) < 6) {
            for (const Valuation& value : valuations(row)) {
                worst = std::max(worst, std::abs(value.price / row.right[0] - 1));
                ++judged;
            }
        }
    }
    EXPECT_GT(judged, 2000);
    EXPECT_LE(worst, 1e-14);
}

std::array<double, 8> greeks_of(const Valuation& value) {
    return {value.delta, value.gamma, value.vega,  value.theta,
            value.rho,   value.vanna, value.volga, value.charm};
}

TEST(Vanilla, greeks_are_within_their_scale) {
    constexpr double error_max = 3e-14;
    for (const Row& row : read_rows()) {
        const auto& [asset, strike, time, vol, first, second] = row.in;
        const double root = std::sqrt(time);
        const double rate = row.is_forward ? std::abs(std::log(first) / time) : std::abs(first);
        const double larger = std::max(asset, strike);
        const std::array scales{1.0,
                                1 / (asset * vol * root),
                                asset * root,
                                asset * vol / root + larger * (rate + std::abs(second)),
                                time * larger,
                                1 / vol,
                                asset * root / vol,
                                1 / time};
        for (const Valuation& value : valuations(row)) {
            const std::array values = greeks_of(value);
            for (std::size_t at = 0; at < scales.size(); ++at) {
                ASSERT_LE(std::abs(values[at] - row.right[at + 1]), error_max * scales[at])
                    << "Greek " << at << " of " << asset << " " << strike << " " << time << " "
                    << vol;
            }
        }
    }
}

// Haug, The Complete Guide to Option Pricing Formulas, 2nd edition: sections 1.1.1, 1.1.2, 1.1.4.
TEST(Vanilla, agrees_with_published_examples) {
    EXPECT_NEAR(
        value_of(Spot{.spot = 60, .strike = 65, .time = 0.25, .vol = 0.3, .rate = 0.08}).price,
        2.1334, 5e-5);
    EXPECT_NEAR(value_of(Spot{.spot = 100,
                              .strike = 95,
                              .time = 0.5,
                              .vol = 0.2,
                              .rate = 0.1,
                              .yield = 0.05,
                              .kind = put})
                    .price,
                2.4648, 5e-5);
    EXPECT_NEAR(value_of(Forward{.forward = 19,
                                 .strike = 19,
                                 .time = 0.75,
                                 .vol = 0.28,
                                 .discount = std::exp(-0.1 * 0.75)})
                    .price,
                1.7011, 5e-5);
}

// ---- What every option obeys ----

TEST(Vanilla, a_call_less_a_put_is_the_forward_less_the_strike) {
    for (const Row& row : read_rows()) {
        Row other = row;
        other.kind = static_cast<std::int8_t>(-row.kind);
        const auto& [asset, strike, time, vol, first, second] = row.in;
        const double now = row.is_forward ? asset * first : asset * std::exp(-second * time);
        const double then = strike * (row.is_forward ? first : std::exp(-first * time));
        const double difference = row.kind * (valued(row).price - valued(other).price);
        ASSERT_LE(std::abs(difference - (now - then)), 8 * ulp_of(std::max(now, then)));
    }
}

TEST(Vanilla, a_price_rises_with_volatility_between_its_bounds) {
    for (const std::int8_t kind : {call, put}) {
        double before = 0;
        for (int step = 0; step <= 400; ++step) {
            const Forward option{.forward = 100,
                                 .strike = 120,
                                 .time = 0.3,
                                 .vol = 0.01 * step,
                                 .discount = 0.99,
                                 .kind = kind};
            const double price = value_of(option).price;
            const double bound = kind == call ? 100 * 0.99 : 120 * 0.99;
            EXPECT_GE(price, std::max(0.0, kind * (100.0 - 120.0) * 0.99) - 1e-14);
            EXPECT_LE(price, bound);
            EXPECT_GE(price, before - 1e-14);
            before = price;
        }
    }
}

TEST(Vanilla, a_price_is_convex_in_its_strike) {
    const auto price_at = [](double strike) {
        return value_of(Forward{.forward = 100, .strike = strike, .time = 0.1, .vol = 0.5}).price;
    };
    for (double strike = 20; strike < 400; strike += 0.5) {
        EXPECT_GE(price_at(strike - 0.5) + price_at(strike + 0.5) - 2 * price_at(strike), -1e-13);
    }
}

// ---- Without time value, out of the domain ----

TEST(Vanilla, without_time_or_volatility_there_is_the_intrinsic_value) {
    const Valuation now =
        value_of(Forward{.forward = 110, .strike = 100, .time = 0, .vol = 0.5, .discount = 0.5});
    EXPECT_EQ(now.status, Status::no_time_value);
    EXPECT_EQ(now.price, 5.0);
    EXPECT_EQ(now.delta, 0.5);
    EXPECT_EQ(now.gamma, 0.0);
    const Valuation still =
        value_of(Spot{.spot = 90, .strike = 100, .time = 1, .vol = 0, .kind = put});
    EXPECT_EQ(still.status, Status::no_time_value);
    EXPECT_EQ(still.price, 10.0);
    EXPECT_EQ(still.delta, -1.0);
    EXPECT_EQ(value_of(Forward{.forward = 90, .strike = 100, .time = 0, .vol = 1}).price, 0.0);
}

TEST(Vanilla, what_is_no_option_has_a_status_and_no_price) {
    const Forward good{.forward = 100, .strike = 100, .time = 1, .vol = 0.5};
    for (const double bad : {0.0, -1.0, infinity, -infinity, no_number, least, 1e300}) {
        const Status wanted = std::isnan(bad) ? Status::not_a_number : Status::out_of_domain;
        for (double Forward::* field : {&Forward::forward, &Forward::strike, &Forward::time,
                                        &Forward::vol, &Forward::discount}) {
            const bool may_be_none = field == &Forward::time || field == &Forward::vol;
            if (may_be_none && bad >= 0 && bad < 1) {
                continue;
            }
            Forward option = good;
            option.*field = bad;
            const Valuation value = value_of(option);
            EXPECT_EQ(value.status, wanted) << bad;
            EXPECT_TRUE(std::isnan(value.price)) << bad;
            EXPECT_TRUE(std::isnan(value.charm)) << bad;
        }
    }
    Forward neither = good;
    neither.kind = 0;
    EXPECT_EQ(value_of(neither).status, Status::out_of_domain);
}

// ---- Arrays ----

struct Columns {
    explicit Columns(std::size_t count) {
        for (std::size_t at = 0; at < count; ++at) {
            const auto step = static_cast<double>(at);
            asset.push_back(50 + std::fmod(step * 7.31, 120.0));
            strike.push_back(40 + std::fmod(step * 11.77, 150.0));
            time.push_back(at % 31 == 0 ? 0.0 : 0.001 + std::fmod(step * 0.0137, 2.0));
            vol.push_back(at % 37 == 0 ? -1.0 : 0.01 + std::fmod(step * 0.0291, 1.7));
            rate.push_back(-0.02 + std::fmod(step * 0.0011, 0.1));
            kind.push_back(at % 3 == 0 ? put : call);
        }
    }
    std::vector<double> asset, strike, time, vol, rate;
    std::vector<std::int8_t> kind;
};

TEST(Vanilla, an_array_has_the_bits_of_its_options_one_by_one) {
    constexpr std::size_t count = 1029;  // no multiple of any width
    const Columns in(count);
    const std::array<double, 1> yield{0.01};
    const Isa before = isa();
    for (const Isa wanted : {Isa::scalar, Isa::avx2, Isa::avx512}) {
        if (!set_isa(wanted)) {
            continue;
        }
        std::vector<double> price(count), theta(count), charm(count);
        std::vector<std::uint8_t> status(count);
        Results results{.price = price};
        results.theta = theta;
        results.charm = charm;
        results.status = status;
        ASSERT_TRUE(pricing::price(SpotOptions{.spot = in.asset,
                                               .strike = in.strike,
                                               .time = in.time,
                                               .vol = in.vol,
                                               .rate = in.rate,
                                               .yield = yield,
                                               .kind = in.kind},
                                   results));
        const auto bits = [](double value) {
            return std::bit_cast<std::uint64_t>(value);
        };
        for (std::size_t at = 0; at < count; ++at) {
            const Valuation one = value_of(Spot{.spot = in.asset[at],
                                                .strike = in.strike[at],
                                                .time = in.time[at],
                                                .vol = in.vol[at],
                                                .rate = in.rate[at],
                                                .yield = yield[0],
                                                .kind = in.kind[at]});
            ASSERT_EQ(bits(price[at]), bits(one.price)) << at << " " << name_of(wanted);
            ASSERT_EQ(bits(theta[at]), bits(one.theta)) << at << " " << name_of(wanted);
            ASSERT_EQ(bits(charm[at]), bits(one.charm)) << at << " " << name_of(wanted);
            ASSERT_EQ(status[at], static_cast<std::uint8_t>(one.status)) << at;
        }
    }
    EXPECT_TRUE(set_isa(before));
}

TEST(Vanilla, columns_of_other_lengths_are_refused) {
    const Columns in(8);
    const std::array<double, 1> one{1.0};
    std::vector<double> price(8, 7.0);
    std::vector<double> few(3);
    const ForwardOptions options{.forward = in.asset,
                                 .strike = std::span(in.strike).first(7),
                                 .time = in.time,
                                 .vol = in.vol,
                                 .discount = one,
                                 .kind = in.kind};
    EXPECT_FALSE(pricing::price(options, Results{.price = price}));
    ForwardOptions others = options;
    others.strike = in.strike;
    EXPECT_FALSE(pricing::price(others, Results{.price = price, .delta = few}));
    EXPECT_EQ(price[0], 7.0);
    EXPECT_TRUE(pricing::price(others, Results{.price = price}));
    EXPECT_NE(price[1], 7.0);
}

// A row of odd options goes another way than a row of ordinary ones; none may tell which.
TEST(Vanilla, an_option_is_valued_and_judged_as_if_it_were_alone) {
    const std::vector<double> times{1.0, 1e-11, 0x1p-27, 1e-9, 40.0, 0.0, -1.0, no_number};
    const std::vector<double> discounts{1.0, 0.95, 1e-3, 0x1p-60, 300.0, 1e-60, -1.0, no_number};
    const std::vector<double> vols{0.5, 0x1p-26, 70.0, 0.0, 1e-200, infinity};
    std::vector<Forward> options;
    for (const double time : times) {
        for (const double discount : discounts) {
            for (const double vol : vols) {
                options.push_back({.forward = 100,
                                   .strike = 101,
                                   .time = time,
                                   .vol = vol,
                                   .discount = discount});
            }
        }
    }
    std::vector<double> time, vol, discount, price(options.size()), rho(options.size());
    for (const Forward& option : options) {
        time.push_back(option.time);
        vol.push_back(option.vol);
        discount.push_back(option.discount);
    }
    std::vector<std::uint8_t> status(options.size()), status_of_price(options.size());
    const double forward = 100, strike = 101;
    const ForwardOptions all{.forward = std::span(&forward, 1),
                             .strike = std::span(&strike, 1),
                             .time = time,
                             .vol = vol,
                             .discount = discount,
                             .kind = std::span(&call, 1)};
    ASSERT_TRUE(miletus::pricing::price(all, {.price = price, .rho = rho, .status = status}));
    std::vector<double> price_alone(options.size());
    ASSERT_TRUE(miletus::pricing::price(all, {.price = price_alone, .status = status_of_price}));
    EXPECT_EQ(status, status_of_price);
    for (std::size_t at = 0; at < options.size(); ++at) {
        const Valuation alone = value_of(options[at]);
        EXPECT_EQ(std::bit_cast<std::uint64_t>(price[at]),
                  std::bit_cast<std::uint64_t>(alone.price))
            << time[at] << " " << vol[at] << " " << discount[at];
        EXPECT_EQ(std::bit_cast<std::uint64_t>(price[at]),
                  std::bit_cast<std::uint64_t>(price_alone[at]));
        EXPECT_EQ(static_cast<Status>(status[at]), alone.status)
            << time[at] << " " << vol[at] << " " << discount[at];
    }
}

TEST(Vanilla, a_rate_that_is_no_number_is_told_whatever_its_payload) {
    for (const std::uint64_t payload : {0ULL, 1ULL, 0x5555555555555ULL, 0x8000000000000000ULL}) {
        const double rate = std::bit_cast<double>(0x7FF8000000000000ULL | payload);
        const Spot option{.spot = 100, .strike = 100, .time = 1, .vol = 0.5, .rate = rate};
        EXPECT_EQ(value_of(option).status, Status::not_a_number);
    }
}

}  // namespace
}  // namespace miletus::pricing
