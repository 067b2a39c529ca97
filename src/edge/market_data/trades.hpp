// Trades: every one that was told, as far back as their rooms reach, and questions about them.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::market_data {

// Against the trade before it in the same instrument.
enum class TickDirection : std::uint8_t { plus = 0, zero_plus = 1, minus = 2, zero_minus = 3 };
// Which side of a trade closed the position of an account in liquidation.
enum class Liquidated : std::uint8_t { none, maker, taker, both };

struct TradeRecord {
    Sequence sequence;
    TradeNumber number;  // gapless within the instrument
    UnixNanos time;
    Ticks price;
    Lots lots;
    std::optional<IndexPrice> index{};
    std::optional<Grid> mark{};
    std::optional<std::int64_t> forward{};  // of options: what they are priced on (Forward)
    std::uint64_t listing = 0;              // which market, of all that ever were
    std::uint32_t ordinal = 0;
    InstrumentId instrument;
    protocol::Side taker_side{};
    TickDirection tick_direction{};
    Liquidated liquidated{};

    // Grows with time over all instruments.
    [[nodiscard]] std::uint64_t id() const { return (sequence.value() << 16U) + ordinal; }
};

enum class Sorting : std::uint8_t { newest_first, oldest_first };

// Bounds count as inside; what is left out bounds nothing.
struct TradeQuery {
    std::optional<std::uint64_t> first_number{};
    std::optional<std::uint64_t> last_number{};
    std::optional<std::uint64_t> first_id{};
    std::optional<std::uint64_t> last_id{};
    std::optional<UnixNanos> start{};
    std::optional<UnixNanos> end{};
    std::uint32_t count = 10;
    Sorting sorting = Sorting::newest_first;
};

// The newest, or the oldest, that lie within the bounds.
struct TradePage {
    std::vector<TradeRecord> trades;
    bool has_more = false;
};

}  // namespace miletus::market_data
