// The events of books and orders.
#include "sim/scenario/telling.hpp"
#include "sim/scenario/text.hpp"

namespace miletus::scenario {

namespace {

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

}  // namespace

// ---- The books ----

std::string tell(const protocol::OrderRested& event, Said said) {
    return "rested " + order_text(event.order) + " " + said.names.account(event.account) + " " +
           text_of(event.side) + " " + at(event.quantity, event.price) + ", level " +
           text_of(event.level_total);
}

std::string tell(const protocol::OrderReduced& event, Said said) {
    return "reduced " + order_text(event.order) + " " + said.names.account(event.account) + " " +
           text_of(event.side) + " to " + at(event.quantity, event.price) + " (" +
           std::string(name(event.reason)) + "), level " + text_of(event.level_total);
}

std::string tell(const protocol::OrderRemoved& event, Said said) {
    return "removed " + order_text(event.order) + " " + said.names.account(event.account) + " " +
           text_of(event.side) + " " + at(event.quantity, event.price) + " (" +
           std::string(name(event.reason)) + "), level " + text_of(event.level_total);
}

std::string tell(const protocol::Trade& event, Said said) {
    return "trade " + std::to_string(event.number.value()) + ": " +
           at(event.quantity, event.price) + ", " + said.names.account(event.taker_account) + " " +
           (event.taker_side == protocol::Side::buy ? "buys from " : "sells to ") +
           said.names.account(event.maker_account) + "; " + order_text(event.maker) + " has " +
           text_of(event.maker_left) + " left, " + order_text(event.taker) + " wants " +
           text_of(event.taker_left) + ", level " + text_of(event.level_total);
}

std::string tell(const protocol::RemainderCanceled& event, Said said) {
    return "canceled " + text_of(event.quantity) + " of " + order_text(event.order) + " " +
           said.names.account(event.account) + " " + text_of(event.side) + " @ " +
           text_of(event.price) + " (" + std::string(name(event.reason)) + ")";
}

// ---- Orders, to their account ----

namespace {

// How long it lives, and what its client calls it.
template <class Event>
std::string terms_text(const Event& event, Said said) {
    const std::string_view label = protocol::text<Event>(said.units);
    std::string terms;
    if (event.time_in_force != protocol::TimeInForce::good_til_canceled) {
        terms += " " + std::string(name(event.time_in_force));
    }
    terms += event.expires != UnixNanos(0) ? " until " + time_text(event.expires) : "";
    terms += event.client_order != ClientOrderId(0)
                 ? " id=" + std::to_string(event.client_order.value())
                 : "";
    return terms + (label.empty() ? "" : " label=" + quoted(label));
}

}  // namespace

std::string tell(const protocol::OrderAccepted& event, Said said) {
    std::string line = "accepted " + order_text(event.order) + " " +
                       said.names.account(event.account) + " " + text_of(event.side) + " " +
                       at(event.quantity, event.price) + " " +
                       said.names.instrument(event.instrument);
    line += event.order_type == protocol::OrderType::market ? " market" : "";
    return line + terms_text(event, said);
}

// ---- Orders that wait ----

std::string tell(const protocol::OrderWaits& event, Said said) {
    const bool is_market = event.order_type == protocol::OrderType::market;
    std::string line = "waits " + order_text(event.order) + " " +
                       said.names.account(event.account) + " " + text_of(event.side) + " " +
                       (is_market ? text_of(event.quantity) : at(event.quantity, event.price)) +
                       " " + said.names.instrument(event.instrument) +
                       (is_market ? " market" : "") + " for " +
                       awaited(event.trigger, event.side, event.reference, event.trigger_price);
    return line + terms_text(event, said);
}

std::string tell(const protocol::OrderTriggered& event, Said said) {
    return "triggered " + order_text(event.order) + " " + said.names.account(event.account) + " " +
           text_of(event.side) + " " + at(event.quantity, event.price);
}

std::string tell(const protocol::WaitingRemoved& event, Said said) {
    const std::string refusal =
        event.reject != Reject::none ? ": " + std::string(name(event.reject)) : "";
    return "waits no more " + order_text(event.order) + " " + said.names.account(event.account) +
           " " + text_of(event.side) + " " + text_of(event.quantity) + " for " +
           text_of(event.trigger_price) + " (" + std::string(name(event.reason)) + refusal + ")";
}

std::string tell(const protocol::WaitingAmended& event, Said said) {
    return "amended " + order_text(event.order) + " " + said.names.account(event.account) + " to " +
           at(event.quantity, event.price) + ", waits for " + text_of(event.trigger_price);
}

std::string tell(const protocol::OrderAmended& event, Said said) {
    return "amended " + order_text(event.order) + " " + said.names.account(event.account) + " to " +
           at(event.quantity, event.price) + ", " + text_of(event.filled) + " filled, " +
           (event.kept_place != 0 ? "place kept" : "place lost");
}

}  // namespace miletus::scenario
