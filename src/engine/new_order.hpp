// What a command that brings an order asks of the book.
#pragma once

#include "base/units.hpp"
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

}  // namespace miletus::engine
