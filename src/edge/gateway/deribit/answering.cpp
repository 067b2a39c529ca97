// Out: what the engine told becomes answers and notifications.
#include "edge/gateway/deribit/gateway.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"

#include <limits>

namespace miletus::deribit {

using client_feed::Order;
using client_feed::OwnTrade;
using protocol::Completed;
using protocol::EventHeader;
using protocol::EventType;
using protocol::view;

namespace {

// Work in one turn, so that everyone's turn comes.
constexpr std::uint32_t events_per_turn = 4096;

std::uint64_t microseconds(UnixNanos time) {
    constexpr std::int64_t per_microsecond = 1000;
    return static_cast<std::uint64_t>(time.value() / per_microsecond);
}

}  // namespace

// Those that are answered by how many orders they took.
bool Gateway::is_cancel_of_many(Method method) {
    return method == Method::private_cancel_all || method == Method::private_cancel_by_label ||
           method == Method::private_cancel_all_by_currency ||
           method == Method::private_cancel_all_by_currency_pair ||
           method == Method::private_cancel_all_by_kind_or_type ||
           method == Method::private_cancel_all_by_instrument;
}

// ---- Events ----

bool Gateway::read_events() {
    std::uint32_t count = 0;
    const std::uint64_t told = events_.poll([&](std::span<const Unit> event) {
        if (++count > events_per_turn) {
            return false;
        }
        markets_.read(event);
        static_cast<void>(accounts_.read(event));
        const auto type = static_cast<EventType>(view<EventHeader>(event).type);
        if (type == EventType::completed) {
            channels_.take_changes(now_);
            finish_command(view<Completed>(event));
        }
        return true;
    });
    return told != 0;
}

void Gateway::finish_command(const Completed& completed) {
    const Ask* ask = asks_.find_command(completed);
    if (ask == nullptr) {
        return;
    }
    // Of a request of many: how many of them did something.
    canceled_ += static_cast<std::uint64_t>(completed.reject == Reject::none);
    if (ask->is_last) {
        if (!ask->waiting.is_nobody) {
            answer_command(*ask, completed);
        }
        canceled_ = 0;
    }
    asks_.finish_command();
}

void Gateway::answer_command(const Ask& ask, const Completed& completed) {
    const Way way = way_of(ask);
    const bool is_many = is_cancel_of_many(ask.method);
    const bool is_one_command =
        completed.command != static_cast<std::uint16_t>(protocol::CommandType::cancel_order);
    // Of orders canceled one by one, some may be gone already; but none is touched where the venue
    // is halted.
    const bool is_refused = completed.reject != Reject::none &&
                            (!is_many || is_one_command ||
                             (canceled_ == 0 && completed.reject == Reject::venue_halted));
    if (is_refused) {
        fail(way, ask.waiting.id, refusal_of(ask, completed.reject));
        return;
    }
    begin_answer(ask.waiting.id);
    JsonWriter writer(answer_);
    if (is_many) {
        writer.integer(static_cast<std::int64_t>(is_one_command ? completed.result : canceled_));
    } else {
        const OrderId id = ask.order != OrderId() ? ask.order : OrderId(completed.result);
        const Order* order = accounts_.find_order(id);
        // It was done, perhaps long ago; of what is no longer remembered nothing can be told.
        // Nor where the number was first used for something that answers no order: its result is a
        // count then, which is somebody else's order.
        if (order == nullptr || order->account != ask.account) {
            fail(way, ask.waiting.id,
                 {.code = ErrorCode::other_error,
                  .reason = "done, and forgotten since",
                  .param = {}});
            return;
        }
        write_outcome(writer, ask.method, *order, completed.first != Sequence());
    }
    end_answer(way);
}

// Whoever buys is beyond a bound where the price is too high, whoever sells where it is too low.
Failure Gateway::refusal_of(const Ask& ask, Reject reject) const {
    Failure failure = failure_of(reject);
    if (reject != Reject::price_outside_band && reject != Reject::price_outside_collar) {
        return failure;
    }
    const Order* order = accounts_.find_order(ask.order);
    const bool is_buy = ask.method == Method::private_buy ||
                        (order != nullptr && order->side == protocol::Side::buy);
    const bool is_sell = ask.method == Method::private_sell ||
                         (order != nullptr && order->side == protocol::Side::sell);
    if (is_buy || is_sell) {
        failure.code = is_buy ? ErrorCode::price_too_high : ErrorCode::price_too_low;
    }
    return failure;
}

// The order, and with it the trades of this command; of one that was sent again, all of its trades.
void Gateway::write_outcome(JsonWriter& writer, Method method, const Order& order,
                            bool is_sent_again) {
    if (method == Method::private_cancel) {
        write_order(writer, markets_, order);
        return;
    }
    trades_.clear();
    if (is_sent_again) {
        const client_feed::TradeQuery of_order{.order = order.id,
                                               .is_newest_first = false,
                                               .count = std::numeric_limits<std::uint32_t>::max()};
        accounts_.visit_trades(
            order.account, of_order, [](InstrumentId) { return true; },
            [this](const OwnTrade& trade) { trades_.push_back(trade); });
    } else {
        for (const client_feed::AccountChanges& changes : accounts_.changes()) {
            for (const std::uint32_t place : changes.trades) {
                const OwnTrade& trade = accounts_.trade(place);
                if (trade.account == order.account && trade.order == order.id) {
                    trades_.push_back(trade);
                }
            }
        }
    }
    write_order_and_trades(writer, markets_, order, trades_);
}

// ---- Answers ----

bool Gateway::read_answers() {
    const std::uint64_t told = answers_.poll([this](std::span<const Unit> answer) {
        finish_query(answer);
        return true;
    });
    return told != 0;
}

// ---- Writing ----

Timing Gateway::timing_of(UnixNanos received) const {
    return {.in_us = microseconds(received),
            .out_us = microseconds(clock_.now()),
            .is_testnet = settings_.is_testnet};
}

Gateway::Way Gateway::way_of(const Ask& ask) {
    return {.connection = ask.waiting.connection,
            .is_websocket = ask.waiting.is_websocket,
            .received = ask.waiting.received};
}

void Gateway::begin_answer(std::string_view id) {
    answer_.clear();
    write_result_head(answer_, id);
}

void Gateway::end_answer(const Way& way) {
    constexpr std::uint16_t ok = 200;
    write_result_tail(answer_, timing_of(way.received));
    send(way, ok);
}

void Gateway::fail(const Way& way, std::string_view id, const Failure& failure) {
    ++counters_.failures;
    answer_.clear();
    write_error(answer_, id, failure, timing_of(way.received));
    constexpr std::uint16_t not_found = 404;
    send(way, way.is_elsewhere ? not_found : http_status(failure.code));
}

void Gateway::send(const Way& way, std::uint16_t status) {
    if (way.is_websocket) {
        static_cast<void>(server_.send(way.connection, answer_));
    } else {
        server_.respond(way.connection, {.status = status, .body = answer_});
    }
}

void Gateway::finish(const Request& request, const Handled& handled) {
    const Way way{.connection = request.connection,
                  .is_websocket = request.client != nullptr,
                  .received = request.received};
    if (!handled) {
        fail(way, request.call.id, handled.error());
    } else if (*handled == Outcome::now) {
        end_answer(way);
    }
}

}  // namespace miletus::deribit
