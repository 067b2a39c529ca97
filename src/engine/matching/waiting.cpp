// Orders that wait outside the books, in the slots of those inside: their ids are of one kind.
#include "engine/matching/matching.hpp"

namespace miletus::matching {

using protocol::OrderType;

// ---- Checks ----

Result<void> Matching::admit_waiting(const NewOrder& order, UnixNanos now) const {
    TRY(admit_amended_waiting(order, now));
    if (orders_.is_full()) {
        return Refusal(Reject::order_slots_full);
    }
    if (traders_[order.account.value()].open_orders >= orders_per_account_) {
        return Refusal(Reject::account_orders_full);
    }
    return {};
}

// Its limit; the band moves, and is asked when it enters the book.
Reject Matching::check_terms(const NewOrder& order) const {
    if (order.order_type == OrderType::market) {
        return order.price == Ticks(0) ? Reject::none : Reject::price_not_allowed;
    }
    return instruments_.check_price(order.instrument, order.price);
}

Result<void> Matching::admit_amended_waiting(const NewOrder& order, UnixNanos now) const {
    const Reject form = check_form(order, now);
    const Reject reject = form != Reject::none ? form : check_terms(order);
    if (reject != Reject::none) {
        return Refusal(reject);
    }
    return {};
}

// ---- Changes ----

OrderId Matching::park(const NewOrder& order) {
    const std::uint32_t slot = orders_.allocate();
    Order& parked = orders_[slot];
    const bool expires = order.expires != UnixNanos(0);
    parked.next = 0;
    parked.prev = 0;
    parked.level = 0;
    parked.price = static_cast<std::int32_t>(order.price.value());
    parked.quantity = static_cast<std::uint32_t>(order.quantity.value());
    parked.account = order.account.value();
    parked.traits =
        OrderTraits(order.instrument, order.side, expires, order.self_trade, order.post_only)
            .bits();
    if (expires) {
        expiries_[slot] = order.expires;
    }
    ++traders_[order.account.value()].open_orders;
    ++parked_;
    return id_of(slot);
}

NewOrder Matching::parked(OrderId order) const {
    ASSERT(is_parked(order));
    return open_order(order);
}

NewOrder Matching::open_order(OrderId order) const {
    ASSERT(is_live(order));
    const Order& open = orders_[order.slot()];
    const OrderTraits traits(open.traits);
    return {.instrument = traits.instrument(),
            .account = AccountId(open.account),
            .side = traits.side(),
            .post_only = traits.post_only(),
            .self_trade = traits.self_trade(),
            .price = Ticks(open.price),
            .quantity = Lots(open.quantity),
            .expires = traits.expires() ? expiries_[order.slot()] : UnixNanos(0)};
}

void Matching::amend_parked(const Amendment& amendment) {
    ASSERT(is_parked(amendment.order));
    Order& order = orders_[amendment.order.slot()];
    order.price = static_cast<std::int32_t>(amendment.price.value());
    order.quantity = static_cast<std::uint32_t>(amendment.left.value());
}

void Matching::drop_parked(OrderId order) {
    unpark(order);
    retire_next();
}

// The slot freed last is the next one to be used.
void Matching::unpark(OrderId order) {
    ASSERT(is_parked(order));
    Order& parked = orders_[order.slot()];
    parked.quantity = 0;
    --traders_[parked.account].open_orders;
    --parked_;
    orders_.release(order.slot());
    ASSERT(next_order_id() == order);
}

void Matching::retire_next() {
    retire(orders_.allocate());
}

// ---- State ----

void Matching::encode_parked(StateEncoder& encoder) const {
    encoder.add(parked_);
    for (std::uint32_t slot = 1, left = parked_; left != 0; ++slot) {
        const Order& order = orders_[slot];
        if (order.quantity == 0 || order.level != 0) {
            continue;
        }
        encode_order(encoder, slot);
        --left;
    }
}

void Matching::decode_parked(StateDecoder& decoder) {
    const std::uint32_t count =
        decoder.take_count(orders_.capacity(), "limits.orders is too small");
    std::uint32_t last = 0;
    for (std::uint32_t at = 0; at < count && decoder.is_sound(); ++at) {
        last = decode_parked_order(decoder, last);
    }
}

// Returns its slot.
std::uint32_t Matching::decode_parked_order(StateDecoder& decoder, std::uint32_t last) {
    const auto id = decoder.take<OrderId>();
    const auto account = decoder.take<std::uint32_t>();
    const auto price = decoder.take<std::int32_t>();
    const auto quantity = decoder.take<std::uint32_t>();
    const OrderTraits traits(decoder.take<std::uint32_t>());
    const auto expires = decoder.take<UnixNanos>();
    const InstrumentId instrument = traits.instrument();
    if (!decoder.require(id.slot() <= orders_.capacity(), "limits.orders is too small") ||
        !decoder.require(id.slot() > last, "waiting orders are not in order") ||
        !decoder.require(account < traders_.size(), "limits.accounts is too small") ||
        !decoder.require(instrument.value() < instruments_.count() && traits.is_of(instrument) &&
                             traits.expires() == (expires != UnixNanos(0)),
                         "an order's traits cannot be") ||
        !decoder.require(quantity != 0, "an open order wants nothing") ||
        !decoder.require(traders_[account].open_orders < orders_per_account_,
                         "limits.orders_per_account is too small")) {
        return last;
    }
    orders_[id.slot()] = {.next = 0,
                          .prev = 0,
                          .level = 0,
                          .generation = id.generation(),
                          .price = price,
                          .quantity = quantity,
                          .account = account,
                          .traits = traits.bits()};
    expiries_[id.slot()] = expires;
    ++traders_[account].open_orders;
    ++parked_;
    return id.slot();
}

}  // namespace miletus::matching
