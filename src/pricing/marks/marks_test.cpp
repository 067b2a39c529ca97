// Marks against 50 digits, against Black's formula and the risk arrays themselves, and what holds
// for any of them; and what is refused.
#include "pricing/marks/made_up_smiles_test.hpp"
#include "pricing/vanilla/vanilla.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace miletus::pricing {
namespace {

constexpr std::int64_t grid_value = 500;  // a tenth of a tick of made-up options
constexpr std::int64_t price_of_unit = 100;
constexpr double micros = 1e-6;

MarkSurface surface_of(const std::vector<Smile>& smiles, IndexPrice index = made_up_index) {
    return {.now = made_up_now, .index = index, .smiles = smiles};
}

Mark mark_of(const MarkSurface& surface, const MarkOption& option) {
    const MarksFound found = marks_of(surface, {&option, 1});
    EXPECT_EQ(found.fault, MarkFault::none);
    return found.marks[0];
}

// Steps across the money, of calls and then of puts.
std::vector<MarkOption> made_up_options(UnixNanos expiry) {
    std::vector<MarkOption> options;
    for (const std::int8_t kind : {call, put}) {
        for (std::int64_t strike = 40'000; strike <= 240'000; strike += 2'000) {
            options.push_back(made_up_option(expiry, strike * 1'000'000, kind));
        }
    }
    return options;
}

// ---- To 50 digits ----

struct OracleSurface {
    UnixNanos now;
    IndexPrice index;
    std::vector<Smile> smiles;
};

OracleSurface surface_from(std::istringstream& line) {
    std::int64_t now = 0;
    std::int64_t index = 0;
    line >> now >> index;
    OracleSurface surface{.now = UnixNanos(now), .index = IndexPrice(index), .smiles = {}};
    std::int64_t expiry = 0;
    std::int64_t forward = 0;
    for (Smile smile;
         line >> expiry >> forward >> smile.a >> smile.b >> smile.rho >> smile.m >> smile.sigma;) {
        smile.expiry = UnixNanos(expiry);
        smile.forward = IndexPrice(forward);
        surface.smiles.push_back(smile);
    }
    return surface;
}

MarkOption option_from(std::istringstream& line) {
    std::int64_t expiry = 0;
    std::int64_t strike = 0;
    std::int64_t tick = 0;
    std::int64_t tick_value = 0;
    int kind = 0;
    line >> expiry >> strike >> tick >> tick_value >> kind;
    return {.expiry = UnixNanos(expiry),
            .strike = IndexPrice(strike),
            .tick = IndexPrice(tick),
            .tick_value = LotValue(tick_value),
            .kind = static_cast<std::int8_t>(kind)};
}

std::vector<std::int64_t> numbers_from(std::istringstream& line) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t number = 0; line >> number;) {
        numbers.push_back(number);
    }
    return numbers;
}

TEST(Marks, are_those_of_the_oracle) {
    std::ifstream file("tests/pricing/marks.rows");
    OracleSurface surface;
    int options = 0;
    for (std::string text; std::getline(file, text);) {
        std::istringstream line(text);
        std::string word;
        line >> word;
        if (word == "surface") {
            surface = surface_from(line);
            EXPECT_TRUE(check_surface(surface.smiles, surface.now).is_free()) << text;
        }
        if (word != "option") {
            continue;
        }
        const MarkOption option = option_from(line);
        const std::vector<std::int64_t> right = numbers_from(line);
        const MarksFound found = marks_of(
            {.now = surface.now, .index = surface.index, .smiles = surface.smiles}, {&option, 1});
        ASSERT_EQ(found.fault, MarkFault::none) << text;
        const Mark& mark = found.marks[0];
        ASSERT_EQ(right.size(), 5 + usual_scenarios_count) << text;
        EXPECT_EQ(mark.value.value(), right[0]) << text;
        EXPECT_EQ(mark.forward.value(), right[1]) << text;
        EXPECT_EQ(mark.delta, right[2]) << text;
        EXPECT_EQ(mark.gamma, right[3]) << text;
        EXPECT_EQ(mark.vol, right[4]) << text;
        for (std::size_t at = 0; at < usual_scenarios_count; ++at) {
            EXPECT_EQ(found.entries[at], right[5 + at]) << at << ": " << text;
        }
        ++options;
    }
    EXPECT_EQ(options, 360);
}

