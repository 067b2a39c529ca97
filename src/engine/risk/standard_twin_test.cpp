// The table that tests/clearing/standard_twin.py wrote: every requirement to the unit.
#include "engine/risk/standard.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace miletus::risk {
namespace {

using instruments::Asset;
using instruments::Parameters;
using protocol::Parameter;

// A row, taken number by number.
class Row {
  public:
    explicit Row(const std::string& line) : stream_(line) {}

    [[nodiscard]] std::string word() {
        std::string word;
        stream_ >> word;
        return word;
    }
    [[nodiscard]] std::int64_t number() {
        std::int64_t number = 0;
        stream_ >> number;
        EXPECT_TRUE(stream_) << "a number is missing, or too large";
        return number;
    }
    [[nodiscard]] Requirement requirement() {
        const Amount initial(number());
        return {.initial = initial, .maintenance = Amount(number())};
    }
    void set(Parameters& parameters, Parameter parameter) { parameters.set(parameter, number()); }
    [[nodiscard]] bool has_more() { return !(stream_ >> std::ws).eof(); }

  private:
    std::istringstream stream_;
};

Requirement future_of(Row& row) {
    FutureTerms terms;
    terms.notional = LotValue(row.number());
    terms.lot = Amount(row.number());
    terms.coin = Divisor(row.number());
    const Lots worst(row.number());
    const Amount others(row.number());
    Parameters parameters;
    row.set(parameters, Parameter::future_initial);
    row.set(parameters, Parameter::future_maintenance);
    row.set(parameters, Parameter::future_slope);
    return of_future(terms, worst, others, parameters);
}

LotValue value_of_lot(IndexPrice price, Amount lot, PriceScale scale) {
    const int128 value = int128{price.value()} * lot.value() * scale.up;
    EXPECT_TRUE(value % scale.down == 0) << "not a whole value";
    return LotValue(narrow(value / scale.down).value());
}

OptionLeg leg_of(Row& row, IndexPrice index, PriceScale scale) {
    OptionLeg leg;
    leg.is_put = row.number() == 1;
    leg.strike = IndexPrice(row.number());
    leg.lot = Amount(row.number());
    leg.mark = LotValue(row.number());
    leg.lots = Lots(row.number());
    leg.sells = Lots(row.number());
    leg.strike_value = value_of_lot(leg.strike, leg.lot, scale);
    leg.index_value = value_of_lot(index, leg.lot, scale);
    return leg;
}

Requirement options_of(Row& row) {
    Asset base;
    Asset quote;
    base.decimals = static_cast<std::uint32_t>(row.number());
    quote.decimals = static_cast<std::uint32_t>(row.number());
    const PriceScale scale = scale_between(base, quote);
    const IndexPrice index(row.number());
    Parameters parameters;
    row.set(parameters, Parameter::option_initial);
    row.set(parameters, Parameter::option_initial_floor);
    row.set(parameters, Parameter::option_maintenance);
    std::vector<OptionLeg> legs;
    while (row.has_more() && !testing::Test::HasFailure()) {
        legs.push_back(leg_of(row, index, scale));
    }
    return of_options(legs, scale, parameters);
}

TEST(StandardMarginTwin, every_row_agrees) {
    std::ifstream file("tests/clearing/standard_margin.txt");
    std::size_t rows = 0;
    for (std::string line; std::getline(file, line) && !HasFailure();) {
        if (line.starts_with('#')) {
            continue;
        }
        SCOPED_TRACE(line);
        Row row(line);
        const std::string kind = row.word();
        const Requirement expected = row.requirement();
        const Requirement requirement = kind == "future" ? future_of(row) : options_of(row);
        EXPECT_EQ(requirement.initial.value(), expected.initial.value());
        EXPECT_EQ(requirement.maintenance.value(), expected.maintenance.value());
        EXPECT_FALSE(row.has_more());
        ++rows;
    }
    EXPECT_EQ(rows, 2800U);
}

}  // namespace
}  // namespace miletus::risk
