// The traders' commands, what is wrong with some of them, and what is learned from events.
#include "engine/command_stream.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace miletus::engine {

using protocol::EventType;
using protocol::InstrumentState;
using protocol::view;

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::size_t seen_max = 64;

void overwrite(std::span<Unit> units, std::size_t at, std::int64_t value) {
    for (std::size_t byte = 0; byte < sizeof(value); ++byte) {
        const auto shifted = static_cast<std::uint64_t>(value) >> (8 * byte);
        std::as_writable_bytes(units)[at + byte] = static_cast<std::byte>(shifted);
    }
}

}  // namespace

Limits stream_limits() {
    return {.assets = 3,
            .underlyings = 4,
            .instruments = 20,
            .accounts = 8,
            .positions = 12,
            .orders = 26,
            .labels = 8,
            .sessions = 12,
            .waiting_parameters = 1,
            .waiting_orders = 6,
            .level_pages = 9,
            .directory_entries = 140,
            .position_lots = 60,
            .orders_per_account = 9,
            .orders_per_instrument = 14,
            .sessions_per_account = 3,
            .closed_orders_per_account = 3,
            .answers_per_session = 2,
            .fills_per_command = 3,
            .timers_per_command = 2,
            .sweep_per_command = 1,
            .settlements_per_command = 3,
            .triggers_per_command = 1,
            .levels_per_answer = 64,
            .event_units = 2048,
            .cache_bytes = 0};
}

// Mostly trading; the venue and its life in between.
std::span<const CommandStream::Kind> CommandStream::kinds() {
    static constexpr std::array all = {
        Kind{.weight = 900, .make = &CommandStream::place},
        Kind{.weight = 120, .make = &CommandStream::amend},
        Kind{.weight = 150, .make = &CommandStream::place_trigger},
        Kind{.weight = 40, .make = &CommandStream::amend_trigger},
        Kind{.weight = 60, .make = &CommandStream::cancel},
        Kind{.weight = 25, .make = &CommandStream::cancel_by_client_id},
        Kind{.weight = 14, .make = &CommandStream::cancel_by_label},
        Kind{.weight = 8, .make = &CommandStream::mass_cancel},
        Kind{.weight = 8, .make = &CommandStream::disconnect},
        Kind{.weight = 8, .make = &CommandStream::set_session},
        Kind{.weight = 30, .make = &CommandStream::tick},
        Kind{.weight = 3, .make = &CommandStream::set_rules},
        Kind{.weight = 5, .make = &CommandStream::set_venue_state},
        Kind{.weight = 5, .make = &CommandStream::add_asset},
        Kind{.weight = 6, .make = &CommandStream::add_underlying},
        Kind{.weight = 16, .make = &CommandStream::list_future},
        Kind{.weight = 14, .make = &CommandStream::list_series},
        Kind{.weight = 40, .make = &CommandStream::set_instrument_state},
        Kind{.weight = 25, .make = &CommandStream::set_band},
        Kind{.weight = 8, .make = &CommandStream::open_account},
        Kind{.weight = 40, .make = &CommandStream::deposit},
        Kind{.weight = 70, .make = &CommandStream::withdraw},
        Kind{.weight = 16, .make = &CommandStream::transfer},
        Kind{.weight = 24, .make = &CommandStream::close_position},
        Kind{.weight = 24, .make = &CommandStream::set_parameter},
        Kind{.weight = 6, .make = &CommandStream::set_account_state},
        Kind{.weight = 3, .make = &CommandStream::set_insurance_account},
        Kind{.weight = 6, .make = &CommandStream::archive_instrument},
        Kind{.weight = 330, .make = &CommandStream::update_index},
        Kind{.weight = 20, .make = &CommandStream::update_surface},
        Kind{.weight = 40, .make = &CommandStream::install_marks},
        Kind{.weight = 3, .make = &CommandStream::start},
        Kind{.weight = 12, .make = &CommandStream::attest},
        Kind{.weight = 3, .make = &CommandStream::veto},
        Kind{.weight = 6, .make = &CommandStream::send_unsupported},
        Kind{.weight = 6, .make = &CommandStream::babble},
    };
    return all;
}

