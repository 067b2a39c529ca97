// How orders take, rest and leave, in the plainest words.
#include "engine/matching/naive_matching.hpp"

#include <algorithm>

namespace miletus::matching {

using protocol::RemovalReason;
using protocol::SelfTrade;
using protocol::Side;

NaiveMatching::NaiveMatching(const Limits& limits, const instruments::Instruments& instruments,
                             protocol::EventWriter& events)
    : limits_(limits), instruments_(instruments), events_(events) {}

void NaiveMatching::open_book(InstrumentId instrument, const protocol::ListingTerms& terms) {
    books_[instrument].terms = terms;
}

void NaiveMatching::enroll(AccountId account, OwnerId owner) {
    owners_[account] = owner;
}

// ---- Matching ----

OrderId NaiveMatching::next_order_id() const {
    const std::uint32_t fresh = static_cast<std::uint32_t>(generations_.size()) + 1;
    return free_slots_.empty() ? OrderId(fresh, 0)
                               : OrderId(free_slots_.back(), generations_[free_slots_.back() - 1]);
}

OrderId NaiveMatching::place_asking(const NewOrder& order, Ticks price,
                                    const Allowances& allowances) {
    const OrderId id = take_slot();
    const Order taker{.id = id,
                      .instrument = order.instrument,
                      .account = order.account,
                      .side = order.side,
                      .self_trade = order.self_trade,
                      .post_only = order.post_only,
                      .price = price,
                      .left = order.quantity,
                      .expires = order.expires};
    take_then_rest(taker, can_rest(order), allowances);
    return id;
}

void NaiveMatching::amend_asking(const Amendment& amendment, Ticks price,
                                 const Allowances& allowances) {
    Order& order = open_.at(amendment.order);
    if (keeps_place(amendment)) {
        reduce(order, order.left - amendment.left, RemovalReason::client);
        return;
    }
    Order taker = order;
    leave_queue(order);
    events_.emit(protocol::OrderRemoved{.order = taker.id,
                                        .price = taker.price,
                                        .quantity = taker.left,
                                        .level_total = level_total(taker),
                                        .instrument = taker.instrument,
                                        .account = taker.account,
                                        .side = taker.side,
                                        .reason = RemovalReason::amended});
    open_.erase(amendment.order);
    taker.price = price;
    taker.left = amendment.left;
    take_then_rest(taker, true, allowances);
}

void NaiveMatching::cancel(OrderId order, RemovalReason reason) {
    remove(order, reason);
}

void NaiveMatching::drop_expired(InstrumentId instrument, Side side, UnixNanos now) {
    const Levels& levels = book(instrument).side(side);
    for (std::uint32_t met = 0; met < limits_.fills_per_command && !levels.empty(); ++met) {
        const OrderId first = levels.begin()->second.front();
        if (!is_over(open_.at(first).expires, now)) {
            return;
        }
        remove(first, RemovalReason::expired);
    }
}

void NaiveMatching::take_then_rest(Order taker, bool may_rest, const Allowances& allowances) {
    const std::optional<RemovalReason> stopped = take(taker, allowances);
    if (taker.left > Lots(0) && may_rest && !stopped) {
        rest(taker);
        return;
    }
    if (taker.left > Lots(0)) {
        emit_remainder(taker, taker.left, stopped.value_or(RemovalReason::immediate));
    }
    free_slot(taker.id.slot());
}

// The first in line at the best price, if the taker accepts that price.
std::optional<OrderId> NaiveMatching::best_match(const Order& taker) const {
    const Levels& makers = book(taker.instrument).side(opposite(taker.side));
    if (makers.empty() || !accepts(taker.side, taker.price, makers.begin()->first)) {
        return std::nullopt;
    }
    return makers.begin()->second.front();
}

// Why the taker had to stop, if it did.
std::optional<RemovalReason> NaiveMatching::take(Order& taker, const Allowances& allowances) {
    std::uint32_t met = 0;
    while (taker.left > Lots(0)) {
        const std::optional<OrderId> match = best_match(taker);
        if (!match) {
            return std::nullopt;
        }
        if (met++ == limits_.fills_per_command) {
            return RemovalReason::fill_limit;
        }
        Order& maker = open_.at(*match);
        if (is_over(maker.expires, events_.time())) {
            remove(maker.id, RemovalReason::expired);
        } else if (owner_of(maker.account) == owner_of(taker.account)) {
            if (const auto stopped = meet_own(taker, maker)) {
                return stopped;
            }
        } else if (const Allowance allowed = allowances.at(maker.id.slot()); allowed.lots == 0) {
            remove(maker.id, allowed.reason);
        } else {
            if (lots_of(allowed) < maker.left) {
                reduce(maker, maker.left - lots_of(allowed), allowed.reason);
            }
            exchange(taker, maker);
        }
    }
    return std::nullopt;
}

std::optional<RemovalReason> NaiveMatching::meet_own(Order& taker, Order& maker) {
    switch (taker.self_trade) {
        case SelfTrade::cancel_taker:
            return RemovalReason::self_trade;
        case SelfTrade::cancel_maker:
            remove(maker.id, RemovalReason::self_trade);
            return std::nullopt;
        case SelfTrade::cancel_both:
            remove(maker.id, RemovalReason::self_trade);
            return RemovalReason::self_trade;
        case SelfTrade::decrement:
            break;
    }
    const Lots shared = std::min(taker.left, maker.left);
    if (shared == maker.left) {
        remove(maker.id, RemovalReason::self_trade);
    } else {
        reduce(maker, shared, RemovalReason::self_trade);
    }
    emit_remainder(taker, shared, RemovalReason::self_trade);
    taker.left -= shared;
    return std::nullopt;
}

// A trade happens at the price of the order that was there first.
void NaiveMatching::exchange(Order& taker, Order& maker) {
    const Lots quantity = std::min(taker.left, maker.left);
    taker.left -= quantity;
    maker.left -= quantity;
    const Order traded = maker;
    if (traded.left == Lots(0)) {
        leave_queue(maker);
        open_.erase(traded.id);
        free_slot(traded.id.slot());
    }
    events_.emit(protocol::Trade{.maker = traded.id,
                                 .taker = taker.id,
                                 .price = traded.price,
                                 .quantity = quantity,
                                 .level_total = level_total(traded),
                                 .number = TradeNumber(++books_.at(taker.instrument).trades),
                                 .maker_left = traded.left,
                                 .taker_left = taker.left,
                                 .time = events_.time(),
                                 .instrument = taker.instrument,
                                 .maker_account = traded.account,
                                 .taker_account = taker.account,
                                 .taker_side = taker.side});
}

void NaiveMatching::rest(const Order& order) {
    open_[order.id] = order;
    books_.at(order.instrument).side(order.side)[order.price].push_back(order.id);
    events_.emit(protocol::OrderRested{.order = order.id,
                                       .price = order.price,
                                       .quantity = order.left,
                                       .level_total = level_total(order),
                                       .instrument = order.instrument,
                                       .account = order.account,
                                       .side = order.side});
}

void NaiveMatching::reduce(Order& order, Lots by, RemovalReason reason) {
    order.left -= by;
    events_.emit(protocol::OrderReduced{.order = order.id,
                                        .price = order.price,
                                        .quantity = order.left,
                                        .level_total = level_total(order),
                                        .instrument = order.instrument,
                                        .account = order.account,
                                        .side = order.side,
                                        .reason = reason});
}

void NaiveMatching::remove(OrderId id, RemovalReason reason) {
    const Order removed = open_.at(id);
    leave_queue(removed);
    open_.erase(id);
    free_slot(id.slot());
    events_.emit(protocol::OrderRemoved{.order = id,
                                        .price = removed.price,
                                        .quantity = removed.left,
                                        .level_total = level_total(removed),
                                        .instrument = removed.instrument,
                                        .account = removed.account,
                                        .side = removed.side,
                                        .reason = reason});
}

void NaiveMatching::leave_queue(const Order& order) {
    Levels& levels = books_.at(order.instrument).side(order.side);
    Queue& queue = levels.at(order.price);
    queue.remove(order.id);
    if (queue.empty()) {
        levels.erase(order.price);
    }
}

void NaiveMatching::emit_remainder(const Order& taker, Lots gone, RemovalReason reason) {
    events_.emit(protocol::RemainderCanceled{.order = taker.id,
                                             .price = taker.price,
                                             .quantity = gone,
                                             .instrument = taker.instrument,
                                             .account = taker.account,
                                             .side = taker.side,
                                             .reason = reason});
}

// ---- What is asked ----

std::optional<Ticks> NaiveMatching::best(InstrumentId instrument, Side side) const {
    const Levels& levels = book(instrument).side(side);
    return levels.empty() ? std::nullopt : std::optional(levels.begin()->first);
}

TradeNumber NaiveMatching::last_trade(InstrumentId instrument) const {
    return TradeNumber(book(instrument).trades);
}

std::uint32_t NaiveMatching::open_orders(InstrumentId instrument) const {
    return static_cast<std::uint32_t>(std::ranges::count_if(
        open_, [&](const auto& entry) { return entry.second.instrument == instrument; }));
}

std::uint32_t NaiveMatching::open_orders_of(AccountId account) const {
    return static_cast<std::uint32_t>(std::ranges::count_if(
        open_, [&](const auto& entry) { return entry.second.account == account; }));
}

OrderId NaiveMatching::any_order(InstrumentId instrument) const {
    const Book& book = this->book(instrument);
    return (book.bids.empty() ? book.asks : book.bids).begin()->second.front();
}

}  // namespace miletus::matching
