// Events as a venue would tell them, written by hand: BTC and ETH in USDC.
#pragma once

#include "edge/market_data/market_data.hpp"
#include "protocol/codec.hpp"

#include <string_view>
#include <vector>

namespace miletus::market_data {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr UnixNanos noon{1'772'366'400 * second};  // 2026-03-01T12:00
constexpr UnderlyingId btc{0};
constexpr UnderlyingId eth{1};
constexpr std::int64_t whole = 1'000'000;  // an index of one

class Told {
  public:
    explicit Told(const Rooms& rooms) : markets(rooms) {}

    template <class Event>
    void tell(Event event) {
        event.header.sequence = Sequence(sequence);
        event.header.ordinal = ordinal++;
        units_.resize(protocol::units_of<Event>(0));
        protocol::encode(event, units_);
        markets.read(units_);
    }
    // The end of a command; the time goes on by as much.
    void complete(std::int64_t later = 0) {
        now = now + Nanos(later);
        tell(protocol::Completed{.time = now});
        ++sequence;
        ordinal = 0;
    }

    void tell_assets() {
        tell(protocol::AssetAdded{
            .name = protocol::Name("USDC"), .decimals = 6, .asset = AssetId(0)});
        tell(protocol::AssetAdded{
            .name = protocol::Name("BTC"), .decimals = 8, .asset = AssetId(1)});
        tell(protocol::AssetAdded{
            .name = protocol::Name("ETH"), .decimals = 8, .asset = AssetId(2)});
        tell(protocol::UnderlyingAdded{.name = protocol::Name("BTC_USDC"),
                                       .underlying = btc,
                                       .base = AssetId(1),
                                       .quote = AssetId(0)});
        tell(protocol::UnderlyingAdded{.name = protocol::Name("ETH_USDC"),
                                       .underlying = eth,
                                       .base = AssetId(2),
                                       .quote = AssetId(0)});
    }
    void tell_index(std::int64_t price, UnderlyingId underlying = btc) {
        tell(protocol::IndexChanged{.price = IndexPrice(price),
                                    .time = now,
                                    .underlying = underlying,
                                    .state = protocol::IndexState::good,
                                    .sources = 3});
    }
    // A lot is a thousandth of a coin, a tick half a dollar.
    void list(std::uint32_t number, std::string_view name, protocol::InstrumentKind kind,
              UnixNanos expiry = {}, std::int64_t strike = 0, UnderlyingId underlying = btc) {
        tell(protocol::InstrumentListed{.name = protocol::InstrumentName(name),
                                        .expiry = expiry,
                                        .strike = IndexPrice(strike),
                                        .terms = {.tick = IndexPrice(500'000),
                                                  .lot = Amount(100'000),
                                                  .price_low = Ticks(1),
                                                  .price_high = Ticks(1'000'000),
                                                  .lots_max = Lots(1'000'000)},
                                        .instrument = InstrumentId(number),
                                        .underlying = underlying,
                                        .kind = kind});
    }
    void set_state(std::uint32_t number, protocol::InstrumentState state) {
        tell(protocol::InstrumentStateChanged{.instrument = InstrumentId(number), .state = state});
    }
    void mark(std::uint32_t number, std::int64_t tenths) {
        tell(protocol::MarkChanged{.mark = Grid(tenths), .instrument = InstrumentId(number)});
    }
    void rest(std::uint32_t number, protocol::Side side, std::int64_t price, std::int64_t total) {
        tell(protocol::OrderRested{.price = Ticks(price),
                                   .quantity = Lots(total),
                                   .level_total = Lots(total),
                                   .instrument = InstrumentId(number),
                                   .side = side});
    }
    void trade(std::uint32_t number, std::uint64_t count, std::int64_t price, std::int64_t lots,
               protocol::Side taker = protocol::Side::buy) {
        tell(protocol::Trade{.price = Ticks(price),
                             .quantity = Lots(lots),
                             .number = TradeNumber(count),
                             .time = now,
                             .instrument = InstrumentId(number),
                             .maker_account = AccountId(1),
                             .taker_account = AccountId(2),
                             .taker_side = taker});
    }

    Markets markets;
    std::uint64_t sequence = 1;
    std::uint32_t ordinal = 0;
    UnixNanos now = noon;

  private:
    std::vector<Unit> units_;
};

}  // namespace miletus::market_data
