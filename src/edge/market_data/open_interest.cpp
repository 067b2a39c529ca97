// A hash table of positions.
#include "edge/market_data/open_interest.hpp"

#include "base/hash_index.hpp"

#include <utility>

namespace miletus::market_data {

namespace {

// Room for the first few; a power of two.
constexpr std::size_t slots_at_first = 1024;

// Never zero.
std::uint64_t key_of(AccountId account, InstrumentId instrument) {
    return ((std::uint64_t{account.value()} + 1) << 32U) | instrument.value();
}

}  // namespace

Positions::Positions() : positions_(slots_at_first) {}

// Where it is, or the free place where it would be.
Positions::Position& Positions::find(std::uint64_t key) {
    const std::size_t mask = positions_.size() - 1;
    std::size_t at = mixed(key) & mask;
    while (positions_[at].key != 0 && positions_[at].key != key) {
        at = (at + 1) & mask;
    }
    return positions_[at];
}

Lots Positions::set(AccountId account, InstrumentId instrument, Lots lots) {
    const std::uint64_t key = key_of(account, instrument);
    if (Position& position = find(key); position.key == key) {
        return std::exchange(position.lots, lots);
    }
    if (lots == Lots(0)) {
        return Lots(0);
    }
    if ((used_ + 1) * 2 > positions_.size()) {
        make_room();
    }
    find(key) = {.key = key, .lots = lots};
    ++used_;
    return Lots(0);
}

// Positions that are closed are left behind; they stay in their places until then.
void Positions::make_room() {
    std::vector<Position> old(positions_.size());
    std::swap(old, positions_);
    used_ = 0;
    for (const Position& position : old) {
        if (position.lots != Lots(0)) {
            find(position.key) = position;
            ++used_;
        }
    }
    if (used_ * 4 > positions_.size()) {
        std::vector<Position> larger(positions_.size() * 2);
        std::swap(larger, positions_);
        for (const Position& position : larger) {
            if (position.key != 0) {
                find(position.key) = position;
            }
        }
    }
}

}  // namespace miletus::market_data
