// What happened, in rows and in columns.
#include "edge/gateway/deribit/objects/history.hpp"

#include "edge/gateway/deribit/objects/words.hpp"

namespace miletus::deribit {

namespace {

using client_feed::Settlement;
using client_feed::Transaction;
using client_feed::TransactionKind;
using market_data::Candle;
using market_data::interest_decimals;
using market_data::price_decimals;
using market_data::SettlementRecord;

template <class Write>
void write_column(JsonWriter& writer, std::string_view name, std::span<const Candle> candles,
                  Write write) {
    writer.key(name);
    writer.begin_array();
    for (const Candle& candle : candles) {
        write(candle);
    }
    writer.end_array();
}

// What only a loss that nobody covered would bring: there has been none. The second spelling is the
// one that clients read.
void write_no_bankruptcy(JsonWriter& writer) {
    writer.integer("funded", 0);
    writer.integer("socialized", 0);
    writer.integer("session_bankruptcy", 0);
    writer.integer("session_bankrupcy", 0);
    writer.integer("session_tax", 0);
    writer.integer("session_tax_rate", 0);
}

std::string_view settlement_word(bool is_delivery) {
    return is_delivery ? "delivery" : "settlement";
}

// "close buy" where the position shrank by it, "open buy" where it did not.
std::string_view trade_side_word(const Transaction& transaction) {
    const bool is_buy = transaction.side == protocol::Side::buy;
    const Lots signed_lots = is_buy ? transaction.quantity : -transaction.quantity;
    const Lots before = transaction.position - signed_lots;
    const bool is_closing = is_buy ? before < Lots(0) : before > Lots(0);
    if (is_closing) {
        return is_buy ? "close buy" : "close sell";
    }
    return is_buy ? "open buy" : "open sell";
}

void write_trade_of(JsonWriter& writer, const Listing& listing, const Transaction& transaction) {
    writer.text("side", trade_side_word(transaction));
    writer.decimal("amount", listing.amount_of(transaction.quantity), listing.base.decimals);
    writer.decimal("price", listing.price_of(transaction.price), price_decimals);
    writer.text("price_currency", listing.quote.name);
    writer.text("trade_id",
                trade_id_text(listing.quote.name, trade_number(transaction.trade)).view());
    writer.text("order_id", order_id_text(listing.quote.name, transaction.order).view());
    writer.text("user_role", transaction.is_maker ? "maker" : "taker");
}

void write_instrument_of(JsonWriter& writer, const Markets& markets,
                         const Transaction& transaction) {
    const Market* market = markets.find_at(transaction.instrument, transaction.time);
    if (market == nullptr) {
        return;
    }
    const Listing listing = listing_of(markets, *market);
    writer.text("instrument_name", listing.instrument.name.view());
    writer.decimal("position", listing.amount_of(transaction.position), listing.base.decimals);
    if (transaction.kind == TransactionKind::trade) {
        write_trade_of(writer, listing, transaction);
    }
}

}  // namespace

void write_chart(JsonWriter& writer, const Markets& markets, const Market& market,
                 std::span<const Candle> candles) {
    const Listing listing = listing_of(markets, market);
    const auto prices = [&](std::string_view name, Ticks Candle::* price) {
        write_column(writer, name, candles, [&](const Candle& candle) {
            writer.decimal(listing.price_of(candle.*price), price_decimals);
        });
    };
    writer.begin_object();
    writer.text("status", candles.empty() ? "no_data" : "ok");
    write_column(writer, "ticks", candles,
                 [&](const Candle& candle) { writer.integer(milliseconds(candle.start)); });
    prices("open", &Candle::open);
    prices("high", &Candle::high);
    prices("low", &Candle::low);
    prices("close", &Candle::close);
    write_column(writer, "volume", candles, [&](const Candle& candle) {
        writer.decimal(listing.amount_of(candle.lots), listing.base.decimals);
    });
    write_column(writer, "cost", candles, [&](const Candle& candle) {
        writer.decimal(market_data::cost_of(listing.instrument, candle.tick_lots),
                       listing.quote.decimals);
    });
    writer.end_object();
}

void write_candle(JsonWriter& writer, const Markets& markets, const Market& market,
                  const Candle& candle) {
    const Listing listing = listing_of(markets, market);
    writer.begin_object();
    writer.integer("tick", milliseconds(candle.start));
    writer.decimal("open", listing.price_of(candle.open), price_decimals);
    writer.decimal("high", listing.price_of(candle.high), price_decimals);
    writer.decimal("low", listing.price_of(candle.low), price_decimals);
    writer.decimal("close", listing.price_of(candle.close), price_decimals);
    writer.decimal("volume", listing.amount_of(candle.lots), listing.base.decimals);
    writer.decimal("cost", market_data::cost_of(listing.instrument, candle.tick_lots),
                   listing.quote.decimals);
    writer.end_object();
}

void write_funding_hour(JsonWriter& writer, const market_data::FundingHour& hour) {
    writer.begin_object();
    writer.integer("timestamp", milliseconds(hour.time));
    writer.decimal("prev_index_price", hour.previous_index.value(), index_decimals);
    writer.decimal("index_price", hour.index.value(), index_decimals);
    writer.decimal("interest_1h", hour.interest_1h, interest_decimals);
    writer.decimal("interest_8h", hour.interest_8h, interest_decimals);
    writer.end_object();
}

void write_funding_point(JsonWriter& writer, const market_data::FundingHour& hour) {
    writer.begin_object();
    writer.integer("timestamp", milliseconds(hour.time));
    writer.decimal("index_price", hour.index.value(), index_decimals);
    writer.decimal("interest_8h", hour.interest_8h, interest_decimals);
    writer.end_object();
}

// What all accounts together gained is nothing: what one side won, the other lost.
void write_settlement(JsonWriter& writer, const Markets& markets,
                      const SettlementRecord& settlement) {
    const Market* market = markets.find_listing(settlement.listing);
    writer.begin_object();
    writer.text("type", settlement_word(settlement.kind == SettlementRecord::Kind::delivery));
    writer.integer("timestamp", milliseconds(settlement.time));
    writer.text("instrument_name", settlement.name.view());
    if (market != nullptr) {
        const Listing listing = listing_of(markets, *market);
        writer.decimal("position", listing.amount_of(settlement.position), listing.base.decimals);
        writer.integer("profit_loss", 0);
        writer.integer("session_profit_loss", 0);
        writer.decimal("mark_price", listing.price_of(settlement.price), price_decimals);
    }
    writer.decimal("index_price", settlement.index.value_or(IndexPrice(0)).value(), index_decimals);
    writer.integer("funding", 0);
    write_no_bankruptcy(writer);
    writer.end_object();
}

void write_settlement(JsonWriter& writer, const Markets& markets, const Settlement& settlement) {
    const Market* market = markets.find_at(settlement.instrument, settlement.time);
    writer.begin_object();
    writer.text("type", settlement_word(settlement.is_delivery));
    writer.integer("timestamp", milliseconds(settlement.time));
    if (market != nullptr) {
        const Listing listing = listing_of(markets, *market);
        const std::uint32_t decimals = listing.quote.decimals;
        writer.text("instrument_name", listing.instrument.name.view());
        writer.decimal("position", listing.amount_of(settlement.lots), listing.base.decimals);
        writer.decimal("profit_loss", settlement.result.value(), decimals);
        writer.decimal("session_profit_loss", settlement.session_result.value(), decimals);
        writer.decimal("mark_price", listing.price_of(settlement.price), price_decimals);
        writer.decimal("index_price", settlement.index.value(), index_decimals);
        writer.decimal("funding", settlement.funding.value(), decimals);
    }
    write_no_bankruptcy(writer);
    writer.end_object();
}

void write_transaction(JsonWriter& writer, const Markets& markets, const Transaction& transaction) {
    const Currency currency = currency_of(markets, transaction.asset);
    const auto money = [&](std::string_view name, Amount amount) {
        writer.decimal(name, amount.value(), currency.decimals);
    };
    writer.begin_object();
    writer.integer("id", static_cast<std::int64_t>(trade_number(transaction.id)));
    writer.text("currency", currency.name);
    writer.integer("timestamp", milliseconds(transaction.time));
    writer.integer("user_id", transaction.account.value());
    writer.text("username", account_name(transaction.account).view());
    writer.integer("user_seq", static_cast<std::int64_t>(trade_number(transaction.id)));
    writer.text("type", transaction_word(transaction.kind));
    money("cashflow", transaction.change + transaction.fee);
    money("commission", transaction.fee);
    money("balance", transaction.balance);
    money("change", transaction.change);
    if (transaction.has_instrument) {
        write_instrument_of(writer, markets, transaction);
    }
    if (transaction.kind == TransactionKind::funding) {
        money("interest_pl", transaction.booked);
    }
    if (transaction.kind == TransactionKind::trade) {
        writer.integer("contracts", transaction.quantity.value());
    }
    if (transaction.kind != TransactionKind::funding && transaction.booked != Amount(0)) {
        money("session_rpl", transaction.booked);
    }
    writer.end_object();
}

void write_deposit(JsonWriter& writer, const Markets& markets, const Transaction& transaction) {
    const Currency currency = currency_of(markets, transaction.asset);
    writer.begin_object();
    writer.text("currency", currency.name);
    writer.text("address", "");
    writer.decimal("amount", transaction.change.value(), currency.decimals);
    writer.text("state", "completed");
    writer.text("transaction_id",
                trade_id_text(currency.name, trade_number(transaction.id)).view());
    writer.text("source_address", "");
    writer.integer("received_timestamp", milliseconds(transaction.time));
    writer.integer("updated_timestamp", milliseconds(transaction.time));
    writer.end_object();
}

void write_withdrawal(JsonWriter& writer, const Markets& markets, const Transaction& transaction) {
    const Currency currency = currency_of(markets, transaction.asset);
    writer.begin_object();
    writer.integer("id", static_cast<std::int64_t>(trade_number(transaction.id)));
    writer.text("currency", currency.name);
    writer.text("address", "");
    writer.decimal("amount", magnitude(transaction.change).value(), currency.decimals);
    writer.integer("fee", 0);
    writer.integer("priority", 0);
    writer.text("state", "completed");
    writer.text("transaction_id",
                trade_id_text(currency.name, trade_number(transaction.id)).view());
    writer.integer("created_timestamp", milliseconds(transaction.time));
    writer.integer("confirmed_timestamp", milliseconds(transaction.time));
    writer.integer("updated_timestamp", milliseconds(transaction.time));
    writer.end_object();
}

void write_transfer(JsonWriter& writer, const Markets& markets, const Transaction& transaction) {
    const Currency currency = currency_of(markets, transaction.asset);
    writer.begin_object();
    writer.integer("id", static_cast<std::int64_t>(trade_number(transaction.id)));
    writer.integer("created_timestamp", milliseconds(transaction.time));
    writer.integer("updated_timestamp", milliseconds(transaction.time));
    writer.text("type", "subaccount");
    writer.text("currency", currency.name);
    writer.decimal("amount", magnitude(transaction.change).value(), currency.decimals);
    writer.text("other_side", "");
    writer.text("direction", transaction.change < Amount(0) ? "payment" : "income");
    writer.text("state", "confirmed");
    writer.end_object();
}

}  // namespace miletus::deribit
