// Which private method is answered by what.
#include "edge/gateway/deribit/objects/method_table.hpp"
#include "edge/gateway/deribit/objects/private_answers.hpp"
#include "edge/gateway/deribit/objects/reading.hpp"

namespace miletus::deribit {

namespace {

constexpr MethodTable<PrivateAnswer> answers{
    {Method::private_get_deposits, answer_deposits},
    {Method::private_get_mmp_config, answer_nothing},
    {Method::private_get_mmp_status, answer_nothing},
    {Method::private_get_new_announcements, answer_nothing},
    {Method::private_get_open_orders, answer_open_orders},
    {Method::private_get_open_orders_by_currency, answer_open_orders_by_currency},
    {Method::private_get_open_orders_by_instrument, answer_open_orders_by_instrument},
    {Method::private_get_open_orders_by_label, answer_open_orders_by_label},
    {Method::private_get_order_history_by_currency, answer_order_history_by_currency},
    {Method::private_get_order_history_by_instrument, answer_order_history_by_instrument},
    {Method::private_get_order_state, answer_order_state},
    {Method::private_get_order_state_by_label, answer_order_state_by_label},
    {Method::private_get_settlement_history_by_currency, answer_settlement_history_by_currency},
    {Method::private_get_settlement_history_by_instrument, answer_settlement_history_by_instrument},
    {Method::private_get_transaction_log, answer_transaction_log},
    {Method::private_get_transfers, answer_transfers},
    {Method::private_get_trigger_order_history, answer_trigger_history},
    {Method::private_get_user_locks, answer_user_locks},
    {Method::private_get_user_trades_by_currency, answer_user_trades_by_currency},
    {Method::private_get_user_trades_by_currency_and_time, answer_user_trades_by_currency},
    {Method::private_get_user_trades_by_instrument, answer_user_trades_by_instrument},
    {Method::private_get_user_trades_by_instrument_and_time, answer_user_trades_by_instrument},
    {Method::private_get_user_trades_by_order, answer_user_trades_by_order},
    {Method::private_get_withdrawals, answer_withdrawals},
};

}  // namespace

bool is_private_reading(Method method) {
    return answers[method] != nullptr;
}

std::expected<void, Failure> answer_private(const Call& call, AccountId account,
                                            const Markets& markets,
                                            const client_feed::Accounts& accounts, UnixNanos now,
                                            JsonWriter& writer) {
    const PrivateAnswer answer = answers[call.method];
    if (answer == nullptr) {
        return std::unexpected(
            Failure{.code = ErrorCode::not_implemented, .reason = {}, .param = {}});
    }
    return answer(
        {.call = call, .account = account, .markets = markets, .accounts = accounts, .now = now},
        writer);
}

}  // namespace miletus::deribit
