// Clearing: what orders hold, and what fills do to money and positions. Fills are paid in full at
// once; a position keeps the collateral that its sells held. Money only moves between balances:
// what one side pays the other receives, to the unit. Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/hash_index.hpp"
#include "base/limits.hpp"
#include "base/slab.hpp"
#include "engine/accounts/accounts.hpp"
#include "engine/instruments/instruments.hpp"
#include "protocol/event_writer.hpp"

#include <array>

namespace miletus::clearing {

// Costs stay below this, whatever trades: they add up exactly, and never overflow.
constexpr std::int64_t cost_max = std::int64_t{1} << 62U;

// Of one account in one instrument, from its first open order on.
struct alignas(64) Position {
    Lots lots;                 // negative is short
    Amount cost;               // paid less received, since it was last opened
    Amount collateral;         // held beyond the payment, until the lots are closed
    std::array<Lots, 2> open;  // of open orders, by side
    AccountId account;
    InstrumentId instrument;
    std::uint32_t orders;
    std::uint32_t older;  // neighbours among the account's positions
    std::uint32_t next;   // the newer one; or among the free slots
};
static_assert(sizeof(Position) == 64);

class Clearing {
  public:
    Clearing(const Limits& limits, const instruments::Instruments& instruments,
             accounts::Accounts& accounts, protocol::EventWriter& events);

    // Whether a position can be kept for these lots, whatever becomes of the open orders.
    // Returns the position's slot, 0 where there is none yet.
    [[nodiscard]] Result<std::uint32_t> check_room(AccountId account, InstrumentId instrument,
                                                   protocol::Side side, Lots more) const;
    // Refused where more lots of this side could grow the position.
    [[nodiscard]] Result<void> check_reduces(AccountId account, InstrumentId instrument,
                                             protocol::Side side, Lots more) const;

    // ---- Open orders: their holds, and their place with a position ----
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
    void fill(accounts::OpenOrder& order, Ticks price, std::uint32_t lots);

    [[nodiscard]] const Position* find(AccountId account, InstrumentId instrument) const
        LIFETIME_BOUND;

    // Calls visit(position) for the account's positions, oldest first.
    template <class Visit>
    void visit_positions(AccountId account, Visit visit) const {
        std::uint32_t slot = lists_[account.value()].oldest;
        for (; slot != 0; slot = positions_[slot].next) {
            visit(positions_[slot]);
        }
    }

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    // Gives every open order of a restored state its position, which counts it.
    void relate_orders(StateDecoder& decoder);
    void check_invariants() const;

  private:
    struct List {
        std::uint32_t oldest;
        std::uint32_t newest;
    };

    [[nodiscard]] bool is_within_limits(const Position& position) const;
    [[nodiscard]] bool can_be(const Position& position) const;
    [[nodiscard]] std::uint32_t slot_of(AccountId account, InstrumentId instrument) const;
    std::uint32_t add_position(AccountId account, InstrumentId instrument);
    void remove_position(std::uint32_t slot);
    void change_open(const accounts::OpenOrder& order, Lots change);
    void hold_lots(const accounts::OpenOrder& order, std::uint32_t lots);
    void release_lots(const accounts::OpenOrder& order, std::uint32_t lots);
    void pay(const accounts::OpenOrder& order, Position& position, Ticks price, std::uint32_t lots);
    void move_collateral(const accounts::OpenOrder& order, Position& position, Lots lots);
    void release_collateral(Position& position, Lots closed);
    void emit_position(const Position& position);

    const instruments::Instruments& instruments_;
    accounts::Accounts& accounts_;
    protocol::EventWriter& events_;
    Slab<Position> positions_;
    HashIndex by_account_;
    Block<List> lists_;  // by account
    Lots lots_max_;
    std::uint32_t count_ = 0;
};

}  // namespace miletus::clearing
