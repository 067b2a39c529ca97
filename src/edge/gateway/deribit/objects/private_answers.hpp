// The answers of private methods, one function each; reading.hpp names the methods.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/objects/questions.hpp"

namespace miletus::deribit {

struct PrivateQuestion {
    const Call& call;
    AccountId account;
    const Markets& markets;
    const client_feed::Accounts& accounts;
    UnixNanos now;
};
using PrivateAnswer = std::expected<void, Failure> (*)(const PrivateQuestion&, JsonWriter&);

// private_orders.cpp
std::expected<void, Failure> answer_open_orders(const PrivateQuestion& question,
                                                JsonWriter& writer);
std::expected<void, Failure> answer_open_orders_by_currency(const PrivateQuestion& question,
                                                            JsonWriter& writer);
std::expected<void, Failure> answer_open_orders_by_instrument(const PrivateQuestion& question,
                                                              JsonWriter& writer);
std::expected<void, Failure> answer_open_orders_by_label(const PrivateQuestion& question,
                                                         JsonWriter& writer);
std::expected<void, Failure> answer_order_state(const PrivateQuestion& question,
                                                JsonWriter& writer);
std::expected<void, Failure> answer_order_state_by_label(const PrivateQuestion& question,
                                                         JsonWriter& writer);
std::expected<void, Failure> answer_order_history_by_currency(const PrivateQuestion& question,
                                                              JsonWriter& writer);
std::expected<void, Failure> answer_order_history_by_instrument(const PrivateQuestion& question,
                                                                JsonWriter& writer);
std::expected<void, Failure> answer_trigger_history(const PrivateQuestion& question,
                                                    JsonWriter& writer);

// private_history.cpp
std::expected<void, Failure> answer_user_trades_by_currency(const PrivateQuestion& question,
                                                            JsonWriter& writer);
std::expected<void, Failure> answer_user_trades_by_instrument(const PrivateQuestion& question,
                                                              JsonWriter& writer);
std::expected<void, Failure> answer_user_trades_by_order(const PrivateQuestion& question,
                                                         JsonWriter& writer);
std::expected<void, Failure> answer_settlement_history_by_currency(const PrivateQuestion& question,
                                                                   JsonWriter& writer);
std::expected<void, Failure> answer_settlement_history_by_instrument(
    const PrivateQuestion& question, JsonWriter& writer);
std::expected<void, Failure> answer_transaction_log(const PrivateQuestion& question,
                                                    JsonWriter& writer);
std::expected<void, Failure> answer_deposits(const PrivateQuestion& question, JsonWriter& writer);
std::expected<void, Failure> answer_withdrawals(const PrivateQuestion& question,
                                                JsonWriter& writer);
std::expected<void, Failure> answer_transfers(const PrivateQuestion& question, JsonWriter& writer);
std::expected<void, Failure> answer_user_locks(const PrivateQuestion& question, JsonWriter& writer);
std::expected<void, Failure> answer_nothing(const PrivateQuestion& question, JsonWriter& writer);

}  // namespace miletus::deribit
