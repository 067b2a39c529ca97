// The models beside Black's against an oracle of 50 digits.
#include "pricing/models/models.hpp"

#include "pricing/oracle_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace miletus::pricing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// A row of the oracle's.
struct Row {
    std::string model;
    Forward option;
    double shift = 0;
    Conversion conversion;
    std::array<double, 9> right{};
};

std::vector<Row> read_rows() {
    std::vector<Row> rows;
    for (const OracleRow& written : read_oracle("tests/pricing/models.rows", 2)) {
        const std::vector<double>& in = written.numbers;
        Row row;
        row.model = written.words[0];
        row.option.kind = written.words[1] == "1" ? call : put;
        std::copy_n(in.begin() + 8, row.right.size(), row.right.begin());
        row.option.forward = in[0];
        row.option.strike = in[1];
        row.option.time = in[2];
        row.option.vol = in[3];
        row.option.discount = in[4];
        row.shift = in[5];
        row.conversion = {.agreed = in[7], .vol = in[5], .correlation = in[6]};
        rows.push_back(row);
    }
    return rows;
}

Valuation valued(const Row& row) {
    if (row.model == "bachelier") {
        return bachelier_value(row.option);
    }
    if (row.model == "displaced") {
        return displaced_value(row.option, row.shift);
    }
    if (row.model == "coin") {
        return coin_value(row.option);
    }
    return quanto_value(row.option, row.conversion);
}

double ulp_of(double value) {
    return std::nextafter(value, infinity) - value;
}

// What is exchanged, in the unit of the price.
double scale_of(const Row& row) {
    const auto& [forward, strike, time, vol, discount, kind] = row.option;
    if (row.model == "bachelier") {
        return vol * std::sqrt(time) + std::abs(forward - strike);
    }
    if (row.model == "displaced") {
        return std::max(forward, strike) + row.shift;
    }
    if (row.model == "coin") {
        return std::max(1.0, strike / forward);
    }
    const double drift = row.conversion.correlation * row.conversion.vol * vol * time;
    return row.conversion.agreed * std::max(forward * std::exp(-drift), strike);
}

TEST(Models, prices_are_within_four_units_of_the_last_place_of_what_is_exchanged) {
    const std::vector<Row> rows = read_rows();
    ASSERT_EQ(rows.size(), 4000U);
    double worst = 0;
    for (const Row& row : rows) {
        const Valuation value = valued(row);
        ASSERT_EQ(value.status, Status::ok) << row.model;
        const double error = std::abs(value.price - row.right[0]) / ulp_of(scale_of(row));
        worst = std::max(worst, error);
        ASSERT_LE(error, 4) << row.model << " " << row.option.forward << " " << row.option.strike;
    }
    RecordProperty("worst", std::to_string(worst));
}

// How far out d1 and d2 are; one number for Bachelier's formula.
struct Place {
    double d1 = 0;
    double d2 = 0;
};

Place place_of(const Row& row) {
    const auto& [forward, strike, time, vol, discount, kind] = row.option;
    const double s = vol * std::sqrt(time);
    if (row.model == "bachelier") {
        return {(forward - strike) / s, (forward - strike) / s};
    }
    const double shift = row.model == "displaced" ? row.shift : 0;
    const double drift =
        row.model == "quanto" ? row.conversion.correlation * row.conversion.vol : 0;
    const double centre = (std::log((forward + shift) / (strike + shift)) - drift * vol * time) / s;
    return {centre + s / 2, centre - s / 2};
}

TEST(Models, prices_keep_their_digits_six_deviations_out) {
    int judged = 0;
    double worst = 0;
    for (const Row& row : read_rows()) {
        const Place place = place_of(row);
        const bool is_out =
            row.option.kind * place.d1 <= 0;  // else digits went with the difference
        if (is_out && std::abs(place.d1) < 6 && std::abs(place.d2) < 6) {
            const double error = std::abs(valued(row).price / row.right[0] - 1);
            worst = std::max(worst, error);
            ASSERT_LE(error, 1e-14) << row.model << " " << place.d1;
            ++judged;
        }
    }
    EXPECT_GT(judged, 1000);
    RecordProperty("worst", std::to_string(worst));
}

