// What the venue remembers of an open order beside its place in the book, under the same slot
// number: one cache line.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <cstdint>

namespace miletus::accounts {

struct alignas(64) OpenOrder {
    ClientOrderId client_order;  // 0 for none
    Amount hold_per_lot;
    SessionId session;
    std::uint32_t left;    // lots still wanted
    std::uint32_t filled;  // lots
    AccountId account;
    InstrumentId instrument;
    std::uint32_t older;  // neighbours among the account's orders
    std::uint32_t newer;
    std::uint32_t label;  // 0 for none
    std::uint32_t generation;
    std::uint32_t position;  // its slot in the clearing
    protocol::Side side;
    std::uint8_t is_open;
};
static_assert(sizeof(OpenOrder) == 64);

}  // namespace miletus::accounts
