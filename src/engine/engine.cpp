// The whole story of a command: time passes, the command is checked, carried out and answered.
#include "engine/engine.hpp"

#include <algorithm>

namespace miletus::engine {

using protocol::CommandHeader;
using protocol::CommandType;
using protocol::RemovalReason;
using protocol::VenueState;
using protocol::view;

namespace {

// The operator's commands; all others are their account's.
bool is_operators(CommandType type) {
    return type < CommandType::place_order || type > CommandType::amend_trigger;
}

bool adds_orders(CommandType type) {
    return type == CommandType::place_order || type == CommandType::amend_order ||
           type == CommandType::mass_quote || type == CommandType::close_position ||
           type == CommandType::place_trigger || type == CommandType::amend_trigger;
}

// The first command of several, which are left without it. A length that cannot be true ends them.
std::span<const Unit> take_first(std::span<const Unit>& commands) {
    if (commands.empty()) {
        return commands;
    }
    const std::size_t units = view<CommandHeader>(commands).units;
    const std::size_t taken = units == 0 ? 1 : std::min(units, commands.size());
    const std::span<const Unit> first = commands.first(taken);
    commands = commands.subspan(taken);
    return first;
}

}  // namespace

Engine::Engine(const Limits& limits)
    : limits_(limits),
      events_(limits.event_units),
      instruments_(limits),
      parameters_(limits),
      accounts_(limits),
      prices_(limits, instruments_, parameters_, events_),
      surfaces_(limits, instruments_, prices_),
      risk_(limits, instruments_, parameters_, prices_, accounts_),
      gates_(limits, instruments_, parameters_, prices_, accounts_),
      matching_(limits, instruments_, events_),
      clearing_(limits, instruments_, parameters_, prices_, accounts_, events_),
      triggers_(limits),
      timers_({limits.orders + 1, limits.instruments, limits.underlyings, limits.accounts, 2}),
      payouts_(limits.instruments),
      distress_(limits.accounts),
      samples_(limits.instruments),
      event_bounds_(event_bounds(limits)),
      given_(limits.accounts),
      sessions_(limits) {
    ASSERT(events_max(limits) <= limits.event_units);
    ASSERT(limits.sweep_per_command != 0);
}

// Before the command: timers, a piece of every round, and a margin call or a step of a liquidation,
// which takes liquidity, cancels, or is reassigned. Then the command itself, which takes and
// cancels likewise, or moves every mark; two sweeps, where a start comes upon that of another.
// Orders that waited for a price are released where this leaves room.
Engine::EventBounds Engine::event_bounds(const Limits& limits) {
    constexpr std::uint32_t fill =
        11;  // a maker that is cut down, a trade, and money of both sides
    constexpr std::uint32_t removal = 2;
    constexpr std::uint32_t reassignment = 8;
    constexpr std::uint32_t timer = 4;
    constexpr std::uint32_t settlement = 4;
    constexpr std::uint32_t mark = 5;    // a listing and its first one, or what a second brings
    constexpr std::uint32_t once = 128;  // what happens a few times at most
    const std::uint32_t taking = limits.fills_per_command * fill;
    const std::uint32_t canceling = limits.orders_per_account * removal;
    const std::uint32_t step =
        taking + canceling + std::min(limits.accounts, limits.positions) * reassignment;
    const std::uint32_t sweep = limits.sweep_per_command * removal;
    // A session's end and a delivery; the last account of a piece is settled whole.
    const std::uint32_t piece =
        limits.settlements_per_command + std::min(limits.instruments, limits.positions);
    return {
        .before = step + sweep + limits.timers_per_command * timer + 2 * piece * settlement + once,
        .command = taking + canceling + sweep + limits.instruments * mark + once,
        .release = taking + limits.fills_per_command * removal + once};
}

std::uint32_t Engine::events_max(const Limits& limits) {
    const EventBounds bounds = event_bounds(limits);
    return bounds.before + bounds.command;
}

void Engine::apply(std::span<const Unit> command) {
    const auto& header = view<CommandHeader>(command);
    begin(header);
    const Result<std::uint32_t> session = admit(command);
    if (!session) [[unlikely]] {
        complete(header, Refusal(session.error()));
        return;
    }
    if (*session != 0 && sessions_.has_seen(*session, header.client_sequence)) [[unlikely]] {
        answer_again(header, *session);
        return;
    }
    if (*session != 0) {
        sessions_.begin(*session, header.client_sequence, header.sequence);
    }
    const Outcome outcome = carry_out(command);
    if (*session != 0) {
        sessions_.keep(*session, header, outcome);
    }
    complete(header, outcome);
}

void Engine::pass_over(const CommandHeader& command) {
    begin(command);
    complete(command, Refusal(Reject::vetoed));
}

[[gnu::always_inline]] inline void Engine::begin(const CommandHeader& command) {
    ASSERT(command.sequence.value() == events_.sequence().value() + 1);
    ASSERT(command.time >= now());
    events_.begin(command.sequence, command.time);
    if (timers_.is_due(now())) [[unlikely]] {
        run_timers();
    }
    const std::uint32_t pieces =
        sweep_next_ | payout_.next | session_.next | watch_.next | triggers_.first_due();
    if (pieces != 0) [[unlikely]] {
        run_pieces();
    }
}

// Work that is too much for one command.
void Engine::run_pieces() {
    if (sweep_next_ != 0) {
        sweep();
    }
    if (payout_.next != 0) {
        deliver_some();
    } else if (session_.next != 0) {
        settle_some();
    }
    if (watch_.next != 0) {
        watch_some();
    }
    if (triggers_.first_due() != 0) {
        release_some(event_bounds_.before);
    }
}

// The sender's session, 0 where the command has no number of one. What is refused here is nobody's
// command, and no session's.
[[gnu::always_inline]] inline Result<std::uint32_t> Engine::admit(std::span<const Unit> command) {
    const auto& header = view<CommandHeader>(command);
    const CommandType type = TRY(protocol::decode_command(command));
    TRY(check_sender(type, header));
    if (header.session == SessionId(0) || header.client_sequence == ClientSequence(0)) {
        return 0U;
    }
    return sessions_.open(header.session, header.account, header.sequence);
}

[[gnu::always_inline]] inline Engine::Outcome Engine::carry_out(std::span<const Unit> command) {
    const auto type = static_cast<CommandType>(view<CommandHeader>(command).type);
    TRY(check_venue(type));
    return dispatch(type, command);
}

template <class Command>
Engine::Outcome Engine::hand(Outcome (Engine::*handler)(const Command&),
                             std::span<const Unit> command) {
    return (this->*handler)(view<Command>(command));
}
Engine::Outcome Engine::hand(Outcome (Engine::*handler)(std::span<const Unit>),
                             std::span<const Unit> command) {
    return (this->*handler)(command);
}

// Every command has a handler of its name.
Engine::Outcome Engine::dispatch(CommandType type, std::span<const Unit> command) {
    switch (type) {
#define MESSAGE(number, Type, name, sentence) \
    case CommandType::name:                   \
        return hand(&Engine::name, command);
#include "protocol/commands.def"
    }
    return Refusal(Reject::unknown_type);
}

Engine::Outcome Engine::tick(const protocol::Tick& /*command*/) {
    return 0U;
}

// What the protocol knows and this engine does not.
Engine::Outcome Engine::upload_chunk(std::span<const Unit> /*command*/) {
    return Refusal(Reject::not_supported_yet);
}
Engine::Outcome Engine::mass_quote(std::span<const Unit> /*command*/) {
    return Refusal(Reject::not_supported_yet);
}
Engine::Outcome Engine::deploy_contract(const protocol::DeployContract& /*command*/) {
    return Refusal(Reject::not_supported_yet);
}
Engine::Outcome Engine::call_contract(std::span<const Unit> /*command*/) {
    return Refusal(Reject::not_supported_yet);
}

[[gnu::always_inline]] inline Result<void> Engine::check_sender(CommandType type,
                                                                const CommandHeader& header) const {
    if (is_operators(type)) {
        if (header.account != accounts::operator_account) {
            return Refusal(Reject::operator_only);
        }
        return {};
    }
    if (header.account == accounts::operator_account) {
        // It has no orders, but sessions, and they end as others do.
        return type == CommandType::disconnect ? Result<void>()
                                               : Refusal(Reject::operator_cannot_trade);
    }
    return accounts_.check_exists(header.account);
}

// What the venue's state forbids.
Result<void> Engine::check_venue(CommandType type) const {
    if (venue_state_ == VenueState::normal || is_operators(type)) [[likely]] {
        return {};
    }
    // A lost session's orders go whatever the venue's state.
    if (venue_state_ == VenueState::halted && type != CommandType::disconnect) {
        return Refusal(Reject::venue_halted);
    }
    if (venue_state_ == VenueState::cancel_only && adds_orders(type)) {
        return Refusal(Reject::venue_cancel_only);
    }
    return {};
}

// What the command reached, whatever became of it, as far as there is room.
[[gnu::always_inline]] inline void Engine::release_last() {
    if (triggers_.first_due() != 0) [[unlikely]] {
        release_some(event_bounds_.before + event_bounds_.command);
    }
}

// A number that its session has seen is not carried out again. Refusals are answers too: the first
// one stands, whatever has changed since.
void Engine::answer_again(const CommandHeader& command, std::uint32_t session) {
    const Result<sessions::Answer> kept = sessions_.answer(session, command.client_sequence);
    if (!kept) {
        complete(command, Refusal(kept.error()));
        return;
    }
    release_last();
    events_.emit(protocol::Completed{.session = command.session,
                                     .client_sequence = command.client_sequence,
                                     .time = kept->time,
                                     .result = kept->result,
                                     .account = command.account,
                                     .command = kept->command,
                                     .reject = kept->reject,
                                     .first = kept->sequence});
}

[[gnu::always_inline]] inline void Engine::complete(const CommandHeader& command,
                                                    const Outcome& outcome) {
    release_last();
    events_.emit([&](protocol::EventHeader header) {
        return protocol::Completed{.header = header,
                                   .session = command.session,
                                   .client_sequence = command.client_sequence,
                                   .time = command.time,
                                   .result = outcome ? *outcome : 0,
                                   .account = command.account,
                                   .command = command.type,
                                   .reject = outcome.error()};
    });
}

// ---- Time ----

// A bounded number a command; the rest run before the next.
void Engine::run_timers() {
    for (std::uint32_t run = 0; run < limits_.timers_per_command && timers_.is_due(now()); ++run) {
        const Subject subject = timers_.pop();
        fire(subject);
        if (subject.kind == TimerKind::account) {
            return;  // a liquidation may have filled as many orders as one command may
        }
    }
}

void Engine::fire(Subject subject) {
    switch (subject.kind) {
        case TimerKind::order:
            return cancel(accounts_.id_of(subject.number), RemovalReason::expired);
        case TimerKind::instrument:
            return run_instrument_timer(InstrumentId(subject.number));
        case TimerKind::underlying:
            return sample(UnderlyingId(static_cast<std::uint16_t>(subject.number)));
        case TimerKind::account:
            return run_liquidation(AccountId(subject.number));
        case TimerKind::venue:
            return subject == timer_of(VenueTimer::session) ? begin_session_settlement()
                                                            : run_parameters();
    }
}

// ---- Makers ----

matching::Allowance Engine::Makers::allowance(std::uint32_t slot) {
    const accounts::OpenOrder& order = engine_->accounts_.order(slot);
    const bool reduces = order.reduce_only != 0;
    if (!reduces && engine_->risk_.above_initial(order.account) >= Amount(0)) [[likely]] {
        return {};
    }
    const bool may = reduces || engine_->risk_.only_closes(order);
    const Lots lots = may ? std::min(left_to_reduce(order), Lots(order.left)) : Lots(0);
    return {.lots = static_cast<std::uint32_t>(lots.value()),
            .reason = reduces ? RemovalReason::nothing_to_reduce : RemovalReason::margin};
}

// Of what was held when the taking began, what the account's other orders did not close since; or
// would not, all of them together.
Lots Engine::Makers::left_to_reduce(const accounts::OpenOrder& order) {
    const accounts::Positions& positions = engine_->accounts_.positions();
    const accounts::Position& position = positions[order.position];
    const Lots others = position.open[static_cast<std::size_t>(order.side)] +
                        positions.reducing(order.position, order.side) - Lots(order.left);
    const Lots closable = position.closable(order.side);
    const bool is_scarce = others + Lots(order.left) > closable;
    const Lots taken = is_taking_ && is_scarce ? engine_->given_by(order.account, from_) : others;
    return std::max(closable - taken, Lots(0));
}

// Every trade is looked at once, whoever asks.
Lots Engine::given_by(AccountId account, std::uint64_t from) {
    given_upto_ = std::max(given_upto_, from);
    events_.visit_from(given_upto_, [&](std::span<const Unit> event) {
        if (view<protocol::EventHeader>(event).type ==
            static_cast<std::uint8_t>(protocol::EventType::trade)) {
            const auto& trade = view<protocol::Trade>(event);
            Given& given = given_[trade.maker_account.value()];
            given = given.from == from ? given : Given{.from = from, .lots = Lots(0)};
            given.lots += trade.quantity;
        }
    });
    given_upto_ = events_.position();
    const Given& given = given_[account.value()];
    return given.from == from ? given.lots : Lots(0);
}

// ---- Invariants ----

void Engine::check_invariants() const {
    accounts_.check_invariants();
    matching_.check_invariants();
    triggers_.check_invariants();
    prices_.check_invariants();
    risk_.check_invariants();
    timers_.check_invariants();
    sessions_.check_invariants();
    ASSERT(sweep_adds_up());
    ASSERT(is_conserved());
    for (std::uint32_t at = 0; at < limits_.accounts; ++at) {
        ASSERT(holds_add_up(AccountId(at)));
    }
}

// What an account's balance holds is what its orders hold, to the unit.
bool Engine::holds_add_up(AccountId account) const {
    int128 held = 0;
    for (std::uint32_t slot = accounts_.oldest_order(account); slot != 0;
         slot = accounts_.order(slot).newer) {
        const accounts::OpenOrder& order = accounts_.order(slot);
        held += int128{order.hold_per_lot.value()} * order.left;
    }
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        const bool is_settlement = asset == instruments_.settlement_asset();
        if (accounts_.balance(account, asset).held.value() != (is_settlement ? held : 0)) {
            return false;
        }
    }
    return true;
}

