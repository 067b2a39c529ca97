// Delivery prices: half an hour of samples, what is missed in it, how long it is waited for, and
// the marks that turn into it.
#include "engine/prices/board_test.hpp"

namespace miletus::prices {
namespace {

constexpr std::int64_t expiry = start_second + 7200;

// A future, two hours before its expiry, and an index of a hundred.
struct DeliveryOfAFuture : testing::Test {
    Board board;
    InstrumentId future = board.future(expiry);

    DeliveryOfAFuture() { board.agree_on(100 * usd); }
    // What it pays: there is a price by now.
    [[nodiscard]] Delivery paid() const {
        const std::optional<Delivery> delivery = board.prices->delivery(future);
        EXPECT_TRUE(delivery.has_value());
        return delivery.value_or(Delivery{});
    }
};

// Derive's example (help.derive.xyz): ten minutes in, an average of 1950 and a
// forward of 1975 make 1966.67.
TEST(Delivery, MarkTurnsFromForwardToAverage) {
    const Units units{.numerator = 1, .denominator = 1, .tick = usd / 2};
    Window window;
    window.samples = 600;
    window.sum = 600 * 1950 * usd;
    EXPECT_EQ(decayed_mark(Grid(1975 * 20), window, units), Grid(39'333));  // 1966.65, of 1966.67
    window.samples = 1800;
    window.sum = 1800 * 1950 * usd;
    EXPECT_EQ(decayed_mark(Grid(1975 * 20), window, units), Grid(1950 * 20));
    EXPECT_EQ(decayed_mark(Grid(1975 * 20), Window{}, units), Grid(1975 * 20));
}

TEST_F(DeliveryOfAFuture, IsTheMeanOf1800SecondsBeforeTheExpiry) {
    board.run(7200 - 1801, 100 * usd);
    ASSERT_EQ(board.second, expiry - 1801);
    board.run(1, 101 * usd);  // the first second of the window
    board.run(1798, 102 * usd);
    EXPECT_FALSE(board.prices->delivery(future).has_value());
    board.run(1, 103 * usd);  // the last
    ASSERT_EQ(board.second, expiry - 1);
    const Delivery delivery = paid();
    EXPECT_EQ(delivery.samples, 1800U);
    EXPECT_EQ(delivery.average, IndexPrice(102 * usd));
    EXPECT_EQ(delivery.price, Grid(2040));
    EXPECT_EQ(board.mark(future), 2040);
    board.run(10, 90 * usd);  // comes too late
    EXPECT_EQ(paid().average, IndexPrice(102 * usd));
}

TEST_F(DeliveryOfAFuture, MovesNobodyByAPushInTheLastMinute) {
    board.run(7200 - 61, 100 * usd);
    board.run(60, 119 * usd);
    const Delivery delivery = paid();
    EXPECT_EQ(delivery.average, IndexPrice((1740 * 100 * usd + 60 * 119 * usd) / 1800));
}

TEST_F(DeliveryOfAFuture, CountsAMissedSecondAsTheLastPriceBeforeIt) {
    board.run(7200 - 1000, 100 * usd);
    board.second += 180;
    board.agree_on(110 * usd);
    board.second -= 180;
    board.pass(180);  // 179 missed, one at the new price
    board.run(819, 110 * usd);
    const Delivery delivery = paid();
    EXPECT_EQ(delivery.samples, 1800U);
    EXPECT_EQ(delivery.average, IndexPrice((980 * 100 * usd + 820 * 110 * usd) / 1800));
}

TEST_F(DeliveryOfAFuture, WaitsForRealSamplesWhereMoreThanATenthIsMissing) {
    board.run(7200 - 1000, 100 * usd);
    board.pass(181);  // none of these is real: the sources are stale
    board.run(818, 110 * usd);
    ASSERT_EQ(board.second, expiry - 1);
    EXPECT_FALSE(board.prices->delivery(future).has_value());
    // 801 + 818 were real before, or fresh: one more second will do.
    board.run(1, 110 * usd);
    const Delivery delivery = paid();
    EXPECT_EQ(delivery.samples, 1620U);
    EXPECT_EQ(delivery.average, IndexPrice((801 * 100 * usd + 819 * 110 * usd) / 1620));
    board.run(100, 90 * usd);
    EXPECT_EQ(paid().samples, 1620U);
}

TEST_F(DeliveryOfAFuture, EndsItsWaitHalfAnHourAfterTheExpiry) {
    board.run(7200 - 1790, 100 * usd);
    board.pass(1789);
    board.pass(1799);
    EXPECT_FALSE(board.prices->delivery(future).has_value());
    board.pass(1);
    const Delivery delivery = paid();
    EXPECT_EQ(delivery.samples, 11U);
    EXPECT_EQ(delivery.average, IndexPrice(100 * usd));
}

TEST_F(DeliveryOfAFuture, IsTheLastIndexWhereNothingWasSeen) {
    board.run(10, 100 * usd);
    board.pass(7200 - 10 + 1798);
    EXPECT_FALSE(board.prices->delivery(future).has_value());
    board.pass(1);
    const Delivery delivery = paid();
    EXPECT_EQ(delivery.samples, 0U);
    EXPECT_EQ(delivery.average, IndexPrice(100 * usd));
}

TEST(Delivery, OfAPerpetualOrWithoutAnIndexIsNone) {
    Board board;
    const InstrumentId future = board.future(expiry);
    const InstrumentId perpetual = board.perpetual();
    EXPECT_FALSE(board.prices->delivery(future).has_value());
    board.agree_on(100 * usd);
    board.pass(100'000);
    EXPECT_FALSE(board.prices->delivery(perpetual).has_value());
}

TEST(Delivery, PaysOptionsTheirPayoffFlooredToTheGrid) {
    Board board;
    using enum protocol::InstrumentKind;
    const InstrumentId low_call = board.list(call, expiry, 90);
    const InstrumentId low_put = board.list(put, expiry, 90);
    const InstrumentId high_call = board.list(call, expiry, 110);
    const InstrumentId high_put = board.list(put, expiry, 110);
    board.agree_on(100 * usd + 70'000);
    board.run(7200, 100 * usd + 70'000);
    EXPECT_EQ(board.prices->delivery(low_call)->price, Grid(201));  // 10.05 of 10.07
    EXPECT_EQ(board.prices->delivery(low_put)->price, Grid(0));
    EXPECT_EQ(board.prices->delivery(high_call)->price, Grid(0));
    EXPECT_EQ(board.prices->delivery(high_put)->price, Grid(198));  // 9.90 of 9.93
}

TEST(Delivery, SharesWindowsByExpiryAndKeepsAFifthWaiting) {
    Board board;
    std::vector<InstrumentId> calls;  // one expiry in a day has one name: strikes differ
    for (std::int64_t apart = 0; apart < 5; ++apart) {
        calls.push_back(
            board.list(protocol::InstrumentKind::call, expiry + 10 * apart, 10 + apart));
    }
    board.agree_on(100 * usd);
    board.run(7200 + 9, 100 * usd);
    board.prices->check_invariants();
    ASSERT_TRUE(board.prices->delivery(calls[0]).has_value());
    board.prices->settle(calls[0], board.prices->delivery(calls[0])->price);
    board.prices->archive(calls[0]);
    board.run(1800, 100 * usd);
    board.prices->check_invariants();
    for (const InstrumentId call : std::span(calls).last(4)) {
        ASSERT_TRUE(board.prices->delivery(call).has_value());
        EXPECT_EQ(board.prices->delivery(call)->average, IndexPrice(100 * usd));
    }
}

TEST(Delivery, OfAnInstrumentListedInTheMiddleOfItsWindowSharesIt) {
    Board board;
    static_cast<void>(board.future(expiry));
    board.agree_on(100 * usd);
    board.run(7200 - 600, 100 * usd);
    const InstrumentId call = board.list(protocol::InstrumentKind::call, expiry, 90);
    board.run(600, 100 * usd);
    EXPECT_EQ(board.prices->delivery(call)->samples, 1800U);
    board.prices->check_invariants();
}

}  // namespace
}  // namespace miletus::prices
