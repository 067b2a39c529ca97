// Risk arrays against worked vectors, against a naive twin in long double and against the prices of
// vanilla, at the kinks of their rules, and with bad input.
#include "pricing/risk_arrays/risk_arrays.hpp"

#include "pricing/digests_test.hpp"
#include "pricing/isa.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double least = std::numeric_limits<double>::denorm_min();
constexpr double day = 1.0 / 365;
// A lot is one bitcoin, and the unit a millionth of a dollar.
constexpr double micros = 1e6;

// One option, or columns of them.
struct Chain {
    std::vector<double> forward, strike, time, vol, discount, units;
    std::vector<std::int8_t> kind;

    [[nodiscard]] OptionLots lots() const {
        return {.forward = forward,
                .strike = strike,
                .time = time,
                .vol = vol,
                .discount = discount,
                .units = units,
                .kind = kind};
    }
};

Chain chain_of(const Forward& option, double units = micros) {
    return {.forward = {option.forward},
            .strike = {option.strike},
            .time = {option.time},
            .vol = {option.vol},
            .discount = {option.discount},
            .units = {units},
            .kind = {option.kind}};
}

struct Arrays {
    std::vector<std::int64_t> entries;
    std::vector<std::uint8_t> status;

    [[nodiscard]] Status status_at(std::size_t at) const { return Status{status[at]}; }
};

Arrays arrays_of(const Chain& chain, std::span<const Scenario> scenarios,
                 const VolShocks& shocks = {}) {
    const std::size_t count = chain.kind.size();
    Arrays arrays{std::vector<std::int64_t>(count * scenarios.size(), -7),
                  std::vector<std::uint8_t>(count, 99)};
    EXPECT_EQ(risk_arrays(chain.lots(), scenarios, shocks, {arrays.entries, arrays.status}),
              RiskFault::none);
    return arrays;
}

std::vector<std::int64_t> linear_row(double price, double units,
                                     std::span<const Scenario> scenarios) {
    std::vector<std::int64_t> row(scenarios.size());
    std::vector<std::uint8_t> status(1);
    EXPECT_EQ(risk_arrays(LinearLots{.price = std::span(&price, 1), .units = std::span(&units, 1)},
                          scenarios, {row, status}),
              RiskFault::none);
    EXPECT_EQ(status[0], 0);
    return row;
}

// ---- Worked vectors: Bitcoin at 100,000 dollars, seven days to go ----

Chain call_of_110k() {
    return chain_of({.forward = 100'000, .strike = 110'000, .time = 7 * day, .vol = 0.50});
}

Chain put_of_90k() {
    return chain_of(
        {.forward = 100'000, .strike = 90'000, .time = 7 * day, .vol = 0.55, .kind = put});
}

TEST(RiskArrays, a_call_has_the_worked_gains_to_the_cent) {
    constexpr std::array worked{-221.96, -280.20, -280.28, -115.22, -279.12, -280.28, 120.11,
                                -269.44, -280.27, 570.37,  -214.17, -279.49, 1332.80, 0.00,
                                -261.15, 2495.28, 594.02,  -82.68,  4116.36, 1835.15, 735.51,
                                6213.23, 3888.52, 2766.41, 8761.49, 6715.50, 5961.81};
    const Arrays arrays = arrays_of(call_of_110k(), usual_scenarios({}));
    ASSERT_EQ(arrays.entries.size(), 35U);
    EXPECT_EQ(arrays.status_at(0), Status::ok);
    for (std::size_t at = 0; at < worked.size(); ++at) {
        EXPECT_NEAR(static_cast<double>(arrays.entries[at]) / micros, worked[at], 0.005) << at;
    }
    EXPECT_EQ(arrays.entries[13], 0);  // where nothing moves
}

// The worst of so many lots of each, where what the extended scenarios lose is dampened by 25,000
// dollars for each further range that the price moves.
struct Position {
    std::int64_t calls = 0;
    std::int64_t puts = 0;
    std::int64_t perpetuals = 0;
};

