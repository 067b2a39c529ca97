// What one lot of an order holds: each kind of instrument, each side, prices below zero, and what
// no integer holds.
#include "engine/risk/risk.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace miletus::risk {
namespace {

using instruments::Listing;
using instruments::TradingRules;
using protocol::InstrumentKind;
using protocol::Side;

constexpr AssetId coin{0};
constexpr AssetId money{1};
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

// Ten units of money for one lot and tick.
Listing listing_of(InstrumentKind kind) {
    Listing listing;
    listing.kind = kind;
    listing.base = coin;
    listing.quote = money;
    listing.strike_value = LotValue(700);
    listing.terms.lot = Amount(40);
    listing.tick_value = LotValue(10);
    return listing;
}

Listing spread_down_to(Ticks lowest) {
    Listing listing = listing_of(InstrumentKind::future);
    listing.depth = -instruments::value_per_lot(listing.tick_value, lowest);
    return listing;
}

TradingRules band_between(std::int64_t low, std::int64_t high) {
    TradingRules rules;
    rules.windows[0].high = Ticks(high);
    rules.windows[1].low = Ticks(low);
    rules.has_band = true;
    return rules;
}

void expect_hold(const Result<Hold>& hold, AssetId asset, std::int64_t per_lot) {
    ASSERT_TRUE(hold.has_value());
    EXPECT_EQ(hold->asset, asset);
    EXPECT_EQ(hold->per_lot, Amount(per_lot));
}

TEST(Risk, a_buy_holds_its_limit_whatever_the_kind) {
    for (const auto kind : {InstrumentKind::perpetual, InstrumentKind::future, InstrumentKind::call,
                            InstrumentKind::put}) {
        expect_hold(hold_of(listing_of(kind), {}, Side::buy, Ticks(25)), money, 250);
    }
}

TEST(Risk, a_buy_at_zero_holds_nothing) {
    expect_hold(hold_of(listing_of(InstrumentKind::call), {}, Side::buy, Ticks(0)), money, 0);
}

TEST(Risk, a_sell_of_a_future_holds_the_upper_band_whatever_its_price) {
    for (const auto kind : {InstrumentKind::perpetual, InstrumentKind::future}) {
        for (const std::int64_t price : {20, 90}) {
            expect_hold(hold_of(listing_of(kind), band_between(20, 90), Side::sell, Ticks(price)),
                        money, 900);
        }
    }
}

TEST(Risk, a_sell_of_a_future_needs_a_band) {
    for (const auto kind : {InstrumentKind::perpetual, InstrumentKind::future}) {
        EXPECT_EQ(hold_of(listing_of(kind), {}, Side::sell, Ticks(5)).error(),
                  Reject::no_price_band);
    }
}

TEST(Risk, a_sell_of_a_call_holds_the_coin_and_of_a_put_the_strike_band_or_not) {
    expect_hold(hold_of(listing_of(InstrumentKind::call), {}, Side::sell, Ticks(5)), coin, 40);
    expect_hold(hold_of(listing_of(InstrumentKind::put), {}, Side::sell, Ticks(5)), money, 700);
}

TEST(Risk, where_prices_go_below_zero_both_sides_hold_the_depth_as_well) {
    const Listing spread = spread_down_to(Ticks(-50));
    const TradingRules rules = band_between(-30, 60);
    expect_hold(hold_of(spread, rules, Side::buy, Ticks(25)), money, 250 + 500);
    expect_hold(hold_of(spread, rules, Side::sell, Ticks(25)), money, 600 + 500);
}

TEST(Risk, a_buy_below_zero_holds_that_much_less_of_the_depth) {
    const Listing spread = spread_down_to(Ticks(-50));
    expect_hold(hold_of(spread, {}, Side::buy, Ticks(-20)), money, 300);
    expect_hold(hold_of(spread, {}, Side::buy, Ticks(-50)), money, 0);
}

TEST(Risk, a_sell_under_a_band_below_zero_holds_the_depth_alone) {
    const Listing spread = spread_down_to(Ticks(-50));
    expect_hold(hold_of(spread, band_between(-40, -10), Side::sell, Ticks(-30)), money, 500);
}

TEST(Risk, a_hold_that_no_integer_holds_is_refused) {
    Listing spread = listing_of(InstrumentKind::future);
    spread.tick_value = LotValue(1);
    spread.depth = LotValue(most - 100);
    expect_hold(hold_of(spread, {}, Side::buy, Ticks(100)), money, most);
    EXPECT_EQ(hold_of(spread, {}, Side::buy, Ticks(101)).error(), Reject::hold_overflow);
    EXPECT_EQ(hold_of(spread, band_between(0, 101), Side::sell, Ticks(0)).error(),
              Reject::hold_overflow);
}

}  // namespace
}  // namespace miletus::risk
