// The traders' lines.
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/text.hpp"

namespace miletus::scenario {

using protocol::PlaceOrder;
using protocol::PlaceTrigger;
using protocol::PostOnly;
using protocol::SelfTrade;
using protocol::Side;
using protocol::TimeInForce;
using protocol::TriggerKind;

std::span<const Scenario::Verb> Scenario::account_verbs() {
    static constexpr std::array<Verb, 15> verbs = {{
        {"buy", &Scenario::buy},
        {"sell", &Scenario::sell},
        {"amend", &Scenario::amend},
        {"close", &Scenario::close},
        {"cancel", &Scenario::cancel},
        {"cancel_all", &Scenario::cancel_all},
        {"disconnect", &Scenario::disconnect},
        {"session", &Scenario::set_session},
        {"transfer", &Scenario::transfer},
        {"margin", &Scenario::show_margin},
        {"balances", &Scenario::show_balances},
        {"positions", &Scenario::show_positions},
        {"orders", &Scenario::show_orders},
        {"order", &Scenario::show_order},
        {"send", &Scenario::send_empty},
    }};
    return verbs;
}

Scenario::Told Scenario::buy(Arguments& line) {
    return place(line, Side::buy);
}

Scenario::Told Scenario::sell(Arguments& line) {
    return place(line, Side::sell);
}

// alice buy 10 PERPETUAL @ 100 ioc id=7 label=hedge; without a price it is a market order. With
// stop=105, or take=95, it waits for a price first: by=index, by=mark, or that of the last trade.
Scenario::Told Scenario::place(Arguments& line, Side side) {
    PlaceOrder order{.quantity = Lots(line.integer("number of lots")),
                     .instrument = line.instrument(),
                     .side = side};
    if (line.take("@")) {
        order.price = Ticks(line.integer("price"));
    } else {
        order.order_type = protocol::OrderType::market;
    }
    const std::string_view label = line.option("label").value_or("");
    line.check_count("letters in a label", label.size(), PlaceOrder::group_max);
    read_terms(line, order);
    const std::optional<PlaceTrigger> waiting = read_trigger(line, order);
    if (!line.finish()) {
        return {};
    }
    if (waiting) {
        return send(actor_, *waiting, std::span<const char>(label));
    }
    return send(actor_, order, std::span<const char>(label));
}

std::optional<PlaceTrigger> Scenario::read_trigger(Arguments& line, const PlaceOrder& order) {
    const auto stop = line.option("stop");
    const auto take = line.option("take");
    if (!stop && !take) {
        return std::nullopt;
    }
    const auto price = integer_of(stop.value_or(take.value_or("")));
    const auto reference =
        protocol::value_named<protocol::TriggerReference>(line.option("by").value_or("last"));
    if (!price || !reference) {
        line.fail("write stop=105 or take=95, with by=index, by=mark or by=last");
    }
    return PlaceTrigger{.header = order.header,
                        .price = order.price,
                        .quantity = order.quantity,
                        .client_order = order.client_order,
                        .expires = order.expires,
                        .trigger_price = Ticks(price.value_or(0)),
                        .instrument = order.instrument,
                        .side = order.side,
                        .order_type = order.order_type,
                        .time_in_force = order.time_in_force,
                        .post_only = order.post_only,
                        .self_trade = order.self_trade,
                        .reduce_only = order.reduce_only,
                        .trigger = stop ? TriggerKind::stop : TriggerKind::take,
                        .reference = reference.value_or(protocol::TriggerReference::last)};
}

void Scenario::read_terms(Arguments& line, PlaceOrder& order) {
    order.client_order = ClientOrderId(static_cast<std::uint64_t>(line.integer_option("id", 0)));
    order.header.session = SessionId(static_cast<std::uint64_t>(line.integer_option("session", 0)));
    order.display = Lots(line.integer_option("display", 0));
    if (const auto mode = line.option("self")) {
        const auto value = protocol::value_named<SelfTrade>(*mode);
        if (!value) {
            line.fail("self is cancel_taker, cancel_maker, cancel_both or decrement");
        }
        order.self_trade = value.value_or(SelfTrade::cancel_taker);
    }
    if (const auto until = line.option("until")) {
        const auto time = time_of(*until);
        if (!time) {
            line.fail("until is a time such as 2026-03-27T08:00");
        }
        order.time_in_force = TimeInForce::good_til_time;
        order.expires = time.value_or(UnixNanos(0));
    }
    order.reduce_only = line.flag("reduce_only") ? 1 : 0;
    if (line.flag("post_only")) {
        order.post_only = PostOnly::reject;
    } else if (line.flag("reprice")) {
        order.post_only = PostOnly::reprice;
    }
    if (line.flag("ioc")) {
        order.time_in_force = TimeInForce::immediate_or_cancel;
    } else if (line.flag("fok")) {
        order.time_in_force = TimeInForce::fill_or_kill;
    } else if (line.flag("day")) {
        order.time_in_force = TimeInForce::good_til_day;
    } else if (line.flag("gtt")) {
        order.time_in_force = TimeInForce::good_til_time;
    }
}

OrderId Scenario::order_id(Arguments& line, std::string_view text) {
    const std::size_t point = text.find('.');
    const auto slot = integer_of(text.starts_with('o') ? text.substr(1, point - 1) : "");
    const auto generation =
        integer_of(point == std::string_view::npos ? "0" : text.substr(point + 1));
    if (!slot || !generation) {
        line.fail(std::string(text) + " is no order; write o7, or o7.2");
        return {};
    }
    return {static_cast<std::uint32_t>(*slot), static_cast<std::uint32_t>(*generation)};
}

// alice amend o3 5 @ 101, or alice amend 5 @ 101 id=7; one that waits: alice amend o3 5 trigger=104
Scenario::Told Scenario::amend(Arguments& line) {
    protocol::AmendOrder command;
    if (line.peek().starts_with('o')) {
        command.order = order_id(line, line.word("an order"));
    }
    command.client_order = ClientOrderId(static_cast<std::uint64_t>(line.integer_option("id", 0)));
    command.quantity = Lots(line.integer("number of lots"));
    const bool has_price = line.take("@");
    command.price = has_price ? Ticks(line.integer("price")) : Ticks(0);
    const auto trigger = line.option("trigger");
    const auto trigger_price = integer_of(trigger.value_or("0"));
    if (!trigger_price || (!trigger && !has_price)) {
        line.fail("write: amend o3 5 @ 101, or amend o3 5 @ 101 trigger=104");
    }
    if (!line.finish()) {
        return {};
    }
    if (trigger) {
        return send(actor_,
                    protocol::AmendTrigger{.order = command.order,
                                           .client_order = command.client_order,
                                           .price = command.price,
                                           .trigger_price = Ticks(trigger_price.value_or(0)),
                                           .quantity = command.quantity});
    }
    return send(actor_, command);
}

// alice close PERPETUAL, alice close PERPETUAL @ 101 id=7
Scenario::Told Scenario::close(Arguments& line) {
    protocol::ClosePosition command{.instrument = line.instrument(),
                                    .order_type = protocol::OrderType::market};
    if (line.take("@")) {
        command.price = Ticks(line.integer("price"));
        command.order_type = protocol::OrderType::limit;
    }
    command.client_order = ClientOrderId(static_cast<std::uint64_t>(line.integer_option("id", 0)));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, command);
}

