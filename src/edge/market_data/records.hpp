// What is remembered of sessions, deliveries, funding and indices.
#pragma once

#include "base/units.hpp"
#include "protocol/records.hpp"

#include <cstdint>
#include <optional>

namespace miletus::market_data {

// How far a price has come, in 0.0001 % of what it was; 0 where it was nothing. Towards zero.
constexpr std::uint32_t change_decimals = 4;  // of a percentage
[[nodiscard]] constexpr std::int64_t relative_change(std::int64_t before, std::int64_t now) {
    const int128 wide = before == 0 ? 0 : (int128{now} - before) * 1'000'000 / before;
    return narrow(before < 0 ? -wide : wide).value_or(0);
}

struct SettlementRecord {
    enum class Kind : std::uint8_t { settlement, delivery };
    Kind kind{};
    UnixNanos time;
    InstrumentId instrument;
    protocol::InstrumentName name;
    UnderlyingId underlying;
    protocol::InstrumentKind instrument_kind{};
    std::uint64_t listing = 0;
    Grid price;  // the mark, or what was delivered at
    std::optional<IndexPrice> index{};
    Lots position;  // open interest before it
};

// One for each expiry of an underlying.
struct DeliveryPrice {
    UnderlyingId underlying;
    UnixNanos expiry;
    IndexPrice price;
};

// An hour that is over. Rates are fractions in 1e-12.
struct FundingHour {
    UnixNanos time;  // its end
    IndexPrice previous_index;
    IndexPrice index;
    std::int64_t interest_1h = 0;
    std::int64_t interest_8h = 0;
};

struct IndexPoint {
    UnixNanos time;
    IndexPrice price;
};

struct IndexStatistics {
    IndexPrice high;
    IndexPrice low;
    std::int64_t change = 0;  // in 0.0001 %, against a day ago
};

// What an index comes to at the next expiry: where the last half hour has begun, the mean of it so
// far; else the index.
struct EstimatedDelivery {
    IndexPrice price;
    std::int64_t seconds = 0;   // to the expiry
    UnixNanos expiry;           // 0 where nothing expires
    bool is_estimated = false;  // the half hour has begun
};

// What an instrument's channel of states tells.
enum class LifeStep : std::uint8_t { created, started, settled, closed, terminated };
struct LifeChange {
    InstrumentId instrument;
    protocol::InstrumentName name;
    UnderlyingId underlying;
    protocol::InstrumentKind kind{};
    LifeStep step{};
    UnixNanos time;
};

}  // namespace miletus::market_data