// Nobody made money, or lost any.
bool Engine::is_conserved() const {
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        if (!clearing_.is_conserved(
                AssetId(static_cast<std::uint16_t>(at)),
                [this](InstrumentId instrument) { return delivery_price(instrument); })) {
            return false;
        }
    }
    return true;
}

// ---- Looking ahead ----

void Engine::apply_all(std::span<const Unit> commands) {
    if (matching_.outgrows_cache()) {
        apply_hinted(commands);
        return;
    }
    while (!commands.empty()) {
        apply(take_first(commands));
    }
}

void Engine::apply_hinted(std::span<const Unit> commands) {
    std::span<const Unit> far = commands;
    std::span<const Unit> near = commands;
    for (std::uint32_t place = 0; place < far_ahead; ++place) {
        hint(take_first(far), far_ahead);
    }
    for (std::uint32_t place = 0; place < near_ahead; ++place) {
        hint(take_first(near), near_ahead);
    }
    while (!commands.empty()) {
        hint(take_first(far), far_ahead);
        hint(take_first(near), near_ahead);
        apply(take_first(commands));
    }
}

// The further the command, the earlier in the chain of cold lines: first the indices, then what
// they name.
void Engine::hint(std::span<const Unit> command, std::uint32_t places_ahead) const {
    if (command.size() < 2) {
        return;
    }
    const auto type = static_cast<CommandType>(view<CommandHeader>(command).type);
    if (type == CommandType::place_order) {
        hint_place(view<protocol::PlaceOrder>(command), places_ahead);
    } else if (type == CommandType::cancel_order || type == CommandType::amend_order) {
        // Both begin with the order.
        hint_order(view<protocol::CancelOrder>(command).order, places_ahead);
    }
}

void Engine::hint_place(const protocol::PlaceOrder& order, std::uint32_t places_ahead) const {
    if (order.side > protocol::Side::sell) {
        return;
    }
    if (places_ahead == far_ahead) {
        matching_.hint_entry(order.instrument, order.side, order.price);
        accounts_.hint_client_order(order.header.account, order.client_order);
    } else {
        matching_.hint_level(order.instrument, order.side, order.price);
    }
}

void Engine::hint_order(OrderId order, std::uint32_t places_ahead) const {
    if (places_ahead == far_ahead) {
        matching_.hint_order(order);
        accounts_.hint_order(order.slot());
    } else {
        matching_.hint_neighbours(order);
        accounts_.hint_neighbours(order.slot());
    }
}

}  // namespace miletus::engine
