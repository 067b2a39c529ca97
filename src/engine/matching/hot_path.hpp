// The way of nearly every command through the books: a plain limit that rests, a cancel. Inline, so
// that checks and change compile into their caller as one piece and read each line of memory once;
// through calls the same work took half as long again. Included by matching.hpp alone.
#pragma once

#include "engine/matching/matching.hpp"

#include <utility>

namespace miletus::matching {

// ---- Checks ----

// The common case: a limit that may take and may rest, in an open book with room for it. All that
// the careful checks could refuse is excluded here at once; what fails is named there.
[[gnu::always_inline]] inline bool Matching::is_plain(const NewOrder& order) const {
    const instruments::TradingRules& rules = instruments_.rules(order.instrument);
    const instruments::PriceWindow& window = rules.window(order.side);
    // Added up, not compared one by one: compilers would read all these bytes at once, just after
    // they were written one by one, and wait for that.
    const std::uint32_t special = std::uint32_t{std::to_underlying(order.order_type)} +
                                  std::to_underlying(order.time_in_force) +
                                  std::to_underlying(order.post_only);
    const bool is_plain_limit = special == 0 && order.expires == UnixNanos(0);
    return is_plain_limit && rules.is_plain && order.price >= window.low &&
           order.price <= window.high && order.quantity > Lots(0) &&
           order.quantity.value() <= rules.lots_max &&
           check_room(order, order.price) == Reject::none;
}

[[gnu::always_inline]] inline Reject Matching::check_room(const NewOrder& order,
                                                          Ticks price) const {
    if (orders_.is_full()) {
        return Reject::order_slots_full;
    }
    if (!may_rest(order)) {
        return Reject::none;
    }
    if (traders_[order.account.value()].open_orders >= orders_per_account_) {
        return Reject::account_orders_full;
    }
    if (books_[order.instrument.value()].orders >= orders_per_instrument_) {
        return Reject::instrument_orders_full;
    }
    const Ladder& ladder = this->ladder(order.instrument, order.side);
    const std::uint32_t rank = ladder.rank_of(static_cast<std::int32_t>(price.value()));
    return ladders_.has_room_at(ladder, rank) ? Reject::none : Reject::level_pages_full;
}

template <MakerGate Gate>
[[gnu::always_inline]] inline Result<Ticks> Matching::admit(const NewOrder& order, UnixNanos now,
                                                            Gate gate) const {
    if (is_plain(order)) [[likely]] {
        return order.price;
    }
    return admit_with_care(order, now, gate);
}

// ---- Resting ----

[[gnu::always_inline]] inline std::uint32_t Matching::start_order(Book& book,
                                                                  const NewOrder& order) {
    const std::uint32_t slot = orders_.allocate();
    Order& started = orders_[slot];
    const bool expires = order.expires != UnixNanos(0);
    started.account = order.account.value();
    started.traits =
        OrderTraits(order.instrument, order.side, expires, order.self_trade, order.post_only)
            .bits();
    if (expires) {
        expiries_[slot] = order.expires;
    }
    ++book.orders;
    ++traders_[order.account.value()].open_orders;
    return slot;
}

[[gnu::always_inline]] inline void Matching::rest(Ladder& ladder, std::int32_t price,
                                                  std::uint32_t index, std::uint32_t slot,
                                                  std::uint32_t quantity) {
    Order& order = orders_[slot];
    Level& level = ladders_.level(index);
    const std::uint32_t head = level.head;
    const std::uint32_t tail = level.tail;
    const std::int64_t total = level.total + quantity;
    const OrderTraits traits(order.traits);
    order.next = 0;
    order.prev = tail;
    order.level = index;
    order.price = price;
    order.quantity = quantity;
    orders_[tail].next = slot;  // slot 0 takes the write where the level is empty
    level.tail = slot;
    level.total = total;
    if (head == 0) {
        level.head = slot;
        ladders_.occupy(ladder, ladder.rank_of(price));
    }
    events_.emit(
        [&, generation = order.generation, account = order.account](protocol::EventHeader header) {
            return protocol::OrderRested{.header = header,
                                         .order = OrderId(slot, generation),
                                         .price = Ticks(price),
                                         .quantity = Lots(quantity),
                                         .level_total = Lots(total),
                                         .instrument = traits.instrument(),
                                         .account = AccountId(account),
                                         .side = traits.side()};
        });
}

template <MakerGate Gate>
[[gnu::always_inline]] inline OrderId Matching::place(const NewOrder& order, Ticks price,
                                                      Gate gate) {
    Book& book = books_[order.instrument.value()];
    const auto ticks = static_cast<std::int32_t>(price.value());
    if (!may_rest(order) || crosses(book, order.side, ticks)) [[unlikely]] {
        return place_with_care(order, price, gate);
    }
    // The level first: while nothing is written, what the checks found is still in registers.
    Ladder& ladder = this->ladder(book, order.side);
    const std::uint32_t level = ladders_.make_level(ladder, ladder.rank_of(ticks));
    const std::uint32_t slot = start_order(book, order);
    rest(ladder, ticks, level, slot, static_cast<std::uint32_t>(order.quantity.value()));
    return id_of(slot);
}

// ---- Leaving ----

// Links without branches: where a neighbour is missing, slot 0 takes the write.
[[gnu::always_inline]] inline void Matching::remove(Book& book, std::uint32_t slot,
                                                    protocol::RemovalReason reason) {
    const Order& order = orders_[slot];
    const std::uint32_t next = order.next;
    const std::uint32_t prev = order.prev;
    Level& level = ladders_.level(order.level);
    // Read before chosen between, so that the choice needs no branch: where in its level an order
    // stands is nothing a processor could foresee.
    const std::uint32_t first = level.head;
    const std::uint32_t last = level.tail;
    const std::uint32_t head = prev != 0 ? first : next;
    level.head = head;
    level.tail = next != 0 ? last : prev;
    level.total -= order.quantity;
    orders_[prev].next = next;
    orders_[next].prev = prev;
    if (head == 0) {
        Ladder& ladder = this->ladder(book, OrderTraits(order.traits).side());
        ladders_.vacate(ladder, ladder.rank_of(order.price));
    }
    emit_removed(order, slot, level.total, reason);
}

// Counts it out, and frees the slot: one whose generations are used up is never handed out again,
// so that no id comes twice.
[[gnu::always_inline]] inline void Matching::close_order(Book& book, std::uint32_t slot) {
    Order& order = orders_[slot];
    --book.orders;
    --traders_[order.account].open_orders;
    order.quantity = 0;
    retire(slot);
}

[[gnu::always_inline]] inline void Matching::retire(std::uint32_t slot) {
    Order& order = orders_[slot];
    ++order.generation;
    if (order.generation != std::numeric_limits<std::uint32_t>::max()) [[likely]] {
        orders_.release(slot);
    }
}

[[gnu::always_inline]] inline void Matching::cancel(OrderId order, protocol::RemovalReason reason) {
    const std::uint32_t slot = order.slot();
    ASSERT(orders_[slot].quantity != 0);
    Book& book = book_of(orders_[slot]);
    remove(book, slot, reason);
    close_order(book, slot);
}

[[gnu::always_inline]] inline void Matching::emit_removed(const Order& order, std::uint32_t slot,
                                                          std::int64_t level_total,
                                                          protocol::RemovalReason reason) {
    const OrderTraits traits(order.traits);
    events_.emit([&, id = OrderId(slot, order.generation), price = order.price,
                  quantity = order.quantity,
                  account = order.account](protocol::EventHeader header) {
        return protocol::OrderRemoved{.header = header,
                                      .order = id,
                                      .price = Ticks(price),
                                      .quantity = Lots(quantity),
                                      .level_total = Lots(level_total),
                                      .instrument = traits.instrument(),
                                      .account = AccountId(account),
                                      .side = traits.side(),
                                      .reason = reason};
    });
}

// ---- Looking ahead ----

// The level that an order at this price would join, or 0.
[[gnu::always_inline]] inline std::uint32_t Matching::hinted_level(InstrumentId instrument,
                                                                   protocol::Side side,
                                                                   Ticks price) const {
    if (instrument.value() >= books_.size()) {
        return 0;
    }
    const Ladder& ladder = this->ladder(instrument, side);
    const std::uint32_t rank = ladder.rank_of(static_cast<std::int32_t>(price.value()));
    return ladder.covers(rank) ? ladders_.level_at(ladder, rank) : 0;
}

[[gnu::always_inline]] inline void Matching::hint_book(InstrumentId instrument) const {
    if (instrument.value() < books_.size()) {
        __builtin_prefetch(&books_[instrument.value()], 1);
    }
}

[[gnu::always_inline]] inline void Matching::hint_entry(InstrumentId instrument,
                                                        protocol::Side side, Ticks price) const {
    if (instrument.value() >= books_.size()) {
        return;
    }
    const Ladder& ladder = this->ladder(instrument, side);
    const std::uint32_t rank = ladder.rank_of(static_cast<std::int32_t>(price.value()));
    if (ladder.covers(rank)) {
        ladders_.prefetch_entry(ladder, rank);
    }
}

[[gnu::always_inline]] inline void Matching::hint_level(InstrumentId instrument,
                                                        protocol::Side side, Ticks price) const {
    if (const std::uint32_t level = hinted_level(instrument, side, price); level != 0) {
        ladders_.prefetch_level(level);
    }
}

[[gnu::always_inline]] inline void Matching::hint_tail(InstrumentId instrument, protocol::Side side,
                                                       Ticks price) const {
    if (const std::uint32_t level = hinted_level(instrument, side, price); level != 0) {
        __builtin_prefetch(&orders_[ladders_.level(level).tail], 1);
    }
}

[[gnu::always_inline]] inline void Matching::hint_order(OrderId order) const {
    if (order.slot() <= orders_.capacity()) {
        __builtin_prefetch(&orders_[order.slot()], 1);
    }
}

[[gnu::always_inline]] inline void Matching::hint_neighbours(OrderId order) const {
    if (order.slot() > orders_.capacity()) {
        return;
    }
    const Order& hinted = orders_[order.slot()];
    __builtin_prefetch(&orders_[hinted.next], 1);
    __builtin_prefetch(&orders_[hinted.prev], 1);
    ladders_.prefetch_level(hinted.level);
}

}  // namespace miletus::matching
