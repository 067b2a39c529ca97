// The models beside Black's without time value, with bad input, and by the array.
#include "pricing/isa.hpp"
#include "pricing/models/models.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// ---- Without time value ----

TEST(ModelsInput, without_time_or_volatility_bachelier_has_the_intrinsic_value) {
    const Valuation now =
        bachelier_value({.forward = -10, .strike = -30, .time = 0, .vol = 5, .discount = 0.5});
    EXPECT_EQ(now.status, Status::no_time_value);
    EXPECT_EQ(now.price, 10.0);
    EXPECT_EQ(now.delta, 0.5);
    EXPECT_EQ(now.gamma, 0.0);
    const Valuation still =
        bachelier_value({.forward = 5, .strike = 0, .time = 1, .vol = 0, .kind = put});
    EXPECT_EQ(still.status, Status::no_time_value);
    EXPECT_EQ(still.price, 0.0);
    EXPECT_EQ(bachelier_value({.forward = 1, .strike = 2, .time = 1, .vol = 1e-51}).status,
              Status::no_time_value);
}

TEST(ModelsInput, without_time_or_volatility_a_coin_option_pays_its_intrinsic_value_in_coins) {
    const Valuation in =
        coin_value({.forward = 125, .strike = 100, .time = 0, .vol = 0.5, .discount = 0.5});
    EXPECT_EQ(in.status, Status::no_time_value);
    EXPECT_EQ(in.price, 0.1);  // 0.5 (1 - 100 / 125)
    EXPECT_EQ(in.delta, 0.4);  // 0.5 100 / 125
    EXPECT_EQ(in.gamma, 0.0);
}

TEST(ModelsInput, without_time_or_volatility_the_others_have_the_intrinsic_value) {
    const Forward still{.forward = -10, .strike = -20, .time = 1, .vol = 0};
    EXPECT_EQ(displaced_value(still, 30).price, 10.0);
    EXPECT_EQ(displaced_value(still, 30).status, Status::no_time_value);
    const Valuation over =
        quanto_value({.forward = 110, .strike = 100, .time = 0, .vol = 0.5, .discount = 0.5},
                     {.agreed = 3, .vol = 0.2, .correlation = 0.5});
    EXPECT_EQ(over.status, Status::no_time_value);
    EXPECT_EQ(over.price, 15.0);
    EXPECT_EQ(over.delta, 1.5);
    EXPECT_EQ(over.vega, 0.0);
}

// ---- Bad input ----

void expect_refused(const Valuation& value, double bad) {
    EXPECT_EQ(value.status, std::isnan(bad) ? Status::not_a_number : Status::out_of_domain) << bad;
    for (const double number : {value.price, value.delta, value.gamma, value.vega, value.theta,
                                value.rho, value.vanna, value.volga, value.charm}) {
        EXPECT_TRUE(std::isnan(number)) << bad;
    }
}

TEST(ModelsInput, what_is_no_option_has_a_status_and_no_price) {
    const Forward good{.forward = 100, .strike = 90, .time = 1, .vol = 0.5};
    const Conversion agreed{.agreed = 2, .vol = 0.1, .correlation = -0.3};
    const std::array<std::function<Valuation(const Forward&)>, 4> models{
        [](const Forward& option) { return bachelier_value(option); },
        [](const Forward& option) { return displaced_value(option, 7); },
        [](const Forward& option) { return coin_value(option); },
        [&](const Forward& option) {
            return quanto_value(option, agreed);
        }};
    for (const auto& value_of_model : models) {
        EXPECT_EQ(value_of_model(good).status, Status::ok);
        for (double Forward::* field : {&Forward::forward, &Forward::strike, &Forward::time,
                                        &Forward::vol, &Forward::discount}) {
            for (const double bad : {infinity, -infinity, no_number, -1e300, 1e300}) {
                Forward option = good;
                option.*field = bad;
                expect_refused(value_of_model(option), bad);
            }
        }
        Forward neither = good;
        neither.kind = 0;
        expect_refused(value_of_model(neither), 0);
    }
    expect_refused(displaced_value(good, -90), -90);
    expect_refused(displaced_value(good, no_number), no_number);
    for (double Conversion::* field :
         {&Conversion::agreed, &Conversion::vol, &Conversion::correlation}) {
        for (const double bad : {infinity, -infinity, no_number, -2.0, 1e300}) {
            Conversion conversion = agreed;
            conversion.*field = bad;
            expect_refused(quanto_value(good, conversion), bad);
        }
    }
}

