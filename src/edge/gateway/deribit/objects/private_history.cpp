// What an account may read of its trades, its settlements and its money.
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/objects/pages.hpp"
#include "edge/gateway/deribit/objects/private_answers.hpp"

#include <algorithm>

namespace miletus::deribit {

namespace {

using Answered = std::expected<void, Failure>;
using client_feed::OwnTrade;
using client_feed::Settlement;
using client_feed::TradeId;
using client_feed::Transaction;
using client_feed::TransactionKind;

// ---- Trades ----

TradeId trade_id_of(std::uint64_t number) {
    return {.sequence = Sequence(number >> 16U),
            .ordinal = static_cast<std::uint32_t>(number & 0xffffU)};
}

Checked<client_feed::TradeQuery> trades_asked(const PrivateQuestion& question) {
    const Call& call = question.call;
    const Span span = span_asked(call, UnixNanos(std::numeric_limits<std::int64_t>::max()));
    client_feed::TradeQuery query{.from = span.start, .to = span.end};
    query.count = TRY(count_asked(call));
    query.is_newest_first = is_newest_first(call);
    if (const auto first = number_in_id(call.parameters.text(Parameter::start_id))) {
        query.first = trade_id_of(*first);
    }
    if (const auto last = number_in_id(call.parameters.text(Parameter::end_id))) {
        query.last = trade_id_of(*last);
    }
    const auto number = [&](Parameter parameter) {
        return static_cast<std::uint64_t>(
            std::max<std::int64_t>(call.parameters.integer(parameter).value_or(0), 0));
    };
    if (call.parameters.has(Parameter::start_seq)) {
        query.first_number = TradeNumber(number(Parameter::start_seq));
    }
    if (call.parameters.has(Parameter::end_seq)) {
        query.last_number = TradeNumber(number(Parameter::end_seq));
    }
    return query;
}

template <class IsWanted>
bool write_trades(const PrivateQuestion& question, const client_feed::TradeQuery& query,
                  IsWanted is_wanted, JsonWriter& writer) {
    writer.begin_array();
    const bool has_more = question.accounts.visit_trades(
        question.account, query, is_wanted,
        [&](const OwnTrade& trade) { write_user_trade(writer, question.markets, trade); });
    writer.end_array();
    return has_more;
}

template <class IsWanted>
void write_trade_page(const PrivateQuestion& question, const client_feed::TradeQuery& query,
                      IsWanted is_wanted, JsonWriter& writer) {
    writer.begin_object();
    writer.key("trades");
    const bool has_more = write_trades(question, query, is_wanted, writer);
    writer.boolean("has_more", has_more);
    writer.end_object();
}

}  // namespace

Answered answer_user_trades_by_currency(const PrivateQuestion& question, JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    const auto query = TRY(trades_asked(question));
    const choices::Kind kind = kind_asked(question.call);
    write_trade_page(
        question, query,
        [&](InstrumentId instrument) {
            const Market* market = question.markets.find(instrument);
            return market != nullptr && currency.has(question.markets, market->instrument()) &&
                   is_of_kind(market->instrument(), kind);
        },
        writer);
    return {};
}

// A number that others had before, or have by now, is this instrument's between its listing and
// that of the next.
Answered answer_user_trades_by_instrument(const PrivateQuestion& question, JsonWriter& writer) {
    const Market* market = TRY(market_asked(question.call, question.markets));
    auto query = TRY(trades_asked(question));
    query.instrument = market->instrument().instrument;
    query.from = std::max(query.from, market->instrument().created);
    const Market* now = question.markets.find(market->instrument().instrument);
    if (now != nullptr && now != market) {
        query.to = std::min(query.to, now->instrument().created + Nanos(-1));
    }
    write_trade_page(question, query, [](InstrumentId) { return true; }, writer);
    return {};
}

// A bare list, where the others have pages.
Answered answer_user_trades_by_order(const PrivateQuestion& question, JsonWriter& writer) {
    client_feed::TradeQuery query{.order = TRY(order_id_asked(question.call))};
    query.count = std::numeric_limits<std::uint32_t>::max();
    query.is_newest_first = is_newest_first(question.call);
    write_trades(question, query, [](InstrumentId) { return true; }, writer);
    return {};
}

// ---- Settlements ----

namespace {

bool is_of_type(const Settlement& settlement, const std::optional<choices::SettlementType>& type) {
    if (!type.has_value()) {
        return true;
    }
    switch (*type) {
        case choices::SettlementType::settlement:
            return !settlement.is_delivery;
        case choices::SettlementType::delivery:
            return settlement.is_delivery;
        case choices::SettlementType::bankruptcy:
            return false;
    }
    return false;
}

// Newest first, of markets that `is_wanted`.
template <class IsWanted>
Answered write_settlements(const PrivateQuestion& question, IsWanted is_wanted,
                           JsonWriter& writer) {
    const Parameters& parameters = question.call.parameters;
    const auto type = parameters.choice<choices::SettlementType>(Parameter::type);
    const std::uint32_t count = TRY(count_asked(question.call));
    const auto latest = parameters.integer(Parameter::search_start_timestamp);
    Page page(count, page_place(parameters.text(Parameter::continuation)));
    writer.begin_object();
    writer.key("settlements");
    writer.begin_array();
    question.accounts.visit_settlements(question.account, [&](const Settlement& settlement) {
        const Market* market = question.markets.find_at(settlement.instrument, settlement.time);
        const bool is_late = latest.has_value() && milliseconds(settlement.time) > *latest;
        if (market != nullptr && !is_late && is_of_type(settlement, type) && is_wanted(*market) &&
            page.takes(settlement.time)) {
            write_settlement(writer, question.markets, settlement);
        }
        return !page.is_full();
    });
    writer.end_array();
    write_continuation(writer, page.next());
    writer.end_object();
    return {};
}

}  // namespace

Answered answer_settlement_history_by_currency(const PrivateQuestion& question,
                                               JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    return write_settlements(
        question,
        [&](const Market& market) { return currency.has(question.markets, market.instrument()); },
        writer);
}

Answered answer_settlement_history_by_instrument(const PrivateQuestion& question,
                                                 JsonWriter& writer) {
    const Market* wanted = TRY(market_asked(question.call, question.markets));
    return write_settlements(
        question, [wanted](const Market& market) { return &market == wanted; }, writer);
}

// ---- Money ----

namespace {

constexpr std::size_t query_bytes_max = 256;  // it is read for each entry

bool is_of_currency(const Transaction& transaction, const CurrencyChoice& currency) {
    return currency.is_any || currency.asset == transaction.asset;
}

bool matches_word(const Transaction& transaction, std::string_view word) {
    const bool is_trade = transaction.kind == TransactionKind::trade;
    if (word == "maker" || word == "taker") {
        return is_trade && transaction.is_maker == (word == "maker");
    }
    if (word == "buy" || word == "sell") {
        return is_trade && side_word(transaction.side) == word;
    }
    return transaction_word(transaction.kind) == word;
}

// Every word must match.
bool matches(const Transaction& transaction, std::string_view query) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find(' '), query.size());
        const std::string_view word = query.substr(0, end);
        if (!word.empty() && !matches_word(transaction, word)) {
            return false;
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return true;
}

}  // namespace

