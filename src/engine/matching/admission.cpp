// The checks, in their order of precedence. None changes anything.
#include "engine/matching/matching.hpp"

#include <algorithm>

namespace miletus::matching {

using protocol::InstrumentState;
using protocol::OrderType;
using protocol::PostOnly;
using protocol::SelfTrade;
using protocol::Side;
using protocol::TimeInForce;

namespace {

Reject check_quantity(const instruments::TradingRules& rules, Lots quantity) {
    if (quantity <= Lots(0)) {
        return Reject::quantity_not_positive;
    }
    return quantity.value() <= rules.lots_max ? Reject::none : Reject::quantity_too_large;
}

Reject check_band(const instruments::TradingRules& rules, Side side, Ticks price) {
    if (!rules.has_band) {
        return Reject::none;
    }
    const bool is_worse = side == Side::buy ? price > rules.band_high() : price < rules.band_low();
    return is_worse ? Reject::price_outside_band : Reject::none;
}

}  // namespace

Result<void> Matching::admit_books(const protocol::ListingTerms& terms, std::uint32_t books) const {
    const auto ranks = static_cast<std::uint32_t>((terms.price_high - terms.price_low).value()) + 1;
    if (!ladders_.has_room_for(books * 2, ranks)) {
        return Refusal(Reject::directory_full);
    }
    return {};
}

Reject Matching::check_form(const NewOrder& order, UnixNanos now) const {
    const instruments::TradingRules& rules = instruments_.rules(order.instrument);
    const bool is_open = instruments::takes_orders(rules.state);
    if (!is_open || (rules.state == InstrumentState::pre_open && !may_rest(order))) {
        return Reject::instrument_not_open;
    }
    const Reject quantity = check_quantity(rules, order.quantity);
    if (quantity != Reject::none) {
        return quantity;
    }
    if (order.post_only != PostOnly::off && !may_rest(order)) {
        return Reject::post_only_needs_resting;
    }
    if (order.expires != UnixNanos(0) && order.expires <= now) {
        return Reject::order_expiry_not_in_future;
    }
    return Reject::none;
}

Result<Ticks> Matching::limit_in_force(const NewOrder& order) const {
    const instruments::TradingRules& rules = instruments_.rules(order.instrument);
    if (order.order_type == OrderType::market) {
        if (order.price != Ticks(0)) {
            return Refusal(Reject::price_not_allowed);
        }
        if (order.side == Side::buy) {
            return std::min(rules.band_high(), order.worst.value_or(rules.band_high()));
        }
        return std::max(rules.band_low(), order.worst.value_or(rules.band_low()));
    }
    const Reject price = instruments_.check_price(order.instrument, order.price);
    if (price != Reject::none) {
        return Refusal(price);
    }
    const Reject band = check_band(rules, order.side, order.price);
    if (band != Reject::none) {
        return Refusal(band);
    }
    return order.price;
}

// What becomes of a limit that would take: refused where nothing may trade or the order may not
// take, moved to just outside the spread where it asked for that.
Result<Ticks> Matching::settle_crossing(InstrumentId instrument, Side side, PostOnly post_only,
                                        Ticks price) const {
    const Book& book = books_[instrument.value()];
    if (!crosses(book, side, static_cast<std::int32_t>(price.value()))) {
        return price;
    }
    const instruments::TradingRules& rules = instruments_.rules(instrument);
    if (rules.state == InstrumentState::pre_open) {
        return Refusal(Reject::would_cross_pre_open);
    }
    if (post_only == PostOnly::off) {
        return price;
    }
    if (post_only == PostOnly::reject) {
        return Refusal(Reject::post_only_would_take);
    }
    const Ladder& makers = ladder(instrument, opposite(side));
    const Ticks best(makers.price_of(makers.best));
    const Ticks outside = side == Side::buy ? instruments_.rounded_down(instrument, best - Ticks(1))
                                            : instruments_.rounded_up(instrument, best + Ticks(1));
    if (outside < rules.price_low() || outside > rules.price_high()) {
        return Refusal(Reject::reprice_out_of_range);
    }
    return outside;
}

Result<OrderView> Matching::find(OrderId order, AccountId account) const {
    if (!is_live(order)) {
        return Refusal(Reject::unknown_order);
    }
    const Order& found = orders_[order.slot()];
    if (found.account != account.value()) {
        return Refusal(Reject::not_your_order);
    }
    const OrderTraits traits(found.traits);
    return OrderView{.instrument = traits.instrument(),
                     .account = account,
                     .side = traits.side(),
                     .price = Ticks(found.price),
                     .left = Lots(found.quantity),
                     .expires = traits.expires() ? expiries_[order.slot()] : UnixNanos(0)};
}

bool Matching::keeps_place(const Amendment& amendment) const {
    const Order& order = orders_[amendment.order.slot()];
    return amendment.price == Ticks(order.price) && amendment.left < Lots(order.quantity);
}

Result<Ticks> Matching::admit_amend(const Amendment& amendment, UnixNanos now) const {
    ASSERT(is_live(amendment.order) && !has_expired(amendment.order.slot(), now));
    const Order& order = orders_[amendment.order.slot()];
    const OrderTraits traits(order.traits);
    const instruments::TradingRules& rules = instruments_.rules(traits.instrument());
    if (!instruments::takes_orders(rules.state)) {
        return Refusal(Reject::instrument_not_open);
    }
    const Reject quantity = check_quantity(rules, amendment.left);
    if (quantity != Reject::none) {
        return Refusal(quantity);
    }
    if (amendment.price == Ticks(order.price) && amendment.left == Lots(order.quantity)) {
        return Refusal(Reject::nothing_to_change);
    }
    if (keeps_place(amendment)) {
        return amendment.price;
    }
    const instruments::PriceWindow& window = rules.window(traits.side());
    const bool is_plain = rules.is_plain && traits.post_only() == PostOnly::off &&
                          amendment.price >= window.low && amendment.price <= window.high;
    const Ticks price = is_plain ? amendment.price : TRY(amended_price(traits, amendment.price));
    const Ladder& ladder = this->ladder(traits.instrument(), traits.side());
    const std::uint32_t rank = ladder.rank_of(static_cast<std::int32_t>(price.value()));
    if (!ladders_.has_room_at(ladder, rank)) {
        return Refusal(Reject::level_pages_full);
    }
    return price;
}

Result<Ticks> Matching::amended_price(OrderTraits traits, Ticks asked) const {
    const Reject price = instruments_.check_price(traits.instrument(), asked);
    if (price != Reject::none) {
        return Refusal(price);
    }
    const Reject band = check_band(instruments_.rules(traits.instrument()), traits.side(), asked);
    if (band != Reject::none) {
        return Refusal(band);
    }
    return settle_crossing(traits.instrument(), traits.side(), traits.post_only(), asked);
}

}  // namespace miletus::matching
