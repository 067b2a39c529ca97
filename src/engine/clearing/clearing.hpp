// Clearing: what fills, funding, settlement and delivery make of positions and money. Money only
// moves between accounts: what one side pays the other receives, to the unit. Futures cost nothing
// to open: their results gather in the session and are paid when it is settled. Premiums and fees
// are paid at once. Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/limits.hpp"
#include "engine/accounts/accounts.hpp"
#include "engine/instruments/instruments.hpp"
#include "engine/prices/prices.hpp"
#include "protocol/event_writer.hpp"

namespace miletus::clearing {

using accounts::Position;

// What the lots of a position may be worth at the highest price of their instrument, its open
// orders filled. Marks go to sixteen times that price at most (prices/marks.hpp), and costs with
// them: so every result is exact, and none overflows.
constexpr std::int64_t value_max = std::int64_t{1} << 56U;
constexpr std::int64_t cost_max = std::int64_t{1} << 61U;

// Lots that change hands, seen from one side.
struct Turn {
    Lots lots;     // negative where they are sold
    Amount value;  // what they cost: negative where they are sold for more than nothing
};

class Clearing {
  public:
    Clearing(const Limits& limits, const instruments::Instruments& instruments,
             const instruments::ParameterBook& parameters, const prices::Prices& prices,
             accounts::Accounts& accounts, protocol::EventWriter& events);

    // Whether a position can be kept for these lots, whatever becomes of the open orders.
    // Returns the position's slot, 0 where there is none yet.
    [[nodiscard]] Result<std::uint32_t> check_room(AccountId account, InstrumentId instrument,
                                                   protocol::Side side, Lots more) const;
    // Refused where more lots of this side could grow the position.
    [[nodiscard]] Result<void> check_reduces(AccountId account, InstrumentId instrument,
                                             protocol::Side side, Lots more) const;
    // What an order of this side could close.
    [[nodiscard]] Lots closable(AccountId account, InstrumentId instrument,
                                protocol::Side side) const {
        return positions_[positions_.find(account, instrument)].closable(side);
    }

    // ---- Open orders: what they hold, and their place with a position ----
    // The order's lots are held from now on. Its position is the one that check_room() found, or
    // new.
    void open(accounts::OpenOrder& order);
    // Fewer, or differently funded lots: swaps one hold for the other.
    void rehold(accounts::OpenOrder& order, Amount per_lot, std::uint32_t left);
    // These lots of the order are no longer wanted.
    void unwind(accounts::OpenOrder& order, std::uint32_t lots);
    // The order is gone; its position may go with it.
    void close(const accounts::OpenOrder& order);

    // ---- Fills ----
    void fill(accounts::OpenOrder& order, Ticks price, std::uint32_t lots, bool takes);
    // The most that one lot can cost in fees at this price, as maker or as taker.
    [[nodiscard]] Amount fee_bound(InstrumentId instrument, Ticks price) const;
    // Closes lots of one position against those of another, at a price that no book made.
    void reassign(std::uint32_t slot, std::uint32_t counterparty, Lots lots, Grid price);

    // ---- Time ----
    void charge_funding(std::uint32_t slot);
    // The position's result up to its mark becomes the session's.
    void settle_position(std::uint32_t slot);
    // Pays what the session brought, if it brought anything.
    bool settle_account(AccountId account, AssetId asset);
    // The instrument is over: a long lot is paid this, and the position is gone.
    void deliver(std::uint32_t slot, Grid price);

    // What its lots would bring at a price of the grid, less what they cost; an option's is paid
    // already.
    [[nodiscard]] Amount result_at(const Position& position, LotValue value) const;

    void decode_positions(StateDecoder& decoder);
    // Gives every open order of a restored state its position, which counts it.
    void relate_orders(StateDecoder& decoder);
    // Nothing was made or lost; `is_delivering(instrument)` yields its price where an expired
    // instrument's positions are being paid out.
    template <class DeliveryPrice>
    [[nodiscard]] bool is_conserved(AssetId asset, DeliveryPrice delivery_price) const;

  private:
    [[nodiscard]] bool can_be(const Position& position) const;
    [[nodiscard]] bool is_within_limits(const Position& position) const;
    void change_open(const accounts::OpenOrder& order, Lots change);
    void hold_lots(const accounts::OpenOrder& order, std::uint32_t lots);
    void release_lots(const accounts::OpenOrder& order, std::uint32_t lots);
    [[nodiscard]] Amount charge_fee(accounts::OpenOrder& order, Amount value, std::uint32_t lots,
                                    bool takes);
    [[nodiscard]] Amount turn(std::uint32_t slot, Turn turn);
    [[nodiscard]] Amount book_turn(std::uint32_t slot, Turn turn);
    void remove_if_empty(std::uint32_t slot);
    void pay_fee(AccountId account, AssetId asset, Amount fee);
    void pay(AccountId account, AssetId asset, Amount change, protocol::BalanceReason reason);
    void emit_balance(AccountId account, AssetId asset, Amount change,
                      protocol::BalanceReason reason);
    void emit_position(std::uint32_t slot, Amount realised, Amount fee,
                       protocol::PositionReason reason);
    [[nodiscard]] Amount delivery_fee(const Position& position, LotValue payoff) const;

    const instruments::Instruments& instruments_;
    const instruments::ParameterBook& parameters_;
    const prices::Prices& prices_;
    accounts::Accounts& accounts_;
    accounts::Positions& positions_;
    protocol::EventWriter& events_;
    Lots lots_max_;
};

// Balances and what futures have won but not settled add up to what was paid in. While an
// instrument is being paid out, those who wait for it are owed its price.
template <class DeliveryPrice>
bool Clearing::is_conserved(AssetId asset, DeliveryPrice delivery_price) const {
    int128 sum = 0;
    for (std::uint32_t at = 0; at < accounts_.end(); ++at) {
        const AccountId account(at);
        const accounts::Balance& balance = accounts_.balance(account, asset);
        sum += int128{balance.total.value()} + balance.session.value();
        positions_.visit(account, [&](const Position& position) {
            const instruments::Listing& listing = instruments_.listing(position.instrument);
            if (listing.quote != asset) {
                return;
            }
            const int128 lots = position.lots.value();
            if (!instruments::is_option(listing.kind)) {
                sum -= position.cost.value();
                sum -= lots * (prices_.funding(position.instrument) - position.funding).value();
            }
            if (const std::optional<Grid> price = delivery_price(position.instrument)) {
                sum += lots * instruments::grid_value_per_lot(listing, *price).value();
            }
        });
    }
    return sum == accounts_.net_deposits(asset).value();
}

}  // namespace miletus::clearing
