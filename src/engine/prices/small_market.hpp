// A small market for the tests of what reads prices: BTC in USDC, an index that three sources agree
// on, listings of a few words, and time that passes. Never part of the exchange.
#pragma once

#include "base/limits.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/prices.hpp"
#include "protocol/event_writer.hpp"

#include <cstdint>
#include <vector>

namespace miletus::prices {

struct MarketListing {
    protocol::InstrumentKind kind = protocol::InstrumentKind::perpetual;
    std::int64_t expiry_second = 0;
    std::int64_t strike = 0;     // in USDC
    std::int64_t lot = 100'000;  // in units of BTC: a thousandth of a coin
    std::int64_t price_low = 0;  // in ticks of half a USDC
    std::int64_t price_high = 1'000'000;
};

class SmallMarket {
  public:
    static constexpr AssetId btc{0};
    static constexpr AssetId usdc{1};
    static constexpr UnderlyingId underlying{0};
    static constexpr std::int64_t dollar = 1'000'000;  // in units of USDC
    static constexpr std::int64_t coin = 100'000'000;  // in units of BTC
    static constexpr std::int64_t start_second = 1'000'000'000;
    static constexpr std::int64_t second_ns = 1'000'000'000;

    explicit SmallMarket(const Limits& limits);

    [[nodiscard]] InstrumentId list(const MarketListing& wanted);
    // Of the underlying, or of the venue.
    void set(protocol::Parameter parameter, std::int64_t value);
    void set_of_venue(protocol::Parameter parameter, std::int64_t value);

    // All sources agree on this index, in 1e-6 of a USDC.
    void set_index(std::int64_t price);
    // Nobody has told of a price for longer than any index lasts.
    void lose_sources();
    // Seconds pass, and all perpetual and future books show these prices meanwhile, in ticks.
    void pass(std::int64_t seconds, Ticks bid, Ticks ask);
    // What a lot of the option is worth; it stays so until the index moves.
    void mark_option(InstrumentId instrument, LotValue value);

    [[nodiscard]] UnixNanos now() const { return UnixNanos(second_ * second_ns); }
    // Starts the events of another command.
    void begin();

    instruments::Instruments instruments;
    instruments::ParameterBook parameters;
    protocol::EventWriter events;
    Prices prices;

  private:
    void put(UnderlyingId row, protocol::Parameter parameter, std::int64_t value);

    std::int64_t second_ = start_second;
    Sequence sequence_;
};

}  // namespace miletus::prices
