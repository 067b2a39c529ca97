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
    return type < CommandType::place_order || type > CommandType::disconnect;
}

bool adds_orders(CommandType type) {
    return type == CommandType::place_order || type == CommandType::amend_order ||
           type == CommandType::mass_quote;
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
      accounts_(limits),
      matching_(limits, instruments_, events_),
      clearing_(limits, instruments_, accounts_, events_),
      timers_({.orders = limits.orders, .instruments = limits.instruments}) {
    // All events of one command fit the ring: fills with the money of both sides, or a mass cancel,
    // after the timers.
    const std::uint64_t fills = std::uint64_t{limits.fills_per_command} * 8;
    const std::uint64_t timers = std::uint64_t{limits.timers_per_command} * 2;
    ASSERT(fills + limits.orders_per_account + timers + 256 <= limits.event_units);
}

void Engine::apply(std::span<const Unit> command) {
    const auto& header = view<CommandHeader>(command);
    ASSERT(header.sequence.value() == events_.sequence().value() + 1);
    ASSERT(header.time >= now());
    events_.begin(header.sequence, header.time);
    if (timers_.is_due(now())) [[unlikely]] {
        run_timers();
    }
    complete(header, carry_out(command));
}

Engine::Outcome Engine::carry_out(std::span<const Unit> command) {
    const CommandType type = TRY(protocol::decode_command(command));
    TRY(check_sender(type, view<CommandHeader>(command)));
    return dispatch(type, command);
}

Engine::Outcome Engine::dispatch(CommandType type, std::span<const Unit> command) {
    switch (type) {
        case CommandType::tick:
            return 0U;
        case CommandType::set_rules:
            return set_rules(view<protocol::SetRules>(command));
        case CommandType::set_venue_state:
            return set_venue_state(view<protocol::SetVenueState>(command));
        case CommandType::add_asset:
            return add_asset(view<protocol::AddAsset>(command));
        case CommandType::add_underlying:
            return add_underlying(view<protocol::AddUnderlying>(command));
        case CommandType::list_future:
            return list_future(command);
        case CommandType::list_option_series:
            return list_option_series(command);
        case CommandType::set_instrument_state:
            return set_instrument_state(view<protocol::SetInstrumentState>(command));
        case CommandType::set_band:
            return set_band(view<protocol::SetBand>(command));
        case CommandType::open_account:
            return open_account(view<protocol::OpenAccount>(command));
        case CommandType::deposit:
            return deposit(view<protocol::Deposit>(command));
        case CommandType::withdraw:
            return withdraw(view<protocol::Withdraw>(command));
        case CommandType::place_order:
            return place_order(command);
        case CommandType::amend_order:
            return amend_order(view<protocol::AmendOrder>(command));
        case CommandType::cancel_order:
            return cancel_order(view<protocol::CancelOrder>(command));
        case CommandType::cancel_by_client_id:
            return cancel_by_client_id(view<protocol::CancelByClientId>(command));
        case CommandType::cancel_by_label:
            return cancel_by_label(command);
        case CommandType::mass_cancel:
            return mass_cancel(view<protocol::MassCancel>(command));
        case CommandType::disconnect:
            return disconnect(view<protocol::Disconnect>(command));
        case CommandType::started:
        case CommandType::attest:
        case CommandType::veto:
        case CommandType::upload_chunk:
        case CommandType::mass_quote:
        case CommandType::update_index:
        case CommandType::update_surface:
        case CommandType::install_marks:
        case CommandType::deploy_contract:
        case CommandType::call_contract:
            return Refusal(Reject::not_supported_yet);
    }
    return Refusal(Reject::unknown_type);
}

Result<void> Engine::check_sender(CommandType type, const CommandHeader& header) const {
    if (is_operators(type)) {
        if (header.account != accounts::operator_account) {
            return Refusal(Reject::operator_only);
        }
        return {};
    }
    if (header.account == accounts::operator_account) {
        return Refusal(Reject::operator_cannot_trade);
    }
    TRY(accounts_.check_exists(header.account));
    // A lost session's orders go whatever the venue's state.
    if (venue_state_ == VenueState::halted && type != CommandType::disconnect) {
        return Refusal(Reject::venue_halted);
    }
    if (venue_state_ == VenueState::cancel_only && adds_orders(type)) {
        return Refusal(Reject::venue_cancel_only);
    }
    return {};
}

void Engine::complete(const CommandHeader& command, const Outcome& outcome) {
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
        fire(timers_.pop());
    }
}

void Engine::fire(std::uint32_t subject) {
    if (subject <= limits_.orders) {
        cancel(accounts_.id_of(subject), RemovalReason::expired);
    } else {
        run_instrument_timer(InstrumentId(subject - limits_.orders - 1));
    }
}

// ---- Invariants ----

void Engine::check_invariants() const {
    accounts_.check_invariants();
    matching_.check_invariants();
    clearing_.check_invariants();
    timers_.check_invariants();
    for (std::uint32_t at = 0; at < limits_.accounts; ++at) {
        ASSERT(holds_add_up(AccountId(at)));
    }
}

// What an account's balances hold is what its orders and positions hold, to the unit.
bool Engine::holds_add_up(AccountId account) const {
    for (std::uint32_t at = 0; at < instruments_.asset_count(); ++at) {
        const AssetId asset(static_cast<std::uint16_t>(at));
        int128 held = 0;
        for (std::uint32_t slot = accounts_.oldest_order(account); slot != 0;
             slot = accounts_.order(slot).newer) {
            const accounts::OpenOrder& order = accounts_.order(slot);
            const instruments::Listing& listing = instruments_.listing(order.instrument);
            if (instruments::held_asset(listing, order.side) == asset) {
                held += int128{order.hold_per_lot.value()} * order.left;
            }
        }
        clearing_.visit_positions(account, [&](const clearing::Position& position) {
            const auto side = position.lots > Lots(0) ? protocol::Side::buy : protocol::Side::sell;
            if (instruments::held_asset(instruments_.listing(position.instrument), side) == asset) {
                held += position.collateral.value();
            }
        });
        if (held != accounts_.balance(account, asset).held.value()) {
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
