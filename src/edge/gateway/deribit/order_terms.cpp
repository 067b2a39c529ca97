// Reading terms, one group of parameters after the other.
#include "edge/gateway/deribit/order_terms.hpp"

#include <string>
#include <utility>

namespace miletus::deribit {

using client_feed::Order;
using market_data::Instrument;
using market_data::Markets;
using protocol::OrderType;
using protocol::PostOnly;
using protocol::Side;
using protocol::TimeInForce;
using protocol::TriggerKind;
using protocol::TriggerReference;

namespace {

constexpr std::size_t label_max = 64;

std::unexpected<Failure> refused(Parameter parameter, std::string_view reason) {
    return std::unexpected(wrong(parameter, reason));
}

std::unexpected<Failure> refused(ErrorCode code, Parameter parameter, std::string_view reason) {
    return std::unexpected(Failure{.code = code, .reason = reason, .param = name(parameter)});
}

// What real clients may ask for, and this venue does not have: said, not passed over.
Checked<void> check_known(const Parameters& parameters) {
    for (const Parameter parameter : {Parameter::advanced, Parameter::linked_order_type,
                                      Parameter::otoco_config, Parameter::trigger_offset}) {
        if (parameters.has(parameter)) {
            return refused(ErrorCode::not_implemented, parameter, "not supported");
        }
    }
    if (parameters.flag(Parameter::mmp)) {
        return refused(ErrorCode::not_implemented, Parameter::mmp, "not supported");
    }
    return {};
}

Checked<void> check_in_time(const Parameters& parameters, UnixNanos now) {
    constexpr std::int64_t per_millisecond = 1'000'000;
    const auto until = parameters.integer(Parameter::valid_until);
    if (until.has_value() && *until < now.value() / per_millisecond) {
        return refused(ErrorCode::timed_out, Parameter::valid_until, "is over");
    }
    return {};
}

// Exactly so many steps; nothing where something is left over.
std::optional<std::int64_t> steps(std::int64_t value, std::int64_t step) {
    return value % step == 0 ? std::optional(value / step) : std::nullopt;
}

Checked<TimeInForce> time_in_force_of(const Parameters& parameters) {
    switch (parameters.choice<choices::TimeInForce>(Parameter::time_in_force)
                .value_or(choices::TimeInForce::good_til_cancelled)) {
        case choices::TimeInForce::good_til_cancelled:
            return TimeInForce::good_til_canceled;
        case choices::TimeInForce::good_til_day:
            return TimeInForce::good_til_day;
        case choices::TimeInForce::fill_or_kill:
            return TimeInForce::fill_or_kill;
        case choices::TimeInForce::immediate_or_cancel:
            return TimeInForce::immediate_or_cancel;
    }
    return refused(Parameter::time_in_force, "wrong value");
}

PostOnly post_only_of(const Parameters& parameters) {
    if (!parameters.flag(Parameter::post_only)) {
        return PostOnly::off;
    }
    return parameters.flag(Parameter::reject_post_only) ? PostOnly::reject : PostOnly::reprice;
}

struct Kind {
    OrderType type{};
    std::optional<TriggerKind> trigger{};
};

Checked<Kind> kind_of(const Parameters& parameters) {
    switch (parameters.choice<choices::OrderType>(Parameter::type)
                .value_or(choices::OrderType::limit)) {
        case choices::OrderType::limit:
            return Kind{.type = OrderType::limit};
        case choices::OrderType::market:
            return Kind{.type = OrderType::market};
        case choices::OrderType::stop_limit:
            return Kind{.type = OrderType::limit, .trigger = TriggerKind::stop};
        case choices::OrderType::stop_market:
            return Kind{.type = OrderType::market, .trigger = TriggerKind::stop};
        case choices::OrderType::take_limit:
            return Kind{.type = OrderType::limit, .trigger = TriggerKind::take};
        case choices::OrderType::take_market:
            return Kind{.type = OrderType::market, .trigger = TriggerKind::take};
        case choices::OrderType::market_limit:
        case choices::OrderType::trailing_stop:
            break;
    }
    return refused(ErrorCode::not_implemented, Parameter::type, "not supported");
}

Checked<TriggerReference> reference_of(const Parameters& parameters) {
    const auto trigger = parameters.choice<choices::Trigger>(Parameter::trigger);
    if (!trigger.has_value()) {
        return refused(Parameter::trigger, "is required");
    }
    switch (*trigger) {
        case choices::Trigger::index_price:
            return TriggerReference::index;
        case choices::Trigger::mark_price:
            return TriggerReference::mark;
        case choices::Trigger::last_price:
            return TriggerReference::last;
    }
    return refused(Parameter::trigger, "wrong value");
}

// What the first release's two kinds of orders have in common.
struct Terms {
    Ticks price;
    Lots lots;
    TimeInForce life{};
};

Checked<Terms> terms_of(const Parameters& parameters, const Instrument& instrument,
                        const Markets& markets, const Kind& kind) {
    const auto lots = TRY(lots_of(parameters, instrument, markets));
    if (!lots.has_value()) {
        return refused(Parameter::amount, "is required");
    }
    const auto price = TRY(ticks_of(parameters, Parameter::price, instrument));
    if (kind.type == OrderType::limit && !price.has_value()) {
        return refused(Parameter::price, "is required");
    }
    // A market order takes what it can at once, whatever the client left in place.
    const bool is_market = kind.type == OrderType::market;
    const TimeInForce life = TRY(time_in_force_of(parameters));
    const bool has_default_life = life == TimeInForce::good_til_canceled;
    return Terms{.price = is_market ? Ticks(0) : *price,
                 .lots = *lots,
                 .life = is_market && has_default_life ? TimeInForce::immediate_or_cancel : life};
}

template <class Order>
Order order_with(const Terms& terms, const Parameters& parameters, Side side,
                 const Instrument& instrument, const Kind& kind) {
    return {.price = terms.price,
            .quantity = terms.lots,
            .instrument = instrument.instrument,
            .side = side,
            .order_type = kind.type,
            .time_in_force = terms.life,
            .post_only = post_only_of(parameters),
            .self_trade = protocol::SelfTrade::cancel_taker,
            .reduce_only = static_cast<std::uint8_t>(parameters.flag(Parameter::reduce_only))};
}

}  // namespace

Checked<const Instrument*> instrument_of(const Parameters& parameters, const Markets& markets) {
    const market_data::Market* market = markets.find(parameters.text(Parameter::instrument_name));
    if (market == nullptr) {
        return refused(Parameter::instrument_name, "instrument not found");
    }
    if (!market->instrument().is_alive()) {
        return refused(Parameter::instrument_name, "instrument is not open");
    }
    return &market->instrument();
}

Checked<std::optional<Lots>> lots_of(const Parameters& parameters, const Instrument& instrument,
                                     const Markets& markets) {
    std::optional<Lots> lots;
    if (parameters.has(Parameter::amount)) {
        const market_data::Underlying* underlying = markets.underlying(instrument.underlying);
        const market_data::Asset* base =
            underlying == nullptr ? nullptr : markets.asset(underlying->base);
        ASSERT(base != nullptr);
        const auto units = parameters.scaled(Parameter::amount, base->decimals);
        const auto whole =
            units.has_value() ? steps(*units, instrument.terms.lot.value()) : std::nullopt;
        if (!whole.has_value() || *whole <= 0) {
            return refused(Parameter::amount, "must be a multiple of min_trade_amount");
        }
        lots = Lots(*whole);
    }
    if (parameters.has(Parameter::contracts)) {
        const auto contracts = parameters.scaled(Parameter::contracts, 0);
        if (!contracts.has_value() || *contracts <= 0) {
            return refused(Parameter::contracts, "must be a whole number above zero");
        }
        if (lots.has_value() && lots->value() != *contracts) {
            return refused(Parameter::contracts, "does not agree with amount");
        }
        lots = Lots(*contracts);
    }
    return lots;
}

Checked<std::optional<Ticks>> ticks_of(const Parameters& parameters, Parameter parameter,
                                       const Instrument& instrument) {
    if (!parameters.has(parameter)) {
        return std::nullopt;
    }
    const auto units = parameters.scaled(parameter, index_decimals);
    const auto whole =
        units.has_value() ? steps(*units, instrument.terms.tick.value()) : std::nullopt;
    if (!whole.has_value()) {
        const bool is_trigger = parameter == Parameter::trigger_price;
        return refused(
            is_trigger ? ErrorCode::trigger_price_wrong_tick : ErrorCode::price_wrong_tick,
            parameter, "must be a multiple of tick_size");
    }
    return Ticks(*whole);
}

Checked<NewOrder> new_order(const Parameters& parameters, Side side, const Markets& markets,
                            UnixNanos now) {
    TRY(check_known(parameters));
    TRY(check_in_time(parameters, now));
    const Instrument* instrument = TRY(instrument_of(parameters, markets));
    const Kind kind = TRY(kind_of(parameters));
    if (parameters.text(Parameter::label).size() > label_max) {
        return refused(Parameter::label, "is longer than 64 characters");
    }
    const Terms terms = TRY(terms_of(parameters, *instrument, markets, kind));
    if (!kind.trigger.has_value()) {
        if (parameters.has(Parameter::display_amount)) {
            return refused(ErrorCode::not_implemented, Parameter::display_amount, "not supported");
        }
        return order_with<protocol::PlaceOrder>(terms, parameters, side, *instrument, kind);
    }
    auto order = order_with<protocol::PlaceTrigger>(terms, parameters, side, *instrument, kind);
    const auto price = TRY(ticks_of(parameters, Parameter::trigger_price, *instrument));
    if (!price.has_value()) {
        return refused(Parameter::trigger_price, "is required");
    }
    order.trigger_price = *price;
    order.trigger = *kind.trigger;
    order.reference = TRY(reference_of(parameters));
    return order;
}

Checked<Amendment> amendment(const Parameters& parameters, const Order& order,
                             const Markets& markets, UnixNanos now) {
    TRY(check_in_time(parameters, now));
    for (const Parameter parameter :
         {Parameter::advanced, Parameter::trigger_offset, Parameter::display_amount}) {
        if (parameters.has(parameter)) {
            return refused(ErrorCode::not_implemented, parameter, "not supported");
        }
    }
    const market_data::Market* market = markets.find(order.instrument);
    if (market == nullptr) {
        return refused(ErrorCode::order_not_found, Parameter::order_id, "instrument not found");
    }
    const Instrument& instrument = market->instrument();
    const Lots lots = TRY(lots_of(parameters, instrument, markets)).value_or(order.quantity);
    const Ticks price =
        TRY(ticks_of(parameters, Parameter::price, instrument)).value_or(order.price);
    if (order.stage != client_feed::OrderStage::untriggered) {
        return protocol::AmendOrder{.order = order.id, .price = price, .quantity = lots};
    }
    const Ticks trigger = TRY(ticks_of(parameters, Parameter::trigger_price, instrument))
                              .value_or(order.trigger_price);
    return protocol::AmendTrigger{
        .order = order.id, .price = price, .trigger_price = trigger, .quantity = lots};
}

Checked<protocol::ClosePosition> closing(const Parameters& parameters, const Markets& markets) {
    const Instrument* instrument = TRY(instrument_of(parameters, markets));
    const bool is_limit = parameters.choice<choices::CloseType>(Parameter::type)
                              .value_or(choices::CloseType::market) == choices::CloseType::limit;
    const auto price = TRY(ticks_of(parameters, Parameter::price, *instrument));
    if (is_limit && !price.has_value()) {
        return refused(Parameter::price, "is required");
    }
    return protocol::ClosePosition{.price = is_limit ? *price : Ticks(0),
                                   .instrument = instrument->instrument,
                                   .order_type = is_limit ? OrderType::limit : OrderType::market};
}

}  // namespace miletus::deribit
