// The command flows that order books are measured with: synthetic, from a fixed seed, the same on
// every compiler. The generator matches each command in a plain reference book, so a flow comes
// with the trades that any correct price-time book makes of it.
#pragma once

#include "protocol/enums.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace miletus::bench {

// Prices lie inside [0, price_end).
constexpr std::int32_t price_end = 65'536;

enum class Operation : std::uint8_t {
    place,  // rests
    cancel,
    replace,  // at another price, so the order loses its place
    take,     // crosses the spread, rests with what is left
};

struct Command {
    std::uint64_t id;  // the client's: counts up from 1
    std::int32_t price;
    std::uint32_t quantity;  // 0 for a cancel
    std::uint16_t instrument;
    Operation operation;
    protocol::Side side;
    std::uint32_t reserved;
};
static_assert(sizeof(Command) == 24);

// What a stream of trades amounts to. The hash depends on every trade and on their order.
struct TradeTotals {
    std::uint64_t trades = 0;
    std::uint64_t quantity = 0;
    std::uint64_t hash = 0;

    void add(std::uint64_t maker, std::uint64_t taker, std::int64_t price, std::uint64_t lots) {
        ++trades;
        quantity += lots;
        hash ^= maker * 31 + taker * 17 + static_cast<std::uint64_t>(price) * 7 + lots;
        hash *= 0x9E3779B97F4A7C15U;
        hash ^= hash >> 29U;
    }
    friend bool operator==(const TradeTotals&, const TradeTotals&) = default;
};

struct FlowTerms {
    std::string_view name;
    std::uint32_t instruments;
    std::uint32_t prefill;  // resting orders of each instrument before the first command
    std::uint32_t commands;
    bool has_bursts;  // sweeps through many levels, then a run of cancels and new quotes
    std::uint64_t seed;
    double spread;  // of prices around the middle, in ticks
    TradeTotals totals;
};

struct Flow {
    FlowTerms terms;
    std::vector<Command> prefill;
    std::vector<Command> commands;
    std::uint64_t id_end;  // ids are below this

    [[nodiscard]] std::uint32_t instruments() const { return terms.instruments; }
};

// one: a single busy book. many: a thousand books, some busier. burst: one book, swept every few
// thousand commands. deep: one book of a million resting orders.
constexpr std::array<FlowTerms, 4> flows = {{
    {"one", 1, 20'000, 5'000'000, false, 42, 25, {892'931, 25'932'811, 10833583384328910924U}},
    {"many", 1000, 200, 5'000'000, false, 43, 25, {490'557, 15'833'928, 2496900793044093582U}},
    {"burst", 1, 20'000, 5'000'000, true, 44, 40, {1'520'444, 72'213'127, 12672644323294739420U}},
    {"deep", 1, 1'000'000, 5'000'000, false, 45, 400, {530'654, 16'613'756, 8245082027155630099U}},
}};

// Asserts that the flow trades what its terms say.
[[nodiscard]] Flow make_flow(const FlowTerms& terms);

}  // namespace miletus::bench
