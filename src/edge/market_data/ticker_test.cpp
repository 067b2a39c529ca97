// What is told of instruments, marks, options, funding, sessions and deliveries.
#include "edge/market_data/told_test.hpp"
#include "pricing/pricing.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace miletus::market_data {
namespace {

using protocol::InstrumentKind;
using protocol::InstrumentState;
using protocol::Side;

constexpr UnixNanos expiry{1'774'598'400 * second};  // 2026-03-27T08:00, a month's last Friday

class TickersTest : public testing::Test {
  protected:
    TickersTest() : told(Rooms{.candles = {}, .archived = 2}) {
        told.tell_assets();
        told.tell_index(70'000 * whole);
        told.list(0, "BTC_USDC-PERPETUAL", InstrumentKind::perpetual);
        told.complete();
    }
    // Calls at even numbers, the put of the same strike behind each.
    void list_option(std::uint32_t number, std::int64_t strike) {
        const std::string name = "BTC_USDC-27MAR26-" + std::to_string(strike);
        told.list(number, name + "-C", InstrumentKind::call, expiry, strike * whole);
        told.list(number + 1, name + "-P", InstrumentKind::put, expiry, strike * whole);
    }
    [[nodiscard]] const Market& market(std::uint32_t number) const {
        const Market* market = told.markets.find(InstrumentId(number));
        EXPECT_NE(market, nullptr);
        return *market;
    }

    Told told;
};

// ---- Instruments ----

TEST_F(TickersTest, instruments_are_found_by_name_and_number_and_know_their_worth) {
    const Market* market = told.markets.find("BTC_USDC-PERPETUAL");
    ASSERT_NE(market, nullptr);
    EXPECT_EQ(market, told.markets.find(InstrumentId(0)));
    EXPECT_EQ(told.markets.find("BTC_USDC-PERPETUA"), nullptr);
    EXPECT_EQ(told.markets.find(InstrumentId(1)), nullptr);
    const Instrument& instrument = market->instrument();
    EXPECT_EQ(instrument.tick_value, LotValue(500));
    EXPECT_EQ(instrument.created, noon);
    EXPECT_EQ(price_of(instrument, Ticks(140'001)), int128{70'000'500} * 10'000);
    EXPECT_EQ(price_of(instrument, Grid(1'400'011)), int128{70'000'550} * 10'000);
    EXPECT_EQ(amount_of(instrument, Lots(20)), 2'000'000);
    EXPECT_EQ(cost_of(instrument, int128{140'000} * 20), 1400 * whole);
    ASSERT_NE(told.markets.underlying("btc_usdc"), nullptr);
    EXPECT_EQ(told.markets.underlying("btc_usdc")->underlying, btc);
    EXPECT_EQ(told.markets.underlying("btc_usd"), nullptr);
    ASSERT_NE(told.markets.asset("eth"), nullptr);
    EXPECT_EQ(told.markets.asset(AssetId(3)), nullptr);
    EXPECT_EQ(told.markets.asset(""), nullptr);
}

TEST_F(TickersTest, periods_are_those_of_the_calendar) {
    told.list(1, "DAY", InstrumentKind::future, UnixNanos(1'772'697'600 * second));   // 5 March
    told.list(2, "WEEK", InstrumentKind::future, UnixNanos(1'772'784'000 * second));  // 6 March
    told.list(3, "MONTH", InstrumentKind::future, expiry);
    told.complete();
    EXPECT_EQ(market(0).instrument().settlement_period(), SettlementPeriod::perpetual);
    EXPECT_EQ(market(1).instrument().settlement_period(), SettlementPeriod::day);
    EXPECT_EQ(market(2).instrument().settlement_period(), SettlementPeriod::week);
    EXPECT_EQ(market(3).instrument().settlement_period(), SettlementPeriod::month);
}

TEST_F(TickersTest, a_number_means_at_each_moment_the_instrument_that_had_it_then) {
    std::vector<UnixNanos> listed;
    for (int at = 0; at < 4; ++at) {
        told.list(5, "BTC_USDC-" + std::to_string(at), InstrumentKind::future, expiry);
        told.complete(minute);
        listed.push_back(told.now);
        told.tell(protocol::InstrumentArchived{.instrument = InstrumentId(5)});
        told.complete(minute);
    }
    told.list(5, "BTC_USDC-4", InstrumentKind::future, expiry);
    told.complete(minute);
    const auto at = [&](UnixNanos time) {
        return told.markets.find_at(InstrumentId(5), time)->instrument().name.view();
    };
    EXPECT_EQ(at(told.now), "BTC_USDC-4");
    EXPECT_EQ(at(told.now + Nanos(-1)), "BTC_USDC-3");
    EXPECT_EQ(at(listed[3]), "BTC_USDC-3");
    EXPECT_EQ(at(listed[3] + Nanos(-1)), "BTC_USDC-2");
    // There was room for two: who is forgotten leaves the one of now.
    EXPECT_EQ(at(listed[1]), "BTC_USDC-4");
    EXPECT_EQ(told.markets.find_at(InstrumentId(6), told.now), nullptr);
}

TEST_F(TickersTest, what_is_archived_is_found_until_there_is_no_room_for_it) {
    using enum LifeStep;
    std::vector<LifeStep> steps;
    std::vector<std::uint64_t> listings;
    for (int at = 0; at < 4; ++at) {
        const std::string name = "BTC_USDC-" + std::to_string(at);
        told.list(5, name, InstrumentKind::future, expiry);
        told.complete();
        const std::uint64_t listing = market(5).listing();
        listings.push_back(listing);
        told.set_state(5, InstrumentState::open);
        told.trade(5, 1, 100 + at, 1);
        told.complete();
        for (const auto state : {InstrumentState::settling, InstrumentState::settled}) {
            told.set_state(5, state);
            told.complete();
        }
        told.tell(protocol::InstrumentArchived{.instrument = InstrumentId(5)});
        told.complete();
        ASSERT_EQ(told.markets.changes().lives.size(), 1U);
        EXPECT_EQ(told.markets.changes().lives[0].step, terminated);
        EXPECT_EQ(told.markets.changes().lives[0].name.view(), name);
        EXPECT_EQ(told.markets.find(name)->instrument().state, InstrumentState::archived);
    }
    EXPECT_EQ(told.markets.find("BTC_USDC-0"), nullptr);
    EXPECT_EQ(told.markets.find("BTC_USDC-1"), nullptr);
    EXPECT_EQ(told.markets.find_listing(listings[1]), nullptr);
    ASSERT_NE(told.markets.find("BTC_USDC-2"), nullptr);
    EXPECT_EQ(told.markets.find("BTC_USDC-2")->trades().size(), 1U);
    EXPECT_EQ(told.markets.find(InstrumentId(5)), told.markets.find("BTC_USDC-3"));
    std::size_t archived = 0;
    told.markets.visit_archived([&archived](const Market&) { ++archived; });
    EXPECT_EQ(archived, 2U);
    std::size_t listed = 0;
    told.markets.visit_listed([&listed](const Market&) { ++listed; });
    EXPECT_EQ(listed, 1U);
    // Trades of those that are forgotten are gone with them.
    const TradePage page = told.markets.trades(Selection{}, TradeQuery{});
    ASSERT_EQ(page.trades.size(), 2U);
    EXPECT_EQ(page.trades[0].price, Ticks(103));
}

TEST_F(TickersTest, steps_of_life_are_told_in_order) {
    told.list(1, "BTC_USDC-27MAR26", InstrumentKind::future, expiry);
    told.set_state(1, InstrumentState::open);
    told.set_state(1, InstrumentState::halted);
    told.set_state(1, InstrumentState::open);
    told.set_state(1, InstrumentState::settling);
    told.set_state(1, InstrumentState::settled);
    told.complete(5);
    std::vector<LifeStep> steps;
    for (const LifeChange& life : told.markets.changes().lives) {
        steps.push_back(life.step);
        EXPECT_EQ(life.time, noon + Nanos(5));
    }
    using enum LifeStep;
    EXPECT_EQ(steps, (std::vector{created, started, settled, closed}));
    told.complete();
    EXPECT_TRUE(told.markets.changes().is_empty());
}

TEST_F(TickersTest, fees_follow_the_parameters_of_the_underlying) {
    list_option(2, 70'000);
    told.complete();
    EXPECT_EQ(told.markets.fees_of(market(0).instrument()).taker, Rate(500));
    EXPECT_EQ(told.markets.fees_of(market(2).instrument()).maker, Rate(300));
    EXPECT_EQ(told.markets.fees_of(market(2).instrument()).cap, Rate(125'000));
    told.tell(protocol::ParameterChanged{
        .value = -100, .underlying = btc, .parameter = protocol::Parameter::maker_fee});
    told.tell(protocol::ParameterChanged{
        .value = 7, .underlying = eth, .parameter = protocol::Parameter::taker_fee});
    told.tell(protocol::ParameterChanged{.value = 9,
                                         .underlying = UnderlyingId(65'535),
                                         .parameter = protocol::Parameter::order_rate});
    told.complete();
    EXPECT_EQ(told.markets.fees_of(market(0).instrument()).maker, Rate(-100));
    EXPECT_EQ(told.markets.fees_of(market(0).instrument()).taker, Rate(500));
}

// ---- Changes ----

TEST_F(TickersTest, changes_name_what_a_command_changed_and_nothing_else) {
    told.rest(0, Side::buy, 139'000, 5);
    EXPECT_TRUE(told.markets.changes().books.empty());
    told.complete();
    const Changes& changes = told.markets.changes();
    ASSERT_EQ(changes.books.size(), 1U);
    EXPECT_EQ(changes.quotes, std::vector{InstrumentId(0)});
    EXPECT_EQ(changes.tickers, std::vector{InstrumentId(0)});
    EXPECT_TRUE(changes.trades.empty() && changes.marks.empty() && changes.indices.empty());

    told.rest(0, Side::buy, 138'000, 5);
    told.complete();
    EXPECT_EQ(changes.books.size(), 1U);
    EXPECT_TRUE(changes.quotes.empty() && changes.tickers.empty());

    told.tell_index(70'001 * whole);
    told.tell_index(70'002 * whole);
    told.mark(0, 1'400'000);
    told.complete();
    EXPECT_EQ(changes.indices, std::vector{btc});
    EXPECT_EQ(changes.marks, std::vector{InstrumentId(0)});
    EXPECT_TRUE(changes.books.empty() && changes.quotes.empty());

    told.tell(protocol::VenueStateChanged{.state = protocol::VenueState::halted});
    told.complete();
    EXPECT_TRUE(changes.venue);
    EXPECT_EQ(told.markets.venue_state(), protocol::VenueState::halted);
    told.complete();
    EXPECT_TRUE(changes.is_empty());
}

TEST_F(TickersTest, events_of_what_nobody_listed_change_nothing) {
    told.rest(77, Side::buy, 5, 5);
    told.trade(77, 1, 5, 5);
    told.mark(77, 5);
    told.set_state(77, InstrumentState::open);
    told.tell(protocol::InstrumentArchived{.instrument = InstrumentId(77)});
    told.tell(protocol::PositionChanged{.lots = Lots(1), .instrument = InstrumentId(77)});
    told.tell_index(1, UnderlyingId(9));
    told.list(3, "DOGE_USDC-PERPETUAL", InstrumentKind::perpetual, {}, 0, UnderlyingId(9));
    told.complete();
    EXPECT_TRUE(told.markets.changes().is_empty());
}

// ---- Options ----

double volatility_of(double percent_in_hundredths) {
    return percent_in_hundredths / 10'000;
}

TEST_F(TickersTest, options_are_priced_on_their_future_else_by_parity_else_on_the_index) {
    told.list(1, "BTC_USDC-27MAR26", InstrumentKind::future, expiry);
    list_option(10, 60'000);
    list_option(12, 69'000);
    list_option(14, 72'000);
    told.complete();
    EXPECT_EQ(told.markets.forward_of(eth, expiry), std::nullopt);
    auto forward = told.markets.forward_of(btc, expiry);
    ASSERT_TRUE(forward.has_value());
    EXPECT_EQ(forward->source, ForwardSource::index);
    EXPECT_EQ(forward->price, 70'000 * whole * 10);

    // The nearest strike with both marks, in tenths of half a dollar.
    told.mark(10, 210'000);
    told.mark(11, 1000);
    told.mark(12, 50'000);
    told.complete();
    forward = told.markets.forward_of(btc, expiry);
    ASSERT_TRUE(forward.has_value());
    EXPECT_EQ(forward->source, ForwardSource::parity);
    EXPECT_EQ(forward->price, (60'000 + 10'450) * whole * 10);
    told.mark(13, 24'999);
    told.complete();
    EXPECT_EQ(told.markets.forward_of(btc, expiry)->price,
              (69'000 * whole + 25'001 * whole / 20) * 10);

    told.mark(1, 1'402'003);
    told.complete();
    forward = told.markets.forward_of(btc, expiry);
    EXPECT_EQ(forward->source, ForwardSource::future);
    EXPECT_EQ(forward->future, InstrumentId(1));
    EXPECT_EQ(forward->price, 1'402'003 * std::int64_t{500'000});
}

TEST_F(TickersTest, volatilities_and_greeks_are_those_of_the_formula) {
    told.list(1, "BTC_USDC-27MAR26", InstrumentKind::future, expiry);
    told.mark(1, 1'410'000);  // 70,500
    list_option(10, 72'000);
    told.mark(10, 50'000);  // 2,500
    told.mark(11, 80'000);  // 4,000
    told.rest(10, Side::buy, 4800, 3);
    told.rest(10, Side::sell, 5200, 3);
    told.complete();
    EXPECT_EQ(told.markets.option_values(market(0)), std::nullopt);
    for (const std::uint32_t number : {10U, 11U}) {
        const auto values = told.markets.ticker(market(number)).option;
        ASSERT_TRUE(values.has_value());
        const auto kind = static_cast<std::int8_t>(number == 10 ? pricing::call : pricing::put);
        const double years = pricing::years_between(noon, expiry);
        const auto implied = [&](double price) {
            const double vol = pricing::implied_vol({.price = price,
                                                     .forward = 70'500,
                                                     .strike = 72'000,
                                                     .time = years,
                                                     .kind = kind})
                                   .vol;
            return vol;
        };
        const double mark_vol = implied(number == 10 ? 2500 : 4000);
        const pricing::Valuation valued = pricing::value_of(pricing::Forward{
            .forward = 70'500, .strike = 72'000, .time = years, .vol = mark_vol, .kind = kind});
        EXPECT_EQ(values->mark_vol, std::llround(mark_vol * 1e4));
        EXPECT_EQ(values->bid_vol, number == 10 ? std::llround(implied(2400) * 1e4) : 0);
        EXPECT_EQ(values->ask_vol, number == 10 ? std::llround(implied(2600) * 1e4) : 0);
        EXPECT_EQ(values->greeks.delta, std::llround(valued.delta * 1e5));
        EXPECT_EQ(values->greeks.gamma, std::llround(valued.gamma * 1e5));
        EXPECT_EQ(values->greeks.vega, std::llround(valued.vega * 1e3));
        EXPECT_EQ(values->greeks.theta, std::llround(valued.theta / 365 * 1e5));
        EXPECT_EQ(values->greeks.rho, std::llround(valued.rho * 1e3));
        EXPECT_EQ(values->greeks.delta > 0, number == 10);
        EXPECT_GT(volatility_of(static_cast<double>(values->mark_vol)), 0.2);
    }
    // Whatever moves is seen.
    const auto before = told.markets.option_values(market(10));
    told.mark(10, 51'000);
    told.complete();
    EXPECT_GT(told.markets.option_values(market(10))->mark_vol, before->mark_vol);
    told.mark(10, 50'000);
    told.complete(hour);
    EXPECT_GT(told.markets.option_values(market(10))->mark_vol, before->mark_vol);

    told.trade(10, 1, 5200, 1);
    told.complete();
    const TradeRecord traded = told.markets.changes().trades.at(0);
    EXPECT_EQ(told.markets.volatility_of(traded),
              std::llround(pricing::implied_vol({.price = 2600,
                                                 .forward = 70'500,
                                                 .strike = 72'000,
                                                 .time = pricing::years_between(told.now, expiry)})
                               .vol *
                           1e4));
    told.trade(10, 2, 1'000'000, 1);
    told.complete();
    EXPECT_EQ(told.markets.volatility_of(told.markets.changes().trades.at(0)), std::nullopt);
}

// ---- Prices in time ----

TEST_F(TickersTest, funding_is_rates_times_the_time_they_held) {
    // 0.01 % for eight hours, then twice that.
    const UnixNanos start = told.now;
    for (int at = 0; at <= 16 * 60; ++at) {
        told.tell(protocol::FundingChanged{.rate = at < 12 * 60 ? 100'000 : 200'000,
                                           .instrument = InstrumentId(0)});
        told.complete();
        EXPECT_EQ(told.markets.changes().funding, std::vector{InstrumentId(0)});
        told.now = told.now + Nanos(minute);
    }
    const auto funding = told.markets.ticker(market(0)).funding;
    ASSERT_TRUE(funding.has_value());
    EXPECT_EQ(funding->current, 200'000'000);
    // A rate for a minute is rounded down.
    EXPECT_NEAR(static_cast<double>(funding->eight_hours), 150e6, 480);
    EXPECT_NEAR(static_cast<double>(funding->interest), 250e6, 960);
    const FundingHistory& history = market(0).funding();
    EXPECT_EQ(history.interest_between(start + Nanos(30 * second), start + Nanos(90 * second)),
              100'000'000 / 480);
    const auto hours = history.hours_between(start, told.now, 744);
    ASSERT_EQ(hours.size(), 16U);
    EXPECT_EQ(hours.front().time, noon + Nanos(hour));
    EXPECT_NEAR(static_cast<double>(hours.front().interest_1h), 100e6 / 8, 60);
    EXPECT_NEAR(static_cast<double>(hours.back().interest_1h), 200e6 / 8, 60);
    EXPECT_EQ(hours.back().index, IndexPrice(70'000 * whole));
    EXPECT_EQ(history.hours_between(start, told.now, 3).size(), 3U);
    EXPECT_EQ(history.hours_between(start, told.now, 3).back().time, hours.back().time);
    EXPECT_EQ(market(0).funding().interest_between(told.now, start), 0);
}

TEST_F(TickersTest, delivery_is_estimated_by_the_mean_of_the_last_half_hour) {
    told.list(1, "BTC_USDC-27MAR26", InstrumentKind::future, expiry);
    told.complete();
    EXPECT_FALSE(told.markets.estimated_delivery(btc)->is_estimated);
    told.now = expiry + Nanos(-40 * minute);
    told.tell_index(80'000 * whole);
    told.complete();
    EXPECT_EQ(told.markets.estimated_delivery(btc)->price, IndexPrice(80'000 * whole));
    told.now = expiry + Nanos(-20 * minute);  // ten minutes of 80,000
    told.tell_index(86'000 * whole);
    told.complete();
    EXPECT_EQ(told.markets.estimated_delivery(btc)->price, IndexPrice(80'000 * whole));
    told.now = expiry + Nanos(-15 * minute);  // and five of 86,000
    told.complete();
    const auto estimated = told.markets.estimated_delivery(btc);
    ASSERT_TRUE(estimated.has_value());
    EXPECT_TRUE(estimated->is_estimated);
    EXPECT_EQ(estimated->price, IndexPrice(82'000 * whole));
    EXPECT_EQ(estimated->seconds, 15 * 60);
    EXPECT_EQ(told.markets.ticker(market(1)).estimated_delivery, IndexPrice(82'000 * whole));
    EXPECT_EQ(told.markets.ticker(market(0)).estimated_delivery, IndexPrice(86'000 * whole));
    EXPECT_EQ(told.markets.estimated_delivery(eth), std::nullopt);
}

TEST_F(TickersTest, sessions_and_deliveries_are_recorded) {
    told.list(1, "BTC_USDC-27MAR26", InstrumentKind::future, expiry);
    list_option(10, 72'000);
    told.mark(0, 1'400'000);
    told.mark(1, 1'410'000);
    told.mark(10, 50'000);
    told.tell(protocol::PositionChanged{
        .lots = Lots(7), .account = AccountId(1), .instrument = InstrumentId(1)});
    told.tell(protocol::PositionChanged{
        .lots = Lots(-7), .account = AccountId(2), .instrument = InstrumentId(1)});
    told.complete();
    EXPECT_EQ(told.markets.ticker(market(1)).open_interest, Lots(7));
    EXPECT_FALSE(told.markets.ticker(market(1)).settlement.has_value());
    told.tell(protocol::SessionSettled{.end = noon});
    told.complete();
    ASSERT_EQ(told.markets.changes().settlements.size(), 2U);
    EXPECT_EQ(told.markets.changes().settlements[1].price, Grid(1'410'000));
    EXPECT_EQ(told.markets.changes().settlements[1].position, Lots(7));
    told.mark(1, 1'500'000);
    told.complete();
    EXPECT_EQ(told.markets.ticker(market(1)).settlement, Grid(1'410'000));

    for (const std::uint32_t number : {1U, 10U, 11U}) {
        told.set_state(number, InstrumentState::settling);
        told.tell(protocol::DeliveryPriceSet{.price = Grid(1'480'000),
                                             .average = IndexPrice(74'000 * whole),
                                             .samples = 1800,
                                             .instrument = InstrumentId(number)});
        told.set_state(number, InstrumentState::settled);
    }
    told.complete();
    EXPECT_EQ(told.markets.ticker(market(1)).delivery, Grid(1'480'000));
    EXPECT_EQ(told.markets.settlements().size(), 5U);
    EXPECT_EQ(told.markets.settlements().back().kind, SettlementRecord::Kind::delivery);
    EXPECT_EQ(told.markets.settlements().back().time, expiry);
    ASSERT_EQ(told.markets.delivery_prices().size(), 1U);
    EXPECT_EQ(told.markets.delivery_prices()[0].price, IndexPrice(74'000 * whole));
}

TEST_F(TickersTest, an_index_has_a_history) {
    const UnixNanos start = told.now;
    for (int at = 1; at <= 50 * 60; ++at) {
        told.now = start + Nanos(at * minute);
        told.tell_index((70'000 + at) * whole);
        told.complete();
    }
    const auto statistics = told.markets.index_statistics(btc);
    ASSERT_TRUE(statistics.has_value());
    EXPECT_EQ(statistics->high, IndexPrice(73'000 * whole));
    EXPECT_EQ(statistics->low, IndexPrice((73'000 - 1440) * whole));
    EXPECT_EQ(statistics->change, 1440 * 1'000'000LL / (73'000 - 1440));
    const IndexHistory* history = told.markets.index_history(btc);
    ASSERT_NE(history, nullptr);
    const auto points = history->minutes_between(told.now + Nanos(-hour), told.now);
    ASSERT_EQ(points.size(), 61U);
    EXPECT_EQ(points.front().price, IndexPrice((73'000 - 60) * whole));
    EXPECT_EQ(history->hours_between(start, told.now).size(), 51U);
    EXPECT_EQ(history->minutes_between(start, told.now).size(), 2880U);
    EXPECT_EQ(told.markets.index_statistics(eth), std::nullopt);
    EXPECT_EQ(told.markets.index_history(UnderlyingId(9)), nullptr);
}

}  // namespace
}  // namespace miletus::market_data
