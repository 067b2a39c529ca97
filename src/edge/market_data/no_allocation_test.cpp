// Nothing is allocated once all has grown to what it needs.
#include "base/allocations_test.hpp"
#include "base/prng.hpp"
#include "edge/market_data/told_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

namespace miletus::market_data {
namespace {

using protocol::InstrumentKind;
using protocol::Side;

// Two books under orders, trades, prices and positions, and a slow channel of one of them.
class Bustle : public Told {
  public:
    Bustle()
        : Told({.trades = 64,
                .trades_of_instrument = 64,
                .candles = {.minutes = 16, .hours = 4, .days = 2},
                .archived = 4,
                .settlements = 8,
                .delivery_prices = 8,
                .funding_points = 16,
                .index_minutes = 16,
                .index_hours = 4}) {
        tell_assets();
        tell_index(70'000 * whole);
        list(0, "BTC_USDC-PERPETUAL", InstrumentKind::perpetual);
        list(1, "BTC_USDC-27MAR26-70000-C", InstrumentKind::call, noon + Nanos(2600 * day),
             70'000 * whole);
        mark(1, 40'000);
        complete();
        feed_.start(InstrumentId(0), markets.find(InstrumentId(0))->book());
    }
    // The same every time.
    void run() {
        Prng prng(1);
        for (int at = 0; at < 3000; ++at) {
            step(prng);
        }
    }
    std::size_t told = 0;

  private:
    void step(Prng& prng) {
        const auto number = static_cast<std::uint32_t>(prng.below(2));
        for (std::uint64_t count = 1 + prng.below(6); count != 0; --count) {
            rest(number, prng.one_in(2) ? Side::buy : Side::sell, prng.between(1, 200),
                 prng.one_in(3) ? 0 : prng.between(1, 9));
        }
        if (prng.one_in(3)) {
            trade(number, ++numbers_[number], prng.between(1, 200), 2);
            tell(protocol::PositionChanged{
                .lots = Lots(prng.between(-3, 3)),
                .account = AccountId(static_cast<std::uint32_t>(prng.below(50))),
                .instrument = InstrumentId(number)});
        }
        if (prng.one_in(5)) {
            tell_index(70'000 * whole + prng.between(0, whole));
            mark(1, prng.between(40'000, 50'000));
            tell(protocol::FundingChanged{.rate = prng.between(-9, 9),
                                          .instrument = InstrumentId(0)});
        }
        if (prng.one_in(100)) {
            tell(protocol::SessionSettled{.end = now});
        }
        complete(prng.between(0, 20 * second));
        for (const BookChange& change : markets.changes().books) {
            if (change.instrument == InstrumentId(0)) {
                feed_.take(change);
            }
        }
        const Market& market = *markets.find(InstrumentId(0));
        if (prng.one_in(5) && feed_.flush(market.book()).has_value()) {
            ++told;
        }
        grouped_.refresh(market.book());
        told += markets.ticker(*markets.find(InstrumentId(1))).option.has_value() ? 1U : 0U;
        told += market.candles().at(Resolution::five, now).has_value() ? 1U : 0U;
    }

    std::array<std::uint64_t, 2> numbers_{};
    BookFeed feed_;
    GroupedBook grouped_{Ticks(5), 20};
};

TEST(NoAllocation, reading_and_telling_allocate_nothing_once_rooms_are_full) {
    const std::uint64_t at_first = allocations.made;
    Bustle bustle;
    bustle.run();
    bustle.run();
    const std::uint64_t before = allocations.made;
    EXPECT_GT(before, at_first);
    bustle.run();
    EXPECT_EQ(allocations.made, before);
    EXPECT_GT(bustle.told, 5000U);
}

}  // namespace
}  // namespace miletus::market_data
