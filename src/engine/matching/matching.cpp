// The changes that are not on every command's way: how an order takes, how it leaves, what is
// asked.
#include "engine/matching/matching.hpp"

#include <algorithm>

namespace miletus::matching {

using protocol::RemovalReason;
using protocol::SelfTrade;
using protocol::Side;

Matching::Matching(const Limits& limits, const instruments::Instruments& instruments,
                   protocol::EventWriter& events)
    : instruments_(instruments),
      events_(events),
      ladders_(limits),
      orders_(limits.orders),
      expiries_(std::size_t{limits.orders} + 1),
      books_(limits.instruments),
      traders_(limits.accounts),
      orders_per_account_(limits.orders_per_account),
      orders_per_instrument_(limits.orders_per_instrument),
      fills_per_command_(limits.fills_per_command),
      cache_bytes_(limits.cache_bytes) {
    ASSERT(limits.instruments <= OrderTraits::instruments_max);
    // The readers of a command's events find all of them in the ring, trades being two units each.
    ASSERT(std::uint64_t{limits.fills_per_command} * 4 <= limits.event_units);
}

// In a place that had a book before, that book's room serves the new one, which reaches as far.
void Matching::open_book(InstrumentId instrument, const protocol::ListingTerms& terms) {
    const auto low = static_cast<std::int32_t>(terms.price_low.value());
    const auto high = static_cast<std::int32_t>(terms.price_high.value());
    const auto ranks = static_cast<std::uint32_t>(high - low) + 1;
    Book& book = books_[instrument.value()];
    Ladder& bids = ladder(book, Side::buy);
    Ladder& asks = ladder(book, Side::sell);
    if (bids.pages == 0) {
        bids = ladders_.make(ranks, high, -1);
        asks = ladders_.make(ranks, low, +1);
        return;
    }
    ASSERT(book.orders == 0);
    bids.origin = high;
    asks.origin = low;
    book.trades = 0;
}

void Matching::enroll(AccountId account, OwnerId owner) {
    traders_[account.value()].owner = owner.value();
}

// ---- The operations ----

OrderId Matching::next_order_id() const {
    return id_of(orders_.peek());
}

void Matching::drop_expired(InstrumentId instrument, Side side, UnixNanos now) {
    const Ladder& ladder = this->ladder(instrument, side);
    for (std::uint32_t met = 0; met < fills_per_command_ && ladder.best != no_rank; ++met) {
        const std::uint32_t head = ladders_.level(ladders_.level_at(ladder, ladder.best)).head;
        if (!has_expired(head, now)) {
            return;
        }
        cancel(id_of(head), RemovalReason::expired);
    }
}

// ---- How an order takes ----

Matching::Taker Matching::taker_for(std::uint32_t slot, std::int32_t price,
                                    std::uint32_t left) const {
    const Order& order = orders_[slot];
    const OrderTraits traits(order.traits);
    return {.id = id_of(slot),
            .instrument = traits.instrument(),
            .account = order.account,
            .owner = traders_[order.account].owner,
            .side = traits.side(),
            .self_trade = traits.self_trade(),
            .price = price,
            .left = left,
            .met = 0,
            .stopped = {}};
}

void Matching::rest_at(Book& book, std::uint32_t slot, std::int32_t price, std::uint32_t quantity) {
    Ladder& ladder = this->ladder(book, OrderTraits(orders_[slot].traits).side());
    rest(ladder, price, ladders_.make_level(ladder, ladder.rank_of(price)), slot, quantity);
}

void Matching::fill(Book& book, Level& level, std::uint32_t slot, Taker& taker) {
    Order& maker = orders_[slot];
    const std::uint32_t quantity = std::min(taker.left, maker.quantity);
    taker.left -= quantity;
    maker.quantity -= quantity;
    level.total -= quantity;
    ++book.trades;
    events_.emit([&](protocol::EventHeader header) {
        return protocol::Trade{.header = header,
                               .maker = id_of(slot),
                               .taker = taker.id,
                               .price = Ticks(maker.price),
                               .quantity = Lots(quantity),
                               .level_total = Lots(level.total),
                               .number = TradeNumber(book.trades),
                               .maker_left = Lots(maker.quantity),
                               .taker_left = Lots(taker.left),
                               .time = events_.time(),
                               .instrument = taker.instrument,
                               .maker_account = AccountId(maker.account),
                               .taker_account = AccountId(taker.account),
                               .taker_side = taker.side};
    });
    if (maker.quantity == 0) {
        pop_head(level, slot);
        close_order(book, slot);
    }
}

// The order at the front cannot trade with the taker: it has expired, or they have one owner.
void Matching::make_way(Book& book, Level& level, std::uint32_t slot, Taker& taker) {
    if (has_expired(slot, events_.time())) {
        remove_head(book, level, slot, RemovalReason::expired);
    } else {
        resolve_self_trade(book, level, slot, taker);
    }
}

void Matching::resolve_self_trade(Book& book, Level& level, std::uint32_t slot, Taker& taker) {
    const SelfTrade mode = taker.self_trade;
    if (mode == SelfTrade::decrement) {
        const std::uint32_t shared = std::min(taker.left, orders_[slot].quantity);
        if (shared == orders_[slot].quantity) {
            remove_head(book, level, slot, RemovalReason::self_trade);
        } else {
            reduce(level, slot, shared, RemovalReason::self_trade);
        }
        Taker taken = taker;
        taken.left = shared;
        emit_remainder(taken, RemovalReason::self_trade);
        taker.left -= shared;
        return;
    }
    if (mode == SelfTrade::cancel_maker || mode == SelfTrade::cancel_both) {
        remove_head(book, level, slot, RemovalReason::self_trade);
    }
    if (mode == SelfTrade::cancel_taker || mode == SelfTrade::cancel_both) {
        taker.stopped = RemovalReason::self_trade;
    }
}

// No more of the order at the front may trade.
void Matching::cut_head(Book& book, Level& level, std::uint32_t slot, Allowance allowed) {
    if (allowed.lots == 0) {
        remove_head(book, level, slot, allowed.reason);
    } else {
        reduce(level, slot, orders_[slot].quantity - allowed.lots, allowed.reason);
    }
}

// ---- How it leaves ----

void Matching::reduce(Level& level, std::uint32_t slot, std::uint32_t by, RemovalReason reason) {
    Order& order = orders_[slot];
    ASSERT(by < order.quantity);
    order.quantity -= by;
    level.total -= by;
    const OrderTraits traits(order.traits);
    events_.emit([&](protocol::EventHeader header) {
        return protocol::OrderReduced{.header = header,
                                      .order = id_of(slot),
                                      .price = Ticks(order.price),
                                      .quantity = Lots(order.quantity),
                                      .level_total = Lots(level.total),
                                      .instrument = traits.instrument(),
                                      .account = AccountId(order.account),
                                      .side = traits.side(),
                                      .reason = reason};
    });
}

void Matching::remove_head(Book& book, Level& level, std::uint32_t slot, RemovalReason reason) {
    level.total -= orders_[slot].quantity;
    pop_head(level, slot);
    emit_removed(orders_[slot], slot, level.total, reason);
    close_order(book, slot);
}

void Matching::pop_head(Level& level, std::uint32_t slot) {
    const std::uint32_t next = orders_[slot].next;
    level.head = next;
    level.tail = next != 0 ? level.tail : 0;
    orders_[next].prev = 0;
}

void Matching::emit_remainder(const Taker& taker, RemovalReason reason) {
    events_.emit([&](protocol::EventHeader header) {
        return protocol::RemainderCanceled{.header = header,
                                           .order = taker.id,
                                           .price = Ticks(taker.price),
                                           .quantity = Lots(taker.left),
                                           .instrument = taker.instrument,
                                           .account = AccountId(taker.account),
                                           .side = taker.side,
                                           .reason = reason};
    });
}

// ---- What is asked ----

std::optional<Ticks> Matching::best(InstrumentId instrument, Side side) const {
    const Ladder& levels = ladder(instrument, side);
    return levels.best != no_rank ? std::optional(Ticks(levels.price_of(levels.best)))
                                  : std::nullopt;
}

TradeNumber Matching::last_trade(InstrumentId instrument) const {
    return TradeNumber(books_[instrument.value()].trades);
}

std::uint32_t Matching::open_orders(InstrumentId instrument) const {
    return books_[instrument.value()].orders;
}

std::uint32_t Matching::open_orders_of(AccountId account) const {
    return traders_[account.value()].open_orders;
}

OrderId Matching::any_order(InstrumentId instrument) const {
    ASSERT(open_orders(instrument) != 0);
    const Ladder& bids = ladder(instrument, Side::buy);
    const Ladder& levels = bids.best != no_rank ? bids : ladder(instrument, Side::sell);
    return id_of(ladders_.level(ladders_.level_at(levels, levels.best)).head);
}

protocol::LevelView Matching::view_of(const Ladder& ladder, std::uint32_t rank, Side side) const {
    const Level& level = ladders_.level(ladders_.level_at(ladder, rank));
    return {.price = Ticks(ladder.price_of(rank)), .total = Lots(level.total), .side = side};
}

}  // namespace miletus::matching
