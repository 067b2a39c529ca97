// What channels tell, and to whom.
#include "edge/gateway/deribit/channels.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"

namespace miletus::deribit {

using market_data::Market;

// ---- Sending ----

// One text for all, but for those who gave a label.
template <class Write>
void Channels::notify(const Topic& topic, Write write) {
    ++written_;
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
    ++written_;
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
    if (topic.account != AccountId()) {
        tell_own(topic);
    } else if (topic.listing != 0) {
        const Market* market = markets_.find_listing(topic.listing);
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
    if (topic.kind == ChannelKind::candles) {
        const auto candle = candle_of(topic, market, now);
        write_candle(writer, markets_, market, candle.value_or(market_data::Candle()));
    } else {
        write_of_market(writer, topic.kind, markets_, market);
    }
}

// The sequencer's clock may be ahead of this one.
std::optional<market_data::Candle> Channels::candle_of(const Topic& topic, const Market& market,
                                                       UnixNanos now) const {
    return market.candles().at(resolution_of(topic.resolution), std::max(now, markets_.now()));
}

void Channels::tell_broad(Topic& topic) {
    if (topic.kind == ChannelKind::instrument_state) {
        for (const market_data::LifeChange& life : topic.lives) {
            notify(topic, [&](JsonWriter& writer) { write_instrument_state(writer, life); });
        }
    } else if (topic.kind == ChannelKind::trades_by_kind) {
        notify(topic,
               [&](JsonWriter& writer) { write_public_trades(writer, markets_, topic.trades); });
    } else if (subject_of(topic.kind) == Subject::venue) {
        notify(topic, [&](JsonWriter& writer) { write_of_venue(writer, topic.kind, markets_); });
    } else if (topic.underlying.has_value()) {
        notify(topic, [&](JsonWriter& writer) { write_underlying_data(writer, topic); });
    }
}

void Channels::write_underlying_data(JsonWriter& writer, const Topic& topic) {
    const market_data::Underlying* underlying =
        markets_.underlying(topic.underlying.value_or(UnderlyingId()));
    ASSERT(underlying != nullptr);
    write_of_index(writer, topic.kind, markets_, *underlying);
}

// ---- Of accounts ----

void Channels::tell_own(Topic& topic) {
    if (topic.is_of_orders() && topic.is_raw()) {
        for (const client_feed::Order& order : topic.orders) {
            notify(topic, [&](JsonWriter& writer) { write_order(writer, markets_, order); });
        }
    } else if (topic.is_of_orders()) {
        notify(topic, [&](JsonWriter& writer) { write_orders(writer, markets_, topic.orders); });
    } else if (topic.is_of_trades()) {
        notify(topic,
               [&](JsonWriter& writer) { write_user_trades(writer, markets_, topic.own_trades); });
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
    changed_.assign(topic.moved.begin(), topic.moved.end());
    const auto add = [this](const Market* market) {
        if (market != nullptr) {
            add_once(changed_, market->listing());
        }
    };
    for (const client_feed::Order& order : topic.orders) {
        add(market_of(markets_, order));
    }
    for (const client_feed::OwnTrade& trade : topic.own_trades) {
        add(market_of(markets_, trade));
    }
    for (const std::uint64_t listing : changed_) {
        const Market* market = markets_.find_listing(listing);
        if (market == nullptr) {
            continue;
        }
        const bool has_position = std::ranges::find(topic.moved, listing) != topic.moved.end();
        notify(topic, [&](JsonWriter& writer) {
            write_user_changes(writer, markets_, accounts_,
                               {.account = topic.account,
                                .market = *market,
                                .orders = topic.orders,
                                .trades = topic.own_trades,
                                .has_position = has_position});
        });
    }
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
    if (topic.account != AccountId()) {
        return;
    }
    const Market* market = markets_.find_listing(topic.listing);
    if (market != nullptr) {
        tell_first(topic, *market, listener, now);
    } else if (topic.underlying.has_value()) {
        notify_one(topic, listener,
                   [&](JsonWriter& writer) { write_underlying_data(writer, topic); });
    } else if (subject_of(topic.kind) == Subject::venue) {
        notify_one(topic, listener,
                   [&](JsonWriter& writer) { write_of_venue(writer, topic.kind, markets_); });
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
        if (candle_of(topic, market, now).has_value()) {
            notify_one(topic, listener, [&](JsonWriter& writer) {
                write_instrument_data(writer, topic, market, now);
            });
        }
    } else if (subject_of(topic.kind) == Subject::market) {
        notify_one(topic, listener,
                   [&](JsonWriter& writer) { write_instrument_data(writer, topic, market, now); });
    }
}

}  // namespace miletus::deribit
