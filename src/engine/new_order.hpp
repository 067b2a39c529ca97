// What a command that brings an order asks of the book, and what is kept of it.
#pragma once

#include "base/units.hpp"
#include "engine/accounts/accounts.hpp"
#include "engine/matching/matching.hpp"
#include "engine/session.hpp"
#include "protocol/messages.hpp"

namespace miletus::engine {

template <class Command>
[[nodiscard]] matching::NewOrder order_of(const Command& command, UnixNanos now) {
    const bool is_of_day = command.time_in_force == protocol::TimeInForce::good_til_day;
    return {.instrument = command.instrument,
            .account = command.header.account,
            .side = command.side,
            .order_type = command.order_type,
            .time_in_force = command.time_in_force,
            .post_only = command.post_only,
            .self_trade = command.self_trade,
            .price = command.price,
            .quantity = command.quantity,
            .expires = is_of_day ? end_of_session(now) : command.expires};
}

// All of it that follows from the command, but for how much of it was admitted. What it holds, and
// its position, are the caller's.
template <class Command>
[[gnu::always_inline]] inline void describe(accounts::OpenOrder& open, const Command& command,
                                            OrderId id, Lots quantity) {
    open.client_order = command.client_order;
    open.session = command.header.session;
    open.left = static_cast<std::uint32_t>(quantity.value());
    open.filled = 0;
    open.account = command.header.account;
    open.instrument = command.instrument;
    open.generation = id.generation();
    open.fee_carry = 0;
    open.side = command.side;
    open.reduce_only = command.reduce_only != 0 ? 1 : 0;
}

}  // namespace miletus::engine
