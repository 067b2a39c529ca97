// The traders' commands. Each checks everything, then changes: what the book did is read from its
// events, and settled.
#include "base/division.hpp"
#include "engine/engine.hpp"
#include "engine/new_order.hpp"

#include <algorithm>

namespace miletus::engine {

using accounts::Ending;
using accounts::OpenOrder;
using protocol::EventType;
using protocol::OrderState;
using protocol::RemovalReason;
using protocol::Side;
using protocol::TimeInForce;
using protocol::view;

namespace {

// Orders of an account that are the same in all that a client says of them, but for its own id.
std::uint64_t likeness_of(const matching::NewOrder& order) {
    const std::uint64_t what =
        mixed(order.instrument.value(), static_cast<std::uint64_t>(order.side));
    const std::uint64_t how = mixed(static_cast<std::uint64_t>(order.price.value()),
                                    static_cast<std::uint64_t>(order.quantity.value()));
    return mixed(what, how);
}

Lots cut_to(Lots held, Lots wanted) {
    return held != Lots(0) ? std::min(wanted, held) : wanted;
}

// What MassCancel's `filters` adds up.
constexpr std::uint8_t by_session = 1;
constexpr std::uint8_t by_instrument = 2;
constexpr std::uint8_t by_currency = 4;
constexpr std::uint8_t by_kind = 8;

}  // namespace

// ---- Placing ----

Engine::Outcome Engine::place_order(std::span<const Unit> units) {
    return enter(view<protocol::PlaceOrder>(units), protocol::text<protocol::PlaceOrder>(units));
}

// By the book, and by risk; the wish takes on the price in force.
[[gnu::always_inline]] inline Result<Engine::Admission> Engine::admit(Wish& wish) {
    if (wish.order.order_type == protocol::OrderType::market) {
        TRY(gates_.check_prices(wish.order.instrument));
        wish.order.worst = gates_.collar(wish.order.instrument, wish.order.side);
    }
    wish.price = TRY(matching_.admit(wish.order, now(), Makers::before_taking(*this)));
    return admit_risk(wish);
}

Engine::Outcome Engine::enter(const protocol::PlaceOrder& command, std::string_view label) {
    const AccountId account = command.header.account;
    TRY(instruments_.check_exists(command.instrument));
    TRY(check_account(account));
    TRY(check_terms(command));
    Wish wish{.order = order_of(command, now()),
              .price = {},
              .reduces_only = command.reduce_only != 0,
              .lots_before = {},
              .held_before = {}};
    forget_overdue(account, command.client_order);
    TRY(accounts_.admit_order(account, command.client_order, label));
    catch_up(command.instrument, opposite(command.side));
    cut(wish);
    const Admission admission = TRY(admit(wish));
    gates_.count(attempt_of(wish), now());
    return put(command, wish, admission, label).value();
}

// One that waited for a price, now that it came.
Result<Engine::Admission> Engine::admit_released(Wish& wish) {
    TRY(check_account(wish.order.account));
    cut(wish);
    return admit(wish);
}

// What only reduces wants no more than is held. Where nothing is, it is refused as it stands.
void Engine::cut(Wish& wish) const {
    if (wish.reduces_only) [[unlikely]] {
        matching::NewOrder& order = wish.order;
        const Lots held = clearing_.closable(order.account, order.instrument, order.side);
        order.quantity = cut_to(held, order.quantity);
    }
}

risk::Attempt Engine::attempt_of(const Wish& wish) {
    return {.account = wish.order.account,
            .instrument = wish.order.instrument,
            .side = wish.order.side,
            .lots = wish.order.quantity - wish.lots_before,
            .price = wish.price,
            .likeness = likeness_of(wish.order)};
}

// Everything about money and risk. What an order may cost at once is judged by where it would
// trade now, if all of it would, else by its limit.
Result<Engine::Admission> Engine::admit_risk(const Wish& wish) {
    const matching::NewOrder& order = wish.order;
    TRY(gates_.check_prices(order.instrument));
    const Lots more = order.quantity - wish.lots_before;
    const bool reduces_only = TRY(check_reduces(wish));
    const std::uint32_t position = TRY(clearing_.check_room(
        order.account, order.instrument, order.side, wish.reduces_only ? growth_by(wish) : more));
    TRY(check_gates(wish, position, reduces_only));
    const Ticks worst =
        matching_.crosses(order.instrument, order.side, wish.price)
            ? matching_.reach(order, wish.price, now(), Makers::before_taking(*this))
                  .value_or(wish.price)
            : wish.price;
    const Amount per_lot = risk_.hold_of(order.instrument, order.side, worst) +
                           clearing_.fee_bound(order.instrument, worst);
    const std::optional<Amount> hold = value_of(LotValue(per_lot.value()), order.quantity);
    if (!hold) {  // a mark far beyond the price range: as much nobody has
        return Refusal(Reject::margin_insufficient);
    }
    const risk::Requirement change = TRY(risk_.check_order({.account = order.account,
                                                            .instrument = order.instrument,
                                                            .position = position,
                                                            .side = order.side,
                                                            .lots = more,
                                                            .hold = *hold,
                                                            .holds_not = wish.held_before,
                                                            .reduces = wish.reduces_only}));
    return Admission{.position = position, .hold_per_lot = per_lot, .change = change};
}

Result<void> Engine::check_gates(const Wish& wish, std::uint32_t position,
                                 bool reduces_only) const {
    const risk::Attempt attempt = attempt_of(wish);
    const UnderlyingId underlying = instruments_.listing(attempt.instrument).underlying;
    if (!reduces_only && prices_.index_state(underlying) != protocol::IndexState::good) {
        return Refusal(Reject::index_not_good);
    }
    TRY(gates_.check_price(attempt));
    if (!reduces_only) {
        risk::Attempt growing = attempt;
        growing.lots = wish.reduces_only ? growth_by(wish) : attempt.lots;
        TRY(gates_.check_size(growing, position));
    }
    if (wish.has_waited) {
        return {};
    }
    return gates_.check_flow(attempt, now());
}

// Whether the order reduces whatever else trades. Where it must, by the state of its account or
// instrument, all of its side stay within what is held: but not those that reduce by their client's
// word where no others are, since each is judged again when it trades.
Result<bool> Engine::check_reduces(const Wish& wish) const {
    const matching::NewOrder& order = wish.order;
    const bool must = must_reduce(order.instrument, order.account);
    if (!must && !wish.reduces_only) [[likely]] {
        return false;
    }
    const accounts::Positions& positions = accounts_.positions();
    const std::uint32_t slot = positions.find(order.account, order.instrument);
    const bool is_alone = positions[slot].open[static_cast<std::size_t>(order.side)] == Lots(0);
    if (must && !(wish.reduces_only && is_alone)) {
        TRY(clearing_.check_reduces(order.account, order.instrument, order.side,
                                    order.quantity - wish.lots_before));
    }
    if (!wish.reduces_only) {
        return true;
    }
    if (order.quantity > positions[slot].closable(order.side)) {
        return Refusal(Reject::would_increase_position);
    }
    return positions.worst_with(slot, order.side, growth_by(wish)) <= positions.worst(slot);
}

// How much further the orders of its side could go with one that only reduces.
Lots Engine::growth_by(const Wish& wish) const {
    const matching::NewOrder& order = wish.order;
    const accounts::Positions& positions = accounts_.positions();
    return positions.growth(positions.find(order.account, order.instrument), order.side,
                            order.quantity - wish.lots_before);
}

bool Engine::must_reduce(InstrumentId instrument, AccountId account) const {
    return instruments_.rules(instrument).state == protocol::InstrumentState::reduce_only ||
           accounts_.state(account) == protocol::AccountState::reduce_only;
}

// What was admitted happens: the book takes the order, then what it did is settled.
OrderId Engine::put(const protocol::PlaceOrder& command, const Wish& wish,
                    const Admission& admission, std::string_view label) {
    const OrderId id = matching_.next_order_id();
    accept(command, wish.order, label, id, wish.price);
    OpenOrder& open = accounts_.order(id.slot());
    describe(open, command, id, wish.order.quantity);
    open.hold_per_lot = admission.hold_per_lot;
    open.position = admission.position;
    open.is_waiting = 0;
    clearing_.open(open);
    risk_.add(open.account, admission.change);
    accounts_.remember(id.slot(), label);
    const std::uint64_t from = events_.position();
    matching_.place(wish.order, wish.price, Makers::while_taking(*this));
    if (wish.order.expires != UnixNanos(0)) {
        timers_.set(timer_of(id), wish.order.expires);
    }
    settle_events(from);
    return id;
}

Result<void> Engine::check_account(AccountId account) const {
    switch (accounts_.state(account)) {
        case protocol::AccountState::normal:
        case protocol::AccountState::reduce_only:
            return {};
        case protocol::AccountState::stopped:
            return Refusal(Reject::account_stopped);
        case protocol::AccountState::in_liquidation:
            break;
    }
    return Refusal(Reject::account_in_liquidation);
}

// All that is held goes to the book, as a reduce-only order that does not rest unless it has a
// price.
Engine::Outcome Engine::close_position(const protocol::ClosePosition& command) {
    TRY(instruments_.check_exists(command.instrument));
    const accounts::Positions& positions = accounts_.positions();
    const accounts::Position& position =
        positions[positions.find(command.header.account, command.instrument)];
    if (!position.is_held()) {
        return Refusal(Reject::no_position);
    }
    return enter({.header = command.header,
                  .price = command.price,
                  .quantity = position.is_long() ? position.lots : -position.lots,
                  .client_order = command.client_order,
                  .instrument = command.instrument,
                  .side = position.is_long() ? Side::sell : Side::buy,
                  .order_type = command.order_type,
                  .reduce_only = 1},
                 {});
}

// What the book does not know of an order.
Result<void> Engine::check_terms(const protocol::PlaceOrder& command) const {
    if (command.display != Lots(0)) {
        return Refusal(Reject::not_supported_yet);
    }
    if (command.reduce_only > 1) {
        return Refusal(Reject::unknown_value);
    }
    const bool has_time = command.time_in_force == TimeInForce::good_til_time;
    if (!has_time && command.expires != UnixNanos(0)) {
        return Refusal(Reject::expiry_not_allowed);
    }
    if (has_time && command.expires <= now()) {
        return Refusal(Reject::order_expiry_not_in_future);
    }
    return {};
}

void Engine::accept(const protocol::PlaceOrder& command, const matching::NewOrder& order,
                    std::string_view label, OrderId id, Ticks price) {
    events_.emit(
        [&](protocol::EventHeader header) {
            return protocol::OrderAccepted{.header = header,
                                           .order = id,
                                           .client_order = command.client_order,
                                           .price = price,
                                           .quantity = order.quantity,
                                           .expires = order.expires,
                                           .time = now(),
                                           .session = command.header.session,
                                           .instrument = command.instrument,
                                           .account = command.header.account,
                                           .side = command.side,
                                           .order_type = command.order_type,
                                           .time_in_force = command.time_in_force,
                                           .post_only = command.post_only,
                                           .self_trade = command.self_trade,
                                           .reduce_only = command.reduce_only};
        },
        std::span<const char>(label));
}

// An order that is overdue and not yet swept holds its client's id no longer.
void Engine::forget_overdue(AccountId account, ClientOrderId client_order) {
    if (!timers_.is_due(now())) {
        return;
    }
    const std::optional<OrderId> order = accounts_.find(account, client_order);
    if (order && matching_.has_expired(*order, now())) {
        cancel(*order, RemovalReason::expired);
    }
}

// What is overdue and not yet swept takes effect before anything is checked against the book: the
// instrument's own expiry, and that of the orders in front.
void Engine::catch_up(InstrumentId instrument, Side makers) {
    if (!timers_.is_due(now())) {
        return;
    }
    const UnixNanos expiry = instruments_.listing(instrument).expiry;
    const bool has_expired = expiry != UnixNanos(0) && expiry <= now();
    const auto state = instruments_.rules(instrument).state;
    if (has_expired &&
        (instruments::takes_orders(state) || state == protocol::InstrumentState::halted)) {
        enter_state(instrument, protocol::InstrumentState::settling);
    }
    const std::uint64_t from = events_.position();
    matching_.drop_expired(instrument, makers, now());
    settle_events(from);
}

// ---- Amending ----

Engine::Outcome Engine::amend_order(const protocol::AmendOrder& command) {
    const AccountId account = command.header.account;
    const OrderId id = TRY(order_named(account, command.order, command.client_order));
    TRY(check_order(id, account));
    OpenOrder& open = accounts_.order(id.slot());
    if (open.is_waiting != 0) [[unlikely]] {
        return Refusal(Reject::order_waits);
    }
    if (command.quantity <= Lots(open.filled)) {
        return Refusal(command.quantity <= Lots(0) ? Reject::quantity_not_positive
                                                   : Reject::quantity_already_filled);
    }
    matching::Amendment amendment{
        .order = id, .price = command.price, .left = command.quantity - Lots(open.filled)};
    if (open.reduce_only != 0) [[unlikely]] {
        const Lots held = accounts_.positions()[open.position].closable(open.side);
        amendment.left = cut_to(held, amendment.left);
    }
    if (amendment.left > Lots(instruments_.rules(open.instrument).lots_max) - Lots(open.filled)) {
        return Refusal(Reject::quantity_too_large);
    }
    TRY(check_account(account));
    catch_up(open.instrument, opposite(open.side));
    const Ticks price = TRY(matching_.admit_amend(amendment, now()));
    const bool keeps_place = matching_.keeps_place(amendment);
    if (!keeps_place) {
        TRY(fund_again(open, amendment, price));
    }
    events_.emit(protocol::OrderAmended{.order = id,
                                        .price = price,
                                        .quantity = Lots(open.filled) + amendment.left,
                                        .filled = Lots(open.filled),
                                        .instrument = open.instrument,
                                        .account = account,
                                        .kept_place = static_cast<std::uint8_t>(keeps_place)});
    const std::uint64_t from = events_.position();
    matching_.amend(amendment, price, Makers::while_taking(*this));
    settle_events(from);
    return id.value();
}

// The amended order is judged as a new one, of which a part is there already.
Result<void> Engine::fund_again(OpenOrder& open, const matching::Amendment& amendment,
                                Ticks price) {
    const std::optional<Amount> held =
        value_of(LotValue(open.hold_per_lot.value()), Lots(open.left));
    ASSERT(held.has_value());
    const Wish wish{.order = {.instrument = open.instrument,
                              .account = open.account,
                              .side = open.side,
                              .price = price,
                              .quantity = amendment.left,
                              .expires = {}},
                    .price = price,
                    .reduces_only = open.reduce_only != 0,
                    .lots_before = Lots(open.left),
                    .held_before = *held};
    const Admission admission = TRY(admit_risk(wish));
    gates_.count(attempt_of(wish), now());
    clearing_.rehold(open, admission.hold_per_lot,
                     static_cast<std::uint32_t>(amendment.left.value()));
    risk_.add(open.account, admission.change);
    return {};
}

Result<OrderId> Engine::order_named(AccountId account, OrderId order,
                                    ClientOrderId client_order) const {
    if (order != OrderId(0)) {
        return order;
    }
    const std::optional<OrderId> found = accounts_.find(account, client_order);
    if (!found) {
        return Refusal(Reject::unknown_order);
    }
    return *found;
}

// Whether the order is open and the account's. One that is overdue and not yet swept is gone for
// whoever asks.
Result<void> Engine::check_order(OrderId order, AccountId account) {
    const Reject refused = matching_.check_owner(order, account);
    if (refused != Reject::none) {
        return Refusal(refused);
    }
    if (timers_.is_due(now()) && matching_.has_expired(order, now())) {
        cancel(order, RemovalReason::expired);
        return Refusal(Reject::unknown_order);
    }
    return {};
}

// ---- Canceling ----

Engine::Outcome Engine::cancel_order(const protocol::CancelOrder& command) {
    TRY(check_order(command.order, command.header.account));
    cancel(command.order, RemovalReason::client);
    return command.order.value();
}

Engine::Outcome Engine::cancel_by_client_id(const protocol::CancelByClientId& command) {
    const std::optional<OrderId> order =
        accounts_.find(command.header.account, command.client_order);
    if (!order) {
        return Refusal(Reject::unknown_order);
    }
    TRY(check_order(*order, command.header.account));
    cancel(*order, RemovalReason::client);
    return order->value();
}

Engine::Outcome Engine::cancel_by_label(std::span<const Unit> units) {
    const AccountId account = view<protocol::CancelByLabel>(units).header.account;
    const std::string_view text = protocol::text<protocol::CancelByLabel>(units);
    if (text.empty()) {
        return Refusal(Reject::label_missing);
    }
    std::uint64_t canceled = 0;
    const accounts::Labels& labels = accounts_.labels();
    for (std::uint32_t label = labels.first(account, text); label != 0;
         label = labels.first(account, text)) {
        cancel(accounts_.id_of(labels.order(label)), RemovalReason::client);
        ++canceled;
    }
    return canceled;
}

Engine::Outcome Engine::mass_cancel(const protocol::MassCancel& command) {
    const std::uint8_t filters = command.filters;
    if (filters > (by_session | by_instrument | by_currency | by_kind)) {
        return Refusal(Reject::unknown_value);
    }
    if ((filters & by_instrument) != 0) {
        TRY(instruments_.check_exists(command.instrument));
    }
    if ((filters & by_currency) != 0) {
        TRY(check_asset(command.currency));
    }
    return cancel_chosen(
        command.header.account, RemovalReason::mass_cancel, [&](const OpenOrder& order) {
            const instruments::Listing& listing = instruments_.listing(order.instrument);
            return ((filters & by_session) == 0 || order.session == command.only_session) &&
                   ((filters & by_instrument) == 0 || order.instrument == command.instrument) &&
                   ((filters & by_currency) == 0 || listing.quote == command.currency) &&
                   ((filters & by_kind) == 0 || listing.kind == command.kind);
        });
}

Engine::Outcome Engine::disconnect(const protocol::Disconnect& command) {
    const bool session_cancels = sessions_.end(command.ended, command.header.account);
    if (command.cancel_orders == 0 && !session_cancels) {
        return 0U;
    }
    return cancel_chosen(command.header.account, RemovalReason::disconnect,
                         [&](const OpenOrder& order) { return order.session == command.ended; });
}

// A session may say so before its first numbered command.
Engine::Outcome Engine::set_session(const protocol::SetSession& command) {
    const protocol::CommandHeader& header = command.header;
    if (header.session == SessionId(0)) {
        return Refusal(Reject::session_missing);
    }
    const std::uint32_t session =
        TRY(sessions_.open(header.session, header.account, header.sequence));
    sessions_.set_cancel_on_disconnect(session, command.cancel_on_disconnect != 0);
    return 0U;
}

// Only one event can come of it, so there is nothing to read back.
void Engine::cancel(OrderId order, RemovalReason reason) {
    if (accounts_.order(order.slot()).is_waiting != 0) [[unlikely]] {
        remove_waiting(order, reason);
        return;
    }
    matching_.cancel(order, reason);
    unwind(order.slot(), Lots(accounts_.order(order.slot()).left), reason);
}

// ---- Settling what the book did ----

void Engine::settle_events(std::uint64_t from) {
    if (events_.position() == from + 1) {
        const auto& only = view<protocol::EventHeader>(events_.message_at(from));
        if (only.type == static_cast<std::uint8_t>(EventType::order_rested)) {
            return;  // the common case: it rests, and nothing else happened
        }
    }
    events_.visit_from(from, [this](std::span<const Unit> event) { settle(event); });
}

void Engine::settle(std::span<const Unit> event) {
    const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
    if (type == EventType::trade) {
        const auto& trade = view<protocol::Trade>(event);
        if (!is_liquidating_) {
            prices_.trade(trade.instrument, trade.price);
            if (triggers_.count() != 0) [[unlikely]] {
                reach(trade.instrument, protocol::TriggerReference::last);
            }
        }
        fill(trade.maker, trade);
        fill(trade.taker, trade);
    } else if (type == EventType::order_removed) {
        const auto& removed = view<protocol::OrderRemoved>(event);
        if (removed.reason != RemovalReason::amended) {
            unwind(removed.order.slot(), removed.quantity, removed.reason);
        }
    } else if (type == EventType::remainder_canceled) {
        const auto& remainder = view<protocol::RemainderCanceled>(event);
        unwind(remainder.order.slot(), remainder.quantity, remainder.reason);
    } else if (type == EventType::order_reduced) {
        const auto& reduced = view<protocol::OrderReduced>(event);
        const OpenOrder& order = accounts_.order(reduced.order.slot());
        unwind(reduced.order.slot(), Lots(order.left) - reduced.quantity, reduced.reason);
    }
}

void Engine::fill(OrderId id, const protocol::Trade& trade) {
    OpenOrder& order = accounts_.order(id.slot());
    risk_.leave(order.position);
    clearing_.fill(order, trade.price, static_cast<std::uint32_t>(trade.quantity.value()),
                   id == trade.taker);
    risk_.join(order.position);
    close_if_done(id.slot(), {.state = OrderState::filled});
}

void Engine::unwind(std::uint32_t slot, Lots lots, RemovalReason reason) {
    OpenOrder& order = accounts_.order(slot);
    risk_.unwind(order, lots);
    clearing_.unwind(order, static_cast<std::uint32_t>(lots.value()));
    close_if_done(slot, {.state = OrderState::canceled, .reason = reason});
}

void Engine::close_if_done(std::uint32_t slot, Ending ending) {
    const OpenOrder& order = accounts_.order(slot);
    if (order.left == 0) {
        clearing_.close(order);
        accounts_.close(slot, ending);
        timers_.cancel(timer_of(OrderId(slot, 0)));
    }
}

}  // namespace miletus::engine