std::span<const Unit> CommandStream::next() {
    if (sequence_ >= opening_commands) {
        pass_time();
    }
    ++sequence_;
    header_ = {.account = AccountId(0), .ingress_time = now_};
    if (sequence_ <= opening_commands) {
        open_venue(sequence_ - 1);
    } else {
        make_any();
        number();
        if (prng_.one_in(25)) {
            damage();
        }
    }
    stamp();
    return units_;
}

void CommandStream::make_any() {
    header_.account = prng_.one_in(60) ? AccountId(1) : AccountId(0);
    if (venue_state_ != protocol::VenueState::normal && prng_.one_in(12)) {
        put(protocol::SetVenueState{.state = protocol::VenueState::normal});
        return;
    }
    std::uint64_t sum = 0;
    for (const Kind& kind : kinds()) {
        sum += kind.weight;
    }
    std::uint64_t drawn = prng_.below(sum);
    for (const Kind& kind : kinds()) {
        if (drawn < kind.weight) {
            (this->*kind.make)();
            return;
        }
        drawn -= kind.weight;
    }
}

// By which session it is sent, and half of the time as which of its commands: the next one, a later
// one, or one again.
void CommandStream::number() {
    const AccountId account = view<protocol::CommandHeader>(units_).account;
    const SessionId session = any_session();
    overwrite(units_, offsetof(protocol::CommandHeader, session),
              static_cast<std::int64_t>(session.value()));
    if (prng_.one_in(2)) {
        return;
    }
    std::uint64_t& last = numbers_[{account, session}];
    std::uint64_t number = last + (prng_.one_in(10) ? 1 + prng_.below(5) : 1);
    if (prng_.one_in(8)) {
        number = std::max<std::uint64_t>(last, 4) - prng_.below(4);
    }
    last = std::max(last, number);
    overwrite(units_, offsetof(protocol::CommandHeader, client_sequence),
              static_cast<std::int64_t>(number));
}

void CommandStream::pass_time() {
    const std::uint64_t draw = prng_.below(100);
    std::int64_t span = 0;
    if (draw >= 99) {
        span = prng_.between(0, 6 * 3600 * second_ns);
    } else if (draw >= 90) {
        span = prng_.between(0, 300 * second_ns);
    } else if (draw >= 70) {
        span = prng_.between(0, second_ns);
    }
    now_ = now_ + Nanos(span);
}

// Whatever else is in it: the sequencer numbered it and gave it its time.
void CommandStream::stamp() {
    overwrite(units_, offsetof(protocol::CommandHeader, sequence),
              static_cast<std::int64_t>(sequence_));
    overwrite(units_, offsetof(protocol::CommandHeader, time), now_.value());
}

// ---- Orders ----

