// What options of every model obey, on random ones: parity, bounds, order, convexity, symmetry,
// limits, and what their Greeks have to do with one another.
#include "pricing/digests_test.hpp"
#include "pricing/pricing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string_view>

namespace miletus::pricing {
namespace {

constexpr double shift = 20;
constexpr double agreed = 3;
constexpr double quanto_drift = -0.4 * 0.15;  // of the logarithm, by volatility and year

// Of a model: its price, and what a call and a put are worth at most, which are also what they
// exchange: a call less a put is the one less the other.
struct Model {
    std::string_view name;
    std::function<Valuation(const Forward&)> value;
    std::function<double(const Forward&)> asset;
    std::function<double(const Forward&)> strike;
    bool is_bounded = true;
    bool rises_with_vol = true;
};

const std::array<Model, 5>& models() {
    static const std::array<Model, 5> all{
        Model{.name = "Black",
              .value = [](const Forward& option) { return value_of(option); },
              .asset = [](const Forward& option) { return option.discount * option.forward; },
              .strike =
                  [](const Forward& option) {
                      return option.discount * option.strike;
                  }},
        Model{.name = "Bachelier",
              .value = [](const Forward& option) { return bachelier_value(option); },
              .asset = [](const Forward& option) { return option.discount * option.forward; },
              .strike = [](const Forward& option) { return option.discount * option.strike; },
              .is_bounded = false},
        Model{.name = "displaced",
              .value = [](const Forward& option) { return displaced_value(option, shift); },
              .asset =
                  [](const Forward& option) { return option.discount * (option.forward + shift); },
              .strike =
                  [](const Forward& option) {
                      return option.discount * (option.strike + shift);
                  }},
        Model{.name = "coin",
              .value = [](const Forward& option) { return coin_value(option); },
              .asset = [](const Forward& option) { return option.discount; },
              .strike =
                  [](const Forward& option) {
                      return option.discount * option.strike / option.forward;
                  }},
        Model{.name = "quanto",
              .value =
                  [](const Forward& option) {
                      return quanto_value(option,
                                          {.agreed = agreed, .vol = 0.15, .correlation = -0.4});
                  },
              .asset =
                  [](const Forward& option) {
                      return agreed * option.discount * option.forward *
                             std::exp(-quanto_drift * option.vol * option.time);
                  },
              .strike =
                  [](const Forward& option) { return agreed * option.discount * option.strike; },
              .rises_with_vol = false}};
    return all;
}

// The volatility of Bachelier's is in money.
double vol_of(const Model& model, double vol) {
    return model.name == "Bachelier" ? 100 * vol : vol;
}

Forward random_option(Prng& prng, const Model& model) {
    Forward option;
    option.forward = between(prng, 50, 150);
    option.strike = option.forward * std::exp(between(prng, -1, 1));
    option.time = between(prng, 0.001, 2);
    option.vol = vol_of(model, between(prng, 0.05, 1.5));
    option.discount = between(prng, 0.9, 1.0);
    option.kind = prng.one_in(2) ? call : put;
    return option;
}

double slack_of(const Model& model, const Forward& option) {
    const double spread =
        model.is_bounded ? 0.0 : option.discount * option.vol * std::sqrt(option.time);
    return 0x1p-49 * (std::max(model.asset(option), model.strike(option)) + spread);
}

void for_random_options(const std::function<void(const Model&, const Forward&)>& check) {
    Prng prng(1654);
    for (const Model& model : models()) {
        SCOPED_TRACE(std::string(model.name));
        for (int count = 0; count < 5000; ++count) {
            check(model, random_option(prng, model));
        }
    }
}

TEST(Properties, a_call_less_a_put_is_the_asset_less_the_strike) {
    for_random_options([](const Model& model, const Forward& option) {
        Forward other = option;
        other.kind = static_cast<std::int8_t>(-option.kind);
        const double difference = model.value(option).price - model.value(other).price;
        const double right = option.kind * (model.asset(option) - model.strike(option));
        ASSERT_NEAR(difference, right, slack_of(model, option));
    });
}

TEST(Properties, a_price_lies_between_its_bounds) {
    for_random_options([](const Model& model, const Forward& option) {
        const Valuation value = model.value(option);
        const double slack = slack_of(model, option);
        const double asset = model.asset(option);
        const double strike = model.strike(option);
        const double intrinsic = std::max(0.0, option.kind * (asset - strike));
        const double spread = 0.4 * option.discount * option.vol * std::sqrt(option.time);
        const double most =
            model.is_bounded ? (option.kind == call ? asset : strike) : intrinsic + spread;
        ASSERT_GE(value.price, intrinsic - slack);
        ASSERT_LE(value.price, most + slack);
        ASSERT_GE(value.price, 0.0);
        if (model.name != "coin") {  // whose payoff is no convex function of the forward
            ASSERT_GE(value.gamma, 0.0);
        }
    });
}

TEST(Properties, a_price_rises_with_volatility) {
    for_random_options([](const Model& model, const Forward& option) {
        Forward wilder = option;
        wilder.vol *= 1.01;
        if (model.rises_with_vol) {
            ASSERT_GE(model.value(wilder).price,
                      model.value(option).price - slack_of(model, option));
        }
    });
}

TEST(Properties, a_price_is_monotone_and_convex_in_its_strike) {
    for_random_options([](const Model& model, const Forward& option) {
        Forward below = option;
        Forward above = option;
        below.strike *= 0.99;
        above.strike = option.strike + (option.strike - below.strike);
        const double slack = 2 * slack_of(model, above);
        const double low = model.value(below).price;
        const double middle = model.value(option).price;
        const double high = model.value(above).price;
        const double step = model.strike(above) - model.strike(option);
        ASSERT_GE(option.kind * (low - middle), -slack);
        ASSERT_LE(option.kind * (low - middle), step + slack);
        ASSERT_GE(low + high - 2 * middle, -2 * slack);
    });
}

// ---- Symmetry ----

// Forward and strike change places, and a call becomes a put.
TEST(Properties, what_one_may_take_another_may_give) {
    for_random_options([](const Model& model, const Forward& option) {
        Forward mirrored = option;
        mirrored.forward = option.strike;
        mirrored.strike = option.forward;
        mirrored.kind = static_cast<std::int8_t>(-option.kind);
        const double slack = 2 * slack_of(model, option) + 2 * slack_of(model, mirrored);
        if (model.name == "coin") {
            ASSERT_NEAR(model.value(option).price * option.forward,
                        model.value(mirrored).price * mirrored.forward, slack * option.forward);
        } else if (model.rises_with_vol) {
            ASSERT_NEAR(model.value(option).price, model.value(mirrored).price, slack);
        }
    });
}

TEST(Properties, bachelier_is_the_same_below_nothing) {
    for_random_options([](const Model& model, const Forward& option) {
        if (model.name == "Bachelier") {
            const Forward mirrored{.forward = -option.forward,
                                   .strike = -option.strike,
                                   .time = option.time,
                                   .vol = option.vol,
                                   .discount = option.discount,
                                   .kind = static_cast<std::int8_t>(-option.kind)};
            ASSERT_EQ(bachelier_value(option).price, bachelier_value(mirrored).price);
            ASSERT_EQ(bachelier_value(option).delta, -bachelier_value(mirrored).delta);
        }
    });
}

// Of money in coins, and K of them.
TEST(Properties, a_coin_option_is_one_of_the_other_kind_on_money) {
    for_random_options([](const Model& model, const Forward& option) {
        if (model.name == "coin") {
            const Forward money{.forward = 1 / option.forward,
                                .strike = 1 / option.strike,
                                .time = option.time,
                                .vol = option.vol,
                                .discount = option.discount,
                                .kind = static_cast<std::int8_t>(-option.kind)};
            ASSERT_NEAR(coin_value(option).price, option.strike * value_of(money).price,
                        4 * slack_of(model, option));
        }
    });
}

TEST(Properties, a_shift_of_nothing_and_an_exchange_at_one_change_nothing) {
    for_random_options([](const Model& model, const Forward& option) {
        if (model.name == "Black") {
            const Valuation value = value_of(option);
            const double slack = slack_of(model, option);
            EXPECT_EQ(displaced_value(option, 0).price, value.price);
            EXPECT_NEAR(quanto_value(option, {.agreed = 1, .vol = 0.2, .correlation = 0}).price,
                        value.price, slack);
            EXPECT_EQ(coin_value(option).price, value.price / option.forward);
        }
    });
}

// ---- Limits ----

TEST(Properties, without_time_or_volatility_little_but_the_intrinsic_value_is_left) {
    for_random_options([](const Model& model, const Forward& option) {
        Forward soon = option;
        soon.time = 1e-11;
        soon.discount = 1;
        Forward still = option;
        still.vol = vol_of(model, 1e-9);
        for (const Forward& near : {soon, still}) {
            const double intrinsic =
                std::max(0.0, near.kind * (model.asset(near) - model.strike(near)));
            const double scale = model.asset(near) + model.strike(near);
            ASSERT_NEAR(model.value(near).price, intrinsic, 1e-5 * scale);
        }
    });
}

TEST(Properties, with_boundless_volatility_an_option_is_worth_all_that_it_may_bring) {
    for_random_options([](const Model& model, const Forward& option) {
        Forward wild = option;
        wild.vol = 100;
        wild.time = 1;
        if (model.is_bounded && model.rises_with_vol) {
            const double most = option.kind == call ? model.asset(wild) : model.strike(wild);
            ASSERT_NEAR(model.value(wild).price, most, slack_of(model, wild));
        }
    });
}

TEST(Properties, with_next_to_no_strike_a_call_is_the_asset) {
    for_random_options([](const Model& model, const Forward& option) {
        Forward cheap = option;
        cheap.strike = model.name == "displaced" ? 1e-30 - shift : 1e-30;
        cheap.kind = call;
        if (model.is_bounded && cheap.strike + shift > 0) {
            ASSERT_NEAR(model.value(cheap).price, model.asset(cheap), slack_of(model, cheap));
        }
    });
}

TEST(Properties, at_the_money_bachelier_is_two_fifths_of_the_deviation) {
    const Valuation value = bachelier_value({.forward = -3, .strike = -3, .time = 4, .vol = 5});
    EXPECT_NEAR(value.price, 10 / std::sqrt(2 * std::acos(-1.0)), 4e-15);
    EXPECT_EQ(value.delta, 0.5);
    EXPECT_NEAR(bachelier_vol({.price = value.price, .forward = -3, .strike = -3, .time = 4}).vol,
                5, 4e-15);
}

// ---- Greeks ----

// What time takes, volatility gives: theta = r V - vol^2 / 2 of the second derivative, and vega is
// vol T of it.
TEST(Properties, theta_and_vega_follow_from_gamma) {
    for_random_options([](const Model& model, const Forward& option) {
        const Valuation value = model.value(option);
        const auto& [forward, strike, time, vol, discount, kind] = option;
        const double rate = -std::log(discount) / time;
        double second = forward * forward * value.gamma;
        if (model.name == "Bachelier") {
            second = value.gamma;
        } else if (model.name == "displaced") {
            second = (forward + shift) * (forward + shift) * value.gamma;
        } else if (model.name == "coin") {
            second = forward * value.gamma + value.delta;
        }
        const double fall = model.name == "quanto" ? quanto_drift * forward * value.delta : 0;
        const double exchanged = model.asset(option) + model.strike(option);
        const double slack = 0x1p-46 * (exchanged + std::abs(vol * value.vega));
        ASSERT_NEAR(value.theta, rate * value.price + vol * fall - vol * vol / 2 * second,
                    slack * (vol * vol + vol / std::sqrt(time) + rate));
        ASSERT_NEAR(value.vega, vol * time * second - time * fall, slack * (vol + 1));
        ASSERT_EQ(value.rho, -time * value.price);
    });
}

}  // namespace
}  // namespace miletus::pricing