// The continuation is the id of the first entry that is not on the page.
Answered answer_transaction_log(const PrivateQuestion& question, JsonWriter& writer) {
    const Parameters& parameters = question.call.parameters;
    const auto currency = TRY(currency_asked(question.call, question.markets));
    const std::uint32_t count = TRY(count_asked(question.call));
    if (parameters.text(Parameter::query).size() > query_bytes_max) {
        return std::unexpected(wrong(Parameter::query, "is longer than 256 characters"));
    }
    const Span span = span_asked(question.call, question.now);
    const std::uint64_t first = number_in_id(parameters.text(Parameter::continuation))
                                    .value_or(std::numeric_limits<std::uint64_t>::max());
    std::uint32_t taken = 0;
    std::optional<std::uint64_t> next;
    writer.begin_object();
    writer.key("logs");
    writer.begin_array();
    question.accounts.visit_transactions(question.account, [&](const Transaction& transaction) {
        if (transaction.time < span.start) {
            return false;
        }
        if (transaction.time > span.end || trade_number(transaction.id) > first ||
            !is_of_currency(transaction, currency) ||
            !matches(transaction, parameters.text(Parameter::query))) {
            return true;
        }
        if (taken == count) {
            next = trade_number(transaction.id);
            return false;
        }
        ++taken;
        write_transaction(writer, question.markets, transaction);
        return true;
    });
    writer.end_array();
    if (next.has_value()) {
        writer.integer("continuation", static_cast<std::int64_t>(*next));
    } else {
        writer.null("continuation");
    }
    writer.end_object();
    return {};
}

namespace {

using WriteRow = void (*)(JsonWriter&, const Markets&, const Transaction&);

Answered write_wallet(const PrivateQuestion& question, TransactionKind kind, WriteRow write_row,
                      JsonWriter& writer) {
    const auto currency = TRY(currency_asked(question.call, question.markets));
    const std::uint32_t count = TRY(count_asked(question.call));
    const std::uint32_t offset = TRY(offset_asked(question.call));
    std::int64_t found = 0;
    writer.begin_object();
    writer.key("data");
    writer.begin_array();
    question.accounts.visit_transactions(question.account, [&](const Transaction& transaction) {
        if (transaction.kind != kind || !is_of_currency(transaction, currency)) {
            return true;
        }
        if (found >= offset && found - offset < count) {
            write_row(writer, question.markets, transaction);
        }
        ++found;
        return true;
    });
    writer.end_array();
    writer.integer("count", found);
    writer.end_object();
    return {};
}

}  // namespace

Answered answer_deposits(const PrivateQuestion& question, JsonWriter& writer) {
    return write_wallet(question, TransactionKind::deposit, write_deposit, writer);
}

Answered answer_withdrawals(const PrivateQuestion& question, JsonWriter& writer) {
    return write_wallet(question, TransactionKind::withdrawal, write_withdrawal, writer);
}

Answered answer_transfers(const PrivateQuestion& question, JsonWriter& writer) {
    return write_wallet(question, TransactionKind::transfer, write_transfer, writer);
}

Answered answer_user_locks(const PrivateQuestion& question, JsonWriter& writer) {
    writer.begin_array();
    for (const market_data::Asset& asset : question.markets.assets()) {
        if (!asset.name.view().empty()) {
            write_user_lock(writer, asset.name.view(), question.accounts.state(question.account));
        }
    }
    writer.end_array();
    return {};
}

Answered answer_nothing(const PrivateQuestion&, JsonWriter& writer) {
    writer.begin_array();
    writer.end_array();
    return {};
}

}  // namespace miletus::deribit
