// What the venue remembers of an open order beside its place in the book, under the same slot
// number: one cache line. And of a closed one, half a line.
#pragma once

#include "base/units.hpp"
#include "protocol/enums.hpp"

#include <cstdint>

namespace miletus::accounts {

constexpr std::uint32_t fee_carry_end = 1'000'000;

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
    std::uint32_t position;        // its slot
    std::uint32_t fee_carry : 20;  // what was paid beyond the exact fee, in 1e-6 of a unit
    protocol::Side side : 1;
    std::uint8_t is_open : 1;
    std::uint8_t reduce_only : 1;
    std::uint8_t is_waiting : 1;  // for a price: it holds nothing, and has no position
};
static_assert(sizeof(OpenOrder) == 64);

// How an order ended.
struct Ending {
    protocol::OrderState state{};
    protocol::RemovalReason reason{};  // where it was canceled
};

struct alignas(32) ClosedOrder {
    OrderId id;  // 0 where none was kept here yet
    ClientOrderId client_order;
    std::uint32_t filled;  // lots
    InstrumentId instrument;
    protocol::Side side;
    Ending ending;
};
static_assert(sizeof(ClosedOrder) == 32);

}  // namespace miletus::accounts
