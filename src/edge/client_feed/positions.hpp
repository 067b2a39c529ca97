// Positions: what every account holds, and what it no longer holds but did in this session.
#pragma once

#include "edge/client_feed/pools.hpp"
#include "edge/client_feed/records.hpp"

#include <cstdint>

namespace miletus::client_feed {

class Positions {
  public:
    Positions(std::uint32_t accounts, std::uint32_t capacity);

    // 0 where there is none.
    [[nodiscard]] std::uint32_t find(AccountId account, InstrumentId instrument) const;
    // The position, a new one if need be; 0 where there is no room for it.
    std::uint32_t find_or_add(AccountId account, InstrumentId instrument);
    // What it holds now. One that is flat may have to make room for others.
    void set(std::uint32_t slot, Lots lots, Amount cost);
    // A session of the account is over: results begin anew, and what is flat goes.
    void end_session(AccountId account);
    void end_session(std::uint32_t slot);
    // The instrument's number is going to be another's.
    void forget(InstrumentId instrument);

    [[nodiscard]] Position& operator[](std::uint32_t slot) LIFETIME_BOUND {
        return positions_[slot];
    }
    [[nodiscard]] const Position& operator[](std::uint32_t slot) const LIFETIME_BOUND {
        return positions_[slot];
    }
    [[nodiscard]] std::uint32_t oldest(AccountId account) const {
        return by_account_.oldest(account.value());
    }
    [[nodiscard]] std::uint32_t newer(std::uint32_t slot) const { return by_account_.newer(slot); }

  private:
    void remove_flat(std::uint32_t slot);

    Block<Position> positions_;
    HashIndex index_;
    Lists by_account_;
    Slots slots_;  // those that are flat are aging
};

}  // namespace miletus::client_feed
