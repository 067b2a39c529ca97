// Fees: of an order they depend on what it traded, and not on how that came in pieces.
#include "base/prng.hpp"
#include "engine/clearing/clearing.hpp"
#include "engine/clearing/desk_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

namespace miletus::clearing {
namespace {

using protocol::Parameter;

// The least whole number that is not below.
std::int64_t rounded_up(int128 millionths) {
    int128 whole = millionths / 1'000'000;
    while (whole * 1'000'000 < millionths) {
        ++whole;
    }
    return static_cast<std::int64_t>(whole);
}

TEST(Fees, of_futures_are_a_part_of_the_value_traded_by_takers_and_by_makers) {
    Desk desk;
    desk.market.set(Parameter::maker_fee, 200);
    desk.market.set(Parameter::taker_fee, 500);
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    EXPECT_EQ(desk.paid(alice), -150'000);
    EXPECT_EQ(desk.paid(bob), -60'000);
    EXPECT_EQ(desk.paid(house), 210'000);
}

TEST(Fees, of_prices_below_zero_are_fees_nevertheless) {
    Desk desk;
    desk.market.set(Parameter::taker_fee, 500);
    desk.trade(alice, bob, desk.future, -200'000, 3);
    EXPECT_EQ(desk.paid(alice), -150'000);
    EXPECT_EQ(desk.paid(house), 150'000);
}

TEST(Fees, are_rounded_against_the_account_once_for_an_order) {
    Desk desk;
    desk.market.set(Parameter::taker_fee, 1);
    OpenOrder order = desk.open(alice, desk.perpetual, Side::buy, 4);
    // 0.0005 of a unit each time.
    desk.fill(order, 1, 1, true);
    EXPECT_EQ(desk.paid(alice), -1);
    EXPECT_EQ(order.fee_carry, 999'500U);
    for (int lot = 0; lot < 3; ++lot) {
        desk.fill(order, 1, 1, true);
    }
    EXPECT_EQ(desk.paid(alice), -1);
    OpenOrder another = desk.open(alice, desk.perpetual, Side::buy, 1);
    desk.fill(another, 1, 1, true);
    EXPECT_EQ(desk.paid(alice), -2);
}

TEST(Fees, a_rebate_is_never_more_than_the_fee_of_the_same_trade) {
    Desk desk;
    desk.market.set(Parameter::maker_fee, -1000);
    desk.market.set(Parameter::taker_fee, 500);
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    EXPECT_EQ(desk.paid(alice), -150'000);
    EXPECT_EQ(desk.paid(bob), 150'000);
    EXPECT_EQ(desk.paid(house), 0);
    desk.market.set(Parameter::maker_fee, -100);
    desk.trade(alice, bob, desk.perpetual, 200'000, 3);
    EXPECT_EQ(desk.paid(house), 120'000);
    EXPECT_EQ(desk.paid(bob), 150'000 + 30'000);
}

TEST(Fees, of_options_are_a_part_of_the_index_from_both_sides) {
    Desk desk;
    // A lot of the index is worth 100 USDC; of that 300 ppm.
    desk.trade(alice, bob, desk.call, 800, 2);
    EXPECT_EQ(desk.paid(alice), -2 * 800 * tick - 60'000);
    EXPECT_EQ(desk.paid(bob), 2 * 800 * tick - 60'000);
    EXPECT_EQ(desk.paid(house), 120'000);
}

TEST(Fees, of_an_option_are_never_more_than_a_share_of_its_premium) {
    Desk desk;
    desk.trade(alice, bob, desk.put, 400, 2);
    // An eighth of 400,000 units, where 60,000 would be due of the index.
    EXPECT_EQ(desk.paid(house), 2 * 50'000);
    desk.trade(alice, bob, desk.put, 0, 2);
    EXPECT_EQ(desk.paid(house), 2 * 50'000);
}

// Deribit's fees: an option at 0.0001 of a coin pays 0.0000125 of one,
// and not the 0.0003 of its index.
TEST(Fees, deribits_example_of_the_cap_is_ours) {
    Desk desk;
    const InstrumentId whole = desk.market.list({.kind = InstrumentKind::call,
                                                 .expiry_second = expiry_second,
                                                 .strike = 150'000,
                                                 .lot = SmallMarket::coin});
    desk.market.set_index(100'001 * dollar);
    desk.market.set_index(100'000 * dollar);
    desk.trade(alice, bob, whole, 20, 1);
    EXPECT_EQ(desk.paid(alice), -10 * dollar - 1'250'000);
}

TEST(Fees, of_an_order_are_the_same_however_its_lots_are_filled) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Prng prng(seed);
        Desk desk;
        const std::int64_t maker_rate = prng.between(-1000, 300);
        const std::int64_t taker_rate = prng.between(0, 700);
        desk.market.set(Parameter::maker_fee, maker_rate);
        desk.market.set(Parameter::taker_fee, taker_rate);
        desk.market.set(Parameter::option_fee, prng.between(0, 700));
        const bool is_option = prng.one_in(3);
        const InstrumentId instrument = is_option ? desk.call : desk.perpetual;
        const auto lots = static_cast<std::uint32_t>(prng.between(1, 60));
        OpenOrder order = desk.open(alice, instrument, Side::buy, lots);
        std::int64_t premium = 0;
        int128 exact = 0;
        while (order.left != 0) {
            const auto some = static_cast<std::uint32_t>(prng.between(1, order.left));
            const std::int64_t price = prng.between(0, 1500);
            const bool takes = prng.one_in(2);
            const int128 value = int128{price} * tick * some;
            const instruments::Parameters& rates =
                desk.market.parameters.of(SmallMarket::underlying);
            const int128 of_index = int128{100 * dollar} * some * rates.of(Parameter::option_fee);
            const int128 most = value * rates.of(Parameter::option_fee_cap);
            const std::int64_t rate = takes ? taker_rate : std::max(maker_rate, -taker_rate);
            exact += is_option ? std::min(of_index, most) : value * rate;
            premium += is_option ? static_cast<std::int64_t>(value) : 0;
            desk.fill(order, price, some, takes);
            ASSERT_EQ(-desk.paid(alice) - premium, rounded_up(exact)) << "seed " << seed;
            ASSERT_EQ(order.fee_carry,
                      static_cast<std::uint32_t>(int128{rounded_up(exact)} * 1'000'000 - exact));
        }
        EXPECT_EQ(desk.paid(house), rounded_up(exact));
    }
}

TEST(Fees, what_is_held_for_each_lot_pays_for_its_fee) {
    Prng prng(3);
    for (int round = 0; round < 200; ++round) {
        Desk desk;
        desk.market.set(Parameter::maker_fee, prng.between(-1000, 700));
        desk.market.set(Parameter::taker_fee, prng.between(0, 700));
        const std::array all = {desk.perpetual, desk.future, desk.call, desk.put};
        const InstrumentId instrument = all.at(prng.below(4));
        const std::int64_t low = instrument == desk.future ? -300'000 : 0;
        const std::int64_t price = prng.between(low, 300'000);
        const auto lots = static_cast<std::uint32_t>(prng.between(1, 9));
        const std::int64_t bound = desk.clearing.fee_bound(instrument, Ticks(price)).value();
        OpenOrder order = desk.open(alice, instrument, Side::buy, lots);
        std::int64_t filled = 0;
        while (order.left != 0) {
            desk.fill(order, price, 1, prng.one_in(2));
            ++filled;
            EXPECT_LE(desk.paid(house), bound * filled);
        }
    }
}

}  // namespace
}  // namespace miletus::clearing