// Of Bachelier's formula also beyond: nothing is subtracted there, and only d is rounded.
TEST(Models, prices_of_bachelier_keep_their_digits_as_far_as_there_are_any) {
    int judged = 0;
    for (const Row& row : read_rows()) {
        const double d = place_of(row).d1;
        if (row.model == "bachelier" && row.option.kind * d <= 0 && std::abs(d) < 37) {
            ASSERT_LE(std::abs(valued(row).price / row.right[0] - 1), 1e-14) << d;
            ++judged;
        }
    }
    EXPECT_GT(judged, 800);
}

// What each Greek is of the order of, price first.
std::array<double, 9> scales_of(const Row& row) {
    const auto& [forward, strike, time, vol, discount, kind] = row.option;
    const double root = std::sqrt(time);
    const double rate = std::abs(std::log(discount) / time);
    if (row.model == "bachelier") {
        const double scale = scale_of(row);
        return {scale,        1,       1 / (vol * root), root,    vol / root + scale * rate,
                time * scale, 1 / vol, root / vol,       1 / time};
    }
    const bool is_coin = row.model == "coin";
    const bool is_quanto = row.model == "quanto";
    const double larger = scale_of(row);
    const double drift = is_quanto ? row.conversion.correlation * row.conversion.vol : 0;
    const double unit =
        is_coin ? larger : (is_quanto ? row.conversion.agreed * std::exp(-drift * vol * time) : 1);
    const double asset = row.model == "displaced" ? forward + row.shift : forward;
    const double value = is_coin ? 1 : asset * unit;
    const double fall = std::abs(drift) * time;  // of the logarithm, by the volatility
    return {larger,
            unit,
            unit / (asset * vol * root) + (is_coin ? larger / forward : 0),
            value * (root + fall),
            value * vol / root + larger * (rate + std::abs(drift) * vol),
            time * larger,
            unit / vol + unit * fall,
            value * (root / vol + fall * (1 / vol + fall)),
            unit * (1 / time + rate + std::abs(drift) * vol)};
}

TEST(Models, greeks_are_within_their_scale) {
    constexpr double error_max = 3e-14;
    std::array<double, 9> worst{};
    for (const Row& row : read_rows()) {
        const Valuation value = valued(row);
        const std::array values{value.price, value.delta, value.gamma, value.vega, value.theta,
                                value.rho,   value.vanna, value.volga, value.charm};
        const std::array scales = scales_of(row);
        for (std::size_t at = 1; at < scales.size(); ++at) {
            const double error = std::abs(values[at] - row.right[at]) / scales[at];
            worst[at] = std::max(worst[at], error);
            ASSERT_LE(error, error_max)
                << row.model << ": Greek " << at << " of " << row.option.forward << " "
                << row.option.strike << " " << row.option.time << " " << row.option.vol << " is "
                << values[at] << ", not " << row.right[at];
        }
    }
}

TEST(Models, prices_imply_what_they_were_made_of) {
    constexpr double error_max = 4e-15;
    const std::vector<OracleRow> rows = read_oracle("tests/pricing/models_implied.rows", 2);
    double worst = 0;
    for (const OracleRow& row : rows) {
        ASSERT_EQ(row.numbers.size(), 5U);
        const PricedForward option{.price = row.numbers[0],
                                   .forward = row.numbers[1],
                                   .strike = row.numbers[2],
                                   .time = 1,
                                   .kind = row.words[1] == "1" ? call : put};
        const double right = row.numbers[3];
        const double condition = row.numbers[4];
        const ImpliedVol implied =
            row.words[0] == "coin" ? coin_vol(option) : bachelier_vol(option);
        ASSERT_EQ(implied.status, Status::ok) << row.line;
        const double error = std::abs(implied.vol / right - 1) / std::max(1.0, condition);
        worst = std::max(worst, error);
        ASSERT_LE(error, error_max) << row.line << " " << implied.vol;
    }
    EXPECT_EQ(rows.size(), 1500U);
    RecordProperty("worst", in_short(worst));
}

}  // namespace
}  // namespace miletus::pricing
