// What an account may read of its orders.
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/objects/pages.hpp"
#include "edge/gateway/deribit/objects/private_answers.hpp"

#include <algorithm>
#include <vector>

namespace miletus::deribit {

namespace {

using Answered = std::expected<void, Failure>;
using client_feed::Order;
using client_feed::OrderStage;
using protocol::TriggerKind;

// An order that waits is of its trigger's type, whatever it becomes.
bool is_of_type(const Order& order, choices::OpenOrdersType type) {
    using Type = choices::OpenOrdersType;
    const bool is_limit = order.order_type == protocol::OrderType::limit;
    const bool is_stop = order.has_trigger && order.trigger == TriggerKind::stop;
    const bool is_take = order.has_trigger && order.trigger == TriggerKind::take;
    switch (type) {
        case Type::all:
            return true;
        case Type::limit:
            return !order.has_trigger && is_limit;
        case Type::trigger_all:
            return order.has_trigger;
        case Type::stop_all:
            return is_stop;
        case Type::stop_limit:
            return is_stop && is_limit;
        case Type::stop_market:
            return is_stop && !is_limit;
        case Type::take_all:
            return is_take;
        case Type::take_limit:
            return is_take && is_limit;
        case Type::take_market:
            return is_take && !is_limit;
        case Type::trailing_all:
        case Type::trailing_stop:
            return false;
    }
    return false;
}

// What a call asks of orders by their instruments.
struct OrderChoice {
    CurrencyChoice currency{};
    choices::Kind kind = choices::Kind::any;
    const Market* market = nullptr;  // all, where there is none

    [[nodiscard]] bool has(const PrivateQuestion& question, const Order& order) const {
        const Market* known = market_of(question.markets, order);
        return known != nullptr && (market == nullptr || known == market) &&
               currency.has(question.markets, known->instrument()) &&
               is_of_kind(known->instrument(), kind);
    }
};

Checked<OrderChoice> currency_of_orders(const PrivateQuestion& question) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    return OrderChoice{.currency = currency, .kind = kind_asked(question.call)};
}

Checked<OrderChoice> instrument_of_orders(const PrivateQuestion& question) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    return OrderChoice{.market = market};
}

Answered write_open_orders(const PrivateQuestion& question, const OrderChoice& choice,
                           JsonWriter& writer) {
    const auto type = question.call.parameters.choice<choices::OpenOrdersType>(Parameter::type)
                          .value_or(choices::OpenOrdersType::all);
    writer.begin_array();
    question.accounts.visit_open_orders(question.account, [&](const Order& order) {
        if (is_of_type(order, type) && choice.has(question, order)) {
            write_order(writer, question.markets, order);
        }
        return true;
    });
    writer.end_array();
    return {};
}

template <class IsWanted>
Answered write_labelled_orders(const PrivateQuestion& question, const OrderChoice& choice,
                               IsWanted is_wanted, JsonWriter& writer) {
    const std::string_view label = question.call.parameters.text(Parameter::label);
    writer.begin_array();
    question.accounts.visit_label(question.account, label, [&](const Order& order) {
        if (is_wanted(order) && choice.has(question, order)) {
            write_order(writer, question.markets, order);
        }
        return true;
    });
    writer.end_array();
    return {};
}

}  // namespace

Answered answer_open_orders(const PrivateQuestion& question, JsonWriter& writer) {
    return write_open_orders(question, {.kind = kind_asked(question.call)}, writer);
}

Answered answer_open_orders_by_currency(const PrivateQuestion& question, JsonWriter& writer) {
    const OrderChoice choice = TRY(currency_of_orders(question));
    return write_open_orders(question, choice, writer);
}

Answered answer_open_orders_by_instrument(const PrivateQuestion& question, JsonWriter& writer) {
    const OrderChoice choice = TRY(instrument_of_orders(question));
    return write_open_orders(question, choice, writer);
}