void CommandStream::place() {
    header_.account = any_account();
    const InstrumentId instrument = traded_instrument();
    protocol::PlaceOrder order{.price = any_price(instrument),
                               .quantity = Lots(prng_.between(1, 10)),
                               .client_order = any_client_id(),
                               .instrument = instrument,
                               .side = any<protocol::Side>(2),
                               .order_type = any<protocol::OrderType>(prng_.one_in(3) ? 2 : 1),
                               .time_in_force = any<protocol::TimeInForce>(prng_.one_in(2) ? 5 : 3),
                               .post_only = any<protocol::PostOnly>(3),
                               .self_trade = any<protocol::SelfTrade>(4)};
    if (prng_.one_in(3)) {
        order.side = protocol::Side::sell;
    }
    if (prng_.one_in(10)) {
        order.reduce_only = 1;  // often more than is held, by several orders of one position
        order.quantity = Lots(order.quantity.value() * 3);
    }
    if (prng_.one_in(25)) {
        constexpr std::array odd = {std::int64_t{0}, std::int64_t{-1}, std::int64_t{51},
                                    std::int64_t{4'000'000'000},
                                    std::numeric_limits<std::int64_t>::max()};
        order.quantity = Lots(odd[prng_.below(odd.size())]);
    }
    if (instrument.value() < markets_.size() && prng_.one_in(20)) {
        // One lot at the end of a range is within most means, and leaves the other side no price.
        order.price = markets_[instrument.value()].low;
        order.quantity = Lots(1);
        order.side = protocol::Side::sell;
        order.reduce_only = 0;
    }
    if (order.order_type == protocol::OrderType::market && !prng_.one_in(10)) {
        order.price = Ticks(0);
        order.post_only = protocol::PostOnly::off;
    }
    const bool has_time = order.time_in_force == protocol::TimeInForce::good_til_time;
    if (has_time != prng_.one_in(60)) {
        order.expires = any_expiry();
    }
    if (prng_.one_in(80)) {
        order.display = Lots(1);
    }
    if (prng_.one_in(12)) {
        order = last_order_;  // once more, all the same
        header_.account = order.header.account;
        order.client_order = ClientOrderId(0);
        if (prng_.one_in(3)) {
            order.side = opposite(order.side);  // or just outside it
            order.post_only = protocol::PostOnly::reprice;
        }
    }
    put(order, std::span<const char>(prng_.one_in(4) ? any_label() : std::string_view()));
    last_order_ = order;
    last_order_.header.account = header_.account;
}

void CommandStream::amend() {
    const Seen seen = any_order();
    header_.account = prng_.one_in(30) ? any_account() : seen.account;
    protocol::AmendOrder amend{.order = seen.order, .price = seen.price, .quantity = seen.quantity};
    if (seen.client_order != ClientOrderId(0) && prng_.one_in(2)) {
        amend.order = OrderId(0);
        amend.client_order = prng_.one_in(10) ? any_client_id() : seen.client_order;
    }
    if (!prng_.one_in(3)) {
        amend.price = any_price(seen.instrument);
    }
    if (!prng_.one_in(3)) {
        amend.quantity = Lots(prng_.between(prng_.one_in(8) ? -1 : 1, 14));
    }
    if (prng_.one_in(40)) {
        amend.quantity = Lots(prng_.between(40, 5'000'000'000));
    }
    put(amend);
}

// Mostly one that is not reached yet, often at the price of others.
void CommandStream::place_trigger() {
    header_.account = any_account();
    const InstrumentId instrument = traded_instrument();
    const auto reference = any<protocol::TriggerReference>(3);
    protocol::PlaceTrigger order{
        .price = any_price(instrument),
        .quantity = Lots(prng_.between(prng_.one_in(40) ? -1 : 1, 10)),
        .client_order = any_client_id(),
        .trigger_price = any_trigger(instrument, reference),
        .instrument = instrument,
        .side = any<protocol::Side>(2),
        .order_type = any<protocol::OrderType>(prng_.one_in(2) ? 2 : 1),
        .time_in_force = any<protocol::TimeInForce>(prng_.one_in(2) ? 5 : 1),
        .post_only = any<protocol::PostOnly>(prng_.one_in(3) ? 3 : 1),
        .self_trade = any<protocol::SelfTrade>(4),
        .reduce_only = static_cast<std::uint8_t>(prng_.one_in(3) ? 1 : 0),
        .trigger = any<protocol::TriggerKind>(2),
        .reference = reference};
    if (order.order_type == protocol::OrderType::market && !prng_.one_in(10)) {
        order.price = Ticks(0);
        order.post_only = protocol::PostOnly::off;
    }
    if (order.time_in_force == protocol::TimeInForce::good_til_time) {
        order.expires = any_expiry();
    }
    put(order, std::span<const char>(prng_.one_in(6) ? any_label() : std::string_view()));
}

void CommandStream::amend_trigger() {
    Seen seen = any_order();
    for (std::uint32_t tries = 0; tries < 8 && !seen.waits; ++tries) {
        seen = any_order();
    }
    header_.account = prng_.one_in(30) ? any_account() : seen.account;
    protocol::AmendTrigger amend{.order = seen.order,
                                 .price = seen.price,
                                 .trigger_price = seen.trigger_price,
                                 .quantity = seen.quantity};
    if (seen.client_order != ClientOrderId(0) && prng_.one_in(2)) {
        amend.order = OrderId(0);
        amend.client_order = seen.client_order;
    }
    if (prng_.one_in(3)) {
        amend.price = any_price(seen.instrument);
    }
    if (prng_.one_in(2)) {
        amend.trigger_price = seen.trigger_price + Ticks(prng_.between(-4, 4));
    }
    if (prng_.one_in(3)) {
        amend.quantity = Lots(prng_.between(prng_.one_in(8) ? -1 : 1, 14));
    }
    put(amend);
}

void CommandStream::cancel() {
    const Seen seen = any_order();
    header_.account = prng_.one_in(30) ? any_account() : seen.account;
    put(protocol::CancelOrder{.order = prng_.one_in(40) ? OrderId(prng_.next() >> prng_.below(64))
                                                        : seen.order});
}

void CommandStream::cancel_by_client_id() {
    const Seen seen = any_order();
    header_.account = seen.account;
    put(protocol::CancelByClientId{.client_order =
                                       prng_.one_in(3) ? any_client_id() : seen.client_order});
}

void CommandStream::cancel_by_label() {
    header_.account = any_account();
    const std::string_view label = prng_.one_in(12) ? std::string_view() : any_label();
    put(protocol::CancelByLabel{}, std::span<const char>(label));
}

void CommandStream::mass_cancel() {
    header_.account = any_account();
    put(protocol::MassCancel{
        .only_session = any_session(),
        .instrument = any_instrument(),
        .currency = AssetId(static_cast<std::uint16_t>(prng_.below(4))),
        .kind = any<protocol::InstrumentKind>(4),
        .filters = static_cast<std::uint8_t>(prng_.one_in(4) ? 0 : prng_.below(17))});
}

void CommandStream::disconnect() {
    header_.account = any_account();
    put(protocol::Disconnect{.ended = any_session(),
                             .cancel_orders = static_cast<std::uint8_t>(prng_.below(2))});
}

void CommandStream::set_session() {
    header_.account = any_account();
    put(protocol::SetSession{.cancel_on_disconnect =
                                 static_cast<std::uint8_t>(prng_.one_in(3) ? 0 : 1)});
}

void CommandStream::transfer() {
    header_.account = any_account();
    put(protocol::Transfer{
        .amount = Amount(prng_.one_in(20) ? prng_.between(-1, 0) : prng_.between(1, 300'000)),
        .receiver = any_account(),
        .asset = AssetId(static_cast<std::uint16_t>(prng_.below(prng_.one_in(10) ? 5 : 2)))});
}

void CommandStream::close_position() {
    header_.account = any_account();
    const InstrumentId instrument = traded_instrument();
    const bool is_market = prng_.one_in(2);
    put(protocol::ClosePosition{
        .price = is_market ? Ticks(0) : any_price(instrument),
        .client_order = any_client_id(),
        .instrument = instrument,
        .order_type = is_market ? protocol::OrderType::market : protocol::OrderType::limit});
}

// ---- Nonsense ----

// A byte, a unit or a letter is wrong.
void CommandStream::damage() {
    const std::span<std::byte> bytes = std::as_writable_bytes(std::span(units_));
    const std::uint64_t draw = prng_.below(10);
    if (draw == 0) {
        units_.emplace_back();
    } else if (draw == 1 && units_.size() > 1) {
        units_.pop_back();
    } else if (draw == 2) {
        bytes[prng_.below(8)] = static_cast<std::byte>(prng_.below(256));
    } else if (draw == 3) {
        bytes.back() = static_cast<std::byte>(prng_.below(3));
    } else {
        bytes[prng_.below(bytes.size())] = static_cast<std::byte>(prng_.below(256));
    }
}

void CommandStream::babble() {
    units_.assign(1 + prng_.below(4), Unit{});
    const std::span<std::byte> bytes = std::as_writable_bytes(std::span(units_));
    std::ranges::generate(bytes, [&] { return static_cast<std::byte>(prng_.next()); });
}

// ---- Ingredients ----

Ticks CommandStream::any_price(InstrumentId instrument) {
    if (instrument.value() >= markets_.size() || prng_.one_in(150)) {
        return Ticks(static_cast<std::int64_t>(prng_.next()) >> prng_.below(64));
    }
    const Market& range = markets_[instrument.value()];
    if (prng_.one_in(20)) {
        return Ticks(prng_.between(range.low.value() - 2, range.high.value() + 2));
    }
    if (prng_.one_in(10)) {
        return prng_.one_in(2) ? range.low : range.high;
    }
    return range.mark + Ticks(prng_.between(-6, 6));
}

// An index is told in ticks of the instrument, of which markets know no more than where it is.
Ticks CommandStream::any_trigger(InstrumentId instrument, protocol::TriggerReference reference) {
    const bool is_known = instrument.value() < markets_.size();
    if (reference != protocol::TriggerReference::index || !is_known || prng_.one_in(20)) {
        return any_price(instrument);
    }
    const Market& market = markets_[instrument.value()];
    const std::int64_t index = indices_[market.underlying.value()].value() / market.tick.value();
    return Ticks(index + prng_.between(-4, 4));
}

InstrumentId CommandStream::any_instrument() {
    const std::uint64_t bound = prng_.one_in(2) ? 2 : markets_.size() + (prng_.one_in(20) ? 2 : 0);
    return InstrumentId(static_cast<std::uint32_t>(prng_.below(bound)));
}

// One that takes orders, nearly always.
InstrumentId CommandStream::traded_instrument() {
    InstrumentId instrument = any_instrument();
    for (std::uint32_t tries = 0; tries < 4; ++tries) {
        const bool is_known = instrument.value() < markets_.size();
        if (is_known && markets_[instrument.value()].state <= InstrumentState::reduce_only) {
            break;
        }
        instrument = any_instrument();
    }
    return instrument;
}

AccountId CommandStream::any_account() {
    return AccountId(
        static_cast<std::uint32_t>(prng_.one_in(60) ? prng_.below(10) : 1 + prng_.below(6)));
}

// An account's first or second one, numbered as all accounts do; now and then another, or none.
SessionId CommandStream::any_session() {
    if (prng_.one_in(15)) {
        return SessionId(prng_.one_in(2) ? 0 : prng_.below(20));
    }
    return SessionId(prng_.one_in(4) ? 2 : 1);
}

ClientOrderId CommandStream::any_client_id() {
    return ClientOrderId(prng_.one_in(3) ? 0 : 1 + prng_.below(20));
}

std::string_view CommandStream::any_label() {
    constexpr std::array<std::string_view, 5> labels = {
        "a", "b", "quote-1", "0123456789012345678901234567890123456789012345678901234567890123",
        "two\nlines"};
    return labels[prng_.one_in(25) ? 4 : prng_.below(4)];
}

UnixNanos CommandStream::any_expiry() {
    if (prng_.one_in(20)) {
        return UnixNanos(prng_.one_in(2) ? 0 : now_.value());
    }
    const std::int64_t longest = prng_.one_in(2) ? second_ns : 3600 * second_ns;
    return now_ + Nanos(prng_.between(1, longest));
}

CommandStream::Seen CommandStream::any_order() {
    const std::vector<Seen>& from = !gone_.empty() && prng_.one_in(15) ? gone_ : open_;
    if (from.empty()) {
        return {.order = OrderId(1),
                .client_order = ClientOrderId(1),
                .account = any_account(),
                .instrument = InstrumentId(0),
                .price = Ticks(1),
                .quantity = Lots(1),
                .trigger_price = {}};
    }
    return from[prng_.below(from.size())];
}

// ---- What clients see ----

void CommandStream::learn(std::span<const Unit> event) {
    const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
    learn_of_order(type, event);
    learn_of_venue(type, event);
}

void CommandStream::learn_of_order(EventType type, std::span<const Unit> event) {
    if (type == EventType::order_accepted) {
        const auto& order = view<protocol::OrderAccepted>(event);
        open_.push_back({.order = order.order,
                         .client_order = order.client_order,
                         .account = order.account,
                         .instrument = order.instrument,
                         .price = order.price,
                         .quantity = order.quantity,
                         .trigger_price = {}});
    } else if (type == EventType::order_waits) {
        const auto& order = view<protocol::OrderWaits>(event);
        open_.push_back({.order = order.order,
                         .client_order = order.client_order,
                         .account = order.account,
                         .instrument = order.instrument,
                         .price = order.price,
                         .quantity = order.quantity,
                         .trigger_price = order.trigger_price,
                         .waits = true});
    } else if (type == EventType::waiting_removed) {
        forget(view<protocol::WaitingRemoved>(event).order);
    } else if (type == EventType::waiting_amended || type == EventType::order_triggered) {
        learn_of_waiting(type, event);
    } else if (type == EventType::order_removed) {
        const auto& removed = view<protocol::OrderRemoved>(event);
        if (removed.reason != protocol::RemovalReason::amended) {
            forget(removed.order);
        }
    } else if (type == EventType::remainder_canceled) {
        forget(view<protocol::RemainderCanceled>(event).order);
    } else if (type == EventType::trade) {
        const auto& trade = view<protocol::Trade>(event);
        if (trade.maker_left == Lots(0)) {
            forget(trade.maker);
        }
        if (trade.taker_left == Lots(0)) {
            forget(trade.taker);
        }
    } else if (type == EventType::order_amended) {
        const auto& amended = view<protocol::OrderAmended>(event);
        const auto found = std::ranges::find(open_, amended.order, &Seen::order);
        if (found != open_.end()) {
            found->price = amended.price;
            found->quantity = amended.quantity;
        }
    }
}

void CommandStream::learn_of_venue(EventType type, std::span<const Unit> event) {
    if (type == EventType::instrument_listed) {
        const auto& listed = view<protocol::InstrumentListed>(event);
        markets_.push_back(
            {.low = listed.terms.price_low,
             .high = listed.terms.price_high,
             .tick = listed.terms.tick,
             .underlying = listed.underlying,
             .state = InstrumentState::pre_open,
             .mark = Ticks((listed.terms.price_low + listed.terms.price_high).value() / 2)});
    } else if (type == EventType::instrument_state_changed) {
        const auto& changed = view<protocol::InstrumentStateChanged>(event);
        markets_[changed.instrument.value()].state = changed.state;
    } else if (type == EventType::mark_changed) {
        const auto& changed = view<protocol::MarkChanged>(event);
        markets_[changed.instrument.value()].mark = Ticks(changed.mark.value() / 10);
    } else if (type == EventType::index_changed) {
        const auto& changed = view<protocol::IndexChanged>(event);
        indices_[changed.underlying.value()] = changed.price;
    } else if (type == EventType::underlying_added) {
        indices_.emplace_back();
        surfaces_.emplace_back();
    } else if (type == EventType::surface_updated) {
        const auto& updated = view<protocol::SurfaceUpdated>(event);
        surfaces_[updated.underlying.value()] = updated.header.sequence;
    } else if (type == EventType::venue_state_changed) {
        venue_state_ = view<protocol::VenueStateChanged>(event).state;
    } else if (type == EventType::epoch_started) {
        epoch_ = view<protocol::EpochStarted>(event).epoch;
    } else if (type == EventType::attested) {
        attested_ = view<protocol::Attested>(event).upto;
    }
}

void CommandStream::learn_of_waiting(EventType type, std::span<const Unit> event) {
    // Both begin with the order and its price.
    const auto& triggered = view<protocol::OrderTriggered>(event);
    const auto found = std::ranges::find(open_, triggered.order, &Seen::order);
    if (found == open_.end()) {
        return;
    }
    found->price = triggered.price;
    found->quantity = triggered.quantity;
    found->waits = type == EventType::waiting_amended;
    if (found->waits) {
        const auto& amended = view<protocol::WaitingAmended>(event);
        found->trigger_price = amended.trigger_price;
        found->quantity = amended.quantity;
    }
}

void CommandStream::forget(OrderId order) {
    const auto found = std::ranges::find(open_, order, &Seen::order);
    if (found == open_.end()) {
        return;
    }
    gone_.push_back(*found);
    open_.erase(found);
    if (gone_.size() > seen_max) {
        gone_.erase(gone_.begin());
    }
}

}  // namespace miletus::engine
