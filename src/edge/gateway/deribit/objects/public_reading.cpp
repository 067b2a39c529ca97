// Which public method is answered by what.
#include "edge/gateway/deribit/objects/public_answers.hpp"
#include "edge/gateway/deribit/objects/reading.hpp"

#include <array>
#include <utility>

namespace miletus::deribit {

namespace {

struct Row {
    Method method;
    PublicAnswer answer;
};

constexpr std::array rows{
    Row{Method::public_get_announcements, answer_empty_list},
    Row{Method::public_get_book_summary_by_currency, answer_summary_by_currency},
    Row{Method::public_get_book_summary_by_instrument, answer_summary_by_instrument},
    Row{Method::public_get_combo_ids, answer_empty_list},
    Row{Method::public_get_combos, answer_empty_list},
    Row{Method::public_get_contract_size, answer_contract_size},
    Row{Method::public_get_currencies, answer_currencies},
    Row{Method::public_get_delivery_prices, answer_delivery_prices},
    Row{Method::public_get_expirations, answer_expirations},
    Row{Method::public_get_funding_chart_data, answer_funding_chart},
    Row{Method::public_get_funding_rate_history, answer_funding_history},
    Row{Method::public_get_funding_rate_value, answer_funding_value},
    Row{Method::public_get_historical_volatility, answer_volatility_history},
    Row{Method::public_get_index_chart_data, answer_index_chart},
    Row{Method::public_get_index_price, answer_index_price},
    Row{Method::public_get_index_price_names, answer_index_names},
    Row{Method::public_get_instrument, answer_instrument},
    Row{Method::public_get_instruments, answer_instruments},
    Row{Method::public_get_last_settlements_by_currency, answer_settlements_by_currency},
    Row{Method::public_get_last_settlements_by_instrument, answer_settlements_by_instrument},
    Row{Method::public_get_last_trades_by_currency, answer_trades_by_currency},
    Row{Method::public_get_last_trades_by_currency_and_time, answer_trades_by_currency},
    Row{Method::public_get_last_trades_by_instrument, answer_trades_by_instrument},
    Row{Method::public_get_last_trades_by_instrument_and_time, answer_trades_by_instrument},
    Row{Method::public_get_mark_price_history, answer_mark_history},
    Row{Method::public_get_order_book, answer_order_book},
    Row{Method::public_get_order_book_by_instrument_id, answer_order_book_by_id},
    Row{Method::public_get_supported_index_names, answer_supported_indexes},
    Row{Method::public_get_time, answer_time},
    Row{Method::public_get_trade_volumes, answer_trade_volumes},
    Row{Method::public_get_tradingview_chart_data, answer_chart},
    Row{Method::public_hello, answer_version},
    Row{Method::public_status, answer_status},
    Row{Method::public_test, answer_test},
    Row{Method::public_ticker, answer_ticker},
};

constexpr std::size_t method_count = 256;

constexpr std::array<PublicAnswer, method_count> by_method = [] {
    std::array<PublicAnswer, method_count> table{};
    for (const Row& row : rows) {
        table[std::to_underlying(row.method)] = row.answer;
    }
    return table;
}();

}  // namespace

bool is_public_reading(Method method) {
    return by_method[std::to_underlying(method)] != nullptr;
}

std::expected<void, Failure> answer_public(const Call& call, const Markets& markets, UnixNanos now,
                                           JsonWriter& writer) {
    const PublicAnswer answer = by_method[std::to_underlying(call.method)];
    if (answer == nullptr) {
        return std::unexpected(
            Failure{.code = ErrorCode::not_implemented, .reason = {}, .param = {}});
    }
    return answer({.call = call, .markets = markets, .now = now}, writer);
}

}  // namespace miletus::deribit
