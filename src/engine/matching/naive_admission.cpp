// Admission to the naive books, in the order in which the checks speak.
#include "engine/matching/naive_matching.hpp"

#include <algorithm>

namespace miletus::matching {

using protocol::InstrumentState;
using protocol::OrderType;
using protocol::PostOnly;
using protocol::SelfTrade;
using protocol::Side;
using protocol::TimeInForce;

namespace {

std::int64_t stretches_over(const protocol::ListingTerms& terms) {
    return (terms.price_high - terms.price_low).value() / 64 + 1;
}

}  // namespace

bool NaiveMatching::can_rest(const NewOrder& order) {
    return order.order_type == protocol::OrderType::limit &&
           order.time_in_force != TimeInForce::immediate_or_cancel &&
           order.time_in_force != TimeInForce::fill_or_kill;
}

bool NaiveMatching::is_over(UnixNanos expires, UnixNanos now) {
    return expires != UnixNanos(0) && expires <= now;
}

bool NaiveMatching::accepts(Side side, Ticks limit, Ticks price) {
    return side == Side::buy ? price <= limit : price >= limit;
}

// A directory entry is set aside for each stretch of each side, when the book opens.
Result<void> NaiveMatching::admit_books(const protocol::ListingTerms& terms,
                                        std::uint32_t books) const {
    std::int64_t entries = 2 * stretches_over(terms) * books;
    for (const auto& [instrument, book] : books_) {
        entries += 2 * stretches_over(book.terms);
    }
    if (entries > limits_.directory_entries) {
        return Refusal(Reject::directory_full);
    }
    return {};
}

Result<Ticks> NaiveMatching::admit_asking(const NewOrder& order, UnixNanos now,
                                          const Allowances& allowances) const {
    if (const Reject reject = check_form(order, now); reject != Reject::none) {
        return Refusal(reject);
    }
    const Ticks limit = TRY(limit_of(order));
    const Ticks price = TRY(resolve_crossing(order.instrument, order.side, order.post_only, limit));
    if (const Reject reject = check_room(order, price); reject != Reject::none) {
        return Refusal(reject);
    }
    const bool is_whole_or_nothing = order.time_in_force == TimeInForce::fill_or_kill;
    if (is_whole_or_nothing && !reach_asking(order, price, now, allowances)) {
        return Refusal(Reject::fill_or_kill_unfilled);
    }
    return price;
}

Reject NaiveMatching::check_form(const NewOrder& order, UnixNanos now) const {
    const instruments::TradingRules& rules = instruments_.rules(order.instrument);
    switch (rules.state) {
        case InstrumentState::open:
        case InstrumentState::reduce_only:
            break;
        case InstrumentState::pre_open:
            if (can_rest(order)) {
                break;
            }
            return Reject::instrument_not_open;
        case InstrumentState::halted:
        case InstrumentState::settling:
        case InstrumentState::settled:
        case InstrumentState::archived:
            return Reject::instrument_not_open;
    }
    if (order.quantity < Lots(1)) {
        return Reject::quantity_not_positive;
    }
    if (order.quantity > Lots(rules.lots_max)) {
        return Reject::quantity_too_large;
    }
    if (!can_rest(order) && order.post_only != PostOnly::off) {
        return Reject::post_only_needs_resting;
    }
    return is_over(order.expires, now) ? Reject::order_expiry_not_in_future : Reject::none;
}

// A limit must be a price of the instrument, and not worse for its owner than the band.
Reject NaiveMatching::check_limit(InstrumentId instrument, Side side, Ticks price) const {
    if (const Reject reject = instruments_.check_price(instrument, price); reject != Reject::none) {
        return reject;
    }
    const instruments::TradingRules& rules = instruments_.rules(instrument);
    const Ticks worst = side == Side::buy ? rules.band_high() : rules.band_low();
    return rules.has_band && !accepts(side, worst, price) ? Reject::price_outside_band
                                                          : Reject::none;
}

// A market order goes as far as the band, or the range, and no further than it was told to.
Result<Ticks> NaiveMatching::limit_of(const NewOrder& order) const {
    if (order.order_type == OrderType::limit) {
        const Reject reject = check_limit(order.instrument, order.side, order.price);
        return reject != Reject::none ? Result<Ticks>(Refusal(reject)) : order.price;
    }
    const instruments::TradingRules& rules = instruments_.rules(order.instrument);
    if (order.price != Ticks(0)) {
        return Refusal(Reject::price_not_allowed);
    }
    const Ticks end = order.side == Side::buy ? rules.band_high() : rules.band_low();
    return order.worst && accepts(order.side, end, *order.worst) ? *order.worst : end;
}

Result<Ticks> NaiveMatching::resolve_crossing(InstrumentId instrument, Side side,
                                              PostOnly post_only, Ticks price) const {
    const std::optional<Ticks> facing = best(instrument, opposite(side));
    if (!facing || !accepts(side, price, *facing)) {
        return price;
    }
    if (instruments_.rules(instrument).state == InstrumentState::pre_open) {
        return Refusal(Reject::would_cross_pre_open);
    }
    switch (post_only) {
        case PostOnly::off:
            break;
        case PostOnly::reject:
            return Refusal(Reject::post_only_would_take);
        case PostOnly::reprice:
            return just_outside_spread(instrument, side);
    }
    return price;
}

// Steps away from the other side's best until a price is valid.
Result<Ticks> NaiveMatching::just_outside_spread(InstrumentId instrument, Side side) const {
    const Ticks away(side == Side::buy ? -1 : +1);
    const std::optional<Ticks> facing = best(instrument, opposite(side));
    ASSERT(facing.has_value());
    Ticks price = *facing + away;
    while (instruments_.check_price(instrument, price) == Reject::price_off_tick) {
        price += away;
    }
    if (instruments_.check_price(instrument, price) != Reject::none) {
        return Refusal(Reject::reprice_out_of_range);
    }
    return price;
}

// Every order needs a slot while it takes. One that may rest must find room for that beforehand.
Reject NaiveMatching::check_room(const NewOrder& order, Ticks price) const {
    if (free_slots_.empty() && generations_.size() == limits_.orders) {
        return Reject::order_slots_full;
    }
    if (!can_rest(order)) {
        return Reject::none;
    }
    if (open_orders_of(order.account) >= limits_.orders_per_account) {
        return Reject::account_orders_full;
    }
    if (open_orders(order.instrument) >= limits_.orders_per_instrument) {
        return Reject::instrument_orders_full;
    }
    return has_level_page(order.instrument, order.side, price) ? Reject::none
                                                               : Reject::level_pages_full;
}

// Lines up the orders within the limit, then counts through as many as one command may meet.
std::optional<Ticks> NaiveMatching::reach_asking(const NewOrder& order, Ticks price, UnixNanos now,
                                                 const Allowances& allowances) const {
    std::vector<OrderId> line;
    for (const auto& [level, queue] : book(order.instrument).side(opposite(order.side))) {
        if (accepts(order.side, price, level)) {
            line.insert(line.end(), queue.begin(), queue.end());
        }
    }
    line.resize(std::min<std::size_t>(line.size(), limits_.fills_per_command));
    Lots wanted = order.quantity;
    for (const OrderId id : line) {
        const Order& maker = open_.at(id);
        const bool is_own = owner_of(maker.account) == owner_of(order.account);
        if (is_over(maker.expires, now)) {
            continue;
        }
        if (is_own && order.self_trade != SelfTrade::cancel_maker) {
            return std::nullopt;  // its own order would end it, or eat some of it
        }
        const Lots allowed = is_own ? Lots(0) : lots_of(allowances.at(id.slot()));
        wanted -= std::min({wanted, maker.left, allowed});
        if (wanted == Lots(0)) {
            return maker.price;
        }
    }
    return std::nullopt;
}

Result<OrderView> NaiveMatching::find(OrderId order, AccountId account) const {
    const auto found = open_.find(order);
    if (found == open_.end()) {
        return Refusal(Reject::unknown_order);
    }
    const Order& open = found->second;
    if (open.account != account) {
        return Refusal(Reject::not_your_order);
    }
    return OrderView{.instrument = open.instrument,
                     .account = open.account,
                     .side = open.side,
                     .price = open.price,
                     .left = open.left,
                     .expires = open.expires};
}

// Wanting less at the same price is no reason to queue again.
bool NaiveMatching::keeps_place(const Amendment& amendment) const {
    const Order& order = open_.at(amendment.order);
    return amendment.price == order.price && amendment.left < order.left;
}

Result<Ticks> NaiveMatching::admit_amend(const Amendment& amendment, UnixNanos now) const {
    const Order& order = open_.at(amendment.order);
    ASSERT(!is_over(order.expires, now));
    const instruments::TradingRules& rules = instruments_.rules(order.instrument);
    if (!instruments::takes_orders(rules.state)) {
        return Refusal(Reject::instrument_not_open);
    }
    if (amendment.left < Lots(1)) {
        return Refusal(Reject::quantity_not_positive);
    }
    if (amendment.left > Lots(rules.lots_max)) {
        return Refusal(Reject::quantity_too_large);
    }
    if (amendment.price == order.price && amendment.left == order.left) {
        return Refusal(Reject::nothing_to_change);
    }
    if (keeps_place(amendment)) {
        return amendment.price;
    }
    const Reject limit = check_limit(order.instrument, order.side, amendment.price);
    if (limit != Reject::none) {
        return Refusal(limit);
    }
    const Ticks price =
        TRY(resolve_crossing(order.instrument, order.side, order.post_only, amendment.price));
    if (!has_level_page(order.instrument, order.side, price)) {
        return Refusal(Reject::level_pages_full);
    }
    return price;
}

}  // namespace miletus::matching
