// The index: the published example, sources that are stale, few, absurd or lying, and how far it
// may go.
#include "engine/prices/board_test.hpp"

namespace miletus::prices {
namespace {

using protocol::IndexState;
using protocol::Parameter;
using protocol::SourcePrice;

SourcePrice source(std::uint32_t number, std::int64_t price, std::int64_t second,
                   std::uint32_t weight = 1) {
    return {
        .price = IndexPrice(price), .time = at_second(second), .source = number, .weight = weight};
}

// Deribit's worked example of its index ("Index Prices"): the third source counts as
// 101.505 only, the first as 100.495.
TEST(Index, IsTheWeightedMeanOfSourcesClampedToTheirMedian) {
    Board board;
    ASSERT_TRUE(board.update(std::vector{source(0, 100 * usd, board.second, 25),
                                         source(1, 101 * usd, board.second, 50),
                                         source(2, 120 * usd, board.second, 25)}));
    EXPECT_EQ(board.index(), 101 * usd);
    EXPECT_EQ(board.state(), IndexState::good);
    const auto told = board.told<protocol::IndexChanged>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].price, IndexPrice(101 * usd));
    EXPECT_EQ(told[0].sources, 3);
    EXPECT_EQ(told[0].time, at_second(board.second));
}

// The clamps themselves, by what each adds when it carries all of the weight but one part.
TEST(Index, ClampsTheExamplesSourcesTo100495And101505) {
    for (const auto& [heavy, expected] : {std::pair(0U, 100'495'000), std::pair(2U, 101'505'000)}) {
        Board board;
        std::vector<SourcePrice> sources{source(0, 100 * usd, board.second),
                                         source(1, 101 * usd, board.second),
                                         source(2, 120 * usd, board.second)};
        sources[heavy].weight = source_weight_max;
        ASSERT_TRUE(board.update(sources));
        EXPECT_NEAR(static_cast<double>(board.index()), expected, 2);
    }
}

TEST(Index, OfAnEvenNumberTakesTheFlooredMeanOfTheMiddleTwo) {
    Board board;
    board.set(Parameter::index_clamp, 0);
    ASSERT_TRUE(
        board.update(std::vector{source(3, 10, board.second), source(5, 13, board.second),
                                 source(7, 14, board.second), source(15, 90, board.second)}));
    EXPECT_EQ(board.index(), 13);
}

