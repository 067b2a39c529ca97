// What is told of orders that stand: as much as the engine still knows. When and how they came, it
// has forgotten: they are told as of now, a resting one as a limit order that lives until it is
// canceled or its time comes.
#include "engine/standing.hpp"

namespace miletus::engine {

using protocol::TimeInForce;

std::int64_t Engine::parameter_of(UnderlyingId underlying, protocol::Parameter parameter) const {
    return underlying == instruments::venue_itself ? parameters_.of_venue(parameter)
                                                   : parameters_.of(underlying).of(parameter);
}

protocol::OrderAccepted Engine::standing_order(std::uint32_t slot) const {
    const accounts::OpenOrder& open = accounts_.order(slot);
    const OrderId id = accounts_.id_of(slot);
    const matching::NewOrder order = matching_.open_order(id);
    const bool has_time = order.expires != UnixNanos(0);
    return {.order = id,
            .client_order = open.client_order,
            .price = order.price,
            .quantity = Lots(open.filled) + order.quantity,
            .expires = order.expires,
            .time = now(),
            .session = open.session,
            .instrument = open.instrument,
            .account = open.account,
            .side = open.side,
            .time_in_force = has_time ? TimeInForce::good_til_time : TimeInForce::good_til_canceled,
            .post_only = order.post_only,
            .self_trade = order.self_trade,
            .reduce_only = static_cast<std::uint8_t>(open.reduce_only)};
}

protocol::OrderWaits Engine::standing_waiting(std::uint32_t slot) const {
    const accounts::OpenOrder& open = accounts_.order(slot);
    const OrderId id = accounts_.id_of(slot);
    const triggers::Terms& terms = triggers_[slot];
    const matching::NewOrder order = matching_.open_order(id);
    return {.order = id,
            .client_order = open.client_order,
            .price = order.price,
            .quantity = order.quantity,
            .expires = order.expires,
            .trigger_price = terms.trigger_price,
            .time = now(),
            .session = open.session,
            .instrument = open.instrument,
            .account = open.account,
            .side = open.side,
            .order_type = terms.order_type,
            .time_in_force = terms.time_in_force,
            .post_only = order.post_only,
            .self_trade = order.self_trade,
            .reduce_only = static_cast<std::uint8_t>(open.reduce_only),
            .trigger = terms.kind,
            .reference = terms.reference};
}

}  // namespace miletus::engine
