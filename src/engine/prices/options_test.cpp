// Marks of options between surfaces: they move by delta and gamma, keep parity, and never leave
// what an option can be worth.
#include "base/division.hpp"
#include "engine/prices/board_test.hpp"

#include <algorithm>

namespace miletus::prices {
namespace {

using enum protocol::InstrumentKind;

constexpr std::int64_t expiry = start_second + 86'400;

// An option of a whole coin at 1000, or of a thousandth, and a board on which it is installed.
struct OptionMarks : testing::Test {
    Board board;

    // Half a delta, no gamma, and a forward that is the index.
    [[nodiscard]] OptionMark mark_of(InstrumentId instrument, std::int64_t value) const {
        const instruments::Listing& listing = board.instruments.listing(instrument);
        const bool is_call = listing.kind == call;
        return {.instrument = instrument,
                .value = LotValue(value),
                .forward = LotValue(1000 * usd * listing.terms.lot.value() / coin),
                .delta = is_call ? billionths / 2 : -billionths / 2,
                .gamma = 0};
    }
    void install(const std::vector<OptionMark>& marks) {
        board.begin();
        board.prices->install(btc, IndexPrice(1000 * usd), marks);
    }
};

TEST_F(OptionMarks, AreNotThereUntilTheyAreInstalled) {
    const InstrumentId option = board.list(call, expiry, 1000);
    board.agree_on(1000 * usd);
    EXPECT_FALSE(board.prices->has_mark(option));
    EXPECT_EQ(board.prices->index_value(option), LotValue(usd));
    install({mark_of(option, 20'049)});
    EXPECT_EQ(board.mark(option), 400);  // 20.049 USD for a coin, floored to 20.00
    EXPECT_EQ(board.prices->mark_value(option), LotValue(20'000));
    EXPECT_EQ(board.told<protocol::MarkChanged>().size(), 1U);
}

// Half a delta of a move of ten, and gamma 8: a hundredth of move adds four hundredths of delta.
TEST_F(OptionMarks, MoveWithTheIndexByDeltaAndGamma) {
    const InstrumentId option = board.list(call, expiry, 1000, coin);
    board.agree_on(1000 * usd);
    OptionMark mark = mark_of(option, 20 * usd);
    mark.gamma = 8 * billionths;
    install({mark});
    board.agree_on(1010 * usd);
    EXPECT_EQ(board.mark(option), 508);  // 20 + 10 * (0.5 + 8 * 0.01 / 2) = 25.4
    board.agree_on(990 * usd);
    EXPECT_EQ(board.mark(option), 308);  // 20 - 10 * (0.5 - 0.04) = 15.4
    board.agree_on(1000 * usd);
    EXPECT_EQ(board.mark(option), 400);
}

TEST_F(OptionMarks, AreOfTheIndexOfNowWhenTheirSurfaceIsOlder) {
    const InstrumentId option = board.list(put, expiry, 1000, coin);
    board.agree_on(1010 * usd);
    install({mark_of(option, 20 * usd)});
    EXPECT_EQ(board.mark(option), 300);
}

TEST_F(OptionMarks, AreInstalledOnlyWhereTheyCanBe) {
    const InstrumentId perpetual = board.perpetual();
    const InstrumentId option = board.list(put, expiry, 1000);
    const OptionMark good = mark_of(option, 5);
    const auto with = [&](auto change) {
        OptionMark mark = good;
        change(mark);
        return board.prices->can_install(btc, mark);
    };
    EXPECT_TRUE(board.prices->can_install(btc, good));
    EXPECT_FALSE(board.prices->can_install(UnderlyingId(1), good));
    EXPECT_FALSE(with([&](OptionMark& mark) { mark.instrument = perpetual; }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.instrument = InstrumentId(63); }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.instrument = InstrumentId(64); }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.value = LotValue(-1); }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.forward = LotValue(-1); }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.delta = 1; }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.delta = std::int64_t{1} << 63U; }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.delta = -billionths - 1; }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.gamma = -1; }));
    EXPECT_FALSE(with([](OptionMark& mark) { mark.gamma = gamma_max + 1; }));
    board.prices->settle(option, Grid(0));
    EXPECT_FALSE(board.prices->can_install(btc, good));
}

