// The traders' commands. Each checks everything, then changes: what the book did is read from its
// events, and settled.
#include "engine/engine.hpp"

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

constexpr std::int64_t nanos_per_day = 86'400'000'000'000;
constexpr std::int64_t day_ends_at = 8 * 3'600'000'000'000;  // 08:00 UTC

UnixNanos end_of_day(UnixNanos now) {
    const std::int64_t since = (now.value() - day_ends_at) % nanos_per_day;
    return now + Nanos(since < 0 ? -since : nanos_per_day - since);
}

UnixNanos expiry_of(const protocol::PlaceOrder& command, UnixNanos now) {
    return command.time_in_force == TimeInForce::good_til_day ? end_of_day(now) : command.expires;
}

matching::NewOrder order_of(const protocol::PlaceOrder& command, UnixNanos now) {
    return {.instrument = command.instrument,
            .account = command.header.account,
            .side = command.side,
            .order_type = command.order_type,
            .time_in_force = command.time_in_force,
            .post_only = command.post_only,
            .self_trade = command.self_trade,
            .price = command.price,
            .quantity = command.quantity,
            .expires = expiry_of(command, now)};
}

// What MassCancel's `filters` adds up.
constexpr std::uint8_t by_session = 1;
constexpr std::uint8_t by_instrument = 2;
constexpr std::uint8_t by_currency = 4;
constexpr std::uint8_t by_kind = 8;

}  // namespace

// ---- Placing ----

Engine::Outcome Engine::place_order(std::span<const Unit> units) {
    const auto& command = view<protocol::PlaceOrder>(units);
    const std::string_view label = protocol::text<protocol::PlaceOrder>(units);
    const AccountId account = command.header.account;
    TRY(instruments_.check_exists(command.instrument));
    TRY(check_terms(command));
    const matching::NewOrder order = order_of(command, now());
    forget_overdue(account, command.client_order);
    TRY(accounts_.admit_order(account, command.client_order, label));
    catch_up(command.instrument, opposite(command.side));
    const Ticks price = TRY(matching_.admit(order, now()));
    TRY(check_reduces(command.instrument, account, command.side, command.quantity));
    const risk::Hold hold =
        TRY(risk::hold_of(instruments_.listing(command.instrument),
                          instruments_.rules(command.instrument), command.side, price));
    TRY(check_funds(account, hold, command.quantity, Amount(0)));
    const std::uint32_t position =
        TRY(clearing_.check_room(account, command.instrument, command.side, command.quantity));

    const OrderId id = matching_.next_order_id();
    accept(command, order, label, id, price);
    OpenOrder& open = accounts_.order(id.slot());
    open.client_order = command.client_order;
    open.hold_per_lot = hold.per_lot;
    open.session = command.header.session;
    open.left = static_cast<std::uint32_t>(command.quantity.value());
    open.filled = 0;
    open.account = account;
    open.instrument = command.instrument;
    open.generation = id.generation();
    open.position = position;
    open.side = command.side;
    clearing_.open(open);
    accounts_.remember(id.slot(), label);
    const std::uint64_t from = events_.position();
    matching_.place(order, price);
    if (order.expires != UnixNanos(0)) {
        timers_.set(id.slot(), order.expires);
    }
    settle_events(from);
    return id.value();
}

// What the book does not know of an order.
Result<void> Engine::check_terms(const protocol::PlaceOrder& command) const {
    if (command.display != Lots(0) || command.reduce_only != 0) {
        return Refusal(Reject::not_supported_yet);
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
                                           .quantity = command.quantity,
                                           .expires = order.expires,
                                           .time = now(),
                                           .session = command.header.session,
                                           .instrument = command.instrument,
                                           .account = command.header.account,
                                           .side = command.side,
                                           .order_type = command.order_type,
                                           .time_in_force = command.time_in_force,
                                           .post_only = command.post_only,
                                           .self_trade = command.self_trade};
        },
        std::span<const char>(label));
}

Result<void> Engine::check_reduces(InstrumentId instrument, AccountId account, Side side,
                                   Lots more) const {
    if (instruments_.rules(instrument).state != protocol::InstrumentState::reduce_only) {
        return {};
    }
    return clearing_.check_reduces(account, instrument, side, more);
}

