// How an order takes: the ways that ask a gate about every maker that they meet. Templates, so that
// the question costs no call. Included by matching.hpp alone.
#pragma once

#include "engine/matching/matching.hpp"

namespace miletus::matching {

// ---- Checks ----

template <MakerGate Gate>
Result<Ticks> Matching::admit_with_care(NewOrder order, UnixNanos now, Gate gate) const {
    const Reject form = check_form(order, now);
    if (form != Reject::none) {
        return Refusal(form);
    }
    const Ticks limit = TRY(limit_in_force(order));
    const Ticks price = TRY(settle_crossing(order.instrument, order.side, order.post_only, limit));
    const Reject room = check_room(order, price);
    if (room != Reject::none) {
        return Refusal(room);
    }
    if (order.time_in_force == protocol::TimeInForce::fill_or_kill &&
        !reach(order, price, now, gate)) {
        return Refusal(Reject::fill_or_kill_unfilled);
    }
    return price;
}

// Walks the orders that the taker would meet.
template <MakerGate Gate>
std::optional<Ticks> Matching::reach(const NewOrder& order, Ticks price, UnixNanos now,
                                     Gate gate) const {
    const Ladder& makers = ladder(order.instrument, opposite(order.side));
    const std::uint32_t limit = makers.rank_of(static_cast<std::int32_t>(price.value()));
    const std::uint32_t owner = traders_[order.account.value()].owner;
    std::int64_t wanted = order.quantity.value();
    std::uint32_t met = 0;
    for (std::uint32_t rank = makers.best; rank <= limit && rank != no_rank;
         rank = ladders_.next(makers, rank)) {
        std::uint32_t slot = ladders_.level(ladders_.level_at(makers, rank)).head;
        for (; slot != 0; slot = orders_[slot].next) {
            if (++met > fills_per_command_) {
                return std::nullopt;
            }
            const bool is_own = traders_[orders_[slot].account].owner == owner;
            if (has_expired(slot, now)) {
                continue;
            }
            if (is_own) {
                if (order.self_trade != protocol::SelfTrade::cancel_maker) {
                    return std::nullopt;
                }
                continue;
            }
            wanted -= std::min(orders_[slot].quantity, gate.allowance(slot).lots);
            if (wanted <= 0) {
                return Ticks(makers.price_of(rank));
            }
        }
    }
    return std::nullopt;
}

// ---- Changes ----

template <MakerGate Gate>
OrderId Matching::place_with_care(NewOrder order, Ticks price, Gate gate) {
    Book& book = books_[order.instrument.value()];
    const std::uint32_t slot = start_order(book, order);
    const OrderId id = id_of(slot);
    const auto ticks = static_cast<std::int32_t>(price.value());
    const auto lots = static_cast<std::uint32_t>(order.quantity.value());
    if (may_rest(order) && !crosses(book, order.side, ticks)) {
        rest_at(book, slot, ticks, lots);
    } else {
        take_and_finish(book, slot, ticks, lots, may_rest(order), gate);
    }
    return id;
}

template <MakerGate Gate>
void Matching::amend(const Amendment& amendment, Ticks price, Gate gate) {
    ASSERT(is_live(amendment.order));
    const std::uint32_t slot = amendment.order.slot();
    const auto left = static_cast<std::uint32_t>(amendment.left.value());
    Order& order = orders_[slot];
    if (keeps_place(amendment)) {
        reduce(ladders_.level(order.level), slot, order.quantity - left,
               protocol::RemovalReason::client);
        return;
    }
    Book& book = book_of(order);
    remove(book, slot, protocol::RemovalReason::amended);
    const auto ticks = static_cast<std::int32_t>(price.value());
    if (!crosses(book, OrderTraits(order.traits).side(), ticks)) [[likely]] {
        rest_at(book, slot, ticks, left);
    } else {
        take_and_finish(book, slot, ticks, left, true, gate);
    }
}

// What is left after taking rests, or is canceled with the reason.
template <MakerGate Gate>
void Matching::take_and_finish(Book& book, std::uint32_t slot, std::int32_t price,
                               std::uint32_t left, bool may_rest, Gate gate) {
    Taker taker = taker_for(slot, price, left);
    take(book, taker, gate);
    if (taker.left != 0 && may_rest && !taker.stopped) {
        rest_at(book, slot, taker.price, taker.left);
        return;
    }
    if (taker.left != 0) {
        emit_remainder(taker, taker.stopped.value_or(protocol::RemovalReason::immediate));
    }
    close_order(book, slot);
}

template <MakerGate Gate>
void Matching::take(Book& book, Taker& taker, Gate gate) {
    Ladder& makers = ladder(book, opposite(taker.side));
    const std::uint32_t limit = makers.rank_of(taker.price);
    while (makers.best <= limit && taker.left != 0 && !taker.stopped) {
        take_level(book, makers, taker, gate);
    }
}

template <MakerGate Gate>
void Matching::take_level(Book& book, Ladder& makers, Taker& taker, Gate gate) {
    const std::uint32_t rank = makers.best;
    Level& level = ladders_.level(ladders_.level_at(makers, rank));
    while (taker.left != 0 && level.head != 0) {
        if (taker.met == fills_per_command_) [[unlikely]] {
            taker.stopped = protocol::RemovalReason::fill_limit;
            return;
        }
        ++taker.met;
        const std::uint32_t slot = level.head;
        const Order& maker = orders_[slot];
        __builtin_prefetch(&orders_[maker.next], 1);
        const bool is_own = traders_[maker.account].owner == taker.owner;
        if (is_own || has_expired(slot, events_.time())) [[unlikely]] {
            make_way(book, level, slot, taker);
            if (taker.stopped) {
                break;
            }
            continue;
        }
        const Allowance allowed = gate.allowance(slot);
        if (allowed.lots < maker.quantity) [[unlikely]] {
            cut_head(book, level, slot, allowed);
        }
        if (allowed.lots != 0) [[likely]] {
            fill(book, level, slot, taker);
        }
    }
    if (level.head == 0) {
        ladders_.vacate(makers, rank);
    }
}

}  // namespace miletus::matching
