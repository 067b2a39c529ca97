// Orders that wait for a price: how they come, change and go, what the prices reach, and how what
// was reached becomes an order like any other, under its old id. It is judged then, as one that
// comes at that moment; waiting, it holds no money and counts for no margin.
#include "base/division.hpp"
#include "engine/engine.hpp"
#include "engine/new_order.hpp"

namespace miletus::engine {

using accounts::OpenOrder;
using protocol::OrderState;
using protocol::RemovalReason;
using protocol::TriggerReference;
using protocol::view;
using triggers::Reach;
using triggers::Terms;

namespace {

Terms terms_of(const protocol::PlaceTrigger& command) {
    return {.trigger_price = command.trigger_price,
            .instrument = command.instrument,
            .side = command.side,
            .kind = command.trigger,
            .reference = command.reference,
            .order_type = command.order_type,
            .time_in_force = command.time_in_force};
}

Reach in_ticks(std::int64_t price, std::int64_t steps_per_tick) {
    return {.floor = Ticks(floor_div(price, steps_per_tick)),
            .ceil = Ticks(ceil_div(price, steps_per_tick))};
}

}  // namespace

// ---- Coming ----

Engine::Outcome Engine::place_trigger(std::span<const Unit> units) {
    const auto& command = view<protocol::PlaceTrigger>(units);
    const std::string_view label = protocol::text<protocol::PlaceTrigger>(units);
    const AccountId account = command.header.account;
    TRY(instruments_.check_exists(command.instrument));
    TRY(check_account(account));
    TRY(check_terms({.expires = command.expires,
                     .time_in_force = command.time_in_force,
                     .reduce_only = command.reduce_only}));
    forget_overdue(account, command.client_order);
    TRY(accounts_.admit_order(account, command.client_order, label));
    catch_up(command.instrument, opposite(command.side));
    const matching::NewOrder order = order_of(command, now());
    const Terms terms = terms_of(command);
    TRY(matching_.admit_waiting(order, now()));
    if (triggers_.is_full()) {
        return Refusal(Reject::waiting_orders_full);
    }
    TRY(check_trigger(terms));
    const risk::Attempt attempt = attempt_of(order, terms);
    TRY(gates_.check_flow(attempt, now()));
    gates_.count(attempt, now());
    return park(command, order, label).value();
}

Result<void> Engine::check_trigger(const Terms& terms) const {
    TRY(check_trigger_price(terms));
    const Reach price = TRY(reference_price(terms.instrument, terms.reference));
    if (terms.is_reached(price)) {
        return Refusal(Reject::trigger_already_reached);
    }
    if (triggers_.is_under_way(terms)) {
        return Refusal(Reject::triggers_under_way);
    }
    return {};
}

// Marks and trades are where the instrument's prices are; an index has no range or steps, but in
// ticks it is below its own end.
Result<void> Engine::check_trigger_price(const Terms& terms) const {
    if (terms.reference == TriggerReference::index) {
        const std::int64_t tick = instruments_.listing(terms.instrument).terms.tick.value();
        const Ticks end(ceil_div(prices::index_end, tick));
        const bool can_be = terms.trigger_price > Ticks(0) && terms.trigger_price < end;
        return can_be ? Result<void>() : Refusal(Reject::trigger_out_of_range);
    }
    const Reject price = instruments_.check_price(terms.instrument, terms.trigger_price);
    if (price == Reject::none) {
        return {};
    }
    return Refusal(price == Reject::price_off_tick ? Reject::trigger_off_tick
                                                   : Reject::trigger_out_of_range);
}

// Its trigger tells an order from others that are the same otherwise.
risk::Attempt Engine::attempt_of(const matching::NewOrder& order, const Terms& terms) {
    risk::Attempt attempt = attempt_of(
        Wish{.order = order, .price = order.price, .lots_before = {}, .held_before = {}});
    attempt.likeness =
        mixed(attempt.likeness, static_cast<std::uint64_t>(terms.trigger_price.value()));
    return attempt;
}

OrderId Engine::park(const protocol::PlaceTrigger& command, const matching::NewOrder& order,
                     std::string_view label) {
    const OrderId id = matching_.park(order);
    OpenOrder& open = accounts_.order(id.slot());
    describe(open, command, id, order.quantity);
    open.hold_per_lot = Amount(0);
    open.position = 0;
    open.is_waiting = 1;
    accounts_.remember(id.slot(), label);
    triggers_.add(id.slot(), terms_of(command));
    if (order.expires != UnixNanos(0)) {
        timers_.set(timer_of(id), order.expires);
    }
    tell_of_waiting(command, id, order.expires, label);
    return id;
}

void Engine::tell_of_waiting(const protocol::PlaceTrigger& command, OrderId order,
                             UnixNanos expires, std::string_view label) {
    events_.emit(protocol::OrderWaits{.order = order,
                                      .client_order = command.client_order,
                                      .price = command.price,
                                      .quantity = command.quantity,
                                      .expires = expires,
                                      .trigger_price = command.trigger_price,
                                      .time = now(),
                                      .session = command.header.session,
                                      .instrument = command.instrument,
                                      .account = command.header.account,
                                      .side = command.side,
                                      .order_type = command.order_type,
                                      .time_in_force = command.time_in_force,
                                      .post_only = command.post_only,
                                      .self_trade = command.self_trade,
                                      .reduce_only = command.reduce_only,
                                      .trigger = command.trigger,
                                      .reference = command.reference},
                 std::span<const char>(label));
}

// ---- Changing and going ----

Engine::Outcome Engine::amend_trigger(const protocol::AmendTrigger& command) {
    const AccountId account = command.header.account;
    const OrderId id = TRY(order_named(account, command.order, command.client_order));
    TRY(check_order(id, account));
    OpenOrder& open = accounts_.order(id.slot());
    if (open.is_waiting == 0) {
        return Refusal(Reject::order_not_waiting);
    }
    TRY(check_account(account));
    catch_up(open.instrument, opposite(open.side));
    Terms terms = triggers_[id.slot()];
    const matching::NewOrder before = parked_order(id);
    matching::NewOrder order = before;
    order.price = command.price;
    order.quantity = command.quantity;
    TRY(matching_.admit_amended_waiting(order, now()));
    const bool moves = command.trigger_price != terms.trigger_price;
    if (!moves && order.price == before.price && order.quantity == before.quantity) {
        return Refusal(Reject::nothing_to_change);
    }
    terms.trigger_price = command.trigger_price;
    if (moves) {
        TRY(check_trigger(terms));
    }
    const risk::Attempt attempt = attempt_of(order, terms);
    TRY(gates_.check_flow(attempt, now()));
    gates_.count(attempt, now());
    matching_.amend_parked({.order = id, .price = order.price, .left = order.quantity});
    open.left = static_cast<std::uint32_t>(order.quantity.value());
    if (moves) {
        triggers_.move(id.slot(), command.trigger_price);
    }
    events_.emit(protocol::WaitingAmended{.order = id,
                                          .price = order.price,
                                          .trigger_price = command.trigger_price,
                                          .quantity = order.quantity,
                                          .instrument = open.instrument,
                                          .account = account});
    return id.value();
}

matching::NewOrder Engine::parked_order(OrderId order) const {
    matching::NewOrder parked = matching_.parked(order);
    parked.order_type = triggers_[order.slot()].order_type;
    parked.time_in_force = triggers_[order.slot()].time_in_force;
    return parked;
}

void Engine::remove_waiting(OrderId order, RemovalReason reason) {
    triggers_.remove(order.slot());
    matching_.drop_parked(order);
    end_waiting(order, reason, Reject::none);
}

void Engine::end_waiting(OrderId order, RemovalReason reason, Reject reject) {
    OpenOrder& open = accounts_.order(order.slot());
    events_.emit(protocol::WaitingRemoved{.order = order,
                                          .trigger_price = triggers_[order.slot()].trigger_price,
                                          .quantity = Lots(open.left),
                                          .instrument = open.instrument,
                                          .account = open.account,
                                          .reject = reject,
                                          .side = open.side,
                                          .reason = reason});
    open.left = 0;
    open.is_waiting = 0;
    accounts_.close(order.slot(), {.state = OrderState::canceled, .reason = reason});
    timers_.cancel(timer_of(order));
}

// ---- Prices ----

// Prices that nobody can rely on release nothing.
Result<Reach> Engine::reference_price(InstrumentId instrument, TriggerReference reference) const {
    const instruments::Listing& listing = instruments_.listing(instrument);
    if (reference == TriggerReference::last) {
        const std::optional<Ticks> last = prices_.last_trade(instrument);
        return last ? Result<Reach>(Reach{.floor = *last, .ceil = *last})
                    : Refusal(Reject::no_last_trade);
    }
    if (prices_.index_state(listing.underlying) != protocol::IndexState::good) {
        return Refusal(Reject::index_not_good);
    }
    if (reference == TriggerReference::index) {
        return in_ticks(prices_.index(listing.underlying).value(), listing.terms.tick.value());
    }
    if (!prices_.has_mark(instrument)) {
        return Refusal(Reject::no_mark);
    }
    return in_ticks(prices_.mark(instrument).value(), instruments::grid_steps);
}

void Engine::reach(InstrumentId instrument, TriggerReference reference) {
    if (triggers_.count_of(instrument) == 0) {
        return;
    }
    if (const Result<Reach> price = reference_price(instrument, reference)) {
        triggers_.reach(instrument, reference, *price);
    }
}

// An index moved, and marks with it.
void Engine::reach_all(UnderlyingId underlying) {
    if (triggers_.count() == 0) {
        return;
    }
    const auto reach_both = [this](InstrumentId instrument) {
        reach(instrument, TriggerReference::index);
        reach(instrument, TriggerReference::mark);
    };
    prices_.visit_linear(underlying, reach_both);
    prices_.visit_options(underlying, reach_both);
}

// ---- Releasing ----

// What was reached becomes orders; they trade, and reach others: until nothing is left, or the
// command has caused as much as it may. Then the next one goes on. While the venue takes no orders,
// or an instrument does not trade, what was reached there waits until it does. `most` is how many
// units of events the command may have caused by then.
void Engine::release_some(std::uint64_t most) {
    if (releasing_ != events_.sequence()) {
        releasing_ = events_.sequence();
        released_ = 0;
    }
    for (std::uint32_t slot = triggers_.next(); slot != 0; slot = triggers_.next()) {
        const std::uint64_t caused = events_.position() - events_.start();
        if (venue_state_ != protocol::VenueState::normal ||
            released_ == limits_.triggers_per_command || caused + event_bounds_.release > most) {
            return;
        }
        if (!instruments::trades(instruments_.rules(triggers_[slot].instrument).state)) {
            triggers_.hold();
            continue;
        }
        release(accounts_.id_of(slot));
        ++released_;
    }
}

void Engine::release(OrderId id) {
    if (matching_.has_expired(id, now())) {
        remove_waiting(id, RemovalReason::expired);
        return;
    }
    Wish wish{.order = parked_order(id),
              .price = {},
              .reduces_only = accounts_.order(id.slot()).reduce_only != 0,
              .has_waited = true,
              .lots_before = {},
              .held_before = {}};
    catch_up(wish.order.instrument, opposite(wish.order.side));
    triggers_.remove(id.slot());
    matching_.unpark(id);
    const Result<Admission> admission = admit_released(wish);
    if (!admission) {
        matching_.retire_next();
        end_waiting(id, RemovalReason::refused, admission.error());
        return;
    }
    enter_released(id, wish, *admission);
}

void Engine::enter_released(OrderId id, const Wish& wish, const Admission& admission) {
    OpenOrder& open = accounts_.order(id.slot());
    events_.emit(protocol::OrderTriggered{.order = id,
                                          .price = wish.price,
                                          .quantity = wish.order.quantity,
                                          .instrument = open.instrument,
                                          .account = open.account,
                                          .side = open.side});
    open.is_waiting = 0;
    open.left = static_cast<std::uint32_t>(wish.order.quantity.value());
    open.hold_per_lot = admission.hold_per_lot;
    open.position = admission.position;
    clearing_.open(open);
    risk_.add(open.account, admission.change);
    const std::uint64_t from = events_.position();
    matching_.place(wish.order, wish.price, Makers::while_taking(*this));
    settle_events(from);
}

}  // namespace miletus::engine
