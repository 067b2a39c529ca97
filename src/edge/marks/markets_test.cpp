// What events tell: terms, lives, and the best of each book.
#include "edge/marks/markets.hpp"

#include "edge/marks/event_stream_test.hpp"

#include <gtest/gtest.h>

namespace miletus::marks {
namespace {

using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::Side;

class MarketsTest : public testing::Test {
  protected:
    MarketsTest() : stream([this](std::span<const Unit> event) { markets.read(event); }) {
        stream.tell_assets();
    }
    const Instrument& at(std::uint32_t number) {
        return markets.instruments().at(InstrumentId(number));
    }

    Markets markets;
    EventStream stream;
};

TEST_F(MarketsTest, know_the_terms_of_what_is_listed) {
    stream.list(7, InstrumentKind::call, start, 90'000 * coin);
    EXPECT_EQ(at(7).underlying, btc);
    EXPECT_EQ(at(7).kind, InstrumentKind::call);
    EXPECT_EQ(at(7).strike, IndexPrice(90'000 * coin));
    EXPECT_EQ(at(7).tick, IndexPrice(option_tick));
    // Five dollars of a tenth of a coin.
    EXPECT_EQ(at(7).tick_value, LotValue(500'000));
    EXPECT_TRUE(at(7).is_option());
    stream.list(8, InstrumentKind::future, start);
    EXPECT_FALSE(at(8).is_option());
    stream.list(9, InstrumentKind::perpetual, UnixNanos(0));
    EXPECT_FALSE(markets.instruments().contains(InstrumentId(9)));
}

// A quote asset with more digits than base and price together, and one without any.
TEST_F(MarketsTest, know_what_a_tick_is_worth_in_any_asset) {
    const auto tick_value = [&](std::uint32_t base, std::uint32_t quote, std::int64_t tick,
                                std::int64_t lot) {
        stream.tell(protocol::AssetAdded{.decimals = base, .asset = AssetId(1)});
        stream.tell(protocol::AssetAdded{.decimals = quote, .asset = AssetId(2)});
        protocol::InstrumentListed listed;
        listed.underlying = btc;
        listed.terms = {.tick = IndexPrice(tick), .lot = Amount(lot)};
        listed.kind = InstrumentKind::put;
        stream.tell(listed);
        return at(0).tick_value;
    };
    EXPECT_EQ(tick_value(0, 8, 1, 3), LotValue(300));
    EXPECT_EQ(tick_value(8, 0, 5 * coin, 100'000'000), LotValue(5));
    EXPECT_EQ(tick_value(12, 12, 1'000'000'000, 5'000'000), LotValue(5'000'000'000));
    EXPECT_EQ(tick_value(8, 6, 500'000, 10'000), LotValue(50));
}

TEST_F(MarketsTest, follow_the_best_of_each_book) {
    stream.list(7, InstrumentKind::call, start, 90'000 * coin);
    EXPECT_FALSE(at(7).best_bid().has_value());
    stream.rest(7, Side::buy, 10, 5);
    stream.rest(7, Side::buy, 12, 1);
    stream.rest(7, Side::buy, 11, 2);
    stream.rest(7, Side::sell, 20, 4);
    stream.rest(7, Side::sell, 15, 3);
    EXPECT_EQ(at(7).best_bid(), Ticks(12));
    EXPECT_EQ(at(7).best_ask(), Ticks(15));
    stream.tell(protocol::OrderRemoved{
        .price = Ticks(12), .level_total = Lots(0), .instrument = InstrumentId(7)});
    EXPECT_EQ(at(7).best_bid(), Ticks(11));
    stream.tell(protocol::OrderReduced{
        .price = Ticks(11), .level_total = Lots(1), .instrument = InstrumentId(7)});
    EXPECT_EQ(at(7).best_bid(), Ticks(11));
    // A buyer takes from the sellers.
    stream.tell(protocol::Trade{.price = Ticks(15),
                                .level_total = Lots(1),
                                .instrument = InstrumentId(7),
                                .taker_side = Side::buy});
    EXPECT_EQ(at(7).best_ask(), Ticks(15));
    stream.tell(protocol::Trade{.price = Ticks(15),
                                .level_total = Lots(0),
                                .instrument = InstrumentId(7),
                                .taker_side = Side::buy});
    EXPECT_EQ(at(7).best_ask(), Ticks(20));
    stream.tell(protocol::Trade{.price = Ticks(11),
                                .level_total = Lots(0),
                                .instrument = InstrumentId(7),
                                .taker_side = Side::sell});
    EXPECT_EQ(at(7).best_bid(), Ticks(10));
}

TEST_F(MarketsTest, follow_lives_and_give_numbers_away_again) {
    stream.list(7, InstrumentKind::call, start, 90'000 * coin);
    stream.rest(7, Side::buy, 10, 5);
    EXPECT_TRUE(at(7).is_trading());
    stream.set_state(7, InstrumentState::halted);
    EXPECT_FALSE(at(7).is_trading());
    EXPECT_TRUE(at(7).is_alive());
    stream.set_state(7, InstrumentState::settled);
    EXPECT_FALSE(at(7).is_alive());
    stream.tell(protocol::InstrumentArchived{.instrument = InstrumentId(7)});
    EXPECT_FALSE(markets.instruments().contains(InstrumentId(7)));
    stream.set_state(7, InstrumentState::open);
    stream.rest(7, Side::buy, 10, 5);
    EXPECT_FALSE(markets.instruments().contains(InstrumentId(7)));
    stream.list(7, InstrumentKind::put, start, 80'000 * coin);
    EXPECT_EQ(at(7).kind, InstrumentKind::put);
    EXPECT_FALSE(at(7).best_bid().has_value());
}

TEST_F(MarketsTest, know_the_index_and_how_good_it_is) {
    EXPECT_EQ(markets.underlyings().at(btc).state, protocol::IndexState::none);
    stream.tell_index(100'000 * coin, protocol::IndexState::degraded);
    EXPECT_EQ(markets.underlyings().at(btc).index, IndexPrice(100'000 * coin));
    EXPECT_EQ(markets.underlyings().at(btc).state, protocol::IndexState::degraded);
}

}  // namespace
}  // namespace miletus::marks
