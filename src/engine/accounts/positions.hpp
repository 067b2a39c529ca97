// Positions: what every account holds of every instrument, with its open orders counted in. What a
// fill makes of a position is the clearing's to say, what it takes to keep one is risk's.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/hash_index.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/slab.hpp"
#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace miletus::accounts {

// Of one account in one instrument, from its first open order on.
struct alignas(64) Position {
    Lots lots;                 // negative is short
    Amount cost;               // of the lots that are held: paid less received, exactly
    LotValue funding;          // the instrument's funding when it was last charged here
    std::array<Lots, 2> open;  // of open orders, by side, but for those that only reduce it
    AccountId account;
    InstrumentId instrument;
    std::uint32_t orders;
    std::uint32_t older;  // neighbours among the account's positions
    std::uint32_t next;   // the newer one; or among the free slots
    bool has_reducing;    // orders that only reduce it: how many lots, the table knows

    [[nodiscard]] bool is_held() const { return lots != Lots(0); }
    [[nodiscard]] bool is_long() const { return lots > Lots(0); }
    // The most lots, long or short, that so many open ones could make of it, with more of one side.
    [[nodiscard]] Lots worst(std::array<Lots, 2> lots_open, protocol::Side side, Lots more) const {
        const bool sells = side == protocol::Side::sell;
        return std::max(lots + lots_open[0] + (sells ? Lots(0) : more),
                        lots_open[1] - lots + (sells ? more : Lots(0)));
    }
    // What orders of this side could close.
    [[nodiscard]] Lots closable(protocol::Side side) const {
        return std::max(side == protocol::Side::sell ? lots : -lots, Lots(0));
    }
};
static_assert(sizeof(Position) == 64);

class Positions {
  public:
    explicit Positions(const Limits& limits);

    [[nodiscard]] bool is_full() const { return positions_.is_full(); }
    // Slot 0 is no position, and stays empty.
    [[nodiscard]] std::uint32_t find(AccountId account, InstrumentId instrument) const;
    std::uint32_t add(AccountId account, InstrumentId instrument);
    void remove(std::uint32_t slot);

    [[nodiscard]] const Position& operator[](std::uint32_t slot) const LIFETIME_BOUND {
        return positions_[slot];
    }
    [[nodiscard]] Position& at(std::uint32_t slot) LIFETIME_BOUND { return positions_[slot]; }
    // The only way to change how many lots are held: the open interest goes along.
    void set_lots(std::uint32_t slot, Lots lots);

    // ---- Lots of its open orders ----
    // Several that only reduce may each want all that is held, since one that finds nothing left of
    // it is gone: together they trade no more than that.
    [[nodiscard]] std::array<Lots, 2> open(std::uint32_t slot) const {
        const Position& position = positions_[slot];
        return position.has_reducing ? with_reducing(slot) : position.open;
    }
    [[nodiscard]] Lots open(std::uint32_t slot, protocol::Side side) const {
        const Position& position = positions_[slot];
        const auto at = static_cast<std::size_t>(side);
        return position.has_reducing ? with_reducing(slot)[at] : position.open[at];
    }
    // Of those that only reduce, all that they want.
    [[nodiscard]] Lots reducing(std::uint32_t slot, protocol::Side side) const {
        return reducing_[slot][static_cast<std::size_t>(side)];
    }
    // What open() would grow by if those that only reduce wanted so many more, or fewer.
    [[nodiscard]] Lots growth(std::uint32_t slot, protocol::Side side, Lots more) const {
        const Lots closable = positions_[slot].closable(side);
        const Lots before = reducing(slot, side);
        return std::min(before + more, closable) - std::min(before, closable);
    }
    // The most lots, long or short, that its orders could make of a position.
    [[nodiscard]] Lots worst(std::uint32_t slot) const {
        return worst_with(slot, protocol::Side::buy, Lots(0));
    }
    // The same with more lots open, or fewer.
    [[nodiscard]] Lots worst_with(std::uint32_t slot, protocol::Side side, Lots more) const {
        return positions_[slot].worst(open(slot), side, more);
    }
    void change_open(std::uint32_t slot, protocol::Side side, Lots change, bool reduces) {
        if (reduces) [[unlikely]] {
            change_reducing(slot, side, change);
        } else {
            positions_[slot].open[static_cast<std::size_t>(side)] += change;
        }
    }

    // No position lies in a slot above this one. A slot in use names an account.
    [[nodiscard]] std::uint32_t slots_used() const { return positions_.used(); }
    [[nodiscard]] std::uint32_t oldest(AccountId account) const {
        return lists_[account.value()].oldest;
    }
    // Calls visit(position) for the account's positions, oldest first.
    template <class Visit>
    void visit(AccountId account, Visit visit) const {
        for (std::uint32_t slot = oldest(account); slot != 0; slot = positions_[slot].next) {
            visit(positions_[slot]);
        }
    }
    // The lots that all longs hold, which are those that all shorts owe.
    [[nodiscard]] Lots open_interest(InstrumentId instrument) const {
        return interest_[instrument.value()];
    }
    // Positions of the instrument, those that only orders keep included.
    [[nodiscard]] std::uint32_t count_of(InstrumentId instrument) const {
        return counts_[instrument.value()];
    }

    void encode(StateEncoder& encoder) const;
    // `is_known(account, instrument)` says whether they exist, `fault_of(position)` what is wrong
    // with the numbers, or nothing.
    template <class IsKnown, class FaultOf>
    void decode(StateDecoder& decoder, IsKnown is_known, FaultOf fault_of);
    void check_invariants() const;

  private:
    struct List {
        std::uint32_t oldest;
        std::uint32_t newest;
    };

    [[gnu::cold]] [[nodiscard]] std::array<Lots, 2> with_reducing(std::uint32_t slot) const;
    [[gnu::cold]] void change_reducing(std::uint32_t slot, protocol::Side side, Lots change);

    Slab<Position> positions_;
    Block<std::array<Lots, 2>> reducing_;  // by position and side
    HashIndex by_account_;
    Block<List> lists_;            // by account
    Block<Lots> interest_;         // by instrument
    Block<std::uint32_t> counts_;  // by instrument
    std::uint32_t count_ = 0;
};

template <class IsKnown, class FaultOf>
void Positions::decode(StateDecoder& decoder, IsKnown is_known, FaultOf fault_of) {
    const std::uint32_t count =
        decoder.take_count(positions_.capacity(), "limits.positions is too small");
    AccountId last;
    for (std::uint32_t at = 0; at < count; ++at) {
        const auto account = decoder.take<AccountId>();
        const auto instrument = decoder.take<InstrumentId>();
        if (!decoder.require(account >= last, "positions are not in order") ||
            !decoder.require(is_known(account, instrument),
                             "a position is of nobody, or in nothing") ||
            !decoder.require(find(account, instrument) == 0, "there are two of one position")) {
            return;
        }
        const std::uint32_t slot = add(account, instrument);
        const auto lots = decoder.take<Lots>();
        Position& position = positions_[slot];
        position.cost = decoder.take<Amount>();
        position.funding = decoder.take<LotValue>();
        position.open[0] = decoder.take<Lots>();
        position.open[1] = decoder.take<Lots>();
        position.orders = decoder.take<std::uint32_t>();
        position.lots = lots;
        const std::string_view fault = fault_of(position);
        position.lots = Lots(0);
        if (!decoder.require(fault.empty(), fault)) {
            return;
        }
        set_lots(slot, lots);
        last = account;
    }
}

}  // namespace miletus::accounts
