// Events by their type, answers by theirs, and the words that all tellings share.
#include "sim/scenario/narrator.hpp"

#include "sim/scenario/telling.hpp"
#include "sim/scenario/text.hpp"

namespace miletus::scenario {

using protocol::view;

namespace {

using Lines = std::vector<std::string>;

constexpr std::uint32_t index_decimals = 6;
constexpr std::uint32_t grid_decimals = 1;

// What rests of it, or how it ended.
std::string state_text(const protocol::OrderAnswer& order) {
    if (order.state == protocol::OrderState::open) {
        return at(order.left, order.price);
    }
    if (order.state == protocol::OrderState::waiting) {
        return at(order.left, order.price) + ", waits for " +
               awaited(order.trigger, order.side, order.reference, order.trigger_price);
    }
    const bool is_canceled = order.state == protocol::OrderState::canceled;
    return is_canceled ? "canceled (" + std::string(name(order.reason)) + ")" : "done";
}

Lines book_lines(std::span<const Unit> answer) {
    Lines lines;
    for (const auto& level : protocol::group<protocol::BookAnswer>(answer)) {
        const bool asks = level.side == protocol::Side::sell;
        lines.push_back((asks ? "ask " : "bid ") + at(level.total, level.price));
    }
    return lines;
}

Lines balance_lines(std::span<const Unit> answer, const Names& names) {
    Lines lines;
    for (const auto& entry : protocol::group<protocol::AccountAnswer>(answer)) {
        lines.push_back(
            names.amount(entry.balance, entry.asset) + ", " +
            names.amount(entry.held, entry.asset) + " held" +
            (entry.worth != entry.balance ? ", counts for " + names.settled(entry.worth) : ""));
    }
    return lines;
}

// How far it has come.
std::string progress_text(const protocol::OrderView& entry) {
    if (entry.state != protocol::OrderState::waiting) {
        return text_of(entry.filled) + " filled";
    }
    return "waits for " + awaited(entry.trigger, entry.side, entry.reference, entry.trigger_price);
}

Lines order_lines(std::span<const Unit> answer, const Names& names) {
    Lines lines;
    for (const auto& entry : protocol::group<protocol::OrdersAnswer>(answer)) {
        const bool has_id = entry.client_order != ClientOrderId(0);
        const bool is_market = entry.order_type == protocol::OrderType::market;
        const std::string wanted = is_market ? text_of(entry.left) : at(entry.left, entry.price);
        lines.push_back(order_text(entry.order) + " " + text_of(entry.side) + " " + wanted + " " +
                        names.instrument(entry.instrument) + (is_market ? " market" : "") + ", " +
                        progress_text(entry) + (entry.reduce_only != 0 ? ", reduce_only" : "") +
                        (has_id ? " id=" + std::to_string(entry.client_order.value()) : ""));
    }
    return lines;
}

Lines position_lines(std::span<const Unit> answer, const Names& names) {
    Lines lines;
    for (const auto& entry : protocol::group<protocol::PositionsAnswer>(answer)) {
        lines.push_back(text_of(entry.lots) + " " + names.instrument(entry.instrument) + ", cost " +
                        names.amount(entry.cost, names.quote_of(entry.instrument)));
    }
    return lines;
}

// What is zero in most stories is left out.
Lines margin_lines(const protocol::MarginAnswer& margin, const Names& names) {
    const auto part = [&names](std::string_view what, Amount amount) {
        return amount != Amount(0) ? ", " + std::string(what) + " " + names.settled(amount) : "";
    };
    Lines lines;
    lines.push_back("equity " + names.settled(margin.equity) + ": cash " +
                    names.settled(margin.cash) + part("session", margin.session_result) +
                    part("unrealised", margin.unrealised) + part("collateral", margin.collateral));
    lines.push_back("initial " + names.settled(margin.initial) +
                    part("futures", margin.initial_futures) +
                    part("options", margin.initial_options) + part("held", margin.held));
    lines.push_back("maintenance " + names.settled(margin.maintenance) + ", withdrawable " +
                    names.settled(margin.withdrawable));
    if (margin.state != protocol::AccountState::normal) {
        lines.push_back("account is " + std::string(name(margin.state)));
    }
    if (margin.worst_index > protocol::IndexState::good) {
        lines.push_back("an index is " + std::string(name(margin.worst_index)));
    }
    if (margin.reject != Reject::none) {
        lines.push_back("would be refused: " + std::string(name(margin.reject)));
    }
    return lines;
}

std::string instrument_line(const protocol::InstrumentAnswer& instrument, const Names& names) {
    std::string line = std::string(instrument.name.view()) + " " +
                       std::string(name(instrument.kind)) + " " +
                       std::string(name(instrument.state)) + ", a tick of a lot " +
                       names.amount(Amount(instrument.tick_value.value()), instrument.quote);
    if (instrument.expiry != UnixNanos(0)) {
        line += ", expires " + time_text(instrument.expiry);
    }
    if (instrument.strike != IndexPrice(0)) {
        line += ", strike " + text_of(instrument.strike);
    }
    return line + ", mark " + text_of(instrument.mark) + ", index " + text_of(instrument.index) +
           " " + std::string(name(instrument.index_state));
}

std::string asset_line(const protocol::AssetAnswer& asset) {
    return std::string(asset.name.view()) + ", " + std::to_string(asset.decimals) + " decimals";
}

std::string order_line(const protocol::OrderAnswer& order) {
    return order_text(order.order) + " " + text_of(order.side) + " " + state_text(order) + ", " +
           text_of(order.filled) + " filled";
}

}  // namespace

// ---- Words ----

std::string order_text(OrderId order) {
    const std::string slot = "o" + std::to_string(order.slot());
    return order.generation() == 0 ? slot : slot + "." + std::to_string(order.generation());
}

std::string text_of(Lots lots) {
    return std::to_string(lots.value());
}
std::string text_of(Ticks price) {
    return std::to_string(price.value());
}
std::string text_of(Grid price) {
    return decimal_text(price.value(), grid_decimals);
}
std::string text_of(IndexPrice price) {
    return decimal_text(price.value(), index_decimals);
}
std::string text_of(protocol::Side side) {
    return std::string(name(side));
}
std::string at(Lots lots, Ticks price) {
    return text_of(lots) + " @ " + text_of(price);
}

std::string awaited(protocol::TriggerKind trigger, protocol::Side side,
                    protocol::TriggerReference reference, Ticks price) {
    const bool is_rising =
        (trigger == protocol::TriggerKind::stop) == (side == protocol::Side::buy);
    return std::string(name(reference)) + (is_rising ? " >= " : " <= ") + text_of(price);
}

// ---- Events and answers ----

std::string tell_event(std::span<const Unit> event, Names& names) {
    switch (view<protocol::EventHeader>(event).type) {
#define MESSAGE(number, Type, name, sentence) \
    case number:                              \
        return tell(view<protocol::Type>(event), Said{.units = event, .names = names});
#include "protocol/events.def"
        default:
            return "unknown event";
    }
}

std::vector<std::string> tell_answer(std::span<const Unit> answer, const Names& names) {
    using enum protocol::AnswerType;
    switch (static_cast<protocol::AnswerType>(view<protocol::EventHeader>(answer).type)) {
        case refused:
            return {"refused: " + std::string(name(view<protocol::Refused>(answer).reject))};
        case book_answer:
            return book_lines(answer);
        case account_answer:
            return balance_lines(answer, names);
        case positions_answer:
            return position_lines(answer, names);
        case order_answer:
            return {order_line(view<protocol::OrderAnswer>(answer))};
        case margin_answer:
            return margin_lines(view<protocol::MarginAnswer>(answer), names);
        case orders_answer:
            return order_lines(answer, names);
        case instrument_answer:
            return {instrument_line(view<protocol::InstrumentAnswer>(answer), names)};
        case asset_answer:
            return {asset_line(view<protocol::AssetAnswer>(answer))};
    }
    return {};
}

}  // namespace miletus::scenario
