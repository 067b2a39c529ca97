// Records of what accounts own and did, as the fold of their events knows it: orders, own trades,
// positions, balances, money that moved, and positions that were settled. Values only: prices in
// ticks, quantities in lots, money in the smallest unit of its asset.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"
#include "protocol/records.hpp"
#include "protocol/rejects.hpp"

#include <compare>
#include <cstdint>

namespace miletus::client_feed {

using Label = protocol::FixedText<64>;

// Where an order is in its life. One that a price released is open again, or over, and says so by
// `is_triggered`.
enum class OrderStage : std::uint8_t {
    untriggered,  // waits for a price
    open,
    filled,
    canceled,
    rejected,  // its price came, and the order that it became was refused
};

struct Order {
    // ---- Who and what ----
    OrderId id;
    ClientOrderId client_order;  // 0 for none
    SessionId session;           // that placed it
    AccountId account;
    InstrumentId instrument;
    Label label;
    protocol::Side side{};
    protocol::OrderType order_type{};
    protocol::TimeInForce time_in_force{};
    protocol::PostOnly post_only{};
    protocol::SelfTrade self_trade{};
    bool reduce_only = false;
    bool is_liquidation = false;
    // ---- The price that it waits for, or waited for ----
    bool has_trigger = false;
    bool is_triggered = false;
    protocol::TriggerKind trigger{};
    protocol::TriggerReference reference{};
    Ticks trigger_price;
    // ---- Where it stands ----
    OrderStage stage{};
    bool is_replaced = false;          // was amended
    protocol::RemovalReason reason{};  // of one that was canceled or rejected
    Reject reject{};                   // of one that was rejected
    Ticks price;                       // its limit in force; 0 of a market order that waits
    Lots quantity;                     // what is filled, included
    Lots filled;
    Lots left;      // what rests, or waits
    int128 cost{};  // ticks times lots, of all its fills
    Amount fee;     // of all its fills
    UnixNanos expires;
    UnixNanos created;  // of one that stood before the fold began: when that was told
    UnixNanos updated;
    Sequence placed;  // the command that brought it

    [[nodiscard]] bool is_over() const { return stage > OrderStage::open; }
};

// The event that told of it: unique for the life of the venue, and rising.
struct TradeId {
    Sequence sequence;
    std::uint32_t ordinal{};
    friend constexpr auto operator<=>(const TradeId&, const TradeId&) = default;
};

// One side of a trade.
struct OwnTrade {
    TradeId id;
    TradeNumber number;  // gapless within the instrument
    OrderId order;
    ClientOrderId client_order;
    AccountId account;
    InstrumentId instrument;
    Label label;
    protocol::Side side{};
    protocol::OrderType order_type{};
    protocol::PostOnly post_only{};
    bool reduce_only = false;
    bool is_maker = false;
    bool is_with_itself = false;        // both orders were the account's
    bool is_taker_liquidation = false;  // the taker, of whichever account, was closed by force
    OrderStage order_stage{};           // after it
    Ticks price;
    Lots quantity;
    Amount fee;       // in the settlement asset; below zero is a rebate
    Amount realised;  // what the lots that it closed brought
    UnixNanos time;
};

struct Position {
    AccountId account;
    InstrumentId instrument;
    Lots lots;    // negative is short
    Amount cost;  // what its lots cost, exactly: paid less received
    // Since the last settlement, as far as the fold has seen it.
    Amount realised;
    Amount funding;  // received, less paid
    Amount fees;
    [[nodiscard]] bool is_held() const { return lots != Lots(0); }
};

struct Balance {
    Amount total;
    Amount session;  // won or lost, and not yet settled
};

enum class TransactionKind : std::uint8_t {
    deposit,
    withdrawal,
    transfer,
    trade,         // a premium, a fee, a realised result
    settlement,    // the session's result was paid
    funding,       // booked, and paid with the settlement
    delivery,      // of an expired position
    insurance,     // between the account and the fund: fees of a liquidation, losses paid
    reassignment,  // a position closed against another account's
};

// Money that moved, or was booked to the session's result.
struct Transaction {
    TradeId id;  // of the event
    AccountId account;
    AssetId asset;
    TransactionKind kind{};
    Amount change;   // of the balance, its fee included
    Amount booked;   // to the session's result
    Amount fee;      // part of the change: paid
    Amount balance;  // after it
    bool has_instrument = false;
    InstrumentId instrument;  // of what follows
    Lots position;            // after it
    protocol::Side side{};
    Lots quantity;  // of a trade
    Ticks price;    // of a trade
    TradeId trade;  // of a trade
    OrderId order;  // of a trade
    bool is_maker = false;
    UnixNanos time;
};

// A position whose result was paid at the end of a session or of its instrument.
struct Settlement {
    TradeId id;  // of the event
    AccountId account;
    InstrumentId instrument;
    bool is_delivery = false;
    Lots lots;              // that were held
    Amount result;          // at this settlement
    Amount session_result;  // of the position, in the whole session
    Amount funding;         // part of it
    Amount fee;             // of a delivery
    Grid price;             // the mark, or the delivery price
    IndexPrice index;
    UnixNanos time;
};

}  // namespace miletus::client_feed