TEST(Index, ExistsOnceEnoughSourcesAgreedAndNeverCeasesTo) {
    Board board;
    ASSERT_TRUE(board.update(std::vector{source(0, 100 * usd, board.second)}));
    EXPECT_EQ(board.state(), IndexState::none);
    EXPECT_TRUE(board.told<protocol::IndexChanged>().empty());
    ASSERT_TRUE(board.update(
        std::vector{source(1, 101 * usd, board.second), source(2, 102 * usd, board.second)}));
    EXPECT_EQ(board.state(), IndexState::good);

    board.pass(11);  // all are stale
    EXPECT_EQ(board.state(), IndexState::degraded);
    EXPECT_EQ(board.index(), 101 * usd);
    EXPECT_EQ(board.told<protocol::IndexChanged>().at(0).sources, 0);
    board.pass(19);
    EXPECT_EQ(board.state(), IndexState::degraded);
    board.pass(1);  // 31 seconds after the last that was fresh
    EXPECT_EQ(board.state(), IndexState::frozen);
    board.pass(100'000);
    EXPECT_EQ(board.state(), IndexState::frozen);
    EXPECT_EQ(board.index(), 101 * usd);
    board.agree_on(101 * usd);
    EXPECT_EQ(board.state(), IndexState::good);
}

TEST(Index, OfOneFreshSourceIsThatSourceAndDegraded) {
    Board board;
    board.agree_on(100 * usd);
    board.second += 11;
    ASSERT_TRUE(board.update(std::vector{source(1, 104 * usd, board.second)}));
    EXPECT_EQ(board.index(), 104 * usd);
    EXPECT_EQ(board.state(), IndexState::degraded);
}

TEST(Index, CountsASourceUntilItsAgeAndNotANanosecondLonger) {
    Board board;
    board.agree_on(100 * usd);
    const UnixNanos edge = at_second(board.second + 10);
    board.begin();
    board.prices->sample(btc, edge, 10, {});
    EXPECT_EQ(board.state(), IndexState::good);
    board.begin();
    board.prices->update_index(btc, {}, edge + Nanos(1));
    EXPECT_EQ(board.state(), IndexState::degraded);
}

TEST(Index, LeavesOutSourcesOfNoWeightAndPricesThatComeLate) {
    Board board;
    board.agree_on(100 * usd);
    ASSERT_TRUE(board.update(std::vector{source(2, 0, board.second + 99, 0)}));
    EXPECT_EQ(board.state(), IndexState::degraded);
    ASSERT_TRUE(board.update(std::vector{source(2, 100 * usd, board.second)}));
    EXPECT_EQ(board.state(), IndexState::good);
    ASSERT_TRUE(board.update(std::vector{source(2, 90 * usd, board.second - 1)}));
    EXPECT_EQ(board.index(), 100 * usd);
    EXPECT_TRUE(board.told<protocol::IndexChanged>().empty());
}

TEST(Index, GoesNoFurtherInFiveMinutesThanItsVelocity) {
    Board board;
    board.agree_on(100 * usd);
    board.run(60, 1000 * usd);
    EXPECT_EQ(board.index(), 120 * usd);
    board.run(241, 1000 * usd);  // what stood five minutes ago is still the first price
    EXPECT_EQ(board.index(), 120 * usd);
    board.run(20, 1000 * usd);
    EXPECT_EQ(board.index(), 144 * usd);
    board.run(5, usd);
    EXPECT_EQ(board.index(), 96 * usd);
}

TEST(Index, RemembersThroughAGapWhatStoodInIt) {
    Board board;
    board.agree_on(100 * usd);
    board.pass(3600);
    board.agree_on(1000 * usd);
    EXPECT_EQ(board.index(), 120 * usd);
}

TEST(Index, RefusesSourcesThatCannotBe) {
    Board board;
    const auto refusal = [&](const std::vector<SourcePrice>& sources) {
        return board.update(sources).error();
    };
    const std::int64_t now = board.second;
    EXPECT_EQ(refusal({source(0, 0, now)}), Reject::source_price_out_of_range);
    EXPECT_EQ(refusal({source(0, -5, now)}), Reject::source_price_out_of_range);
    EXPECT_EQ(refusal({source(0, index_end, now)}), Reject::source_price_out_of_range);
    EXPECT_EQ(refusal({source(0, index_end - 1, now)}), Reject::none);
    EXPECT_EQ(refusal({source(16, 5, now)}), Reject::source_repeated);
    EXPECT_EQ(refusal({source(4, 5, now), source(4, 5, now)}), Reject::source_repeated);
    EXPECT_EQ(refusal({source(0, 5, now, source_weight_max + 1)}),
              Reject::source_weight_out_of_range);
    EXPECT_EQ(refusal({source(0, 5, now, 0)}), Reject::source_weight_out_of_range);
    EXPECT_EQ(refusal({source(0, 5, now + 1)}), Reject::source_from_the_future);
    EXPECT_EQ(board.prices->check_sources(UnderlyingId(2), {}, at_second(now)).error(),
              Reject::unknown_underlying);
}

// Within the sources, and one that lies moves it by its clamp times its weight.
TEST(Index, StaysWithinItsSourcesAndOneLiarMovesItLittle) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Prng prng(seed);
        Board honest;
        Board fooled;
        const auto count = static_cast<std::uint32_t>(prng.between(3, 16));
        const std::int64_t level = prng.between(1000, 100'000 * usd);
        std::vector<SourcePrice> sources;
        std::int64_t weights = 0;
        for (std::uint32_t number = 0; number < count; ++number) {
            sources.push_back(source(number, level + prng.between(0, level / 300), honest.second,
                                     static_cast<std::uint32_t>(prng.between(1, 1000))));
            weights += sources.back().weight;
        }
        ASSERT_TRUE(honest.update(sources));
        const auto [low, high] =
            std::ranges::minmax(sources, {}, [](const SourcePrice& one) { return one.price; });
        EXPECT_GE(honest.index(), low.price.value());
        EXPECT_LE(honest.index(), high.price.value());

        SourcePrice& liar = sources[prng.below(count)];
        liar.price = IndexPrice(prng.between(1, index_end - 1));
        ASSERT_TRUE(fooled.update(sources));
        // Its lie may move the median by as much as the others are apart, besides.
        const std::int64_t apart = high.price.value() - low.price.value();
        const std::int64_t moved = std::abs(fooled.index() - honest.index());
        const std::int64_t clamp = high.price.value() / 200 + 1;
        EXPECT_LE(moved, clamp * liar.weight / weights + 3 * apart + 2) << seed;
    }
}

// P5: whatever the sources say, second after second.
TEST(Index, NeverOutrunsItsVelocity) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Prng prng(seed);
        Board board;
        board.agree_on(100 * usd);
        std::vector<std::int64_t> seen(311, board.index());
        for (int step = 0; step < 900; ++step) {
            board.run(1, prng.between(1, 300 * usd));
            seen.push_back(board.index());
            const auto past = std::span(seen).last(312).first(12);
            const auto [low, high] = std::ranges::minmax(past);
            EXPECT_LE(board.index(), high + high / 5);
            EXPECT_GE(board.index(), low - low / 5);
        }
    }
}

}  // namespace
}  // namespace miletus::prices
