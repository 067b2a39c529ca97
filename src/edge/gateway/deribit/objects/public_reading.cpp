// Which public method is answered by what.
#include "edge/gateway/deribit/objects/method_table.hpp"
#include "edge/gateway/deribit/objects/public_answers.hpp"
#include "edge/gateway/deribit/objects/reading.hpp"

namespace miletus::deribit {

namespace {

constexpr MethodTable<PublicAnswer> answers{
    {Method::public_get_announcements, answer_empty_list},
    {Method::public_get_book_summary_by_currency, answer_summary_by_currency},
    {Method::public_get_book_summary_by_instrument, answer_summary_by_instrument},
    {Method::public_get_combo_ids, answer_empty_list},
    {Method::public_get_combos, answer_empty_list},
    {Method::public_get_contract_size, answer_contract_size},
    {Method::public_get_currencies, answer_currencies},
    {Method::public_get_delivery_prices, answer_delivery_prices},
    {Method::public_get_expirations, answer_expirations},
    {Method::public_get_funding_chart_data, answer_funding_chart},
    {Method::public_get_funding_rate_history, answer_funding_history},
    {Method::public_get_funding_rate_value, answer_funding_value},
    {Method::public_get_historical_volatility, answer_volatility_history},
    {Method::public_get_index_chart_data, answer_index_chart},
    {Method::public_get_index_price, answer_index_price},
    {Method::public_get_index_price_names, answer_index_names},
    {Method::public_get_instrument, answer_instrument},
    {Method::public_get_instruments, answer_instruments},
    {Method::public_get_last_settlements_by_currency, answer_settlements_by_currency},
    {Method::public_get_last_settlements_by_instrument, answer_settlements_by_instrument},
    {Method::public_get_last_trades_by_currency, answer_trades_by_currency},
    {Method::public_get_last_trades_by_currency_and_time, answer_trades_by_currency},
    {Method::public_get_last_trades_by_instrument, answer_trades_by_instrument},
    {Method::public_get_last_trades_by_instrument_and_time, answer_trades_by_instrument},
    {Method::public_get_mark_price_history, answer_mark_history},
    {Method::public_get_order_book, answer_order_book},
    {Method::public_get_order_book_by_instrument_id, answer_order_book_by_id},
    {Method::public_get_supported_index_names, answer_supported_indexes},
    {Method::public_get_time, answer_time},
    {Method::public_get_trade_volumes, answer_trade_volumes},
    {Method::public_get_tradingview_chart_data, answer_chart},
    {Method::public_hello, answer_version},
    {Method::public_status, answer_status},
    {Method::public_test, answer_test},
    {Method::public_ticker, answer_ticker},
};

}  // namespace

bool is_public_reading(Method method) {
    return answers[method] != nullptr;
}

std::expected<void, Failure> answer_public(const Call& call, const Markets& markets, UnixNanos now,
                                           JsonWriter& writer) {
    const PublicAnswer answer = answers[call.method];
    if (answer == nullptr) {
        return std::unexpected(
            Failure{.code = ErrorCode::not_implemented, .reason = {}, .param = {}});
    }
    return answer({.call = call, .markets = markets, .now = now}, writer);
}

}  // namespace miletus::deribit
