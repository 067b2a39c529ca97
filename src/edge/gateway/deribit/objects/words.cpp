// What things are called.
#include "edge/gateway/deribit/objects/words.hpp"

#include <array>
#include <chrono>

namespace miletus::deribit {

namespace {

using client_feed::Order;
using client_feed::OrderStage;
using client_feed::TransactionKind;
using market_data::LifeStep;
using market_data::SettlementPeriod;
using protocol::InstrumentState;
using protocol::OrderType;
using protocol::RemovalReason;
using protocol::TimeInForce;
using protocol::TriggerKind;
using protocol::TriggerReference;

std::chrono::year_month_day day_of(UnixNanos time) {
    const std::chrono::sys_time<std::chrono::nanoseconds> moment{
        std::chrono::nanoseconds(time.value())};
    return {std::chrono::floor<std::chrono::days>(moment)};
}

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

IdText order_id_text(std::string_view asset, OrderId order) {
    return trade_id_text(asset, order.value());
}

IdText trade_id_text(std::string_view asset, std::uint64_t trade) {
    IdText text;
    text.push(asset);
    text.push('-');
    text.push_number(trade);
    return text;
}

IdText account_name(AccountId account) {
    IdText name;
    name.push("account-");
    name.push_number(account.value());
    return name;
}

IndexName lower_case(std::string_view name) {
    IndexName small;
    for (const char letter : name) {
        small.push(lower(letter));
    }
    return small;
}

IndexName index_name_of(const market_data::Underlying* underlying) {
    return underlying == nullptr ? IndexName() : lower_case(underlying->name.view());
}

DateText expiry_text(UnixNanos expiry) {
    constexpr std::array<std::string_view, 13> months{
        "", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    const auto day = day_of(expiry);
    DateText text;
    text.push_number(static_cast<unsigned>(day.day()));
    text.push(months[static_cast<unsigned>(day.month())]);
    text.push_two_digits(static_cast<std::uint32_t>(static_cast<int>(day.year()) % 100));
    return text;
}

DateText date_text(UnixNanos time) {
    const auto day = day_of(time);
    DateText text;
    text.push_number(static_cast<std::uint64_t>(static_cast<int>(day.year())));
    text.push('-');
    text.push_two_digits(static_cast<unsigned>(day.month()));
    text.push('-');
    text.push_two_digits(static_cast<unsigned>(day.day()));
    return text;
}

std::string_view kind_word(const market_data::Instrument& instrument) {
    return instrument.is_option() ? "option" : "future";
}

std::string_view state_word(InstrumentState state) {
    switch (state) {
        case InstrumentState::pre_open:
            return "inactive";
        case InstrumentState::open:
        case InstrumentState::reduce_only:
            return "open";
        case InstrumentState::halted:
            return "halted";
        case InstrumentState::settling:
            return "settlement";
        case InstrumentState::settled:
            return "delivered";
        case InstrumentState::archived:
            return "archivized";
    }
    return "inactive";
}

std::string_view book_state_word(InstrumentState state) {
    switch (state) {
        case InstrumentState::open:
        case InstrumentState::reduce_only:
            return "open";
        case InstrumentState::pre_open:
        case InstrumentState::halted:
        case InstrumentState::settling:
        case InstrumentState::settled:
        case InstrumentState::archived:
            return "closed";
    }
    return "closed";
}

std::string_view settlement_period_word(const market_data::Instrument& instrument) {
    switch (instrument.settlement_period()) {
        case SettlementPeriod::day:
            return "day";
        case SettlementPeriod::week:
            return "week";
        case SettlementPeriod::month:
            return "month";
        case SettlementPeriod::perpetual:
            return "perpetual";
    }
    return "day";
}

std::string_view life_word(LifeStep step) {
    switch (step) {
        case LifeStep::created:
            return "created";
        case LifeStep::started:
            return "started";
        case LifeStep::settled:
            return "settled";
        case LifeStep::closed:
            return "closed";
        case LifeStep::terminated:
            return "terminated";
    }
    return "created";
}

std::string_view side_word(protocol::Side side) {
    return side == protocol::Side::buy ? "buy" : "sell";
}

std::string_view order_type_word(const Order& order) {
    const bool is_market = order.order_type == OrderType::market;
    if (!order.has_trigger) {
        return is_market ? "market" : "limit";
    }
    if (order.trigger == TriggerKind::stop) {
        return is_market ? "stop_market" : "stop_limit";
    }
    return is_market ? "take_market" : "take_limit";
}

std::string_view stage_word(OrderStage stage) {
    switch (stage) {
        case OrderStage::untriggered:
            return "untriggered";
        case OrderStage::open:
            return "open";
        case OrderStage::filled:
            return "filled";
        case OrderStage::canceled:
            return "cancelled";
        case OrderStage::rejected:
            return "rejected";
    }
    return "open";
}

std::string_view time_in_force_word(TimeInForce time_in_force) {
    switch (time_in_force) {
        case TimeInForce::good_til_canceled:
        case TimeInForce::good_til_time:
            return "good_til_cancelled";
        case TimeInForce::good_til_day:
            return "good_til_day";
        case TimeInForce::immediate_or_cancel:
            return "immediate_or_cancel";
        case TimeInForce::fill_or_kill:
            return "fill_or_kill";
    }
    return "good_til_cancelled";
}

std::string_view trigger_word(TriggerReference reference) {
    switch (reference) {
        case TriggerReference::index:
            return "index_price";
        case TriggerReference::mark:
            return "mark_price";
        case TriggerReference::last:
            return "last_price";
    }
    return "last_price";
}

std::string_view cancel_reason_word(const Order& order) {
    switch (order.reason) {
        case RemovalReason::client:
        case RemovalReason::mass_cancel:
            return "user_request";
        case RemovalReason::disconnect:
            return "cancel_on_disconnect";
        case RemovalReason::liquidation:
            return "autoliquidation";
        case RemovalReason::margin:
        case RemovalReason::stopped:
            return "risk_mitigation";
        case RemovalReason::instrument_closed:
            return "settlement";
        case RemovalReason::expired:
            return order.time_in_force == TimeInForce::good_til_day ? "settlement" : "";
        case RemovalReason::amended:
        case RemovalReason::self_trade:
        case RemovalReason::immediate:
        case RemovalReason::fill_limit:
        case RemovalReason::nothing_to_reduce:
        case RemovalReason::refused:
            return "";
    }
    return "";
}

std::string_view transaction_word(TransactionKind kind) {
    switch (kind) {
        case TransactionKind::deposit:
            return "deposit";
        case TransactionKind::withdrawal:
            return "withdrawal";
        case TransactionKind::transfer:
            return "transfer";
        case TransactionKind::trade:
            return "trade";
        case TransactionKind::settlement:
            return "settlement";
        case TransactionKind::funding:
            return "funding";
        case TransactionKind::delivery:
            return "delivery";
        case TransactionKind::insurance:
        case TransactionKind::reassignment:
            return "liquidation";
    }
    return "trade";
}

}  // namespace miletus::deribit