TEST(ModelsInput, bachelier_takes_any_sign) {
    EXPECT_EQ(bachelier_value({.forward = 0, .strike = 0, .time = 1, .vol = 1}).status, Status::ok);
    const Valuation below = bachelier_value({.forward = -7, .strike = -5, .time = 1, .vol = 2});
    const Valuation above = bachelier_value({.forward = 5, .strike = 7, .time = 1, .vol = 2});
    EXPECT_EQ(below.price, above.price);
    EXPECT_EQ(below.charm, above.charm);
}

TEST(ModelsInput, tells_why_a_price_of_bachelier_implies_nothing) {
    const PricedForward good{.price = 5, .forward = 100, .strike = 110, .time = 1};
    EXPECT_EQ(bachelier_vol(good).status, Status::ok);
    const auto status_with = [&](double PricedForward::* field, double value) {
        PricedForward option = good;
        option.*field = value;
        const ImpliedVol implied = bachelier_vol(option);
        const bool has_vol =
            implied.status == Status::ok || implied.status == Status::no_time_value;
        EXPECT_EQ(std::isnan(implied.vol), !has_vol);
        return implied.status;
    };
    EXPECT_EQ(status_with(&PricedForward::price, 0.0), Status::no_time_value);
    EXPECT_EQ(status_with(&PricedForward::price, -0.0), Status::no_time_value);
    EXPECT_EQ(status_with(&PricedForward::price, 1e-300), Status::no_time_value);
    EXPECT_EQ(status_with(&PricedForward::price, 1e-290), Status::ok);
    EXPECT_EQ(status_with(&PricedForward::price, -1.0), Status::below_intrinsic);
    EXPECT_EQ(status_with(&PricedForward::price, 1e40), Status::ok);
    EXPECT_EQ(status_with(&PricedForward::price, 1e51), Status::above_maximum);
    EXPECT_EQ(status_with(&PricedForward::price, infinity), Status::above_maximum);
    EXPECT_EQ(status_with(&PricedForward::price, -infinity), Status::below_intrinsic);
    EXPECT_EQ(status_with(&PricedForward::price, no_number), Status::not_a_number);
    EXPECT_EQ(status_with(&PricedForward::forward, 116.0), Status::below_intrinsic);
    EXPECT_EQ(status_with(&PricedForward::forward, 115.0), Status::no_time_value);
    EXPECT_EQ(status_with(&PricedForward::forward, 0.0), Status::ok);
    EXPECT_EQ(status_with(&PricedForward::strike, infinity), Status::out_of_domain);
    EXPECT_EQ(status_with(&PricedForward::strike, no_number), Status::not_a_number);
    EXPECT_EQ(status_with(&PricedForward::time, 0.0), Status::out_of_domain);
    EXPECT_EQ(status_with(&PricedForward::discount, -1.0), Status::out_of_domain);
    EXPECT_EQ(status_with(&PricedForward::discount, 0.0), Status::out_of_domain);
}

// F - K is 1 when it is rounded, and a twentieth of the time value is in the rest.
TEST(ModelsInput, what_rounding_takes_from_forward_less_strike_is_no_time_value) {
    const double strike = -1e-17;
    const ImpliedVol in =
        bachelier_vol({.price = 1 + 0x1p-52, .forward = 1, .strike = strike, .time = 1});
    const ImpliedVol out = bachelier_vol(
        {.price = 0x1p-52 + strike, .forward = 1, .strike = strike, .time = 1, .kind = put});
    EXPECT_NEAR(in.vol / out.vol, 1, 1e-14);
}

