// Windows of trades, candles and what a day brought, against lists of everything.
#include "base/prng.hpp"
#include "edge/market_data/told_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace miletus::market_data {
namespace {

using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::Side;

constexpr std::array all_resolutions = {
    Resolution::one,         Resolution::three,     Resolution::five,     Resolution::ten,
    Resolution::quarter,     Resolution::half,      Resolution::hour,     Resolution::two_hours,
    Resolution::three_hours, Resolution::six_hours, Resolution::half_day, Resolution::day};

// Three instruments, of two underlyings, that trade now and then.
class Tape : public Told {
  public:
    Tape(const Rooms& rooms, std::uint64_t seed) : Told(rooms), prng(seed) {
        tell_assets();
        tell_index(70'000 * whole);
        tell_index(2000 * whole, eth);
        list(0, "BTC_USDC-PERPETUAL", InstrumentKind::perpetual);
        list(1, "BTC_USDC-27MAR26-70000-C", InstrumentKind::call, noon + Nanos(26 * day),
             70'000 * whole);
        list(2, "ETH_USDC-PERPETUAL", InstrumentKind::perpetual, {}, 0, eth);
        complete();
    }
    void step(std::int64_t pause_most) {
        for (std::uint64_t count = prng.below(4); count != 0; --count) {
            const auto number = static_cast<std::uint32_t>(prng.below(3));
            trade(number, ++numbers[number], prng.between(100, 120), prng.between(1, 9),
                  prng.one_in(2) ? Side::buy : Side::sell);
            const auto& told = markets.changes();
            all.push_back(told.trades.back());
        }
        complete(0);
        now = now + Nanos(prng.one_in(4) ? prng.between(0, pause_most) : 0);
    }
    [[nodiscard]] const Market& market(std::uint32_t number) const {
        const Market* market = markets.find(InstrumentId(number));
        EXPECT_NE(market, nullptr);
        return *market;
    }

    Prng prng;
    std::array<std::uint64_t, 3> numbers{};
    std::vector<TradeRecord> all;
};

bool is_within(const TradeRecord& trade, const TradeQuery& query) {
    const std::uint64_t number = trade.number.value();
    return number >= query.first_number.value_or(number) &&
           number <= query.last_number.value_or(number) &&
           trade.id() >= query.first_id.value_or(trade.id()) &&
           trade.id() <= query.last_id.value_or(trade.id()) &&
           trade.time >= query.start.value_or(trade.time) &&
           trade.time <= query.end.value_or(trade.time);
}

// Of trades in order.
void expect_page(const TradePage& page, std::vector<TradeRecord> trades, const TradeQuery& query) {
    std::erase_if(trades, [&](const TradeRecord& trade) { return !is_within(trade, query); });
    if (query.sorting == Sorting::newest_first) {
        std::ranges::reverse(trades);
    }
    EXPECT_EQ(page.has_more, trades.size() > query.count);
    trades.resize(std::min<std::size_t>(trades.size(), query.count));
    EXPECT_TRUE(std::ranges::equal(page.trades, trades, {}, &TradeRecord::id, &TradeRecord::id));
    EXPECT_TRUE(
        std::ranges::equal(page.trades, trades, {}, &TradeRecord::price, &TradeRecord::price));
}

TradeQuery any_query(Tape& tape, const std::vector<TradeRecord>& trades) {
    const auto any = [&]() -> const TradeRecord& {
        return trades[tape.prng.below(trades.size())];
    };
    TradeQuery query{
        .count = static_cast<std::uint32_t>(tape.prng.below(40)),
        .sorting = tape.prng.one_in(2) ? Sorting::oldest_first : Sorting::newest_first};
    if (tape.prng.one_in(3)) {
        query.start = any().time;
    }
    if (tape.prng.one_in(3)) {
        query.end = any().time + Nanos(tape.prng.one_in(2) ? -1 : 0);
    }
    if (tape.prng.one_in(3)) {
        query.first_id = any().id();
    }
    if (tape.prng.one_in(3)) {
        query.last_id = any().id();
    }
    return query;
}

TEST(Trades, pages_are_what_a_list_of_all_trades_gives) {
    Tape tape({.trades = 400, .trades_of_instrument = 150, .candles = {}}, 3);
    for (int at = 0; at < 600; ++at) {
        tape.step(10 * minute);
        std::vector<TradeRecord> some = tape.all;
        std::erase_if(some,
                      [](const TradeRecord& trade) { return trade.instrument != InstrumentId(1); });
        some.erase(some.begin(), some.size() > 150 ? some.end() - 150 : some.begin());
        if (some.empty()) {
            continue;
        }
        TradeQuery query = any_query(tape, some);
        if (tape.prng.one_in(2)) {
            query.first_number = some.front().number.value() + tape.prng.below(100);
            query.last_number = *query.first_number + tape.prng.below(100);
        }
        expect_page(tape.markets.trades(tape.market(1), query), some, query);
        EXPECT_LE(tape.market(1).trades().size(), 150U);
    }
}

TEST(Trades, of_several_instruments_are_pages_of_one_list) {
    // Each instrument has room for as many as all together have.
    Tape tape({.trades = 300, .trades_of_instrument = 300, .candles = {}}, 4);
    const std::vector<Selection> selections = {{},
                                               {.underlying = btc},
                                               {.base = AssetId(2)},
                                               {.quote = AssetId(0), .options = false},
                                               {.underlying = btc, .futures = false}};
    for (int at = 0; at < 500; ++at) {
        tape.step(10 * minute);
        const Selection& selection = selections[tape.prng.below(selections.size())];
        std::vector<TradeRecord> some = tape.all;
        some.erase(some.begin(), some.size() > 300 ? some.end() - 300 : some.begin());
        if (some.empty()) {
            continue;
        }
        const TradeQuery query = any_query(tape, some);
        std::erase_if(some, [&](const TradeRecord& trade) {
            const std::uint32_t number = trade.instrument.value();
            const bool is_selected =
                (!selection.underlying || (*selection.underlying == eth) == (number == 2)) &&
                (!selection.base || number == 2) &&
                (number == 1 ? selection.options : selection.futures);
            return !is_selected;
        });
        expect_page(tape.markets.trades(selection, query), some, query);
    }
}

TEST(Trades, carry_what_was_true_of_the_market_and_which_way_the_price_went) {
    Told told(Rooms{});
    told.tell_assets();
    told.tell_index(70'000 * whole);
    told.list(0, "BTC_USDC-PERPETUAL", InstrumentKind::perpetual);
    told.mark(0, 1'400'005);
    told.complete();
    std::vector<TickDirection> directions;
    std::uint64_t number = 0;
    for (const std::int64_t price : {10, 10, 12, 12, 12, 11, 11, 13}) {
        told.trade(0, ++number, price, 1);
        told.complete();
        ASSERT_EQ(told.markets.changes().trades.size(), 1U);
        directions.push_back(told.markets.changes().trades[0].tick_direction);
    }
    using enum TickDirection;
    EXPECT_EQ(directions, (std::vector{zero_plus, zero_plus, plus, zero_plus, zero_plus, minus,
                                       zero_minus, plus}));
    const TradeRecord& last = told.markets.changes().trades[0];
    EXPECT_EQ(last.mark, Grid(1'400'005));
    EXPECT_EQ(last.index, IndexPrice(70'000 * whole));
    EXPECT_EQ(last.id(), (last.sequence.value() << 16U) + last.ordinal);
    EXPECT_EQ(last.liquidated, Liquidated::none);

    told.tell(protocol::LiquidationStep{.account = AccountId(2), .instrument = InstrumentId(0)});
    told.trade(0, ++number, 10, 1);
    told.complete();
    EXPECT_EQ(told.markets.changes().trades[0].liquidated, Liquidated::taker);
    told.trade(0, ++number, 10, 1);
    told.complete();
    EXPECT_EQ(told.markets.changes().trades[0].liquidated, Liquidated::none);
}

// ---- Candles ----

std::vector<TradeRecord> of_first(const Tape& tape) {
    std::vector<TradeRecord> some = tape.all;
    std::erase_if(some,
                  [](const TradeRecord& trade) { return trade.instrument != InstrumentId(0); });
    return some;
}

// Trade by trade.
std::vector<Candle> naive_candles(const std::vector<TradeRecord>& trades, Resolution resolution,
                                  UnixNanos start, UnixNanos end) {
    std::vector<Candle> candles;
    const std::int64_t length = length_of(resolution).value();
    std::int64_t from = start.value() / length * length;
    from = from < start.value() ? from + length : from;
    for (; from <= end.value(); from += length) {
        std::optional<Ticks> last;
        Candle candle;
        candle.start = UnixNanos(from);
        bool has_trade = false;
        for (const TradeRecord& trade : trades) {
            if (trade.time.value() >= from + length) {
                break;
            }
            if (trade.time.value() >= from && !has_trade) {
                has_trade = true;
                candle.open = candle.high = candle.low = trade.price;
            }
            if (trade.time.value() >= from) {
                candle.high = std::max(candle.high, trade.price);
                candle.low = std::min(candle.low, trade.price);
                candle.lots += trade.lots.value();
                candle.tick_lots += int128{trade.lots.value()} * trade.price.value();
            }
            last = trade.price;
        }
        if (last.has_value()) {
            if (!has_trade) {
                candle.open = candle.high = candle.low = *last;
            }
            candle.close = *last;
            // A gap has the close before it.
            if (!has_trade && !candles.empty()) {
                EXPECT_EQ(candle.open, candles.back().close);
            }
            candles.push_back(candle);
        }
    }
    return candles;
}

TEST(Candles, are_what_the_trades_of_their_spans_were_and_gaps_have_the_last_price) {
    Tape tape(Rooms{}, 5);
    for (int at = 0; at < 900; ++at) {
        tape.step(40 * minute);
    }
    const std::vector<TradeRecord> trades = of_first(tape);
    ASSERT_GT(trades.size(), 300U);
    for (const Resolution resolution : all_resolutions) {
        for (int at = 0; at < 20; ++at) {
            const UnixNanos start = noon + Nanos(tape.prng.between(-day, 3 * day));
            const UnixNanos end = start + Nanos(tape.prng.between(0, 3 * day));
            const auto candles = tape.market(0).candles().between(resolution, start, end, 10'000);
            const auto naive = naive_candles(trades, resolution, start, end);
            ASSERT_EQ(candles, naive);
            const auto few = tape.market(0).candles().between(resolution, start, end, 7);
            ASSERT_TRUE(std::ranges::equal(
                few, std::span(naive).last(std::min<std::size_t>(naive.size(), 7))));
        }
        const auto now = tape.market(0).candles().at(resolution, tape.now);
        ASSERT_TRUE(now.has_value());
        EXPECT_EQ(
            *now,
            naive_candles(trades, resolution, start_of(tape.now, resolution), tape.now).back());
    }
}

TEST(Candles, sum_up_what_was_traded_since_an_hour) {
    Tape tape(Rooms{}, 5);
    for (int at = 0; at < 900; ++at) {
        tape.step(40 * minute);
        const Candles& candles = tape.market(0).candles();
        const UnixNanos now = tape.markets.now();
        const UnixNanos start = now + Nanos(tape.prng.between(-9 * day, hour));
        int128 sum = 0;
        for (const Candle& candle : candles.between(Resolution::hour, start, now, 10'000)) {
            sum += candle.lots;
        }
        ASSERT_EQ(candles.lots_since(start), sum);
    }
}

TEST(Candles, keep_no_more_than_they_have_room_for) {
    Candles candles({.minutes = 10, .hours = 2, .days = 1});
    for (int at = 0; at < 200; ++at) {
        candles.add(noon + Nanos(at * minute), Ticks(100 + at), Lots(1));
    }
    const UnixNanos end = noon + Nanos(200 * minute);
    EXPECT_EQ(candles.between(Resolution::one, noon, end, 1000).size(), 11U);
    EXPECT_EQ(candles.between(Resolution::hour, noon, end, 1000).size(), 2U);
    EXPECT_EQ(candles.between(Resolution::day, UnixNanos(0), end, 1000).size(), 1U);
    EXPECT_TRUE(candles.between(Resolution::one, end, noon, 1000).empty());
    EXPECT_TRUE(candles.between(Resolution::one, noon, end, 0).empty());
    EXPECT_FALSE(candles.at(Resolution::one, noon).has_value());
}

TEST(Tickers, tell_what_the_last_day_brought) {
    Tape tape(Rooms{}, 6);
    for (int at = 0; at < 700; ++at) {
        tape.step(30 * minute);
        const std::vector<TradeRecord> trades = of_first(tape);
        if (trades.empty()) {
            continue;
        }
        const UnixNanos now = tape.markets.now();
        const std::int64_t start = now.value() / minute * minute - day + minute;
        DayStatistics naive;
        std::optional<Ticks> before;
        for (const TradeRecord& trade : trades) {
            if (trade.time.value() < start) {
                before = trade.price;
                continue;
            }
            before = before.value_or(trade.price);
            naive.high = std::max(naive.high.value_or(trade.price), trade.price);
            naive.low = std::min(naive.low.value_or(trade.price), trade.price);
            naive.lots += trade.lots.value();
            naive.tick_lots += int128{trade.lots.value()} * trade.price.value();
            naive.price_change = (trade.price - *before).value() * 1'000'000 / before->value();
        }
        const DayStatistics day = tape.markets.ticker(tape.market(0)).day;
        ASSERT_EQ(day.high, naive.high);
        ASSERT_EQ(day.low, naive.low);
        ASSERT_EQ(day.lots, naive.lots);
        ASSERT_EQ(day.tick_lots, naive.tick_lots);
        ASSERT_EQ(day.price_change, naive.price_change);
    }
}

}  // namespace
}  // namespace miletus::market_data
