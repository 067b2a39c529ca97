// The headers of messages, and the small records that fields and groups are made of. Little-endian,
// no padding: what lies in memory is the format.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"
#include "protocol/rejects.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace miletus::protocol {

using Octet = std::uint8_t;
using Digest256 = std::array<std::uint8_t, 32>;

// Bytes without a meaning yet: zero, so that a later version may give them one.
template <std::size_t size>
struct Reserved {
    std::array<std::uint8_t, size> bytes;
    // Not an aggregate: g++ would clear the whole message because of these few bytes.
    constexpr Reserved() : bytes{} {}
    [[nodiscard]] constexpr bool is_zero() const {
        return [this]<std::size_t... at>(std::index_sequence<at...>) {
            return (bytes[at] | ...) ==
                   0;  // unrolled: a loop over ten bytes costs more than they do
        }(std::make_index_sequence<size>());
    }
    friend constexpr bool operator==(const Reserved&, const Reserved&) = default;
};

struct Digest128 {
    std::uint64_t high{};
    std::uint64_t low{};
};

// Text of a fixed room, filled up with zero bytes.
template <std::size_t room>
struct FixedText {
    std::array<char, room> letters{};

    constexpr FixedText() = default;
    explicit constexpr FixedText(std::string_view text) {
        for (std::size_t at = 0; at < text.size() && at < room; ++at) {
            letters[at] = text[at];
        }
    }
    [[nodiscard]] constexpr std::string_view view() const {
        const std::string_view all(letters.data(), room);
        return all.substr(0, all.find('\0'));
    }
    // Whether nothing follows the text's end: one text has one encoding.
    [[nodiscard]] constexpr bool is_padded() const { return *this == FixedText(view()); }
    friend constexpr bool operator==(const FixedText&, const FixedText&) = default;
};
using Name = FixedText<16>;
using InstrumentName = FixedText<48>;

// The first unit of every command and query.
struct CommandHeader {
    std::uint16_t type{};
    std::uint16_t version{};  // of the schema
    std::uint16_t units{};    // length of the whole message
    std::uint16_t reserved{};
    AccountId account{};    // on whose account; 0 is the operator
    std::uint32_t epoch{};  // given by the sequencer
    SessionId session{};
    ClientSequence client_sequence{};
    UnixNanos ingress_time{};
    Sequence sequence{};  // given by the sequencer, gapless from 1
    UnixNanos time{};     // given by the sequencer, never backwards
    std::uint64_t reserved_too{};
};
static_assert(sizeof(CommandHeader) == 64);

// The first 16 bytes of every event and answer.
struct EventHeader {
    std::uint8_t type{};
    std::uint8_t version{};
    std::uint16_t units{};    // length of the whole message
    std::uint32_t ordinal{};  // its place among the command's events, from 0
    Sequence sequence{};      // the command that caused it
};
static_assert(sizeof(EventHeader) == 16);

constexpr std::uint8_t schema_version = 1;

// What a listing fixes for the life of an instrument.
struct ListingTerms {
    IndexPrice tick{};  // 1e-6 of the quote asset
    Amount lot{};       // smallest units of the base asset
    Ticks price_low{};  // prices outside this range are refused
    Ticks price_high{};
    Lots lots_max{};  // largest order
};

// From this price upwards, prices are multiples of this many ticks.
struct TickStep {
    Ticks from{};
    Ticks multiple{};
};

struct Quote {
    Ticks bid{};
    Lots bid_lots{};
    Ticks ask{};
    Lots ask_lots{};
    InstrumentId instrument{};
    std::uint32_t post_only{};
};

struct SourcePrice {
    IndexPrice price{};
    UnixNanos time{};  // of the price; 0 for the time of the command
    std::uint32_t source{};
    std::uint32_t weight{};
};

// One expiry of a surface: raw SVI, in 1e-12.
struct SurfaceSlice {
    UnixNanos expiry{};
    IndexPrice forward{};
    std::int64_t a{};
    std::int64_t b{};
    std::int64_t rho{};
    std::int64_t m{};
    std::int64_t sigma{};
};

struct LevelView {
    Ticks price{};
    Lots total{};
    Side side{};
    Reserved<7> reserved{};
};

struct BalanceView {
    Amount balance{};
    Amount held{};
    Amount session{};  // won or lost, and not yet settled
    Amount worth{};    // what the balance counts for in equity, in the settlement asset
    AssetId asset{};
    Reserved<6> reserved{};
};

struct OrderView {
    OrderId order{};
    ClientOrderId client_order{};
    Ticks price{};  // 0 of a market order that waits
    Lots left{};
    Lots filled{};
    Ticks trigger_price{};  // 0 where it does not wait for a price
    InstrumentId instrument{};
    Side side{};
    OrderState state{};  // open or waiting
    OrderType order_type{};
    PostOnly post_only{};
    std::uint8_t reduce_only{};
    TriggerKind trigger{};  // of one that waits
    TriggerReference reference{};
    Reserved<5> reserved{};
};

struct PositionView {
    Lots lots{};
    Amount cost{};
    Amount unrealised{};  // at the mark, funding that is due included
    Grid mark{};
    Amount initial{};  // margin that it would need by itself, without orders
    Amount maintenance{};
    InstrumentId instrument{};
    Reserved<4> reserved{};
};

}  // namespace miletus::protocol
