// Where smiles come from: quotes, memory, what is fixed; and that garbage makes no arbitrage.
#include "edge/marks/smile_maker.hpp"

#include "base/prng.hpp"
#include "edge/marks/event_stream_test.hpp"

#include <gtest/gtest.h>

namespace miletus::marks {
namespace {

using protocol::InstrumentKind;
using protocol::Side;

constexpr FixedSurface fixed_surface{.vol = 600'000, .rho = 0, .eta = 0, .carry = 50'000};

class SmileMakerTest : public testing::Test {
  protected:
    SmileMakerTest() : stream([this](std::span<const Unit> event) { markets.read(event); }) {
        stream.tell_assets();
        stream.tell_index(100'000 * coin);
    }
    // At the money.
    static double vol_of(const pricing::Smile& smile, UnixNanos now) {
        const double variance = total_variance(svi_of(smile), 0.0);
        return std::sqrt(variance / pricing::years_between(now, smile.expiry));
    }

    Markets markets;
    EventStream stream;
    Chain week{.first = 100, .expiry = start + Nanos(7 * day), .forward = 100'100, .vol = 0.5};
    Chain month{.first = 200, .expiry = start + Nanos(30 * day), .forward = 100'500, .vol = 0.6};
    UnixNanos soon = start + Nanos(second);
};

TEST_F(SmileMakerTest, has_none_without_options_or_knowledge) {
    SmileMaker knows_nothing({}, Nanos(second));
    EXPECT_TRUE(knows_nothing.make(markets, btc, start).smiles.empty());
    week.list(stream);
    EXPECT_TRUE(knows_nothing.make(markets, btc, start).smiles.empty());
    stream.list(99, InstrumentKind::future, start + Nanos(day));
    SmileMaker knows_all(fixed_surface, Nanos(second));
    EXPECT_EQ(knows_all.make(markets, btc, start).smiles.size(), 1U);
}

TEST_F(SmileMakerTest, finds_volatility_and_forward_in_quotes) {
    week.list(stream);
    month.list(stream);
    week.quote(stream, start);
    month.quote(stream, start);
    SmileMaker maker({}, Nanos(second));
    const MadeSurface made = maker.make(markets, btc, start);
    ASSERT_EQ(made.smiles.size(), 2U);
    EXPECT_EQ(made.from_quotes, 2U);
    EXPECT_EQ(made.smiles[0].expiry, week.expiry);
    EXPECT_NEAR(vol_of(made.smiles[0], start), 0.5, 0.005);
    EXPECT_NEAR(vol_of(made.smiles[1], start), 0.6, 0.005);
    EXPECT_NEAR(static_cast<double>(made.smiles[0].forward.value()) / coin, 100'100, 30);
    EXPECT_NEAR(static_cast<double>(made.smiles[1].forward.value()) / coin, 100'500, 30);
    EXPECT_TRUE(check_surface(made.smiles, start).is_free());
}

TEST_F(SmileMakerTest, takes_the_fixed_surface_where_there_are_no_quotes) {
    week.list(stream);
    month.list(stream);
    week.quote(stream, start);
    SmileMaker maker(fixed_surface, Nanos(second));
    const MadeSurface made = maker.make(markets, btc, start);
    ASSERT_EQ(made.smiles.size(), 2U);
    EXPECT_EQ(made.from_quotes, 1U);
    EXPECT_EQ(made.fixed, 1U);
    EXPECT_NEAR(vol_of(made.smiles[0], start), 0.5, 0.005);
    EXPECT_NEAR(vol_of(made.smiles[1], start), 0.6, 1e-9);
    const double growth = std::exp(0.05 * 30 / 365);
    EXPECT_NEAR(static_cast<double>(made.smiles[1].forward.value()), growth * 1e11, 1);
}

TEST_F(SmileMakerTest, gives_the_fixed_surface_its_smile) {
    week.list(stream);
    SmileMaker maker(FixedSurface{.vol = 600'000, .rho = -300'000, .eta = 900'000, .carry = 0},
                     Nanos(second));
    const MadeSurface made = maker.make(markets, btc, start);
    ASSERT_EQ(made.smiles.size(), 1U);
    const pricing::Svi svi = svi_of(made.smiles[0]);
    EXPECT_NEAR(vol_of(made.smiles[0], start), 0.6, 1e-6);
    EXPECT_NEAR(svi.rho, -0.3, 1e-12);
    EXPECT_GT(total_variance(svi, -0.1), total_variance(svi, 0.1));
}

TEST_F(SmileMakerTest, takes_a_listed_future_for_the_forward) {
    week.list(stream);
    stream.list(99, InstrumentKind::future, week.expiry);
    SmileMaker maker(fixed_surface, Nanos(second));
    stream.rest(99, Side::buy, 20'200);
    const IndexPrice before = maker.make(markets, btc, start).smiles.at(0).forward;
    EXPECT_NEAR(static_cast<double>(before.value()), std::exp(0.05 * 7 / 365) * 1e11, 1);
    stream.rest(99, Side::sell, 20'204);
    EXPECT_EQ(maker.make(markets, btc, start).smiles.at(0).forward, IndexPrice(101'010 * coin));
    // Half the index, or twice: nobody means that.
    stream.rest(99, Side::buy, 20'200, 0);
    stream.rest(99, Side::buy, 1);
    EXPECT_EQ(maker.make(markets, btc, start).smiles.at(0).forward, before);
}

TEST_F(SmileMakerTest, remembers_volatility_and_carry_when_quotes_go) {
    week.list(stream);
    week.quote(stream, start);
    SmileMaker maker(fixed_surface, Nanos(day));
    ASSERT_EQ(maker.make(markets, btc, start).from_quotes, 1U);
    week.withdraw(stream);
    stream.tell_index(110'000 * coin);
    const UnixNanos later = start + Nanos(day);
    const MadeSurface made = maker.make(markets, btc, later);
    ASSERT_EQ(made.smiles.size(), 1U);
    EXPECT_EQ(made.remembered, 1U);
    EXPECT_NEAR(vol_of(made.smiles[0], later), 0.5, 0.005);
    EXPECT_NEAR(static_cast<double>(made.smiles[0].forward.value()) / coin, 110'110, 30);
    // Too long ago.
    const MadeSurface forgotten = maker.make(markets, btc, later + Nanos(1));
    EXPECT_EQ(forgotten.fixed, 1U);
    EXPECT_NEAR(vol_of(forgotten.smiles.at(0), later), 0.6, 1e-6);
}

TEST_F(SmileMakerTest, remembers_for_ever_where_nothing_is_fixed) {
    week.list(stream);
    week.quote(stream, start);
    SmileMaker maker({}, Nanos(second));
    ASSERT_EQ(maker.make(markets, btc, start).from_quotes, 1U);
    week.withdraw(stream);
    EXPECT_EQ(maker.make(markets, btc, week.expiry + Nanos(-second)).remembered, 1U);
    EXPECT_TRUE(maker.make(markets, btc, week.expiry).smiles.empty());
}

TEST_F(SmileMakerTest, passes_over_quotes_of_what_does_not_trade) {
    week.list(stream);
    week.quote(stream, start);
    for (std::uint32_t number = 100; number < 130; ++number) {
        stream.set_state(number, protocol::InstrumentState::halted);
    }
    SmileMaker maker(fixed_surface, Nanos(second));
    EXPECT_EQ(maker.make(markets, btc, start).fixed, 1U);
    for (std::uint32_t number = 100; number < 130; ++number) {
        stream.set_state(number, protocol::InstrumentState::settling);
    }
    EXPECT_TRUE(maker.make(markets, btc, start).smiles.empty());
}

// A calm month behind a nervous week.
TEST_F(SmileMakerTest, mends_what_quotes_cross) {
    week.vol = 1.2;
    month.vol = 0.4;
    week.list(stream);
    month.list(stream);
    week.quote(stream, start);
    month.quote(stream, start);
    SmileMaker maker({}, Nanos(second));
    const MadeSurface made = maker.make(markets, btc, start);
    ASSERT_EQ(made.smiles.size(), 2U);
    EXPECT_EQ(made.mended, 1U);
    EXPECT_TRUE(check_surface(made.smiles, start).is_free());
    EXPECT_NEAR(vol_of(made.smiles[0], start), 1.2, 0.02);
}

// Chains that disagree with each other, with orders in between that mean nothing.
TEST_F(SmileMakerTest, makes_no_arbitrage_of_any_quotes) {
    week.list(stream);
    month.list(stream);
    Prng prng(3);
    SmileMaker maker(fixed_surface, Nanos(second));
    MadeSurface all;
    for (int count = 0; count < 60; ++count) {
        const UnixNanos now = start + Nanos(count * second);
        for (Chain* chain : {&week, &month}) {
            chain->vol = 0.01 * static_cast<double>(prng.between(5, 200));
            chain->forward = static_cast<double>(prng.between(90'000, 110'000));
            chain->quote(stream, now);
        }
        for (std::uint64_t order = prng.below(12); order > 0; --order) {
            const auto number =
                static_cast<std::uint32_t>((prng.one_in(2) ? 100U : 200U) + prng.below(30));
            stream.rest(number, prng.one_in(2) ? Side::buy : Side::sell, prng.between(1, 3000),
                        prng.between(0, 2));
        }
        const MadeSurface made = maker.make(markets, btc, now);
        ASSERT_EQ(made.smiles.size(), 2U);
        ASSERT_TRUE(check_surface(made.smiles, now).is_free()) << count;
        all.from_quotes += made.from_quotes;
        all.mended += made.mended;
    }
    EXPECT_GT(all.from_quotes, 50U);
    EXPECT_GT(all.mended, 15U);
}

TEST(FixedSurfaces, are_sound_within_their_ranges) {
    EXPECT_TRUE(is_sound(fixed_surface));
    EXPECT_TRUE(is_sound({.vol = 1, .rho = -999'999, .eta = 1'000'000, .carry = -1'000'000}));
    EXPECT_FALSE(is_sound({.vol = 0}));
    EXPECT_FALSE(is_sound({.vol = 10'000'001}));
    EXPECT_FALSE(is_sound({.vol = 1, .rho = 1'000'000}));
    EXPECT_FALSE(is_sound({.vol = 1, .rho = 500'000, .eta = 1'333'334}));
    EXPECT_FALSE(is_sound({.vol = 1, .eta = -1}));
    EXPECT_FALSE(is_sound({.vol = 1, .carry = 1'000'001}));
}

}  // namespace
}  // namespace miletus::marks
