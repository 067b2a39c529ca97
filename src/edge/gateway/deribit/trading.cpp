// Orders: from calls to commands under sessions of the gateway's own.
#include "base/hash.hpp"
#include "edge/gateway/deribit/gateway.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"

#include <algorithm>

namespace miletus::deribit {

using client_feed::Order;
using client_feed::OrderStage;

namespace {

// A filter of protocol::MassCancel.
constexpr std::uint8_t filter_instrument = 2;

// Sessions of the gateway, told apart from those that clients of other gateways choose: of a
// connection by the epoch and a count, of an account's HTTP calls by the epoch alone, of a name
// for as long as the log lasts.
constexpr std::uint64_t connection_session = 0xd1ULL << 56U;
constexpr std::uint64_t http_session = 0xd2ULL << 56U;
constexpr std::uint64_t name_session = 0xd3ULL << 56U;

SessionId session_of(std::uint64_t family, std::uint32_t epoch, std::uint32_t number) {
    constexpr std::uint32_t epoch_bits = 0xff'ffff;
    return SessionId(family | (std::uint64_t{epoch & epoch_bits} << 32U) | number);
}

bool is_wanted_type(const Order& order, choices::CancelType type) {
    switch (type) {
        case choices::CancelType::all:
            return true;
        case choices::CancelType::limit:
            return !order.has_trigger;
        case choices::CancelType::trigger_all:
            return order.has_trigger;
        case choices::CancelType::stop:
            return order.has_trigger && order.trigger == protocol::TriggerKind::stop;
        case choices::CancelType::take:
            return order.has_trigger && order.trigger == protocol::TriggerKind::take;
        case choices::CancelType::trailing_stop:
            return false;
    }
    return false;
}

}  // namespace

// ---- Under which name ----

SessionId Gateway::session_of_client(Client& client, AccountId account) {
    become(client, account);
    if (client.session == SessionId()) {
        client.session = session_of(connection_session, settings_.epoch, ++last_session_);
        tell_cancels(client);
    }
    return client.session;
}

SessionId Gateway::named_session(const credentials::Grant& grant) const {
    const auto* family = credentials_.tokens().find(grant.family);
    if (!grant.is_of_session || family == nullptr) {
        return SessionId();
    }
    constexpr std::uint64_t family_bits = 0xffULL << 56U;
    const std::string_view name = family->terms.session;
    return SessionId(name_session | (xxh3_64(std::as_bytes(std::span(name))) & ~family_bits));
}

Checked<void> Gateway::check_sequence(const Request& request) const {
    if (!request.call.parameters.has(Parameter::client_sequence)) {
        return {};
    }
    if (request.call.parameters.integer(Parameter::client_sequence).value_or(0) <= 0) {
        return std::unexpected(wrong(Parameter::client_sequence, "must be above zero"));
    }
    if (named_session(*request.grant) == SessionId()) {
        return std::unexpected(
            wrong(Parameter::client_sequence, "needs a login with the scope session:NAME"));
    }
    return {};
}

Identity Gateway::identity_for(const Request& request) {
    const AccountId account = request.account();
    const Parameters& parameters = request.call.parameters;
    if (parameters.has(Parameter::client_sequence)) {
        const auto number = parameters.integer(Parameter::client_sequence).value_or(0);
        const SessionId session = named_session(*request.grant);
        if (request.client != nullptr) {
            add_once(request.client->named, {.account = account, .session = session, .number = {}});
        }
        return {.account = account,
                .session = session,
                .number = ClientSequence(static_cast<std::uint64_t>(number))};
    }
    const SessionId session = request.client == nullptr
                                  ? session_of(http_session, settings_.epoch, 0)
                                  : session_of_client(*request.client, account);
    return {.account = account, .session = session, .number = asks_.next_number()};
}

void Gateway::remember(Ask& ask, const Request& request) const {
    ask.method = request.call.method;
    ask.waiting.connection = request.connection;
    ask.waiting.is_websocket = request.client != nullptr;
    ask.waiting.is_nobody = false;
    ask.waiting.id.assign(request.call.id);
    ask.waiting.received = request.received;
}

template <class Message>
Ask& Gateway::command(const Request& request, Message message, std::string_view label) {
    ++counters_.commands;
    message.header.ingress_time = request.received;
    Ask& ask = asks_.send_command(message, identity_for(request), label);
    remember(ask, request);
    return ask;
}

// ---- One order ----

Gateway::Handled Gateway::buy(const Request& request) {
    return place(request, protocol::Side::buy);
}

Gateway::Handled Gateway::sell(const Request& request) {
    return place(request, protocol::Side::sell);
}

Gateway::Handled Gateway::place(const Request& request, protocol::Side side) {
    const Parameters& parameters = request.call.parameters;
    const NewOrder order = TRY(new_order(parameters, side, markets_, now_));
    std::visit(
        [&](const auto& message) { command(request, message, parameters.text(Parameter::label)); },
        order);
    return Outcome::later;
}

Checked<const Order*> Gateway::own_order(const Request& request) const {
    const Order* order = TRY(order_asked(request.call, request.account(), markets_, accounts_));
    // What is sent again is answered as it was first, whatever became of the order since.
    if (order->is_over() && !request.call.parameters.has(Parameter::client_sequence)) {
        return std::unexpected(
            Failure{.code = ErrorCode::already_closed, .reason = {}, .param = "order_id"});
    }
    return order;
}

Checked<const Order*> Gateway::labelled_order(const Request& request) const {
    const Parameters& parameters = request.call.parameters;
    const auto* instrument = TRY(instrument_of(parameters, markets_));
    const Order* found = nullptr;
    bool is_unique = true;
    accounts_.visit_label(request.account(), parameters.text(Parameter::label),
                          [&](const Order& order) {
                              if (!order.is_over() && order.instrument == instrument->instrument) {
                                  is_unique = found == nullptr;
                                  found = &order;
                              }
                              return is_unique;
                          });
    if (!is_unique) {
        return std::unexpected(
            Failure{.code = ErrorCode::non_unique_order_label, .reason = {}, .param = "label"});
    }
    if (found == nullptr) {
        return std::unexpected(
            Failure{.code = ErrorCode::order_not_found, .reason = {}, .param = "label"});
    }
    return found;
}

Gateway::Handled Gateway::edit(const Request& request) {
    const bool is_by_label = request.call.method == Method::private_edit_by_label;
    const Order* order = TRY(is_by_label ? labelled_order(request) : own_order(request));
    const Amendment changed = TRY(amendment(request.call.parameters, *order, markets_, now_));
    const OrderId id = order->id;
    std::visit([&](const auto& message) { command(request, message).order = id; }, changed);
    return Outcome::later;
}

Gateway::Handled Gateway::cancel(const Request& request) {
    const Order* order = TRY(own_order(request));
    const OrderId id = order->id;
    command(request, protocol::CancelOrder{.order = id}).order = id;
    return Outcome::later;
}

Gateway::Handled Gateway::close_position(const Request& request) {
    const protocol::ClosePosition message = TRY(closing(request.call.parameters, markets_));
    command(request, message);
    return Outcome::later;
}

// ---- Many orders ----

Gateway::Handled Gateway::cancel_by_label(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    const std::string_view label = parameters.text(Parameter::label);
    constexpr std::size_t label_max = protocol::CancelByLabel::group_max;
    if (label.size() > label_max) {
        return std::unexpected(wrong(Parameter::label, "is longer than 64 characters"));
    }
    if (!parameters.has(Parameter::currency)) {
        command(request, protocol::CancelByLabel{}, label);
        return Outcome::later;
    }
    const CurrencyChoice currency = TRY(currency_asked(request.call, markets_));
    return cancel_each(request, [&](const Order& order) {
        return order.label.view() == label && is_chosen(order, currency, choices::Kind::any);
    });
}

Gateway::Handled Gateway::cancel_many(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    const Method method = request.call.method;
    if (method == Method::private_cancel_all) {
        command(request, protocol::MassCancel{});
        return Outcome::later;
    }
    const auto type =
        parameters.choice<choices::CancelType>(Parameter::type).value_or(choices::CancelType::all);
    if (method == Method::private_cancel_all_by_instrument) {
        const auto* instrument = TRY(instrument_of(parameters, markets_));
        if (type == choices::CancelType::all) {
            command(request, protocol::MassCancel{.instrument = instrument->instrument,
                                                  .filters = filter_instrument});
            return Outcome::later;
        }
        const InstrumentId wanted = instrument->instrument;
        return cancel_each(request, [&](const Order& order) {
            return order.instrument == wanted && is_wanted_type(order, type);
        });
    }
    const auto kind =
        parameters.choice<choices::Kind>(Parameter::kind).value_or(choices::Kind::any);
    if (method == Method::private_cancel_all_by_currency_pair) {
        const auto* pair = markets_.underlying(parameters.text(Parameter::currency_pair));
        if (pair == nullptr) {
            return std::unexpected(wrong(Parameter::currency_pair, "no such currency pair"));
        }
        const UnderlyingId wanted = pair->underlying;
        return cancel_each(request, [&](const Order& order) {
            const market_data::Market* market = markets_.find(order.instrument);
            return market != nullptr && market->instrument().underlying == wanted &&
                   is_of_kind(market->instrument(), kind) && is_wanted_type(order, type);
        });
    }
    const CurrencyChoice currency = TRY(currency_asked(request.call, markets_));
    return cancel_each(request, [&](const Order& order) {
        return is_chosen(order, currency, kind) && is_wanted_type(order, type);
    });
}

bool Gateway::is_chosen(const Order& order, const CurrencyChoice& currency,
                        choices::Kind kind) const {
    const market_data::Market* market = markets_.find(order.instrument);
    return market != nullptr && currency.has(markets_, market->instrument()) &&
           is_of_kind(market->instrument(), kind);
}

// What no filter of the engine says: those that stand now, one by one. The last one answers. The
// call had a credit for the first; the others take what there is, so that many orders at once are
// not asked for again at once.
template <class IsWanted>
Gateway::Handled Gateway::cancel_each(const Request& request, IsWanted is_wanted) {
    wanted_.clear();
    accounts_.visit_open_orders(request.account(), [&](const Order& order) {
        if (is_wanted(order)) {
            wanted_.push_back(order.id);
        }
        return true;
    });
    if (wanted_.empty()) {
        JsonWriter(answer_).integer(0);
        return Outcome::now;
    }
    if (markets_.venue_state() == protocol::VenueState::halted) {
        return std::unexpected(failure_of(Reject::venue_halted));
    }
    buckets_[request.account().value()].matching.drain(settings_.rates.matching,
                                                       wanted_.size() - 1);
    for (const OrderId order : wanted_) {
        command(request, protocol::CancelOrder{.order = order}).is_last = order == wanted_.back();
    }
    return Outcome::later;
}

}  // namespace miletus::deribit