// ---- Against the formulas ----

TEST(Marks, are_prices_in_units_rounded_down) {
    const std::vector<Smile> smiles = made_up_smiles();
    for (const Smile& smile : smiles) {
        const std::vector<MarkOption> options = made_up_options(smile.expiry);
        const MarksFound found = marks_of(surface_of(smiles), options);
        ASSERT_EQ(found.fault, MarkFault::none);
        const double time = years_between(made_up_now, smile.expiry);
        const auto forward = static_cast<double>(smile.forward.value());
        for (std::size_t at = 0; at < options.size(); ++at) {
            const auto strike = static_cast<double>(options[at].strike.value());
            const double w = total_variance(svi_of(smile), std::log(strike / forward));
            const Valuation black = value_of(Forward{.forward = forward,
                                                     .strike = strike,
                                                     .time = time,
                                                     .vol = std::sqrt(w / time),
                                                     .kind = options[at].kind});
            const double units = black.price / price_of_unit;
            const auto mark = static_cast<double>(found.marks[at].value.value());
            EXPECT_LE(mark, units * (1 + 1e-12));
            EXPECT_GT(mark, units * (1 - 1e-12) - 2);
            EXPECT_EQ(found.marks[at].forward, smile.forward);
            EXPECT_NEAR(static_cast<double>(found.marks[at].vol) * 1e-6, std::sqrt(w / time),
                        5.1e-7);
            EXPECT_NEAR(static_cast<double>(found.marks[at].delta) * 1e-9, black.delta, 1e-9);
        }
    }
}

// To the unit, wherever an expiry lies among those of the surface.
TEST(Marks, of_calls_and_puts_keep_parity) {
    const std::vector<Smile> smiles = made_up_smiles();
    const auto scenarios = usual_scenarios({});
    for (const std::int64_t hours : {-1, 0, 1, 24, 30, 48, 100, 168, 720, 1000, 2160, 5000}) {
        const std::vector<MarkOption> options = made_up_options(after(hours * hour_nanos));
        const MarksFound found = marks_of(surface_of(smiles), options);
        const std::size_t strikes = options.size() / 2;
        for (std::size_t at = 0; at < strikes; ++at) {
            const Mark& of_call = found.marks[at];
            const Mark& of_put = found.marks[strikes + at];
            const LotValue strike(options[at].strike.value() / price_of_unit);
            const LotValue forward(of_call.forward.value() / price_of_unit);
            EXPECT_EQ(of_call.value - of_put.value, forward - strike);
            EXPECT_EQ(of_call.forward, of_put.forward);
            EXPECT_EQ(of_call.delta - of_put.delta, delta_parts);
            EXPECT_EQ(of_call.gamma, of_put.gamma);
            EXPECT_EQ(of_call.vol, of_put.vol);
            for (std::size_t scenario = 0; scenario < usual_scenarios_count; ++scenario) {
                const double moved = static_cast<double>(forward.value()) *
                                     scenarios[scenario].price_move * scenarios[scenario].weight;
                const std::int64_t difference =
                    found.row(at)[scenario] - found.row(strikes + at)[scenario];
                EXPECT_NEAR(static_cast<double>(difference), moved, grid_value + 2);
            }
        }
    }
}

