// Which private method is answered by what.
#include "edge/gateway/deribit/objects/private_answers.hpp"
#include "edge/gateway/deribit/objects/reading.hpp"

#include <array>
#include <utility>

namespace miletus::deribit {

namespace {

struct Row {
    Method method;
    PrivateAnswer answer;
};

constexpr std::array rows{
    Row{Method::private_get_deposits, answer_deposits},
    Row{Method::private_get_mmp_config, answer_nothing},
    Row{Method::private_get_mmp_status, answer_nothing},
    Row{Method::private_get_new_announcements, answer_nothing},
    Row{Method::private_get_open_orders, answer_open_orders},
    Row{Method::private_get_open_orders_by_currency, answer_open_orders_by_currency},
    Row{Method::private_get_open_orders_by_instrument, answer_open_orders_by_instrument},
    Row{Method::private_get_open_orders_by_label, answer_open_orders_by_label},
    Row{Method::private_get_order_history_by_currency, answer_order_history_by_currency},
    Row{Method::private_get_order_history_by_instrument, answer_order_history_by_instrument},
    Row{Method::private_get_order_state, answer_order_state},
    Row{Method::private_get_order_state_by_label, answer_order_state_by_label},
    Row{Method::private_get_settlement_history_by_currency, answer_settlement_history_by_currency},
    Row{Method::private_get_settlement_history_by_instrument,
        answer_settlement_history_by_instrument},
    Row{Method::private_get_transaction_log, answer_transaction_log},
    Row{Method::private_get_transfers, answer_transfers},
    Row{Method::private_get_trigger_order_history, answer_trigger_history},
    Row{Method::private_get_user_locks, answer_user_locks},
    Row{Method::private_get_user_trades_by_currency, answer_user_trades_by_currency},
    Row{Method::private_get_user_trades_by_currency_and_time, answer_user_trades_by_currency},
    Row{Method::private_get_user_trades_by_instrument, answer_user_trades_by_instrument},
    Row{Method::private_get_user_trades_by_instrument_and_time, answer_user_trades_by_instrument},
    Row{Method::private_get_user_trades_by_order, answer_user_trades_by_order},
    Row{Method::private_get_withdrawals, answer_withdrawals},
};

constexpr std::size_t method_count = 256;

constexpr std::array<PrivateAnswer, method_count> by_method = [] {
    std::array<PrivateAnswer, method_count> table{};
    for (const Row& row : rows) {
        table[std::to_underlying(row.method)] = row.answer;
    }
    return table;
}();

}  // namespace

bool is_private_reading(Method method) {
    return by_method[std::to_underlying(method)] != nullptr;
}

std::expected<void, Failure> answer_private(const Call& call, AccountId account,
                                            const Markets& markets,
                                            const client_feed::Accounts& accounts, UnixNanos now,
                                            JsonWriter& writer) {
    const PrivateAnswer answer = by_method[std::to_underlying(call.method)];
    if (answer == nullptr) {
        return std::unexpected(
            Failure{.code = ErrorCode::not_implemented, .reason = {}, .param = {}});
    }
    return answer(
        {.call = call, .account = account, .markets = markets, .accounts = accounts, .now = now},
        writer);
}

}  // namespace miletus::deribit
