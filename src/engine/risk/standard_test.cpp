// Standard margin: what venues have published, each rule by hand, and the edges of integers.
#include "engine/risk/standard_test.hpp"

#include <gtest/gtest.h>

namespace miletus::risk {
namespace {

using instruments::Asset;
using instruments::Parameters;
using protocol::Parameter;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

// Ten dollars at an index of 100,000.
constexpr FutureTerms perpetual{
    .notional = LotValue(10 * dollar), .lot = Amount(10'000), .coin = Divisor(bitcoin)};
constexpr std::int64_t lots_a_coin = 10'000;

Parameters with(Parameter parameter, std::int64_t value) {
    Parameters parameters;
    parameters.set(parameter, value);
    return parameters;
}

void expect_requirement(const Requirement& requirement, std::int64_t initial,
                        std::int64_t maintenance) {
    EXPECT_EQ(requirement.initial, Amount(initial));
    EXPECT_EQ(requirement.maintenance, Amount(maintenance));
}

void expect_both(const Requirement& requirement, std::int64_t both) {
    expect_requirement(requirement, both, both);
}

// ---- Futures ----

// Deribit, release note of 11 January 2022: 350 BTC need 3.75 %, or 13.125 BTC, and 2.75 %.
TEST(StandardMargin, three_hundred_and_fifty_bitcoins_need_what_deribit_published) {
    expect_requirement(of_future(perpetual, Lots(350 * lots_a_coin), Amount(0), Parameters()),
                       1'312'500 * dollar, 962'500 * dollar);
}

TEST(StandardMargin, the_slope_counts_parts_of_a_coin_and_rounds_once) {
    // One lot of 10 dollars: 2 % and 0.00005 % of it for each hundredth of a hundredth of a coin.
    // 200,000.05 units.
    expect_requirement(of_future(perpetual, Lots(1), Amount(0), Parameters()), 200'001, 100'001);
    // Two lots, 400,000.2; so that twice the first would be a unit more.
    expect_requirement(of_future(perpetual, Lots(2), Amount(0), Parameters()), 400'001, 200'001);
}

TEST(StandardMargin, the_least_part_of_a_coin_is_rounded_up) {
    // 2 % of 50 units is one; a hundred-millionth of a coin makes it more than one.
    const FutureTerms least{.notional = LotValue(50), .lot = Amount(1), .coin = Divisor(bitcoin)};
    expect_requirement(of_future(least, Lots(1), Amount(0), Parameters()), 2, 1);
    const Parameters flat = with(Parameter::future_slope, 0);
    expect_requirement(of_future(least, Lots(1), Amount(0), flat), 1, 1);
}

TEST(StandardMargin, the_slope_counts_what_the_owner_has_elsewhere) {
    expect_requirement(
        of_future(perpetual, Lots(50 * lots_a_coin), Amount(300 * bitcoin), Parameters()),
        187'500 * dollar, 137'500 * dollar);
}

TEST(StandardMargin, a_future_never_needs_more_than_its_notional) {
    const Amount notional(20'000'000'000 * dollar);
    const Lots lots(200'000 * lots_a_coin);
    expect_both(of_future(perpetual, lots, Amount(0), Parameters()), notional.value());
    expect_both(of_future(perpetual, lots, Amount(most), Parameters()), notional.value());
    expect_requirement(of_future(perpetual, Lots(19'600 * lots_a_coin), Amount(0), Parameters()),
                       1'960'000'000 * dollar, 1'940'400'000 * dollar);
}

TEST(StandardMargin, nothing_needs_nothing) {
    expect_both(of_future(perpetual, Lots(0), Amount(350 * bitcoin), Parameters()), 0);
    FutureTerms worthless = perpetual;
    worthless.notional = LotValue(0);
    expect_both(of_future(worthless, Lots(1000), Amount(0), Parameters()), 0);
}

TEST(StandardMargin, initial_is_raised_to_maintenance_where_the_parameters_cross) {
    const Parameters crossed = with(Parameter::future_maintenance, 30'000);
    expect_both(of_future(perpetual, Lots(lots_a_coin), Amount(0), crossed), 3005 * dollar);
}

TEST(StandardMargin, without_a_slope_size_does_not_matter) {
    const Parameters flat = with(Parameter::future_slope, 0);
    expect_requirement(of_future(perpetual, Lots(350 * lots_a_coin), Amount(most), flat),
                       700'000 * dollar, 350'000 * dollar);
}

TEST(StandardMargin, a_notional_that_no_amount_holds_is_unaffordable) {
    FutureTerms terms = perpetual;
    terms.notional = LotValue(most / 1000);
    const Requirement least = of_future(terms, Lots(1), Amount(0), Parameters());
    EXPECT_EQ(least.initial, Amount(184'467'486'853'956));
    EXPECT_LT(of_future(terms, Lots(1000), Amount(0), Parameters()).initial, unaffordable);
    expect_both(of_future(terms, Lots(1001), Amount(0), Parameters()), most);
    expect_both(of_future(terms, Lots(most), Amount(most), Parameters()), most);
}

TEST(StandardMargin, the_largest_integers_of_every_kind_are_taken) {
    const FutureTerms terms{
        .notional = LotValue(1), .lot = Amount(most), .coin = Divisor(1'000'000'000'000)};
    Parameters steep = with(Parameter::future_slope, 1'000'000);
    expect_both(of_future(terms, Lots(most), Amount(most), steep), most);
    const FutureTerms of_whole_coins{
        .notional = LotValue(most / 4), .lot = Amount(most), .coin = Divisor(1)};
    expect_both(of_future(of_whole_coins, Lots(1), Amount(0), steep), most / 4);
    steep.set(Parameter::future_slope, 0);
    EXPECT_EQ(of_future(terms, Lots(most), Amount(most), steep).initial,
              Amount(184'467'440'737'095'517));
}

TEST(StandardMargin, the_worse_side_takes_all_orders_of_one_side) {
    EXPECT_EQ(worse_side(Lots(5), Lots(3), Lots(7)), Lots(8));
    EXPECT_EQ(worse_side(Lots(5), Lots(0), Lots(20)), Lots(15));
    EXPECT_EQ(worse_side(Lots(-5), Lots(3), Lots(7)), Lots(12));
    EXPECT_EQ(worse_side(Lots(-5), Lots(20), Lots(0)), Lots(15));
    EXPECT_EQ(worse_side(Lots(-5), Lots(2), Lots(0)), Lots(5));
}

TEST(StandardMargin, sums_stop_at_what_nobody_can_afford) {
    Requirement sum{.initial = Amount(most - 1), .maintenance = Amount(5)};
    sum += {.initial = Amount(1), .maintenance = Amount(6)};
    expect_requirement(sum, most, 11);
    sum += {.initial = Amount(1), .maintenance = Amount(most)};
    expect_both(sum, most);
}

// ---- Options, one by one ----

// The reference's worked example: ten calls at 110,000 with the coin at 100,000 and a mark of
// 280.278 need 102,802.78, since 15 % less 10 % out of the money falls below the floor of 10 %.
TEST(StandardMargin, ten_short_calls_need_what_the_reference_works_out) {
    const LotValue mark(28'027'800);
    expect_requirement(needed({{.strike = 110'000, .lots = -100, .mark = mark}}, 100'000),
                       102'802'780'000, 77'802'780'000);
}

TEST(StandardMargin, a_call_out_of_the_money_needs_less_down_to_the_floor) {
    const auto initial = [](std::int64_t strike) {
        return needed({{.strike = strike, .lots = -10}}, 100'000).initial;
    };
    EXPECT_EQ(initial(90'000), Amount(15'000 * dollar));
    EXPECT_EQ(initial(100'000), Amount(15'000 * dollar));
    EXPECT_EQ(initial(103'000), Amount(12'000 * dollar));
    EXPECT_EQ(initial(105'000), Amount(10'000 * dollar));
    EXPECT_EQ(initial(200'000), Amount(10'000 * dollar));
}

TEST(StandardMargin, a_put_out_of_the_money_needs_less_down_to_the_floor) {
    const auto initial = [](std::int64_t strike) {
        return needed({{.is_put = true, .strike = strike, .lots = -10}}, 100'000).initial;
    };
    EXPECT_EQ(initial(110'000), Amount(15'000 * dollar));
    EXPECT_EQ(initial(97'000), Amount(12'000 * dollar));
    EXPECT_EQ(initial(50'000), Amount(10'000 * dollar));
}

// At 20 % of the strike a put is worth four times the index: 7.5 % of what it is worth is more than
// the 15 % of the index that it would need to be opened.
TEST(StandardMargin, a_put_worth_more_than_the_index_is_charged_on_its_worth) {
    const Option put{
        .is_put = true, .strike = 100'000, .lots = -10, .mark = value_of_lot(80'000, tenth)};
    expect_requirement(needed({put}, 20'000), 86'000 * dollar, 86'000 * dollar);
    const Option call{.strike = 100'000, .lots = -10, .mark = value_of_lot(80'000, tenth)};
    expect_requirement(needed({call}, 20'000), 82'000 * dollar, 81'500 * dollar);
}

TEST(StandardMargin, a_long_leg_needs_nothing) {
    const LotValue mark = value_of_lot(500, tenth);
    expect_both(needed({{.strike = 100'000, .lots = 10, .mark = mark},
                        {.is_put = true, .strike = 100'000, .lots = 10, .mark = mark}},
                       100'000),
                0);
    expect_both(needed(std::vector<Option>{}, 100'000), 0);
}

TEST(StandardMargin, open_sells_count_as_filled) {
    const Option open{.strike = 100'000, .lots = 4, .sells = 14};
    const Option filled{.strike = 100'000, .lots = -10};
    EXPECT_EQ(needed({open}, 100'000), needed({filled}, 100'000));
    expect_both(needed({{.strike = 100'000, .lots = 4, .sells = 4}}, 100'000), 0);
}

TEST(StandardMargin, a_leg_is_rounded_once_over_all_its_lots) {
    // 15 % of 100,003 units is 15,000.45 for each lot; three lots, 45,001.35.
    OptionLeg leg{.strike = IndexPrice(100'003),
                  .strike_value = LotValue(100'003),
                  .index_value = LotValue(100'003),
                  .mark = LotValue(0),
                  .lot = Amount(1),
                  .lots = Lots(-3),
                  .sells = Lots(0)};
    const Requirement one = of_options(std::span(&leg, 1), {}, Parameters());
    expect_requirement(one, 45'002, 22'501);
}

TEST(StandardMargin, a_deep_put_never_needs_more_than_its_strike) {
    expect_both(needed({{.is_put = true, .strike = 5000, .lots = -10}}, 100'000), 5000 * dollar);
}

// ---- Options of an expiry together ----

// Derive (Lyra v2), standard manager: a 1800/2000 call spread needs its width.
TEST(StandardMargin, a_call_spread_needs_the_200_that_derive_asks) {
    const Legs spread = legs_of({{.strike = 2000, .lots = 10, .mark = value_of_lot(90, tenth)},
                                 {.strike = 1800, .lots = -10, .mark = value_of_lot(230, tenth)}},
                                2000);
    expect_both(needed(spread, Parameters()), 200 * dollar);
}

TEST(StandardMargin, a_spread_that_only_receives_needs_nothing) {
    expect_both(needed({{.strike = 1800, .lots = 10}, {.strike = 2000, .lots = -10}}, 2000), 0);
    expect_both(needed({{.is_put = true, .strike = 2000, .lots = 10},
                        {.is_put = true, .strike = 1800, .lots = -10}},
                       2000),
                0);
}

TEST(StandardMargin, a_put_spread_needs_its_width) {
    const LotValue mark = value_of_lot(90, tenth);
    expect_both(needed({{.is_put = true, .strike = 1800, .lots = 10},
                        {.is_put = true, .strike = 2000, .lots = -10, .mark = mark}},
                       2000),
                200 * dollar);
}

TEST(StandardMargin, where_isolated_legs_need_less_than_the_width_they_stand) {
    // Short at 110,000, long at 200,000: the width is nine times the isolated 10,000.
    expect_requirement(
        needed({{.strike = 110'000, .lots = -10}, {.strike = 200'000, .lots = 10}}, 100'000),
        10'000 * dollar, 7500 * dollar);
}

TEST(StandardMargin, maintenance_is_isolated_where_only_the_initial_sum_is_above_the_width) {
    expect_requirement(
        needed({{.strike = 100'000, .lots = -10}, {.strike = 110'000, .lots = 10}}, 100'000),
        10'000 * dollar, 7500 * dollar);
}

TEST(StandardMargin, one_call_more_short_than_long_has_no_largest_loss) {
    const std::vector<Option> paired = {{.strike = 2000, .lots = 10},
                                        {.strike = 1800, .lots = -10}};
    std::vector<Option> naked = paired;
    naked[1].lots = -11;
    EXPECT_EQ(needed(paired, 2000).initial, Amount(200 * dollar));
    EXPECT_EQ(needed(naked, 2000).initial, Amount(330 * dollar));
}

TEST(StandardMargin, an_iron_condor_loses_on_one_wing_only) {
    expect_both(needed({{.is_put = true, .strike = 80'000, .lots = 10},
                        {.is_put = true, .strike = 85'000, .lots = -10},
                        {.strike = 115'000, .lots = -10},
                        {.strike = 123'000, .lots = 10}},
                       100'000),
                8000 * dollar);
}

TEST(StandardMargin, a_box_needs_its_width_sold_and_nothing_bought) {
    const auto box = [](std::int64_t lots) {
        return needed({{.strike = 90'000, .lots = lots},
                       {.strike = 95'000, .lots = -lots},
                       {.is_put = true, .strike = 90'000, .lots = -lots},
                       {.is_put = true, .strike = 95'000, .lots = lots}},
                      92'000);
    };
    expect_both(box(10), 0);
    expect_both(box(-10), 5000 * dollar);
}

TEST(StandardMargin, lots_of_two_sizes_offset_each_other) {
    const LotValue mark = value_of_lot(230, hundredth);
    expect_both(needed({{.strike = 2000, .lots = 1, .lot = tenth},
                        {.strike = 1800, .lots = -10, .mark = mark, .lot = hundredth}},
                       2000),
                20 * dollar);
    // Nine hundredths do not cover a tenth.
    const Requirement naked = needed(
        {{.strike = 2000, .lots = 9, .lot = hundredth}, {.strike = 1800, .lots = -1, .lot = tenth}},
        2000);
    EXPECT_EQ(naked.initial, Amount(30 * dollar));
}

TEST(StandardMargin, legs_may_come_in_any_order) {
    const Option low{.strike = 1800, .lots = -10};
    const Option high{.strike = 2000, .lots = 10};
    EXPECT_EQ(needed({low, high}, 2000), needed({high, low}, 2000));
}

// ---- Scales and large integers ----

TEST(StandardMargin, a_scale_is_what_the_decimals_of_both_assets_leave) {
    const auto scale = [](std::uint32_t base, std::uint32_t quote) {
        return scale_between(Asset{.name = {}, .decimals = base},
                             Asset{.name = {}, .decimals = quote});
    };
    EXPECT_EQ(scale(8, 6).down, bitcoin);
    EXPECT_EQ(scale(8, 6).up, 1);
    EXPECT_EQ(scale(12, 0).down, 1'000'000'000'000'000'000);
    EXPECT_EQ(scale(0, 12).up, 1'000'000);
    EXPECT_EQ(scale(0, 12).down, 1);
    EXPECT_EQ(scale(2, 8).up, 1);
    EXPECT_EQ(scale(2, 8).down, 1);
}

// One lot is one share without decimals, a dollar has eight.
TEST(StandardMargin, a_scale_may_multiply) {
    constexpr std::int64_t unit = 100'000'000;
    const auto leg = [](std::int64_t strike, std::int64_t lots) {
        return OptionLeg{.strike = IndexPrice(strike * dollar),
                         .strike_value = LotValue(strike * unit),
                         .index_value = LotValue(100 * unit),
                         .mark = LotValue(0),
                         .lot = Amount(1),
                         .lots = Lots(lots),
                         .sells = Lots(0)};
    };
    Legs spread = {leg(100, -3), leg(103, 3)};
    expect_both(of_options(spread, {.up = 100, .down = 1}, Parameters()), 9 * unit);
    Legs wide = {leg(100, -3), leg(900'000'000, most / 4)};
    expect_requirement(of_options(wide, {.up = 100, .down = 1}, Parameters()), 45 * unit,
                       45 * unit / 2);
}

// At a strike of 3 for lots of ten, lots of one pay a tenth of 7: what one strike makes whole for
// its own lots need not be so for others.
TEST(StandardMargin, payments_between_lots_of_two_sizes_are_rounded_up) {
    const auto needed_for = [](std::int64_t lots) {
        const OptionLeg ones{.strike = IndexPrice(10),
                             .strike_value = LotValue(1),
                             .index_value = LotValue(1),
                             .mark = LotValue(1),
                             .lot = Amount(1),
                             .lots = Lots(-lots),
                             .sells = Lots(0),
                             .is_put = true};
        const OptionLeg tens{.strike = IndexPrice(3),
                             .strike_value = LotValue(3),
                             .index_value = LotValue(10),
                             .mark = LotValue(1),
                             .lot = Amount(10),
                             .lots = Lots(lots),
                             .sells = Lots(0),
                             .is_put = true};
        Legs legs = {tens, ones};
        return of_options(legs, {.up = 1, .down = 10}, Parameters());
    };
    expect_both(needed_for(1), 1);
    expect_both(needed_for(3), 3);
    expect_both(needed_for(10), 7);
    constexpr std::int64_t trillions = 2'000'000'000'000'000'000;
    expect_both(needed_for(trillions + 1), trillions / 10 * 7 + 1);
}

TEST(StandardMargin, a_product_at_the_end_of_64_bits_is_rounded_like_any_other) {
    constexpr std::int64_t lots = most / 150'000;
    OptionLeg leg{.strike = IndexPrice(1),
                  .strike_value = LotValue(1),
                  .index_value = LotValue(1),
                  .mark = LotValue(0),
                  .lot = Amount(1),
                  .lots = Lots(-lots),
                  .sells = Lots(0)};
    EXPECT_EQ(of_options(std::span(&leg, 1), {}, Parameters()).initial, Amount(9'223'372'036'855));
    FutureTerms terms = perpetual;
    terms.notional = LotValue(most / 20'000);
    const Parameters flat = with(Parameter::future_slope, 0);
    EXPECT_EQ(of_future(terms, Lots(1), Amount(0), flat).initial, Amount(9'223'372'036'855));
}

TEST(StandardMargin, options_that_no_amount_holds_are_unaffordable) {
    const Option put{
        .is_put = true, .strike = 1'000'000'000, .lots = -most, .mark = LotValue(most)};
    expect_both(needed({put}, 1'000'000), most);
    const Option call{.strike = 1'000'000'000, .lots = -most, .mark = LotValue(most)};
    expect_both(needed({call, call}, 1'000'000), most);
}

// Beyond 2^62 lots of one size, or 2^76 base units in lots of several, the isolated sum stands.
TEST(StandardMargin, an_expiry_too_large_to_weigh_has_no_offset) {
    const auto initial = [](std::int64_t longs, Amount lot) {
        return needed({{.strike = 2000, .lots = longs, .lot = lot}, {.strike = 1800, .lots = -10}},
                      2000)
            .initial;
    };
    EXPECT_EQ(initial(most / 4, tenth), Amount(200 * dollar));
    EXPECT_EQ(initial(most, tenth), Amount(300 * dollar));
    EXPECT_EQ(initial(most / 1000, hundredth), Amount(200 * dollar));
    EXPECT_EQ(initial(most / 100, hundredth), Amount(300 * dollar));
}

using StandardMarginDeathTest = testing::Test;

TEST(StandardMarginDeathTest, what_cannot_be_is_a_bug) {
    EXPECT_DEATH((void)of_future(perpetual, Lots(-1), Amount(0), Parameters()), "worst >=");
    EXPECT_DEATH((void)of_future(perpetual, Lots(1), Amount(-1), Parameters()), "others >=");
    EXPECT_DEATH((void)worse_side(Lots(0), Lots(0), Lots(-1)), "sells >=");
    const Option nonsense{.strike = 2000, .lots = -1, .mark = LotValue(-1)};
    EXPECT_DEATH((void)needed({nonsense}, 2000), "mark >=");
}

}  // namespace
}  // namespace miletus::risk