TEST(ModelsInput, tells_why_other_prices_imply_nothing) {
    const PricedForward coins{.price = 0.1, .forward = 100, .strike = 110, .time = 1};
    const auto coin_status = [&](double price) {
        PricedForward option = coins;
        option.price = price;
        return coin_vol(option).status;
    };
    EXPECT_EQ(coin_status(0.1), Status::ok);
    EXPECT_EQ(coin_status(0.0), Status::no_time_value);
    EXPECT_EQ(coin_status(-0.1), Status::below_intrinsic);
    EXPECT_EQ(coin_status(1.0), Status::above_maximum);
    EXPECT_EQ(coin_status(no_number), Status::not_a_number);
    EXPECT_EQ(displaced_vol(coins, 5).status, Status::ok);
    EXPECT_EQ(displaced_vol(coins, -100).status, Status::out_of_domain);
    EXPECT_EQ(displaced_vol(coins, no_number).status, Status::not_a_number);
}

// ---- Arrays ----

constexpr std::size_t count = 1029;  // no multiple of any width

struct Columns {
    Columns() {
        for (std::size_t at = 0; at < count; ++at) {
            const auto step = static_cast<double>(at);
            forward.push_back(50 + std::fmod(step * 7.31, 120.0));
            strike.push_back(40 + std::fmod(step * 11.77, 150.0));
            time.push_back(at % 31 == 0 ? 0.0 : 0.001 + std::fmod(step * 0.0137, 2.0));
            vol.push_back(at % 37 == 0 ? -1.0 : 0.01 + std::fmod(step * 0.0291, 1.7));
            discount.push_back(0.9 + std::fmod(step * 0.0011, 0.1));
            other.push_back(at % 41 == 0 ? no_number : std::fmod(step * 0.017, 1.01));
            kind.push_back(at % 3 == 0 ? put : call);
        }
    }

    [[nodiscard]] ForwardOptions options() const {
        return {.forward = forward,
                .strike = strike,
                .time = time,
                .vol = vol,
                .discount = discount,
                .kind = kind};
    }
    [[nodiscard]] Forward option(std::size_t at) const {
        return {.forward = forward[at],
                .strike = strike[at],
                .time = time[at],
                .vol = vol[at],
                .discount = discount[at],
                .kind = kind[at]};
    }
    // What costs a little more than nothing.
    [[nodiscard]] PricedForwards prices() const {
        return {.price = other,
                .forward = forward,
                .strike = strike,
                .time = time,
                .discount = discount,
                .kind = kind};
    }
    [[nodiscard]] PricedForward price(std::size_t at) const {
        return {.price = other[at],
                .forward = forward[at],
                .strike = strike[at],
                .time = time[at],
                .discount = discount[at],
                .kind = kind[at]};
    }

    std::vector<double> forward, strike, time, vol, discount, other;
    std::vector<std::int8_t> kind;
};

std::uint64_t bits(double value) {
    return std::bit_cast<std::uint64_t>(value);
}

template <class Work>
void by_all_lanes(Work work) {
    const Isa before = isa();
    for (const Isa wanted : {Isa::scalar, Isa::avx2, Isa::avx512}) {
        if (set_isa(wanted)) {
            SCOPED_TRACE(std::string(name_of(wanted)));
            work();
        }
    }
    EXPECT_TRUE(set_isa(before));
}

template <class Many, class One>
void expect_same_values(Many many, One one) {
    by_all_lanes([&] {
        std::vector<double> price(count), theta(count), charm(count), price_alone(count);
        std::vector<std::uint8_t> status(count), status_alone(count);
        Results results{.price = price};
        results.theta = theta;
        results.charm = charm;
        results.status = status;
        ASSERT_TRUE(many(results));
        Results alone{.price = price_alone};
        alone.status = status_alone;
        ASSERT_TRUE(many(alone));
        for (std::size_t at = 0; at < count; ++at) {
            const Valuation value = one(at);
            ASSERT_EQ(bits(price[at]), bits(value.price)) << at;
            ASSERT_EQ(bits(price_alone[at]), bits(value.price)) << at;
            ASSERT_EQ(bits(theta[at]), bits(value.theta)) << at;
            ASSERT_EQ(bits(charm[at]), bits(value.charm)) << at;
            ASSERT_EQ(status[at], static_cast<std::uint8_t>(value.status)) << at;
            ASSERT_EQ(status_alone[at], static_cast<std::uint8_t>(value.status)) << at;
        }
    });
}