Answered answer_open_orders_by_label(const PrivateQuestion& question, JsonWriter& writer) {
    const OrderChoice choice = TRY(currency_of_orders(question));
    if (question.call.parameters.text(Parameter::label).empty()) {
        return write_open_orders(question, choice, writer);
    }
    return write_labelled_orders(
        question, choice, [](const Order& order) { return !order.is_over(); }, writer);
}

Answered answer_order_state(const PrivateQuestion& question, JsonWriter& writer) {
    const Order* order =
        TRY(order_asked(question.call, question.account, question.markets, question.accounts));
    write_order(writer, question.markets, *order);
    return {};
}

Answered answer_order_state_by_label(const PrivateQuestion& question, JsonWriter& writer) {
    const OrderChoice choice = TRY(currency_of_orders(question));
    return write_labelled_orders(question, choice, [](const Order&) { return true; }, writer);
}

// ---- Orders that are over ----

namespace {

// With a continuation the page is an object; without, a bare list, as older clients expect.
Answered write_order_history(const PrivateQuestion& question, const OrderChoice& choice,
                             JsonWriter& writer) {
    const Parameters& parameters = question.call.parameters;
    const std::uint32_t count = TRY(count_asked(question.call));
    std::uint32_t offset = TRY(offset_asked(question.call));
    const bool has_unfilled = parameters.flag(Parameter::include_unfilled);
    const bool is_paged =
        parameters.flag(Parameter::with_continuation) || parameters.has(Parameter::continuation);
    Page page(count, page_place(parameters.text(Parameter::continuation)));
    if (is_paged) {
        writer.begin_object();
        writer.key("orders");
    }
    writer.begin_array();
    question.accounts.visit_closed_orders(question.account, [&](const Order& order) {
        const bool is_wanted =
            (has_unfilled || order.filled != Lots(0)) && choice.has(question, order);
        if (is_wanted && offset != 0) {
            --offset;
        } else if (is_wanted && page.takes(order.updated)) {
            write_order(writer, question.markets, order);
        }
        return !page.is_full();
    });
    writer.end_array();
    if (is_paged) {
        write_continuation(writer, page.next());
        writer.end_object();
    }
    return {};
}

}  // namespace

Answered answer_order_history_by_currency(const PrivateQuestion& question, JsonWriter& writer) {
    const OrderChoice choice = TRY(currency_of_orders(question));
    return write_order_history(question, choice, writer);
}

Answered answer_order_history_by_instrument(const PrivateQuestion& question, JsonWriter& writer) {
    const OrderChoice choice = TRY(instrument_of_orders(question));
    return write_order_history(question, choice, writer);
}

// Those that wait still, and those that are over, by when they came.
Answered answer_trigger_history(const PrivateQuestion& question, JsonWriter& writer) {
    OrderChoice choice = TRY(currency_of_orders(question));
    if (question.call.parameters.has(Parameter::instrument_name)) {
        choice.market = TRY(market_asked(question.call, question.markets));
    }
    const std::uint32_t count = TRY(count_asked(question.call));
    std::vector<const Order*> orders;
    const auto take = [&](const Order& order) {
        if (order.has_trigger && choice.has(question, order)) {
            orders.push_back(&order);
        }
        return true;
    };
    question.accounts.visit_open_orders(question.account, take);
    question.accounts.visit_closed_orders(question.account, take);
    std::ranges::sort(orders, [](const Order* left, const Order* right) {
        if (left->created != right->created) {
            return left->created > right->created;
        }
        return left->placed != right->placed ? left->placed > right->placed : left->id > right->id;
    });
    Page page(count, page_place(question.call.parameters.text(Parameter::continuation)));
    writer.begin_object();
    writer.key("entries");
    writer.begin_array();
    for (const Order* order : orders) {
        if (page.takes(order->created)) {
            write_trigger_order(writer, question.markets, *order);
        }
    }
    writer.end_array();
    write_continuation(writer, page.next());
    writer.end_object();
    return {};
}

}  // namespace miletus::deribit
