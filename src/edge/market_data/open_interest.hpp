// Open interest: what all accounts hold of an instrument, long side only, by what events tell of
// each position.
#pragma once

#include "base/units.hpp"

#include <cstdint>
#include <vector>

namespace miletus::market_data {

// A table of its own, so that a position which comes and goes allocates nothing.
class Positions {
  public:
    Positions();
    // Returns what it was before.
    Lots set(AccountId account, InstrumentId instrument, Lots lots);

  private:
    struct Position {
        std::uint64_t key = 0;  // account and instrument; 0 where there is none
        Lots lots;
    };
    [[nodiscard]] Position& find(std::uint64_t key);
    void make_room();

    std::vector<Position> positions_;  // open addressing; a power of two, half of it free
    std::size_t used_ = 0;             // closed ones included
};

}  // namespace miletus::market_data
