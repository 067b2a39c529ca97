// One telling for each event of the table, and for each answer.
#include "sim/scenario/narrator.hpp"

#include "sim/scenario/text.hpp"

namespace miletus::scenario {

using protocol::view;

namespace {

// An event's units, and the names to tell it with.
struct Said {
    std::span<const Unit> units;
    Names& names;
};

std::string text_of(Lots lots) {
    return std::to_string(lots.value());
}
std::string text_of(Ticks price) {
    return std::to_string(price.value());
}
std::string at(Lots lots, Ticks price) {
    return text_of(lots) + " @ " + text_of(price);
}
std::string text_of(protocol::Side side) {
    return std::string(name(side));
}
std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

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

// ---- Orders, accounts, money ----

std::string tell(const protocol::OrderAccepted& event, Said said) {
    const std::string_view label = protocol::text<protocol::OrderAccepted>(said.units);
    std::string line = "accepted " + order_text(event.order) + " " +
                       said.names.account(event.account) + " " + text_of(event.side) + " " +
                       at(event.quantity, event.price) + " " +
                       said.names.instrument(event.instrument);
    line += event.order_type == protocol::OrderType::market ? " market" : "";
    if (event.time_in_force != protocol::TimeInForce::good_til_canceled) {
        line += " " + std::string(name(event.time_in_force));
    }
    line += event.expires != UnixNanos(0) ? " until " + time_text(event.expires) : "";
    line += event.client_order != ClientOrderId(0)
                ? " id=" + std::to_string(event.client_order.value())
                : "";
    line += label.empty() ? "" : " label=" + quoted(label);
    return line;
}

std::string tell(const protocol::OrderAmended& event, Said said) {
    return "amended " + order_text(event.order) + " " + said.names.account(event.account) + " to " +
           at(event.quantity, event.price) + ", " + text_of(event.filled) + " filled, " +
           (event.kept_place != 0 ? "place kept" : "place lost");
}

std::string tell(const protocol::AccountOpened& event, Said said) {
    return "opened " + said.names.account(event.account) + " of owner " +
           std::to_string(event.owner.value());
}

std::string tell(const protocol::BalanceChanged& event, Said said) {
    const std::string sign = event.change > Amount(0) ? "+" : "";
    return "balance " + said.names.account(event.account) + " " + sign +
           said.names.amount(event.change, event.asset) + " = " +
           said.names.amount(event.balance, event.asset) + " (" + std::string(name(event.reason)) +
           ")";
}

std::string tell(const protocol::PositionChanged& event, Said said) {
    const AssetId quote = event.instrument.value() < said.names.instruments.size()
                              ? said.names.instruments[event.instrument.value()].quote
                              : AssetId(0);
    return "position " + said.names.account(event.account) + " " + text_of(event.lots) + " " +
           said.names.instrument(event.instrument) + ", cost " +
           said.names.amount(event.cost, quote);
}

// ---- The venue ----

std::string tell(const protocol::AssetAdded& event, Said said) {
    said.names.assets.push_back(
        {.name = std::string(event.name.view()), .decimals = event.decimals});
    return "added asset " + std::string(event.name.view());
}

std::string tell(const protocol::UnderlyingAdded& event, Said said) {
    said.names.underlyings.emplace_back(event.name.view(), event.quote);
    return "added underlying " + std::string(event.name.view());
}

std::string tell(const protocol::InstrumentListed& event, Said said) {
    const AssetId quote = said.names.underlyings[event.underlying.value()].second;
    said.names.instruments.push_back({.name = std::string(event.name.view()), .quote = quote});
    return "listed " + std::string(event.name.view());
}

std::string tell(const protocol::InstrumentStateChanged& event, Said said) {
    return said.names.instrument(event.instrument) + " is " + std::string(name(event.state));
}

std::string tell(const protocol::BandChanged& event, Said said) {
    return said.names.instrument(event.instrument) + " band " + text_of(event.low) + " to " +
           text_of(event.high);
}

std::string tell(const protocol::VenueStateChanged& event, Said) {
    return "venue is " + std::string(name(event.state));
}

std::string tell(const protocol::RulesChanged& event, Said) {
    return "rules " + std::to_string(event.rules);
}

std::string tell(const protocol::EpochStarted& event, Said) {
    return "epoch " + std::to_string(event.epoch) + ", all sessions ended";
}

std::string tell(const protocol::Attested& event, Said) {
    return "attested up to command " + std::to_string(event.upto.value()) + ", digest " +
           std::to_string(event.digest.low);
}

std::string tell(const protocol::Vetoed& event, Said) {
    return "vetoed command " + std::to_string(event.sequence.value());
}

// What was made or canceled is told again too: whoever resends may not have heard of it.
std::string tell(const protocol::Completed& event, Said) {
    const std::string ending =
        event.reject != Reject::none ? "refused: " + std::string(name(event.reject)) : "done";
    if (event.first == Sequence(0)) {
        return ending;
    }
    const auto type = static_cast<protocol::CommandType>(event.command);
    const bool is_order = type >= protocol::CommandType::place_order &&
                          type <= protocol::CommandType::cancel_by_client_id;
    const std::string result =
        is_order ? order_text(OrderId(event.result)) : std::to_string(event.result);
    return "again: " + ending + (event.reject != Reject::none ? "" : ", " + result);
}

// What rests of it, or how it ended.
std::string state_text(const protocol::OrderAnswer& order) {
    if (order.state == protocol::OrderState::open) {
        return at(order.left, order.price);
    }
    const bool is_canceled = order.state == protocol::OrderState::canceled;
    return is_canceled ? "canceled (" + std::string(name(order.reason)) + ")" : "done";
}

}  // namespace

std::string order_text(OrderId order) {
    const std::string slot = "o" + std::to_string(order.slot());
    return order.generation() == 0 ? slot : slot + "." + std::to_string(order.generation());
}

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
    std::vector<std::string> lines;
    switch (static_cast<protocol::AnswerType>(view<protocol::EventHeader>(answer).type)) {
        case refused:
            lines.push_back("refused: " +
                            std::string(name(view<protocol::Refused>(answer).reject)));
            break;
        case book_answer:
            for (const auto& level : protocol::group<protocol::BookAnswer>(answer)) {
                lines.push_back(std::string(level.side == protocol::Side::sell ? "ask " : "bid ") +
                                at(level.total, level.price));
            }
            break;
        case account_answer:
            for (const auto& entry : protocol::group<protocol::AccountAnswer>(answer)) {
                lines.push_back(names.amount(entry.balance, entry.asset) + ", " +
                                names.amount(entry.held, entry.asset) + " held");
            }
            break;
        case positions_answer:
            for (const auto& entry : protocol::group<protocol::PositionsAnswer>(answer)) {
                const AssetId quote = names.instruments[entry.instrument.value()].quote;
                lines.push_back(text_of(entry.lots) + " " + names.instrument(entry.instrument) +
                                ", cost " + names.amount(entry.cost, quote));
            }
            break;
        case order_answer: {
            const auto& order = view<protocol::OrderAnswer>(answer);
            lines.push_back(order_text(order.order) + " " + text_of(order.side) + " " +
                            state_text(order) + ", " + text_of(order.filled) + " filled");
            break;
        }
    }
    return lines;
}

}  // namespace miletus::scenario