Result<void> Engine::check_funds(AccountId account, const risk::Hold& hold, Lots lots,
                                 Amount already_held) const {
    const std::optional<Amount> needed = value_of(LotValue(hold.per_lot.value()), lots);
    if (!needed) {
        return Refusal(Reject::hold_overflow);
    }
    if (*needed > accounts_.balance(account, hold.asset).available() + already_held) {
        return Refusal(Reject::insufficient_funds);
    }
    return {};
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
    const OrderId id = TRY(order_named(command));
    TRY(check_order(id, account));
    OpenOrder& open = accounts_.order(id.slot());
    if (command.quantity <= Lots(open.filled)) {
        return Refusal(command.quantity <= Lots(0) ? Reject::quantity_not_positive
                                                   : Reject::quantity_already_filled);
    }
    if (command.quantity > Lots(instruments_.rules(open.instrument).lots_max)) {
        return Refusal(Reject::quantity_too_large);
    }
    const matching::Amendment amendment{
        .order = id, .price = command.price, .left = command.quantity - Lots(open.filled)};
    catch_up(open.instrument, opposite(open.side));
    const Ticks price = TRY(matching_.admit_amend(amendment, now()));
    const bool keeps_place = matching_.keeps_place(amendment);
    if (!keeps_place) {
        TRY(refund(open, amendment, price));
    }
    events_.emit(protocol::OrderAmended{.order = id,
                                        .price = price,
                                        .quantity = command.quantity,
                                        .filled = Lots(open.filled),
                                        .instrument = open.instrument,
                                        .account = account,
                                        .kept_place = static_cast<std::uint8_t>(keeps_place)});
    const std::uint64_t from = events_.position();
    matching_.amend(amendment, price);
    settle_events(from);
    return id.value();
}

// Checks that the account can hold what the amended order needs, then holds that in place of the
// old.
Result<void> Engine::refund(OpenOrder& open, const matching::Amendment& amendment, Ticks price) {
    const InstrumentId instrument = open.instrument;
    const Lots more = amendment.left - Lots(open.left);
    if (more > Lots(0)) {
        TRY(check_reduces(instrument, open.account, open.side, more));
    }
    const risk::Hold hold = TRY(risk::hold_of(instruments_.listing(instrument),
                                              instruments_.rules(instrument), open.side, price));
    const std::optional<Amount> held =
        value_of(LotValue(open.hold_per_lot.value()), Lots(open.left));
    ASSERT(held.has_value());
    TRY(check_funds(open.account, hold, amendment.left, *held));
    if (more > Lots(0)) {
        static_cast<void>(TRY(clearing_.check_room(open.account, instrument, open.side, more)));
    }
    clearing_.rehold(open, hold.per_lot, static_cast<std::uint32_t>(amendment.left.value()));
    return {};
}

Result<OrderId> Engine::order_named(const protocol::AmendOrder& command) const {
    if (command.order != OrderId(0)) {
        return command.order;
    }
    const std::optional<OrderId> found =
        accounts_.find(command.header.account, command.client_order);
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

// Oldest first; bounded by the orders that one account may have.
template <class IsChosen>
std::uint64_t Engine::cancel_chosen(AccountId account, RemovalReason reason, IsChosen is_chosen) {
    std::uint64_t canceled = 0;
    std::uint32_t slot = accounts_.oldest_order(account);
    while (slot != 0) {
        const std::uint32_t newer = accounts_.order(slot).newer;
        if (is_chosen(accounts_.order(slot))) {
            cancel(accounts_.id_of(slot), reason);
            ++canceled;
        }
        slot = newer;
    }
    return canceled;
}

// Only one event can come of it, so there is nothing to read back.
void Engine::cancel(OrderId order, RemovalReason reason) {
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
        const auto lots = static_cast<std::uint32_t>(trade.quantity.value());
        for (const OrderId order : {trade.maker, trade.taker}) {
            clearing_.fill(accounts_.order(order.slot()), trade.price, lots);
            close_if_done(order.slot(), {.state = OrderState::filled});
        }
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

void Engine::unwind(std::uint32_t slot, Lots lots, RemovalReason reason) {
    clearing_.unwind(accounts_.order(slot), static_cast<std::uint32_t>(lots.value()));
    close_if_done(slot, {.state = OrderState::canceled, .reason = reason});
}

void Engine::close_if_done(std::uint32_t slot, Ending ending) {
    const OpenOrder& order = accounts_.order(slot);
    if (order.left == 0) {
        clearing_.close(order);
        accounts_.close(slot, ending);
        timers_.cancel(slot);
    }
}

}  // namespace miletus::engine