TEST_F(OptionMarks, StayWithinBooksThatAreTightAndStood) {
    const InstrumentId option = board.list(call, expiry, 1000, coin);
    board.agree_on(1000 * usd);
    const auto installed_with = [&](const BookSample& book) {
        board.prices->sample_options(btc, std::vector{book});
        install({mark_of(option, 20 * usd)});
        return board.mark(option);
    };
    const BookSample above{.bid = Ticks(42), .ask = Ticks(44)};  // half a dollar each
    EXPECT_EQ(installed_with(above), 400);                       // was not there before
    EXPECT_EQ(installed_with(above), 420);
    EXPECT_EQ(installed_with({.bid = Ticks(39), .ask = Ticks(41)}), 400);  // together too wide
    EXPECT_EQ(installed_with({.bid = Ticks(37), .ask = Ticks(38)}), 400);
    EXPECT_EQ(installed_with({.bid = Ticks(37), .ask = Ticks(38)}), 380);
    EXPECT_EQ(installed_with({.bid = Ticks(37), .ask = {}}), 400);
    EXPECT_EQ(installed_with({.bid = Ticks(37), .ask = Ticks(36)}), 400);  // crossed is no book
    // From there it moves as others do, and another surface takes it back.
    static_cast<void>(installed_with(above));
    EXPECT_EQ(installed_with(above), 420);
    board.agree_on(1010 * usd);
    EXPECT_EQ(board.mark(option), 520);
    board.set(protocol::Parameter::option_spread, 999);
    EXPECT_EQ(installed_with(above), 500);
}

TEST_F(OptionMarks, AreNeverLessThanWhatExerciseBringsWhateverIsQuoted) {
    const InstrumentId option = board.list(call, expiry, 900, coin);
    board.agree_on(1000 * usd);
    const std::vector books{BookSample{.bid = Ticks(100), .ask = Ticks(101)}};
    board.prices->sample_options(btc, books);
    board.prices->sample_options(btc, books);
    install({mark_of(option, 110 * usd)});
    EXPECT_EQ(board.mark(option), 2000);  // not 1010
}

// A chain of calls and puts from any smile of prices that keeps parity; an index that goes
// anywhere.
struct Pair {
    Option call;
    Option put;
};

Pair random_pair(Prng& prng) {
    const std::int64_t base = prng.between(1, 1'000'000) * usd;
    const std::int64_t forward = base + prng.between(-base / 20, base / 5);
    const std::int64_t strike = prng.between(1, 2 * base);
    const std::int64_t least = std::max(forward - strike, std::int64_t{0});
    const std::int64_t value = prng.between(least, forward);
    const std::int64_t delta = prng.between(0, billionths);
    const std::int64_t gamma =
        prng.one_in(5) ? prng.between(0, gamma_max) : prng.between(0, 600 * billionths);
    Pair pair{.call = {.value = LotValue(value),
                       .forward = LotValue(forward),
                       .delta = delta,
                       .gamma = gamma,
                       .base_index = IndexPrice(base),
                       .base_value = LotValue(base),
                       .strike_value = LotValue(strike),
                       .lift = lift_of(LotValue(forward), LotValue(base)),
                       .is_call = true},
              .put = {}};
    pair.put = pair.call;
    pair.put.is_call = false;
    pair.put.value = LotValue(value - forward + strike);
    pair.put.delta = delta - billionths;
    return pair;
}

// Of a lot that is worth the index.
LotValue value_at(const Option& option, std::int64_t index) {
    return Moves(IndexPrice(index)).value_of(option, LotValue(index));
}

TEST(Options, KeepParityToTheUnitAndStayWithinTheirBounds) {
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        Prng prng(seed);
        const Pair pair = random_pair(prng);
        const std::int64_t base = pair.call.base_index.value();
        const std::int64_t near = base + prng.between(-base / 50, base / 50);
        const std::int64_t index = prng.one_in(4) ? prng.between(1, 4 * base) : near;
        const LotValue call_value = value_at(pair.call, index);
        const LotValue put_value = value_at(pair.put, index);
        const int128 lifted = int128{pair.call.lift} * (index - base);
        const LotValue forward =
            std::max(pair.call.forward + LotValue(floor_div(lifted, billionths)), LotValue(0));
        const LotValue strike = pair.call.strike_value;
        ASSERT_EQ(call_value - put_value, forward - strike) << seed;
        ASSERT_GE(call_value, std::max(forward - strike, LotValue(0))) << seed;
        ASSERT_LE(call_value, forward) << seed;
        ASSERT_GE(put_value, std::max(strike - forward, LotValue(0))) << seed;
        ASSERT_LE(put_value, strike) << seed;
        if (index == base) {
            ASSERT_EQ(call_value, pair.call.value);
        }
    }
}

