// What channels tell, and to whom.
#include "edge/gateway/deribit/channels.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"

namespace miletus::deribit {

using market_data::Market;

// ---- Sending ----

// One text for all, but for those who gave a label.
template <class Write>
void Channels::notify(const Topic& topic, Write write) {
    text_.clear();
    write_notification_head(text_, topic.name);
    JsonWriter writer(text_);
    write(writer);
    const std::size_t data_end = text_.size();
    write_notification_tail(text_, {});
    frame_.encode(text_);
    for (const Listener& listener : topic.listeners) {
        if (listener.label.empty()) {
            static_cast<void>(server_.send(listener.connection, frame_));
        }
    }
    for (const Listener& listener : topic.listeners) {
        if (!listener.label.empty()) {
            text_.resize(data_end);
            write_notification_tail(text_, listener.label);
            static_cast<void>(server_.send(listener.connection, text_));
        }
    }
}

template <class Write>
void Channels::notify_one(const Topic& topic, const Listener& listener, Write write) {
    text_.clear();
    write_notification_head(text_, topic.name);
    JsonWriter writer(text_);
    write(writer);
    write_notification_tail(text_, listener.label);
    static_cast<void>(server_.send(listener.connection, text_));
}

// ---- What is new, to everybody ----

void Channels::tell(Topic& topic, UnixNanos now) {
    topic.told = now;
    if (topic.is_forgotten) {
        return;
    }
    if (topic.account != AccountId()) {
        tell_own(topic);
    } else if (topic.instrument.has_value()) {
        const Market* market = markets_.find(*topic.instrument);
        if (market != nullptr) {
            tell_instrument(topic, *market, now);
        }
    } else {
        tell_broad(topic);
    }
    topic.clear_gathered();
}

void Channels::tell_instrument(Topic& topic, const Market& market, UnixNanos now) {
    if (topic.kind == ChannelKind::book) {
        if (const auto change = topic.feed.flush(market.book())) {
            notify(topic, [&](JsonWriter& writer) {
                write_book_change(writer, markets_, market, *change);
            });
        }
    } else if (topic.grouped.has_value()) {
        if (topic.grouped->refresh(market.book())) {
            notify(topic, [&](JsonWriter& writer) {
                write_grouped_book(writer, markets_, market, *topic.grouped);
            });
        }
    } else if (topic.kind == ChannelKind::trades) {
        notify(topic,
               [&](JsonWriter& writer) { write_public_trades(writer, markets_, topic.trades); });
    } else if (topic.kind == ChannelKind::incremental_ticker) {
        tell_ticker_change(topic, market);
    } else {
        notify(topic,
               [&](JsonWriter& writer) { write_instrument_data(writer, topic, market, now); });
    }
}

void Channels::tell_ticker_change(Topic& topic, const Market& market) {
    const market_data::Ticker ticker = markets_.ticker(market);
    if (!topic.ticker.has_value()) {
        topic.ticker = ticker;
    }
    if (is_other_ticker(ticker, *topic.ticker)) {
        notify(topic, [&](JsonWriter& writer) {
            write_ticker_change(writer, markets_, market, ticker, *topic.ticker);
        });
        topic.ticker = ticker;
    }
}

// Where the present is all that there is to tell.
void Channels::write_instrument_data(JsonWriter& writer, const Topic& topic, const Market& market,
                                     UnixNanos now) {
    if (topic.kind == ChannelKind::ticker) {
        write_ticker(writer, markets_, market);
    } else if (topic.kind == ChannelKind::quote) {
        write_quote(writer, markets_, market);
    } else if (topic.kind == ChannelKind::perpetual) {
        write_funding_now(writer, markets_, market);
    } else {
        ASSERT(topic.kind == ChannelKind::candles);
        // The sequencer's clock may be ahead of this one.
        const auto candle =
            market.candles().at(resolution_of(topic.resolution), std::max(now, markets_.now()));
        write_candle(writer, markets_, market, candle.value_or(market_data::Candle()));
    }
}

void Channels::tell_broad(Topic& topic) {
    if (topic.kind == ChannelKind::instrument_state) {
        for (const market_data::LifeChange& life : topic.lives) {
            notify(topic, [&](JsonWriter& writer) { write_instrument_state(writer, life); });
        }
    } else if (topic.kind == ChannelKind::trades_by_kind) {
        notify(topic,
               [&](JsonWriter& writer) { write_public_trades(writer, markets_, topic.trades); });
    } else if (topic.kind == ChannelKind::platform_state) {
        notify(topic, [&](JsonWriter& writer) { write_platform_state(writer, markets_); });
    } else if (topic.underlying.has_value()) {
        notify(topic, [&](JsonWriter& writer) { write_underlying_data(writer, topic); });
    }
}

void Channels::write_underlying_data(JsonWriter& writer, const Topic& topic) {
    const market_data::Underlying* underlying =
        markets_.underlying(topic.underlying.value_or(UnderlyingId()));
    ASSERT(underlying != nullptr);
    if (topic.kind == ChannelKind::price_index) {
        write_index(writer, *underlying);
    } else if (topic.kind == ChannelKind::estimated_expiration_price) {
        write_expiration_price(writer, markets_, *underlying);
    } else if (topic.kind == ChannelKind::price_statistics) {
        write_index_statistics(writer, markets_, *underlying);
    } else {
        ASSERT(topic.kind == ChannelKind::mark_prices);
        write_option_marks(writer, markets_, underlying->underlying);
    }
}

// ---- Of accounts ----

void Channels::tell_own(Topic& topic) {
    const bool is_orders =
        topic.kind == ChannelKind::user_orders || topic.kind == ChannelKind::user_orders_by_kind;
    const bool is_trades =
        topic.kind == ChannelKind::user_trades || topic.kind == ChannelKind::user_trades_by_kind;
    if (is_orders && topic.is_raw()) {
        for (const client_feed::Order& order : topic.orders) {
            notify(topic, [&](JsonWriter& writer) { write_order(writer, markets_, order); });
        }
    } else if (is_orders) {
        notify(topic, [&](JsonWriter& writer) {
            writer.begin_array();
            for (const client_feed::Order& order : topic.orders) {
                write_order(writer, markets_, order);
            }
            writer.end_array();
        });
    } else if (is_trades) {
        notify(topic, [&](JsonWriter& writer) {
            writer.begin_array();
            for (const client_feed::OwnTrade& trade : topic.own_trades) {
                write_user_trade(writer, markets_, trade);
            }
            writer.end_array();
        });
    } else if (topic.kind == ChannelKind::user_lock) {
        visit_locks(topic, [&](const auto& write) { notify(topic, write); });
    } else {
        tell_own_changes(topic);
    }
}

// Calls visit(write) for the lock of each currency: an account is locked in all of them.
template <class Visit>
void Channels::visit_locks(const Topic& topic, Visit visit) const {
    for (const market_data::Asset& asset : markets_.assets()) {
        if (!asset.name.view().empty()) {
            visit([&](JsonWriter& writer) {
                write_user_lock(writer, asset.name.view(), accounts_.state(topic.account));
            });
        }
    }
}

// One message for each instrument, as its name stands at the top of the data.
void Channels::tell_own_changes(Topic& topic) {
    std::vector<InstrumentId>& instruments = changed_;
    instruments.assign(topic.instruments.begin(), topic.instruments.end());
    for (const client_feed::Order& order : topic.orders) {
        add_once(instruments, order.instrument);
    }
    for (const client_feed::OwnTrade& trade : topic.own_trades) {
        add_once(instruments, trade.instrument);
    }
    for (const InstrumentId instrument : instruments) {
        notify(topic, [&](JsonWriter& writer) { write_own_changes(writer, topic, instrument); });
    }
}

void Channels::write_own_changes(JsonWriter& writer, const Topic& topic,
                                 InstrumentId instrument) const {
    const Market* market = markets_.find(instrument);
    writer.begin_object();
    writer.text("instrument_name", market == nullptr ? "" : market->instrument().name.view());
    writer.key("trades");
    writer.begin_array();
    for (const client_feed::OwnTrade& trade : topic.own_trades) {
        if (trade.instrument == instrument) {
            write_user_trade(writer, markets_, trade);
        }
    }
    writer.end_array();
    writer.key("orders");
    writer.begin_array();
    for (const client_feed::Order& order : topic.orders) {
        if (order.instrument == instrument) {
            write_order(writer, markets_, order);
        }
    }
    writer.end_array();
    writer.key("positions");
    writer.begin_array();
    const client_feed::Position* position = accounts_.find_position(topic.account, instrument);
    const bool has_moved =
        std::ranges::find(topic.instruments, instrument) != topic.instruments.end();
    if (has_moved && position != nullptr) {
        write_position(writer, markets_, view_of(markets_, *position), position);
    }
    writer.end_array();
    writer.end_object();
}

void Channels::tell_portfolio(const protocol::MarginAnswer& margin, AssetId settlement) {
    const auto found = portfolios_.find(margin.account);
    if (found == portfolios_.end()) {
        return;
    }
    found->second.is_asked = false;
    for (const ChannelId id : found->second.channels) {
        Topic& topic = at(id);
        for (const market_data::Asset& asset : markets_.assets()) {
            if (topic.currency.is_any || topic.currency.asset == asset.asset) {
                notify(topic, [&](JsonWriter& writer) {
                    write_account(writer, markets_, accounts_,
                                  {.margin = margin, .settlement = settlement, .limits = limits_},
                                  asset.asset);
                });
            }
        }
    }
}

// ---- What stands, to one who joins ----

void Channels::tell_first(Topic& topic, const Listener& listener, UnixNanos now) {
    if (topic.kind == ChannelKind::user_portfolio) {
        portfolios_[topic.account].is_dirty = true;
        return;
    }
    if (topic.kind == ChannelKind::user_lock) {
        visit_locks(topic, [&](const auto& write) { notify_one(topic, listener, write); });
        return;
    }
    if (topic.is_forgotten || topic.account != AccountId()) {
        return;
    }
    const Market* market =
        topic.instrument.has_value() ? markets_.find(*topic.instrument) : nullptr;
    if (market != nullptr) {
        tell_first(topic, *market, listener, now);
    } else if (topic.underlying.has_value()) {
        notify_one(topic, listener,
                   [&](JsonWriter& writer) { write_underlying_data(writer, topic); });
    } else if (topic.kind == ChannelKind::platform_state) {
        notify_one(topic, listener,
                   [&](JsonWriter& writer) { write_platform_state(writer, markets_); });
    } else if (topic.kind == ChannelKind::public_methods_state) {
        notify_one(topic, listener, [](JsonWriter& writer) { write_public_methods_state(writer); });
    }
}

void Channels::tell_first(Topic& topic, const Market& market, const Listener& listener,
                          UnixNanos now) {
    if (topic.kind == ChannelKind::book) {
        notify_one(topic, listener, [&](JsonWriter& writer) {
            write_book_snapshot(writer, markets_, market, topic.feed.change_id());
        });
    } else if (topic.grouped.has_value()) {
        static_cast<void>(topic.grouped->refresh(market.book()));
        notify_one(topic, listener, [&](JsonWriter& writer) {
            write_grouped_book(writer, markets_, market, *topic.grouped);
        });
    } else if (topic.kind == ChannelKind::incremental_ticker) {
        if (!topic.ticker.has_value()) {
            topic.ticker = markets_.ticker(market);
        }
        notify_one(topic, listener, [&](JsonWriter& writer) {
            write_ticker_snapshot(writer, markets_, market, *topic.ticker);
        });
    } else if (topic.kind == ChannelKind::candles) {
        const UnixNanos moment = std::max(now, markets_.now());
        if (market.candles().at(resolution_of(topic.resolution), moment).has_value()) {
            notify_one(topic, listener, [&](JsonWriter& writer) {
                write_instrument_data(writer, topic, market, now);
            });
        }
    } else if (topic.kind != ChannelKind::trades) {
        notify_one(topic, listener,
                   [&](JsonWriter& writer) { write_instrument_data(writer, topic, market, now); });
    }
}

}  // namespace miletus::deribit