double worst_of(const Position& position) {
    const auto scenarios = usual_scenarios({});
    const Arrays calls = arrays_of(call_of_110k(), scenarios);
    const Arrays puts = arrays_of(put_of_90k(), scenarios);
    const std::vector<std::int64_t> perpetuals = linear_row(100'000, micros, scenarios);
    double worst = 0;
    for (std::size_t at = 0; at < scenarios.size(); ++at) {
        const std::int64_t sum = position.calls * calls.entries[at] +
                                 position.puts * puts.entries[at] +
                                 position.perpetuals * perpetuals[at];
        const double gain = static_cast<double>(sum) / micros;
        const double excess = std::abs(scenarios[at].price_move) / 0.16 - 1;
        const double dampened = std::min(std::max(excess, 0.0) * 25'000, std::abs(gain));
        worst = std::max(worst, gain < 0 ? -gain - dampened : 0.0);
    }
    return worst;
}

TEST(RiskArrays, portfolios_have_the_worked_worst_losses) {
    EXPECT_NEAR(worst_of({.calls = -10}), 87'614.88, 0.005);
    EXPECT_NEAR(worst_of({.calls = -10, .puts = -10}), 86'478.10, 0.005);
    EXPECT_NEAR(worst_of({.calls = -10, .puts = -10, .perpetuals = 2}), 114'521.36, 0.005);
    EXPECT_NEAR(worst_of({.calls = -10, .perpetuals = 3}), 45'780.42, 0.005);
    EXPECT_NEAR(worst_of({.perpetuals = 1}), 16'000, 1e-9);
}

TEST(RiskArrays, volatility_moves_by_the_worked_shares) {
    struct Worked {
        double days;
        double share;
    };
    for (const auto& [days, share] :
         {Worked{1, 1.3871}, Worked{2, 1.1267}, Worked{7, 0.7737}, Worked{14, 0.6284},
          Worked{30, 0.5}, Worked{90, 0.4335}, Worked{365, 0.3613}}) {
        EXPECT_NEAR(vol_shock({}, VolMove::up, days * day), share, 5.1e-5) << days;
        EXPECT_NEAR(vol_shock({}, VolMove::down, days * day), -share / 2, 2.6e-5) << days;
        EXPECT_EQ(vol_shock({}, VolMove::same, days * day), 0) << days;
    }
}

TEST(RiskArrays, usual_scenarios_are_27_and_8_that_count_the_less_the_farther_they_are) {
    const auto scenarios = usual_scenarios({.price_range = 0.16, .extended_factor = 1});
    for (std::size_t at = 0; at < 27; ++at) {
        EXPECT_DOUBLE_EQ(scenarios[at].price_move, -0.16 + 0.04 * static_cast<double>(at / 3));
        EXPECT_EQ(scenarios[at].weight, 1);
    }
    EXPECT_EQ(scenarios[12].vol_move, VolMove::up);
    EXPECT_EQ(scenarios[13].vol_move, VolMove::same);
    EXPECT_EQ(scenarios[14].vol_move, VolMove::down);
    // Paradex publishes the same weights: 24, 48, 32, 16, 8, 5.33, 4 and 3.2 %.
    constexpr std::array weights{0.2424, 0.4848, 0.32, 0.16, 0.08, 0.0533, 0.04, 0.032};
    for (std::size_t at = 0; at < weights.size(); ++at) {
        EXPECT_NEAR(scenarios[27 + at].weight, weights[at], 5e-5);
        EXPECT_EQ(scenarios[27 + at].vol_move, VolMove::up);
    }
    EXPECT_EQ(scenarios[27].price_move, -0.66);
    EXPECT_EQ(scenarios[34].price_move, 5.0);
}

TEST(RiskArrays, a_future_gains_what_its_price_gains_and_a_range_when_extended) {
    const auto scenarios = usual_scenarios({});
    const std::vector<std::int64_t> row = linear_row(100'000, micros, scenarios);
    EXPECT_EQ(row[0], -16'000'000'000);
    EXPECT_EQ(row[13], 0);
    EXPECT_EQ(row[24], 16'000'000'000);
    EXPECT_EQ(row[27], -16'000'000'000);
    EXPECT_EQ(row[28], -16'000'000'000);
    for (std::size_t at = 29; at < 35; ++at) {
        EXPECT_EQ(row[at], 16'000'000'000) << at;
    }
}

// ---- The naive twin ----

long double normal(long double x) {
    return 0.5L * std::erfc(-x / std::sqrt(2.0L));
}

long double naive_worth(const Forward& option, long double vol, long double growth) {
    const long double forward = option.forward * growth;
    const long double s = vol * std::sqrt(static_cast<long double>(option.time));
    const long double sign = option.kind;
    if (s == 0) {
        return option.discount * std::max(sign * (forward - option.strike), 0.0L);
    }
    const long double d1 = std::log(forward / option.strike) / s + s / 2;
    const long double value = forward * normal(sign * d1) - option.strike * normal(sign * (d1 - s));
    return sign * option.discount * value;
}

long double naive_vol(const Forward& option, const VolShocks& shocks, VolMove move) {
    const long double days = std::max(option.time * 365.0L, 1.0L);
    const long double power = days < 30 ? shocks.power_near : shocks.power_far;
    const long double stretch = std::pow(30 / days, power);
    switch (move) {
        case VolMove::same:
            return option.vol;
        case VolMove::up:
            return std::max(option.vol * (1 + shocks.range_up * stretch),
                            static_cast<long double>(shocks.vol_min_up));
        case VolMove::down:
            return std::max(option.vol * (1 - shocks.range_down * stretch), 0.0L);
    }
    return 0;
}

struct Gain {
    long double exact = 0;
    long double tolerance = 0;  // half a unit, and what the header allows
};

Gain naive_gain(const Forward& option, double units, const Scenario& scenario,
                const VolShocks& shocks) {
    const long double growth = 1.0 + scenario.price_move;
    const long double after =
        naive_worth(option, naive_vol(option, shocks, scenario.vol_move), growth);
    const long double before = naive_worth(option, option.vol, 1);
    const long double dearest =
        std::max(static_cast<long double>(option.forward) * std::max(growth, 1.0L),
                 static_cast<long double>(option.strike));
    const long double worth = dearest * option.discount * units * std::max(scenario.weight, 1.0);
    return {units * scenario.weight * (after - before), 0.5L + 0x1p-51L * worth};
}

// From ordinary options to those on the edge of being worth too much, or nothing.
Forward random_option(Prng& prng) {
    constexpr std::array days{0.0, 0.4, 0.9999, 1.0, 1.0001, 7.0, 29.9999, 30.0, 30.0001, 400.0};
    const double forward = std::exp(between(prng, -6, 12));
    const double reach = prng.one_in(4) ? 4 : 0.6;
    const double distance = between(prng, -reach, reach);
    const double time = prng.one_in(2) ? days[prng.below(days.size())] * day : between(prng, 0, 2);
    const double vol = between(prng, 0, prng.one_in(3) ? 0.05 : 1.5);
    const double discount = between(prng, 0.7, 1.05);
    return {.forward = forward,
            .strike = prng.one_in(10) ? forward : forward * std::exp(distance),
            .time = time,
            .vol = prng.one_in(20) ? 0 : vol,
            .discount = discount,
            .kind = prng.one_in(2) ? call : put};
}

VolShocks random_shocks(Prng& prng) {
    const double up = between(prng, 0, 1);
    const double down = between(prng, 0, prng.one_in(4) ? 1.5 : 0.3);
    const double near = between(prng, 0, 1);
    const double far = between(prng, 0, 1);
    return {.range_up = up,
            .range_down = down,
            .power_near = near,
            .power_far = far,
            .vol_min_up = between(prng, 0, 0.8)};
}

TEST(RiskArrays, entries_are_those_of_a_naive_twin_cell_by_cell) {
    Prng prng(57);
    long double worst = 0;  // of what the header allows beside half a unit
    for (int count = 0; count < 30'000; ++count) {
        const Forward option = random_option(prng);
        const VolShocks shocks = random_shocks(prng);
        const double most = 0x1p48 / (std::max(option.forward, option.strike) * 6.0001 * 1.05);
        const double units = std::exp2(between(prng, -40, 0)) * most;
        const auto scenarios = usual_scenarios({});
        const Arrays arrays = arrays_of(chain_of(option, units), scenarios, shocks);
        ASSERT_LE(arrays.status[0], static_cast<int>(Status::no_time_value));
        for (std::size_t at = 0; at < scenarios.size(); ++at) {
            const Gain gain = naive_gain(option, units, scenarios[at], shocks);
            const long double error =
                std::abs(static_cast<long double>(arrays.entries[at]) - gain.exact);
            ASSERT_LE(error, gain.tolerance)
                << "scenario " << at << " of " << option.forward << " " << option.strike << " "
                << option.time << " " << option.vol << " " << units;
            worst = std::max(worst, (error - 0.5L) / (gain.tolerance - 0.5L));
        }
    }
    RecordProperty("worst", std::to_string(static_cast<double>(worst)));
}

// A lot of one bitcoin or ten in millionths of a dollar: the nearest integer, but for near ties.
TEST(RiskArrays, entries_are_what_prices_of_vanilla_options_come_to) {
    Prng prng(16);
    const auto scenarios = usual_scenarios({});
    for (int count = 0; count < 3000; ++count) {
        Forward option = random_option(prng);
        option.forward = between(prng, 50'000, 150'000);
        option.strike = between(prng, 40'000, 200'000);
        const double units = prng.one_in(2) ? 1e6 : 1e7;
        const Arrays arrays = arrays_of(chain_of(option, units), scenarios);
        const double mark = value_of(option).price;
        for (std::size_t at = 0; at < scenarios.size(); ++at) {
            Forward moved = option;
            moved.forward = option.forward * (1 + scenarios[at].price_move);
            moved.vol = static_cast<double>(naive_vol(option, {}, scenarios[at].vol_move));
            const double gain = (value_of(moved).price - mark) * units * scenarios[at].weight;
            ASSERT_NEAR(static_cast<double>(arrays.entries[at]), gain, 0.51) << at;
        }
    }
}

// ---- Kinks, ties and limits ----

TEST(RiskArrays, less_than_a_day_moves_volatility_as_a_day_does) {
    const double of_a_day = vol_shock({}, VolMove::up, day);
    EXPECT_EQ(vol_shock({}, VolMove::up, day / 2), of_a_day);
    EXPECT_EQ(vol_shock({}, VolMove::up, 0), of_a_day);
    EXPECT_LT(vol_shock({}, VolMove::up, 1.001 * day), of_a_day);
}

TEST(RiskArrays, the_power_changes_at_thirty_days_and_the_shock_does_not_jump) {
    EXPECT_NEAR(vol_shock({}, VolMove::up, 30 * day), 0.5, 1e-15);
    const double before = vol_shock({}, VolMove::up, 29.999 * day) - 0.5;
    const double after = 0.5 - vol_shock({}, VolMove::up, 30.001 * day);
    EXPECT_NEAR(before, 0.5 * 0.30 * 0.001 / 30, 1e-9);
    EXPECT_NEAR(after, 0.5 * 0.13 * 0.001 / 30, 1e-9);
}

TEST(RiskArrays, volatility_rises_to_its_least_at_least) {
    const std::array up{Scenario{.vol_move = VolMove::up}};
    Forward option{.forward = 100, .strike = 100, .time = 30 * day, .vol = 0.2};
    const double gain =
        value_of(Forward{.forward = 100, .strike = 100, .time = 30 * day, .vol = 0.5}).price -
        value_of(option).price;
    const Arrays arrays = arrays_of(chain_of(option), up);
    EXPECT_NEAR(static_cast<double>(arrays.entries[0]), gain * micros, 0.51);
    option.vol = 0.4;
    const double more =
        value_of(Forward{.forward = 100, .strike = 100, .time = 30 * day, .vol = 0.6}).price -
        value_of(option).price;
    const Arrays others = arrays_of(chain_of(option), up);
    EXPECT_NEAR(static_cast<double>(others.entries[0]), more * micros, 0.51);
}

TEST(RiskArrays, volatility_falls_to_nothing_at_most) {
    const std::array down{Scenario{.vol_move = VolMove::down}};
    const VolShocks shocks{.range_down = 2};
    const Forward option{.forward = 100, .strike = 90, .time = 30 * day, .vol = 0.5};
    const Arrays arrays = arrays_of(chain_of(option), down, shocks);
    const double gain = (10 - value_of(option).price) * micros;
    EXPECT_NEAR(static_cast<double>(arrays.entries[0]), gain, 0.51);
}

TEST(RiskArrays, ties_go_to_the_even_unit) {
    const auto gain = [](double units, double move) {
        return linear_row(8, units, std::array{Scenario{.price_move = move}})[0];
    };
    EXPECT_EQ(gain(0.25, 0.25), 0);    // 0.5
    EXPECT_EQ(gain(0.75, 0.25), 2);    // 1.5
    EXPECT_EQ(gain(1.25, 0.25), 2);    // 2.5
    EXPECT_EQ(gain(0.25, -0.25), 0);   // -0.5
    EXPECT_EQ(gain(0.75, -0.25), -2);  // -1.5
    EXPECT_EQ(gain(1.25, -0.25), -2);  // -2.5
    EXPECT_EQ(gain(1.375, 0.25), 3);   // 2.75
}

TEST(RiskArrays, a_lot_may_be_worth_so_much_and_no_more) {
    const auto status = [](double units, double price_move, double weight) {
        const std::array one{Scenario{.price_move = price_move, .weight = weight}};
        const Forward option{.forward = 1, .strike = 1, .time = 1, .vol = 0.5};
        const Arrays arrays = arrays_of(chain_of(option, units), one);
        EXPECT_TRUE(arrays.status[0] == 0 || arrays.entries[0] == 0);
        return arrays.status_at(0);
    };
    EXPECT_EQ(status(0x1p48, 0, 1), Status::ok);
    EXPECT_EQ(status(0x1.1p48, 0, 1), Status::out_of_domain);
    EXPECT_EQ(status(0x1p46, 3, 1), Status::ok);
    EXPECT_EQ(status(0x1p46, 3.5, 1), Status::out_of_domain);
    EXPECT_EQ(status(0x1p46, 0, 5), Status::out_of_domain);
    EXPECT_EQ(status(0, 0, 1), Status::ok);
    EXPECT_EQ(status(-1, 0, 1), Status::out_of_domain);
    EXPECT_EQ(status(infinity, 0, 1), Status::out_of_domain);
    EXPECT_EQ(status(no_number, 0, 1), Status::not_a_number);
}

// ---- What is passed on, and what is refused ----

// Of 1 to 70 instruments and 1 to 64 scenarios: rows that fill vectors and squares, and some that
// do not.
TEST(RiskArrays, a_chain_has_the_entries_of_its_options_by_every_kind_of_lanes) {
    const Isa before = isa();
    Prng prng(8);
    for (std::size_t count = 1; count <= 70; ++count) {
        std::vector<Scenario> scenarios(1 + prng.below(scenarios_max));
        for (Scenario& scenario : scenarios) {
            scenario.price_move = between(prng, -0.6, 2);
            scenario.vol_move = VolMove{static_cast<std::uint8_t>(prng.below(3))};
            scenario.weight = between(prng, 0, 1);
        }
        Chain chain;
        chain.units = {1e4};
        std::vector<std::int64_t> expected;
        EXPECT_TRUE(set_isa(Isa::scalar));
        for (std::size_t at = 0; at < count; ++at) {
            Forward option = random_option(prng);
            option.strike = prng.one_in(9) ? -1 : option.strike;
            chain.forward.push_back(option.forward);
            chain.strike.push_back(option.strike);
            chain.time.push_back(option.time);
            chain.vol.push_back(option.vol);
            chain.discount.push_back(option.discount);
            chain.kind.push_back(option.kind);
            const Arrays one = arrays_of(chain_of(option, 1e4), scenarios);
            expected.insert(expected.end(), one.entries.begin(), one.entries.end());
        }
        for (const Isa wanted : {Isa::scalar, Isa::avx2, Isa::avx512}) {
            if (set_isa(wanted)) {
                ASSERT_EQ(arrays_of(chain, scenarios).entries, expected) << name_of(wanted);
            }
        }
    }
    EXPECT_TRUE(set_isa(before));
}

TEST(RiskArrays, an_instrument_without_a_price_says_why_and_stops_no_other) {
    const Forward good{.forward = 100, .strike = 110, .time = 0.1, .vol = 0.5};
    const auto scenarios = usual_scenarios({});
    const Arrays expected = arrays_of(chain_of(good), scenarios);
    for (const double bad : {no_number, infinity, -infinity, -1.0, least, 0.0}) {
        for (int place = 0; place < 6; ++place) {
            Chain chain = chain_of(good);
            const auto columns = std::array{&chain.forward, &chain.strike,   &chain.time,
                                            &chain.vol,     &chain.discount, &chain.units};
            for (std::vector<double>* column : columns) {
                column->assign(3, column->front());
            }
            chain.kind.assign(3, call);
            (*columns[static_cast<std::size_t>(place)])[1] = bad;
            const Arrays arrays = arrays_of(chain, scenarios);
            EXPECT_EQ(arrays.status_at(0), Status::ok);
            EXPECT_EQ(arrays.status_at(2), Status::ok);
            const bool is_no_time = (place == 2 || place == 3) && (bad == 0 || bad == least);
            const bool is_nothing = place == 5 && (bad == 0 || bad == least);
            const Status other = std::isnan(bad) ? Status::not_a_number : Status::out_of_domain;
            EXPECT_EQ(arrays.status_at(1), is_no_time   ? Status::no_time_value
                                           : is_nothing ? Status::ok
                                                        : other)
                << bad << " in column " << place;
            for (std::size_t at = 0; at < scenarios.size(); ++at) {
                EXPECT_EQ(arrays.entries[at], expected.entries[at]);
                EXPECT_TRUE(is_no_time || arrays.entries[scenarios.size() + at] == 0);
                EXPECT_EQ(arrays.entries[2 * scenarios.size() + at], expected.entries[at]);
            }
        }
    }
}

TEST(RiskArrays, a_kind_that_is_neither_call_nor_put_is_refused) {
    Chain chain = call_of_110k();
    for (const int kind : {0, 2, -2, 127, -128}) {
        chain.kind = {static_cast<std::int8_t>(kind)};
        EXPECT_EQ(arrays_of(chain, usual_scenarios({})).status_at(0), Status::out_of_domain);
    }
}

TEST(RiskArrays, a_future_without_a_price_says_why) {
    const std::array price{100.0, no_number, -1.0, infinity, 0.0, least, 100.0};
    std::array units{1.0, 1.0, 1.0, 1.0, 1.0, 1.0, no_number};
    const std::array one{Scenario{.price_move = 0.1}};
    std::array<std::int64_t, 7> entries{};
    std::array<std::uint8_t, 7> status{};
    const LinearLots lots{.price = price, .units = units};
    EXPECT_EQ(risk_arrays(lots, one, {entries, status}), RiskFault::none);
    EXPECT_EQ(entries, (std::array<std::int64_t, 7>{10, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(status, (std::array<std::uint8_t, 7>{0, 2, 3, 3, 3, 3, 2}));
    units.fill(0x1p60);
    EXPECT_EQ(risk_arrays(lots, one, {entries, status}), RiskFault::none);
    EXPECT_EQ(status[0], static_cast<int>(Status::out_of_domain));
}

RiskFault fault_of(const Chain& chain, std::span<const Scenario> scenarios,
                   const VolShocks& shocks = {}, std::size_t entries = 35) {
    std::vector<std::int64_t> out(entries, -7);
    std::vector<std::uint8_t> status(1, 99);
    const RiskFault fault = risk_arrays(chain.lots(), scenarios, shocks, {out, status});
    EXPECT_TRUE(std::ranges::all_of(out, [](std::int64_t entry) { return entry == -7; }));
    EXPECT_EQ(status[0], 99);
    return fault;
}

TEST(RiskArrays, columns_that_do_not_fit_are_a_fault) {
    const auto scenarios = usual_scenarios({});
    const Chain good = call_of_110k();
    EXPECT_EQ(fault_of(good, scenarios, {}, 34), RiskFault::lengths_differ);
    EXPECT_EQ(fault_of(good, scenarios, {}, 36), RiskFault::lengths_differ);
    for (int place = 0; place < 6; ++place) {
        for (const std::size_t length : {0U, 2U}) {
            Chain chain = good;
            const std::array columns{&chain.forward, &chain.strike,   &chain.time,
                                     &chain.vol,     &chain.discount, &chain.units};
            columns[static_cast<std::size_t>(place)]->resize(length, 1.0);
            EXPECT_EQ(fault_of(chain, scenarios), RiskFault::lengths_differ) << place;
        }
    }
    Chain chain = good;
    chain.kind.clear();
    EXPECT_EQ(fault_of(chain, scenarios), RiskFault::lengths_differ);
}

TEST(RiskArrays, an_empty_chain_has_no_entries) {
    EXPECT_EQ(risk_arrays(OptionLots{}, usual_scenarios({}), {}, {}), RiskFault::none);
    EXPECT_EQ(risk_arrays(LinearLots{}, usual_scenarios({}), {}), RiskFault::none);
}

TEST(RiskArrays, scenarios_and_shocks_that_none_has_are_faults) {
    const Chain chain = call_of_110k();
    EXPECT_EQ(fault_of(chain, {}), RiskFault::no_scenarios);
    EXPECT_EQ(fault_of(chain, std::vector<Scenario>(scenarios_max + 1)),
              RiskFault::too_many_scenarios);
    for (const double bad : {no_number, infinity, -infinity, -1.0, -2.0, 1e5}) {
        EXPECT_EQ(fault_of(chain, std::array{Scenario{.price_move = bad}}),
                  RiskFault::bad_scenario);
    }
    for (const double bad : {no_number, infinity, -infinity, -1.0, -least, 1e7}) {
        EXPECT_EQ(fault_of(chain, std::array{Scenario{.weight = bad}}), RiskFault::bad_scenario);
    }
    EXPECT_EQ(fault_of(chain, std::array{Scenario{.vol_move = VolMove{3}}}),
              RiskFault::bad_scenario);
    const auto scenarios = usual_scenarios({});
    for (const double bad : {no_number, infinity, -infinity, -11.0, 1e7}) {
        for (const VolShocks& shocks : {VolShocks{.range_up = bad}, VolShocks{.range_down = bad},
                                        VolShocks{.power_near = bad}, VolShocks{.power_far = bad},
                                        VolShocks{.vol_min_up = bad}}) {
            EXPECT_EQ(fault_of(chain, scenarios, shocks), RiskFault::bad_shocks);
        }
    }
    EXPECT_EQ(fault_of(chain, usual_scenarios({.price_range = no_number})),
              RiskFault::bad_scenario);
    EXPECT_EQ(risk_arrays(LinearLots{}, {}, {}), RiskFault::no_scenarios);
}

TEST(RiskArrays, every_fault_has_its_sentence) {
    for (int fault = 0; fault <= static_cast<int>(RiskFault::bad_shocks); ++fault) {
        EXPECT_NE(sentence(RiskFault{static_cast<std::uint8_t>(fault)}), "?");
    }
}

}  // namespace
}  // namespace miletus::pricing