// alice cancel o3, alice cancel id=7, alice cancel label=hedge
Scenario::Told Scenario::cancel(Arguments& line) {
    if (const auto label = line.option("label")) {
        line.check_count("letters in a label", label->size(), protocol::CancelByLabel::group_max);
        if (!line.finish()) {
            return {};
        }
        return send(actor_, protocol::CancelByLabel{}, std::span<const char>(*label));
    }
    if (const std::int64_t id = line.integer_option("id", 0); id != 0) {
        if (!line.finish()) {
            return {};
        }
        return send(actor_, protocol::CancelByClientId{
                                .client_order = ClientOrderId(static_cast<std::uint64_t>(id))});
    }
    const OrderId order = order_id(line, line.word("an order"));
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::CancelOrder{.order = order});
}

// alice cancel_all instrument=PERPETUAL currency=USDC kind=put session=3: all filters given must
// match.
Scenario::Told Scenario::cancel_all(Arguments& line) {
    protocol::MassCancel command;
    if (const auto session = line.option("session")) {
        command.only_session =
            SessionId(static_cast<std::uint64_t>(integer_of(*session).value_or(0)));
        command.filters |= 1U;
    }
    if (const auto instrument = line.option("instrument")) {
        const auto unknown = InstrumentId(limits_.instruments);
        command.instrument = names_.find_instrument(*instrument).value_or(unknown);
        command.filters |= 2U;
    }
    if (const auto currency = line.option("currency")) {
        const AssetId unknown(static_cast<std::uint16_t>(limits_.assets));
        command.currency = names_.find_asset(*currency).value_or(unknown);
        command.filters |= 4U;
    }
    if (const auto kind = line.option("kind")) {
        const auto value = protocol::value_named<protocol::InstrumentKind>(*kind);
        if (!value) {
            line.fail("kind is perpetual, future, call or put");
        }
        command.kind = value.value_or(protocol::InstrumentKind::perpetual);
        command.filters |= 8U;
    }
    if (!line.finish()) {
        return {};
    }
    return send(actor_, command);
}

// alice disconnect 3, alice disconnect 3 keep
Scenario::Told Scenario::disconnect(Arguments& line) {
    const SessionId session(static_cast<std::uint64_t>(line.integer("session")));
    const bool keeps = line.take("keep");
    if (!line.finish()) {
        return {};
    }
    return send(actor_,
                protocol::Disconnect{.ended = session,
                                     .cancel_orders = static_cast<std::uint8_t>(keeps ? 0 : 1)});
}

// alice session cancel_on_disconnect sent=3/1, or keep_on_disconnect
Scenario::Told Scenario::set_session(Arguments& line) {
    const bool cancels = line.take("cancel_on_disconnect");
    if (!cancels && !line.take("keep_on_disconnect")) {
        line.fail(
            "a session cancels or keeps its orders: cancel_on_disconnect, keep_on_disconnect");
    }
    if (!line.finish()) {
        return {};
    }
    return send(actor_, protocol::SetSession{.cancel_on_disconnect =
                                                 static_cast<std::uint8_t>(cancels ? 1 : 0)});
}

Scenario::Told Scenario::show_order(Arguments& line) {
    const std::int64_t id = line.integer_option("id", 0);
    if (!line.finish()) {
        return {};
    }
    return ask(actor_,
               protocol::QueryOrder{.client_order = ClientOrderId(static_cast<std::uint64_t>(id))});
}

}  // namespace miletus::scenario