// The formula in plain words, with rounding in the same two places.
TEST(Options, AreWorthWhatTheFormulaSays) {
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        Prng prng(seed);
        const Pair pair = random_pair(prng);
        const std::int64_t base = pair.call.base_index.value();
        const std::int64_t index = base + prng.between(-base / 10, base / 10);
        const double move = static_cast<double>(index - base) / static_cast<double>(base);
        const double delta = std::clamp(static_cast<double>(pair.call.delta) / 1e9 +
                                            static_cast<double>(pair.call.gamma) / 1e9 * move / 2,
                                        0.0, 1.0);
        const double moved = static_cast<double>(index - base) * pair.call.lift / 1e9;
        const double forward = static_cast<double>(pair.call.forward.value()) + moved;
        const double strike = static_cast<double>(pair.call.strike_value.value());
        const double value = static_cast<double>(pair.call.value.value()) + delta * moved;
        const double expected = std::clamp(value, std::max(forward - strike, 0.0), forward);
        const LotValue got = value_at(pair.call, index);
        const double error = static_cast<double>(pair.call.gamma) / 1e18 *
                                 static_cast<double>(std::abs(index - base)) +
                             2;
        ASSERT_NEAR(static_cast<double>(got.value()), expected, error + expected * 1e-9) << seed;
    }
}

// Half of 1e-9 less of delta is one less, and what is gained by it is floored as well.
TEST(Options, FloorDeltaAndGain) {
    const Option option{.value = LotValue(billionths),
                        .forward = LotValue(2 * billionths),
                        .delta = billionths / 2,
                        .gamma = 2,
                        .base_index = IndexPrice(2 * billionths),
                        .base_value = LotValue(2 * billionths),
                        .strike_value = LotValue(2 * billionths),
                        .lift = billionths,
                        .is_call = true};
    const auto value = [&](std::int64_t index) {
        return value_at(option, index);
    };
    EXPECT_EQ(value(billionths), LotValue(500'000'001));
    EXPECT_EQ(value(2 * billionths - 1), LotValue(billionths - 1));
    EXPECT_EQ(value(2 * billionths), LotValue(billionths));
}

TEST(Options, LiftIsBounded) {
    EXPECT_EQ(lift_of(LotValue(101), LotValue(100)), 1'010'000'000U);
    EXPECT_EQ(lift_of(LotValue(399), LotValue(100)), 3'990'000'000U);
    EXPECT_EQ(lift_of(LotValue(funding_max), LotValue(1)), 4'294'967'295U);
    EXPECT_EQ(lift_of(LotValue(7), LotValue(0)), 4'294'967'295U);
}

TEST_F(OptionMarks, OfOneStrikeKeepParityOnTheGrid) {
    const InstrumentId up = board.list(call, expiry, 1000, coin);
    const InstrumentId down = board.list(put, expiry, 1000, coin);
    board.agree_on(1000 * usd);
    OptionMark mark = mark_of(up, 35 * usd);
    mark.forward = LotValue(1010 * usd);
    mark.delta = 550'000'000;
    mark.gamma = 9 * billionths;
    OptionMark other = mark;
    other.instrument = down;
    other.value = LotValue(25 * usd);
    other.delta -= billionths;
    install({mark, other});
    Prng prng(7);
    for (int step = 0; step < 2000; ++step) {
        const std::int64_t index = prng.between(900 * usd, 1100 * usd);
        board.agree_on(index);
        const std::int64_t forward = index + index / 100;
        const std::int64_t apart = (board.mark(up) - board.mark(down)) * (usd / 20);
        EXPECT_LE(std::abs(apart - (forward - 1000 * usd)), usd / 20);
    }
}

}  // namespace
}  // namespace miletus::prices
