// Orders and their fills. An order that the fold does not know stood before it began, or found no
// room: what is told of it is passed over, but for its trades.
#include "edge/client_feed/accounts.hpp"
#include "protocol/codec.hpp"

namespace miletus::client_feed {

using protocol::RemovalReason;

namespace {

// As it comes.
template <class Event>
Order order_of(const Event& event, std::span<const Unit> units) {
    return {.id = event.order,
            .client_order = event.client_order,
            .session = event.session,
            .account = event.account,
            .instrument = event.instrument,
            .label = Label(protocol::text<Event>(units)),
            .side = event.side,
            .order_type = event.order_type,
            .time_in_force = event.time_in_force,
            .post_only = event.post_only,
            .self_trade = event.self_trade,
            .reduce_only = event.reduce_only != 0,
            .stage = OrderStage::open,
            .price = event.price,
            .quantity = event.quantity,
            .left = event.quantity,
            .expires = event.expires,
            .created = event.time,
            .updated = event.time};
}

}  // namespace

// ---- Coming ----

void Accounts::hear(const protocol::OrderAccepted& accepted, std::span<const Unit> units) {
    Order order = order_of(accepted, units);
    order.is_liquidation = liquidating_ == accepted.account;
    liquidating_.reset();
    add(order);
}

void Accounts::hear(const protocol::OrderWaits& waits, std::span<const Unit> units) {
    Order order = order_of(waits, units);
    order.has_trigger = true;
    order.trigger = waits.trigger;
    order.reference = waits.reference;
    order.trigger_price = waits.trigger_price;
    order.stage = OrderStage::untriggered;
    add(order);
}

void Accounts::hear(const protocol::LiquidationStep& step) {
    liquidating_ = step.account;
}

void Accounts::add(const Order& order) {
    if (!knows(order.account) || orders_.find(order.id) != 0) {
        return;
    }
    const std::uint32_t slot = orders_.add(order);
    if (slot != 0) {
        orders_[slot].placed = sequence_;
        changes_.change_order(order.account, slot, order.id);
    }
}

// Its slot, for an event that changes it; 0 where it is not known.
std::uint32_t Accounts::changed_order(OrderId order) {
    const std::uint32_t slot = orders_.find(order);
    if (slot == 0 || orders_[slot].is_over()) {
        return 0;
    }
    changes_.change_order(orders_[slot].account, slot, order);
    return slot;
}

// ---- Changing ----

void Accounts::hear(const protocol::OrderRested& rested) {
    if (const std::uint32_t slot = changed_order(rested.order)) {
        orders_[slot].price = rested.price;
        orders_[slot].left = rested.quantity;
    }
}

// An order that shrank wants no more than it has and what is left of it.
void Accounts::hear(const protocol::OrderReduced& reduced) {
    if (const std::uint32_t slot = changed_order(reduced.order)) {
        Order& order = orders_[slot];
        order.left = reduced.quantity;
        order.quantity = order.filled + order.left;
    }
}

// Of an order that stood before the fold began, this tells its fills: it was not amended then.
void Accounts::hear(const protocol::OrderAmended& amended) {
    if (const std::uint32_t slot = changed_order(amended.order)) {
        Order& order = orders_[slot];
        order.is_replaced = order.is_replaced || order.filled == amended.filled;
        order.price = amended.price;
        order.quantity = amended.quantity;
        order.filled = amended.filled;
        order.left = amended.quantity - amended.filled;
    }
}

void Accounts::hear(const protocol::WaitingAmended& amended) {
    if (const std::uint32_t slot = changed_order(amended.order)) {
        Order& order = orders_[slot];
        order.is_replaced = true;
        order.price = amended.price;
        order.trigger_price = amended.trigger_price;
        order.quantity = amended.quantity;
        order.left = amended.quantity;
    }
}

// What only reduces may have become smaller with it.
void Accounts::hear(const protocol::OrderTriggered& triggered) {
    if (const std::uint32_t slot = changed_order(triggered.order)) {
        Order& order = orders_[slot];
        order.is_triggered = true;
        order.stage = OrderStage::open;
        order.price = triggered.price;
        order.quantity = triggered.quantity;
        order.left = triggered.quantity;
    }
}

// ---- Trading ----

void Accounts::hear(const protocol::Trade& trade) {
    fill(trade, true);
    fill(trade, false);
}

void Accounts::fill(const protocol::Trade& trade, bool is_maker) {
    const OrderId id = is_maker ? trade.maker : trade.taker;
    const AccountId account = is_maker ? trade.maker_account : trade.taker_account;
    const Lots left = is_maker ? trade.maker_left : trade.taker_left;
    if (!knows(account)) {
        fills_.push_back({.account = account, .order = id});
        return;
    }
    const std::uint32_t taker = orders_.find(trade.taker);
    OwnTrade own{.id = {.sequence = sequence_, .ordinal = ordinal_},
                 .number = trade.number,
                 .order = id,
                 .account = account,
                 .instrument = trade.instrument,
                 .side = is_maker ? opposite(trade.taker_side) : trade.taker_side,
                 .is_maker = is_maker,
                 .is_with_itself = trade.maker_account == trade.taker_account,
                 .is_taker_liquidation = taker != 0 && orders_[taker].is_liquidation,
                 .order_stage = left == Lots(0) ? OrderStage::filled : OrderStage::open,
                 .price = trade.price,
                 .quantity = trade.quantity,
                 .time = trade.time};
    if (const std::uint32_t slot = changed_order(id)) {
        Order& order = orders_[slot];
        order.filled += trade.quantity;
        order.costed += trade.quantity;
        order.cost += int128{trade.price.value()} * trade.quantity.value();
        order.left = left;
        own.client_order = order.client_order;
        own.label = order.label;
        own.order_type = order.order_type;
        own.post_only = order.post_only;
        own.reduce_only = order.reduce_only;
        if (left == Lots(0)) {
            close(slot, OrderStage::filled, {});
        }
    }
    const std::uint32_t crowded_out = trades_.next_to_go();
    if (crowded_out != 0 && trades_[crowded_out].id.sequence == sequence_) {
        changes_.drop_trade(trades_[crowded_out].account, crowded_out);
    }
    const std::uint32_t place = trades_.add(own);
    changes_.add_trade(account, place);
    fills_.push_back({.account = account, .order = id, .trade = place});
}

// ---- Going ----

void Accounts::close(std::uint32_t slot, OrderStage stage, RemovalReason reason) {
    Order& order = orders_[slot];
    order.stage = stage;
    order.reason = reason;
    order.left = Lots(0);
    orders_.close(slot);
}

// One that lost its place to an amendment may rest again.
void Accounts::hear(const protocol::OrderRemoved& removed) {
    const std::uint32_t slot =
        removed.reason != RemovalReason::amended ? changed_order(removed.order) : 0;
    if (slot != 0) {
        close(slot, OrderStage::canceled, removed.reason);
    }
}

// Where it met an order of its owner, only as many of its lots may be gone.
void Accounts::hear(const protocol::RemainderCanceled& canceled) {
    if (const std::uint32_t slot = changed_order(canceled.order)) {
        Order& order = orders_[slot];
        order.left -= canceled.quantity;
        if (order.left == Lots(0)) {
            close(slot, OrderStage::canceled, canceled.reason);
        } else {
            order.quantity = order.filled + order.left;
        }
    }
}

void Accounts::hear(const protocol::WaitingRemoved& removed) {
    if (const std::uint32_t slot = changed_order(removed.order)) {
        const bool is_refused = removed.reason == RemovalReason::refused;
        orders_[slot].is_triggered = is_refused;
        orders_[slot].reject = is_refused ? removed.reject : Reject();
        close(slot, is_refused ? OrderStage::rejected : OrderStage::canceled, removed.reason);
    }
}

}  // namespace miletus::client_feed
