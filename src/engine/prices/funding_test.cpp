// Funding: the published rates, the remainder that is carried, and when nothing is charged.
#include "engine/prices/board_test.hpp"

namespace miletus::prices {
namespace {

constexpr std::int64_t damp = 250'000;  // 0.025 % in 1e-9
constexpr std::int64_t cap = 5'000'000;

// Deribit, "Funding Specifications": P = +0.10 % is F = +0.075 % for eight hours,
// and up to 0.025 % is none.
TEST(Funding, RateIsThePremiumBeyondTheDampAndWithinTheCap) {
    EXPECT_EQ(funding_rate(1'000'000, damp, cap), 750'000);
    EXPECT_EQ(funding_rate(-1'000'000, damp, cap), -750'000);
    EXPECT_EQ(funding_rate(250'000, damp, cap), 0);
    EXPECT_EQ(funding_rate(-250'000, damp, cap), 0);
    EXPECT_EQ(funding_rate(0, damp, cap), 0);
    EXPECT_EQ(funding_rate(250'001, damp, cap), 1);
    EXPECT_EQ(funding_rate(900'000'000, damp, cap), cap);
    EXPECT_EQ(funding_rate(-900'000'000, damp, cap), -cap);
}

// The same page: 100,000 USD long for a minute at that rate pay 0.15625 USD.
TEST(Funding, OfAHundredThousandForAMinuteIs15Cents) {
    Linear linear;
    EXPECT_EQ(charge(linear, LotValue(100'000 * usd), 750'000, 60'000), LotValue(156'250));
    EXPECT_EQ(linear.carry, 0);
}

// A lot of 10 USD at 100 ppm for eight hours, second by second, pays 1000 units.
TEST(Funding, CarriesItsRemainderSoThatNothingIsLost) {
    for (const std::int64_t rate : {100'000, -100'000}) {
        Linear linear;
        LotValue paid;
        for (int second = 0; second < 28'800; ++second) {
            paid += charge(linear, LotValue(10 * usd), rate, 1000);
            ASSERT_TRUE(linear.carry >= 0 && linear.carry < funding_divisor);
        }
        EXPECT_EQ(paid, LotValue(rate / 100));
        EXPECT_EQ(linear.carry, 0);
    }
}

TEST(Funding, PremiumIsFlooredAndWithinTheIndexItself) {
    const Units units{.numerator = 1, .denominator = 1, .tick = usd / 2};
    EXPECT_EQ(premium_of(Grid(2'002'000), units, IndexPrice(100'000 * usd)), 1'000'000);
    EXPECT_EQ(premium_of(Grid(1'998'000), units, IndexPrice(100'000 * usd)), -1'000'000);
    EXPECT_EQ(premium_of(Grid(-1), units, IndexPrice(3'000'000'007)), -billionths);
    EXPECT_EQ(premium_of(Grid(1), units, IndexPrice(1)), billionths);
    EXPECT_EQ(premium_of(Grid(60), units, IndexPrice(3'000'001)), -334);  // -333.3
}

// A perpetual whose book stands `premium` USD above an index of 100,000.
struct Perpetual : Board {
    InstrumentId instrument = perpetual(coin);

    void stand(std::int64_t seconds, std::int64_t premium, std::int64_t gap = 1) {
        const Ticks price(2 * (100'000 + premium));
        const std::vector books{BookSample{.bid = price, .ask = price}};
        for (std::int64_t passed = 0; passed < seconds; passed += gap) {
            second += gap;
            agree_on(100'000 * usd);
            second -= gap;
            pass(gap, books);
        }
    }
    [[nodiscard]] std::int64_t funding() const { return prices->funding(instrument).value(); }
};

TEST(Funding, OfAStandingPremiumComesToTheRateOverTime) {
    Perpetual board;
    board.stand(3600, 100);  // the means arrive: 0.1 % above
    ASSERT_EQ(board.mark(board.instrument), 2'002'000);
    const std::int64_t before = board.funding();
    board.stand(60, 100);
    EXPECT_EQ(board.funding() - before, 156'250);
}

TEST(Funding, IsToldOnceAMinuteAndWhenItFirstIsCharged) {
    Perpetual board;
    board.stand(1, 100);
    EXPECT_EQ(board.told<protocol::FundingChanged>().size(), 1U);
    std::size_t told = 0;
    for (int passed = 0; passed < 600; ++passed) {
        board.stand(1, 100);
        const auto changes = board.told<protocol::FundingChanged>();
        told += changes.size();
        if (!changes.empty()) {
            EXPECT_EQ(board.second % 60, 0);
            EXPECT_EQ(changes[0].index, board.prices->funding(board.instrument));
        }
    }
    EXPECT_EQ(told, 10U);
}

TEST(Funding, StopsWhileTheIndexIsNotGood) {
    Perpetual board;
    board.stand(600, 100);
    board.pass(11, std::vector{BookSample{}});
    ASSERT_EQ(board.state(), protocol::IndexState::degraded);
    const std::int64_t before = board.funding();
    ASSERT_GT(before, 0);
    const std::vector books{BookSample{.bid = Ticks(200'200), .ask = Ticks(200'200)}};
    for (int second = 0; second < 100; ++second) {
        board.pass(1, books);
    }
    EXPECT_EQ(board.funding(), before);
}

TEST(Funding, OfAGapIsChargedForOneMinute) {
    Perpetual board;
    board.stand(3600, 100);
    const std::int64_t before = board.funding();
    board.stand(5000, 100, 5000);
    EXPECT_EQ(board.funding() - before, 156'250);
}

TEST(Funding, IsOfPerpetualsOnly) {
    Board board;
    const InstrumentId future = board.future(board.second + 100'000);
    const std::vector books{BookSample{.bid = Ticks(200'400), .ask = Ticks(200'400)}};
    for (int second = 0; second < 300; ++second) {
        board.agree_on(100'000 * usd);
        board.pass(1, books);
    }
    EXPECT_GT(board.mark(future), 2'000'000);
    EXPECT_EQ(board.prices->funding(future), LotValue(0));
}

}  // namespace
}  // namespace miletus::prices