// P3 of the invariants: between what exercise brings and the forward; falling and convex in the
// strike, to the units that rounding takes.
TEST(Marks, lie_between_their_bounds_fall_with_the_strike_and_are_convex) {
    const std::vector<Smile> smiles = made_up_smiles();
    for (const Smile& smile : smiles) {
        const std::vector<MarkOption> options = made_up_options(smile.expiry);
        const MarksFound found = marks_of(surface_of(smiles), options);
        const std::size_t strikes = options.size() / 2;
        const std::int64_t forward = smile.forward.value() / price_of_unit;
        const auto call_at = [&](std::size_t at) {
            return found.marks[at].value.value();
        };
        for (std::size_t at = 0; at < strikes; ++at) {
            const std::int64_t strike = options[at].strike.value() / price_of_unit;
            const std::int64_t put_value = found.marks[strikes + at].value.value();
            EXPECT_GE(call_at(at), std::max(forward - strike, std::int64_t{0}));
            EXPECT_LE(call_at(at), forward);
            EXPECT_GE(put_value, std::max(strike - forward, std::int64_t{0}));
            EXPECT_LE(put_value, strike);
            EXPECT_GE(found.marks[at].delta, 0);
            EXPECT_LE(found.marks[at].delta, delta_parts);
            EXPECT_GE(found.marks[at].gamma, 0);
        }
        for (std::size_t at = 1; at + 1 < strikes; ++at) {
            EXPECT_LE(call_at(at), call_at(at - 1));
            EXPECT_GE(call_at(at - 1) - 2 * call_at(at) + call_at(at + 1), -4);
        }
    }
}