template <class Many, class One>
void expect_same_vols(Many many, One one) {
    by_all_lanes([&] {
        std::vector<double> vol(count);
        std::vector<std::uint8_t> status(count);
        ASSERT_TRUE(many(vol, status));
        for (std::size_t at = 0; at < count; ++at) {
            const ImpliedVol implied = one(at);
            ASSERT_EQ(bits(vol[at]), bits(implied.vol)) << at;
            ASSERT_EQ(status[at], static_cast<std::uint8_t>(implied.status)) << at;
        }
    });
}

TEST(ModelsInput, an_array_has_the_bits_of_its_options_one_by_one) {
    const Columns in;
    expect_same_values(
        [&](const Results& results) { return price_bachelier(in.options(), results); },
        [&](std::size_t at) { return bachelier_value(in.option(at)); });
    expect_same_values(
        [&](const Results& results) { return price_displaced(in.options(), in.other, results); },
        [&](std::size_t at) { return displaced_value(in.option(at), in.other[at]); });
    expect_same_values([&](const Results& results) { return price_coin(in.options(), results); },
                       [&](std::size_t at) { return coin_value(in.option(at)); });
    const Conversions conversions{.agreed = in.strike, .vol = in.vol, .correlation = in.other};
    expect_same_values(
        [&](const Results& results) { return price_quanto(in.options(), conversions, results); },
        [&](std::size_t at) {
            return quanto_value(
                in.option(at),
                {.agreed = in.strike[at], .vol = in.vol[at], .correlation = in.other[at]});
        });
}

TEST(ModelsInput, an_array_implies_the_bits_of_its_options_one_by_one) {
    const Columns in;
    expect_same_vols(
        [&](auto& vol, auto& status) { return imply_bachelier(in.prices(), vol, status); },
        [&](std::size_t at) { return bachelier_vol(in.price(at)); });
    expect_same_vols(
        [&](auto& vol, auto& status) {
            return imply_displaced(in.prices(), in.strike, vol, status);
        },
        [&](std::size_t at) { return displaced_vol(in.price(at), in.strike[at]); });
    expect_same_vols([&](auto& vol, auto& status) { return imply_coin(in.prices(), vol, status); },
                     [&](std::size_t at) { return coin_vol(in.price(at)); });
}

TEST(ModelsInput, columns_of_other_lengths_are_refused) {
    const Columns in;
    const std::span<const double> few = std::span(in.strike).first(7);
    std::vector<double> out(count, 7.0);
    std::vector<std::uint8_t> status(3);
    const Results results{.price = out};
    ForwardOptions options = in.options();
    EXPECT_FALSE(price_displaced(options, few, results));
    EXPECT_FALSE(
        price_quanto(options, {.agreed = few, .vol = in.vol, .correlation = in.vol}, results));
    EXPECT_FALSE(
        price_quanto(options, {.agreed = in.vol, .vol = {}, .correlation = in.vol}, results));
    EXPECT_FALSE(imply_displaced(in.prices(), few, out));
    EXPECT_FALSE(imply_bachelier(in.prices(), out, status));
    EXPECT_FALSE(imply_coin(in.prices(), out, status));
    EXPECT_FALSE(price_coin(options, {.price = out, .status = status}));
    options.strike = few;
    EXPECT_FALSE(price_bachelier(options, results));
    EXPECT_FALSE(price_coin(options, results));
    EXPECT_FALSE(price_displaced(options, in.strike, results));
    EXPECT_EQ(out, std::vector<double>(count, 7.0));
}

}  // namespace
}  // namespace miletus::pricing