// The same lot at a finer tick, and a larger lot.
TEST(Marks, do_not_depend_on_the_units_of_a_listing_but_for_rounding) {
    const std::vector<Smile> smiles = made_up_smiles();
    const MarkOption coarse = made_up_option(smiles[2].expiry, 103'000'000'000, call);
    MarkOption fine = coarse;
    fine.tick = IndexPrice(100'000);
    fine.tick_value = LotValue(1000);
    const Mark one = mark_of(surface_of(smiles), coarse);
    const Mark other = mark_of(surface_of(smiles), fine);
    EXPECT_EQ(one, other);
    MarkOption large = coarse;
    large.tick_value = LotValue(50'000);
    const Mark tenfold = mark_of(surface_of(smiles), large);
    EXPECT_EQ(tenfold.value.value() / 10, one.value.value());
    EXPECT_EQ(tenfold.delta, one.delta);
    EXPECT_EQ(tenfold.gamma, one.gamma);
}

// Lots that are worth so much that risk arrays must be made smaller.
TEST(Marks, of_huge_lots_are_as_exact_as_those_of_small_ones) {
    const std::vector<Smile> smiles = made_up_smiles();
    MarkOption option = made_up_option(smiles[2].expiry, 103'000'000'000, put);
    option.tick = IndexPrice(1'000'000);
    option.tick_value = LotValue(1'000'000);
    const MarksFound small = marks_of(surface_of(smiles), {&option, 1});
    constexpr std::int64_t times = 1'000'000;
    option.tick_value = LotValue(option.tick_value.value() * times);
    const MarksFound huge = marks_of(surface_of(smiles), {&option, 1});
    ASSERT_EQ(huge.fault, MarkFault::none);
    EXPECT_EQ(huge.marks[0].value.value() / times, small.marks[0].value.value());
    for (std::size_t at = 0; at < usual_scenarios_count; ++at) {
        EXPECT_NEAR(static_cast<double>(huge.entries[at]),
                    static_cast<double>(times) * static_cast<double>(small.entries[at]),
                    0.6 * static_cast<double>(times));
    }
    option.tick_value = LotValue(option.tick_value.value() * 1000);
    EXPECT_EQ(marks_of(surface_of(smiles), {&option, 1}).fault, MarkFault::option_out_of_range);
}

// ---- Between expiries ----

// Where both smiles are flat, what is between them is known without a smile.
TEST(Marks, between_expiries_have_a_variance_that_is_a_line_in_time) {
    const auto flat = [](std::int64_t days, double vol) {
        const UnixNanos expiry = after(days * day_nanos);
        const double a = vol * vol * years_between(made_up_now, expiry);
        return smile_of(expiry, made_up_index, {.a = a, .b = 0, .rho = 0, .m = 0, .sigma = 1})
            .value_or(Smile{});
    };
    const std::vector<Smile> smiles{flat(10, 0.4), flat(40, 0.6)};
    const auto vol_after = [&](std::int64_t days) {
        const auto option = made_up_option(after(days * day_nanos), 110'000'000'000, call);
        return static_cast<double>(mark_of(surface_of(smiles), option).vol) * micros;
    };
    EXPECT_NEAR(vol_after(20), std::sqrt((1.6 + (14.4 - 1.6) / 3) / 20), 1e-6);
    EXPECT_NEAR(vol_after(39), std::sqrt((1.6 + (14.4 - 1.6) * 29 / 30) / 39), 1e-6);
    EXPECT_NEAR(vol_after(10), 0.4, 1e-6);
    EXPECT_NEAR(vol_after(40), 0.6, 1e-6);
    EXPECT_NEAR(vol_after(1), 0.4, 1e-6);
    EXPECT_NEAR(vol_after(400), 0.6, 1e-6);
}

// Without volatility, a put in the money is worth what the forward lacks to the strike.
TEST(Marks, between_expiries_have_a_forward_of_one_carry) {
    const auto still = [](std::int64_t days, std::int64_t forward) {
        return Smile{.expiry = after(days * day_nanos),
                     .forward = IndexPrice(forward),
                     .a = days,
                     .sigma = 1'000'000'000'000};
    };
    const std::vector<Smile> smiles{still(10, 110'000'000'000), still(30, 99'000'000'000)};
    const auto forward_after = [&](std::int64_t days) {
        const auto option = made_up_option(after(days * day_nanos), 200'000'000'000, put);
        const Mark mark = mark_of(surface_of(smiles), option);
        return 200'000 - static_cast<double>(mark.value.value()) / 1e4;
    };
    EXPECT_NEAR(forward_after(0), 100'000, 0.051);
    EXPECT_NEAR(forward_after(5), 100'000 * std::sqrt(1.1), 0.051);
    EXPECT_NEAR(forward_after(10), 110'000, 0.051);
    EXPECT_NEAR(forward_after(20), 110'000 * std::sqrt(0.9), 0.051);
    EXPECT_NEAR(forward_after(30), 99'000, 0.051);
    EXPECT_NEAR(forward_after(50), 99'000 * 0.9, 0.051);
}

TEST(Marks, of_what_is_over_are_what_exercise_at_the_index_brings) {
    const std::vector<Smile> smiles = made_up_smiles();
    for (const std::int64_t nanos : {std::int64_t{0}, -day_nanos}) {
        const std::vector<MarkOption> options{made_up_option(after(nanos), 90'000'000'000, call),
                                              made_up_option(after(nanos), 90'000'000'000, put),
                                              made_up_option(after(nanos), 110'000'000'000, put)};
        const MarksFound found = marks_of(surface_of(smiles), options);
        ASSERT_EQ(found.fault, MarkFault::none);
        EXPECT_EQ(found.marks[0].value, LotValue(100'000'000));
        EXPECT_EQ(found.marks[0].delta, delta_parts);
        EXPECT_EQ(found.marks[0].gamma, 0);
        EXPECT_EQ(found.marks[1].value, LotValue(0));
        EXPECT_EQ(found.marks[2].value, LotValue(100'000'000));
        EXPECT_EQ(found.marks[2].delta, -delta_parts);
    }
}

// ---- How they move ----

// The index and all forwards move by as much; marks move by what delta and gamma say.
TEST(Marks, move_with_the_index_as_delta_and_gamma_say) {
    std::vector<Smile> before = made_up_smiles();
    for (Smile& smile : before) {
        smile.b = 0;  // so that volatility stays with the option
    }
    for (const std::int64_t dollars : {-500, -200, 200, 500}) {
        const std::int64_t move = dollars * 1'000'000;
        std::vector<Smile> moved = before;
        for (Smile& smile : moved) {
            smile.forward = IndexPrice(smile.forward.value() + move);
        }
        const IndexPrice index(made_up_index.value() + move);
        const std::vector<MarkOption> options = made_up_options(before[3].expiry);
        const MarksFound first = marks_of(surface_of(before), options);
        const MarksFound second = marks_of(surface_of(moved, index), options);
        const double x = static_cast<double>(move) / price_of_unit;
        const double r = static_cast<double>(move) / static_cast<double>(made_up_index.value());
        for (std::size_t at = 0; at < options.size(); ++at) {
            const Mark& mark = first.marks[at];
            const double mean =
                static_cast<double>(mark.delta) + static_cast<double>(mark.gamma) * r / 2;
            const auto change = static_cast<double>((second.marks[at].value - mark.value).value());
            // The third order is small.
            EXPECT_NEAR(change, mean * x / static_cast<double>(delta_parts),
                        3 + 20 * std::abs(x) * r * r);
        }
    }
}

TEST(Marks, have_rows_of_what_lots_gain_and_never_lose_more_than_the_mark) {
    const std::vector<Smile> smiles = made_up_smiles();
    const auto scenarios = usual_scenarios({});
    const std::vector<MarkOption> options = made_up_options(smiles[2].expiry);
    const MarksFound found = marks_of(surface_of(smiles), options);
    for (std::size_t at = 0; at < options.size(); ++at) {
        EXPECT_EQ(found.row(at)[13], 0);
        for (std::size_t scenario = 0; scenario < usual_scenarios_count; ++scenario) {
            EXPECT_GE(found.row(at)[scenario], -found.marks[at].value.value());
            const bool has_same_vol = scenarios[scenario].vol_move == VolMove::same;
            if (!has_same_vol) {
                continue;
            }
            // Where volatility stays, an option on the moved forward tells what is gained.
            const double forward = static_cast<double>(smiles[2].forward.value()) *
                                   (1 + scenarios[scenario].price_move);
            const double moved =
                value_of(Forward{.forward = forward,
                                 .strike = static_cast<double>(options[at].strike.value()),
                                 .time = years_between(made_up_now, options[at].expiry),
                                 .vol = static_cast<double>(found.marks[at].vol) * micros,
                                 .kind = options[at].kind})
                    .price;
            const double gain =
                moved / price_of_unit - static_cast<double>(found.marks[at].value.value());
            EXPECT_NEAR(static_cast<double>(found.row(at)[scenario]), gain, grid_value + 200);
        }
    }
}

TEST(Marks, rise_in_every_scenario_with_the_ranges) {
    const std::vector<Smile> smiles = made_up_smiles();
    const std::vector<MarkOption> options = made_up_options(smiles[3].expiry);
    MarkSurface surface = surface_of(smiles);
    const MarksFound usual = marks_of(surface, options);
    surface.scenarios.range_up = 800'000;
    const MarksFound wider = marks_of(surface, options);
    for (std::size_t at = 0; at < options.size(); ++at) {
        EXPECT_EQ(usual.marks[at], wider.marks[at]);
        EXPECT_GE(wider.row(at)[12], usual.row(at)[12]);
        EXPECT_EQ(wider.row(at)[14], usual.row(at)[14]);
    }
}

// ---- Refusals and digests ----

TEST(Marks, are_refused_where_lengths_differ) {
    const std::vector<Smile> smiles = made_up_smiles();
    const std::vector<MarkOption> options = made_up_options(smiles[0].expiry);
    MarksFound found = marks_of(surface_of(smiles), options);
    found.marks.pop_back();
    EXPECT_EQ(find_marks(surface_of(smiles), options, found.columns()), MarkFault::lengths_differ);
    found.marks.emplace_back();
    found.entries.pop_back();
    EXPECT_EQ(find_marks(surface_of(smiles), options, found.columns()), MarkFault::lengths_differ);
}

TEST(Marks, are_refused_of_surfaces_without_an_index_or_an_order) {
    const std::vector<Smile> smiles = made_up_smiles();
    for (const std::int64_t index : {std::int64_t{0}, std::int64_t{-5}, smile_price_max + 1}) {
        EXPECT_EQ(marks_of(surface_of(smiles, IndexPrice(index)), {}).fault,
                  MarkFault::surface_out_of_range);
    }
    EXPECT_EQ(marks_of(surface_of({}), {}).fault, MarkFault::surface_out_of_range);
    std::vector<Smile> bad = smiles;
    std::swap(bad[1], bad[2]);
    EXPECT_EQ(marks_of(surface_of(bad), {}).fault, MarkFault::surface_out_of_range);
    bad = smiles;
    bad[0].forward = IndexPrice(0);
    EXPECT_EQ(marks_of(surface_of(bad), {}).fault, MarkFault::surface_out_of_range);
    EXPECT_EQ(
        marks_of({.now = smiles[0].expiry, .index = made_up_index, .smiles = smiles}, {}).fault,
        MarkFault::surface_out_of_range);
    EXPECT_EQ(marks_of(surface_of(smiles), {}).fault, MarkFault::none);
}

TEST(Marks, are_refused_of_options_that_no_listing_has) {
    const std::vector<Smile> smiles = made_up_smiles();
    const auto fault_after = [&](auto change) {
        std::vector<MarkOption> options = made_up_options(smiles[0].expiry);
        change(options[130]);
        return marks_of(surface_of(smiles), options).fault;
    };
    EXPECT_EQ(fault_after([](MarkOption&) {}), MarkFault::none);
    const auto refused = MarkFault::option_out_of_range;
    EXPECT_EQ(fault_after([](MarkOption& option) { option.strike = IndexPrice(0); }), refused);
    EXPECT_EQ(
        fault_after([](MarkOption& option) { option.strike = IndexPrice(smile_price_max + 1); }),
        refused);
    EXPECT_EQ(fault_after([](MarkOption& option) { option.tick = IndexPrice(-1); }), refused);
    EXPECT_EQ(fault_after([](MarkOption& option) {
                  option.strike = IndexPrice(option.strike.value() + 1);
              }),
              refused);
    EXPECT_EQ(fault_after([](MarkOption& option) { option.tick_value = LotValue(0); }), refused);
    EXPECT_EQ(fault_after([](MarkOption& option) { option.tick_value = LotValue(55); }), refused);
    EXPECT_EQ(fault_after([](MarkOption& option) { option.kind = 0; }), refused);
    EXPECT_EQ(fault_after([](MarkOption& option) {
                  option.tick_value = LotValue(std::numeric_limits<std::int64_t>::max() / 10 * 10);
              }),
              refused);
}

TEST(Marks, are_refused_of_scenarios_that_cannot_be) {
    const std::vector<Smile> smiles = made_up_smiles();
    const std::vector<MarkOption> options = made_up_options(smiles[0].expiry);
    MarkSurface surface = surface_of(smiles);
    surface.scenarios.price_range = 1'000'000;
    EXPECT_EQ(marks_of(surface, options).fault, MarkFault::scenarios_out_of_range);
    surface.scenarios = {};
    surface.scenarios.range_down = -1;
    EXPECT_EQ(marks_of(surface, options).fault, MarkFault::scenarios_out_of_range);
}

// Whatever whole numbers come: a fault, or marks within their bounds.
TEST(Marks, of_any_numbers_are_refused_or_within_bounds) {
    Prng prng(99);
    const auto any = [&prng] {
        const auto bits = static_cast<std::int64_t>(prng.next());
        return bits >> prng.below(64);
    };
    int taken = 0;
    for (int count = 0; count < 20'000; ++count) {
        std::vector<Smile> smiles(1 + prng.below(3));
        for (Smile& smile : smiles) {
            smile = {.expiry = after(prng.between(1, 400 * day_nanos)),
                     .forward = IndexPrice(1 + std::abs(any() / 2) % smile_price_max),
                     .a = any(),
                     .b = any(),
                     .rho = any(),
                     .m = any(),
                     .sigma = any()};
        }
        std::ranges::sort(smiles, {}, &Smile::expiry);
        (void)check_surface(smiles, made_up_now);
        const std::int64_t tick = prng.between(1, 1'000'000);
        const std::int64_t ticks = 1 + std::abs(any() / 2) % (smile_price_max / tick);
        const MarkOption option{.expiry = after(prng.between(-day_nanos, 500 * day_nanos)),
                                .strike = IndexPrice(ticks * tick),
                                .tick = IndexPrice(tick),
                                .tick_value = LotValue(10 * prng.between(1, 1'000'000)),
                                .kind = prng.one_in(2) ? call : put};
        const IndexPrice index(1 + std::abs(any() / 2) % smile_price_max);
        const MarksFound found = marks_of(surface_of(smiles, index), {&option, 1});
        if (found.fault != MarkFault::none) {
            continue;
        }
        ++taken;
        EXPECT_GE(found.marks[0].value, LotValue(0));
        EXPECT_LE(std::abs(found.marks[0].delta), delta_parts);
        EXPECT_GE(found.marks[0].gamma, 0);
        EXPECT_LE(found.marks[0].gamma, gamma_max);
        const LotValue strike(ticks * option.tick_value.value());
        const int128 forward =
            int128{found.marks[0].forward.value()} * option.tick_value.value() / tick;
        EXPECT_LE(found.marks[0].value.value(), option.kind == call ? forward : strike.value());
        EXPECT_LE(found.marks[0].vol, 100 * vol_parts);
        EXPECT_GE(std::ranges::min(found.entries), -found.marks[0].value.value());
        EXPECT_EQ(found.entries[13], 0);
    }
    EXPECT_GT(taken, 1000);
}

TEST(Marks, have_a_digest_of_every_number) {
    const std::vector<Smile> smiles = made_up_smiles();
    const std::vector<MarkOption> options = made_up_options(smiles[1].expiry);
    MarksFound found = marks_of(surface_of(smiles), options);
    const Hash128 digest = digest_of(found.columns());
    EXPECT_EQ(digest, digest_of(marks_of(surface_of(smiles), options).columns()));
    for (const std::size_t at : {std::size_t{0}, found.marks.size() - 1}) {
        for (std::int64_t Mark::* number : {&Mark::delta, &Mark::gamma, &Mark::vol}) {
            found.marks[at].*number += 1;
            EXPECT_NE(digest, digest_of(found.columns()));
            found.marks[at].*number -= 1;
        }
        found.marks[at].value += LotValue(1);
        EXPECT_NE(digest, digest_of(found.columns()));
        found.marks[at].value -= LotValue(1);
        found.marks[at].forward += IndexPrice(1);
        EXPECT_NE(digest, digest_of(found.columns()));
        found.marks[at].forward -= IndexPrice(1);
    }
    found.entries.back() += 1;
    EXPECT_NE(digest, digest_of(found.columns()));
    found.entries.back() -= 1;
    EXPECT_EQ(digest, digest_of(found.columns()));
}

// One mark and its row, written out byte by byte.
TEST(Marks, are_digested_as_little_endian_numbers) {
    std::vector<Mark> marks{
        {.value = LotValue(1), .forward = IndexPrice(7), .delta = -2, .gamma = 3, .vol = 4}};
    std::vector<std::int64_t> entries(usual_scenarios_count, 5);
    std::vector<std::byte> bytes;
    const auto add = [&bytes](std::int64_t number) {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            bytes.push_back(std::byte(static_cast<std::uint64_t>(number) >> shift & 0xFFU));
        }
    };
    for (const std::int64_t number : {1, 1, 7, -2, 3, 4}) {
        add(number);
    }
    for (const std::int64_t entry : entries) {
        add(entry);
    }
    Xxh3 hash;
    hash.update(bytes);
    EXPECT_EQ(hash.digest(), digest_of({.marks = marks, .entries = entries}));
}

TEST(Marks, have_a_sentence_for_each_fault) {
    for (std::uint8_t fault = 0;
         fault <= static_cast<std::uint8_t>(MarkFault::scenarios_out_of_range); ++fault) {
        EXPECT_NE(sentence(MarkFault{fault}), "?");
    }
}

}  // namespace
}  // namespace miletus::pricing
