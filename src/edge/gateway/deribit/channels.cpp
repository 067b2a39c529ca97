// Joining, leaving, and what a change concerns.
#include "edge/gateway/deribit/channels.hpp"

#include "edge/gateway/deribit/objects/objects.hpp"

#include <algorithm>

namespace miletus::deribit {

using client_feed::AccountChanges;
using market_data::Market;

namespace {

constexpr Nanos hundred_milliseconds{100'000'000};
constexpr Nanos second{1'000'000'000};

Nanos length_of(choices::Interval interval) {
    switch (interval) {
        case choices::Interval::raw:
            return Nanos(0);
        case choices::Interval::ms_100:
            return hundred_milliseconds;
        case choices::Interval::aggregated:
            return second;
    }
    return second;
}

// Those whose name says no interval.
Nanos interval_of(const Channel& channel) {
    switch (channel.kind) {
        case ChannelKind::quote:
        case ChannelKind::price_index:
        case ChannelKind::instrument_state:
        case ChannelKind::platform_state:
        case ChannelKind::public_methods_state:
        case ChannelKind::user_lock:
            return Nanos(0);
        case ChannelKind::incremental_ticker:
        case ChannelKind::candles:
            return hundred_milliseconds;
        case ChannelKind::estimated_expiration_price:
        case ChannelKind::mark_prices:
            return second;
        case ChannelKind::book:
        case ChannelKind::grouped_book:
        case ChannelKind::ticker:
        case ChannelKind::trades:
        case ChannelKind::trades_by_kind:
        case ChannelKind::perpetual:
        case ChannelKind::user_orders:
        case ChannelKind::user_orders_by_kind:
        case ChannelKind::user_trades:
        case ChannelKind::user_trades_by_kind:
        case ChannelKind::user_changes:
        case ChannelKind::user_changes_by_kind:
        case ChannelKind::user_portfolio:
        case ChannelKind::price_ranking:
        case ChannelKind::price_statistics:
        case ChannelKind::volatility_index:
        case ChannelKind::announcements:
        case ChannelKind::user_mmp_trigger:
        case ChannelKind::user_access_log:
        case ChannelKind::user_combo_trades:
        case ChannelKind::block_trade_confirmations:
            break;
    }
    return length_of(channel.interval);
}

Ticks ticks_of(choices::Group group) {
    switch (group) {
        case choices::Group::none:
        case choices::Group::by_1:
            return Ticks(1);
        case choices::Group::by_2:
            return Ticks(2);
        case choices::Group::by_5:
            return Ticks(5);
        case choices::Group::by_10:
            return Ticks(10);
        case choices::Group::by_25:
            return Ticks(25);
        case choices::Group::by_100:
            return Ticks(100);
        case choices::Group::by_250:
            return Ticks(250);
    }
    return Ticks(1);
}

std::size_t levels_of(choices::Depth depth) {
    constexpr std::size_t one = 1;
    constexpr std::size_t ten = 10;
    constexpr std::size_t twenty = 20;
    return depth == choices::Depth::levels_1    ? one
           : depth == choices::Depth::levels_10 ? ten
                                                : twenty;
}

}  // namespace

// ---- Joining and leaving ----

bool Channels::exists(const Channel& channel) const {
    // Of one that is archived there is nothing to tell any more.
    const Market* market = markets_.find(channel.instrument_name);
    const bool has_instrument =
        channel.instrument_name.empty() ||
        (market != nullptr && market->instrument().state != protocol::InstrumentState::archived);
    const bool has_funding = channel.kind != ChannelKind::perpetual ||
                             (market != nullptr && market->instrument().is_perpetual());
    const bool has_index =
        channel.index_name.empty() || markets_.underlying(channel.index_name) != nullptr;
    const bool has_currency =
        channel.currency.empty() || currency_named(markets_, channel.currency).has_value();
    return row(channel.kind).is_built() && has_instrument && has_funding && has_index &&
           has_currency;
}

ChannelId Channels::open(const Channel& channel, AccountId account) {
    std::string name = canonical_name(channel);
    const Market* market = markets_.find(channel.instrument_name);
    const std::uint64_t listing = market == nullptr ? 0 : market->listing();
    const auto found = by_name_.find(std::tie(account, listing, name));
    if (found != by_name_.end()) {
        return found->second;
    }
    if (free_.empty()) {
        free_.push_back(static_cast<ChannelId>(topics_.size()));
        topics_.emplace_back();
    }
    const ChannelId id = free_.back();
    free_.pop_back();
    Topic& topic = at(id);
    topic.kind = channel.kind;
    topic.name = name;
    topic.account = account;
    topic.resolution = channel.resolution;
    topic.interval = interval_of(channel);
    topic.listing = listing;
    if (market != nullptr) {
        topic.feed.start(market->instrument().instrument, market->book());
    }
    if (const auto* underlying = markets_.underlying(channel.index_name)) {
        topic.underlying = underlying->underlying;
    }
    topic.currency = currency_named(markets_, channel.currency).value_or(CurrencyChoice());
    topic.instrument_kind = channel.instrument_kind;
    if (channel.kind == ChannelKind::grouped_book) {
        topic.grouped.emplace(ticks_of(channel.group), levels_of(channel.depth));
    }
    by_name_.emplace(Key(account, listing, std::move(name)), id);
    enter(id);
    return id;
}

// Where changes look for it.
std::vector<ChannelId>& Channels::place_of(const Topic& topic) {
    if (topic.kind == ChannelKind::user_portfolio) {
        return portfolios_[topic.account].channels;
    }
    if (topic.account != AccountId()) {
        return by_account_[topic.account.value()];
    }
    if (topic.listing != 0) {
        return by_listing_[topic.listing];
    }
    return topic.underlying.has_value() ? by_underlying_[topic.underlying->value()] : broad_;
}

void Channels::enter(ChannelId id) {
    const Topic& topic = at(id);
    if (topic.underlying.has_value() && topic.underlying->value() >= by_underlying_.size()) {
        by_underlying_.resize(topic.underlying->value() + std::size_t{1});
    }
    place_of(topic).push_back(id);
}

void Channels::take_out(ChannelId id) {
    std::erase(place_of(at(id)), id);
    // There is no end to listings.
    const auto place = by_listing_.find(at(id).listing);
    if (place != by_listing_.end() && place->second.empty()) {
        by_listing_.erase(place);
    }
}

std::span<const ChannelId> Channels::about(std::uint64_t listing) const {
    const auto found = by_listing_.find(listing);
    return found == by_listing_.end() ? std::span<const ChannelId>() : found->second;
}

std::span<const ChannelId> Channels::about(InstrumentId instrument) const {
    const Market* market = markets_.find(instrument);
    return market == nullptr ? std::span<const ChannelId>() : about(market->listing());
}

std::span<const ChannelId> Channels::about(UnderlyingId underlying) const {
    return underlying.value() < by_underlying_.size()
               ? std::span<const ChannelId>(by_underlying_[underlying.value()])
               : std::span<const ChannelId>();
}

ChannelId Channels::join(Client& client, const Channel& channel, AccountId account,
                         std::string_view label, UnixNanos now) {
    const ChannelId id = open(channel, account);
    Topic& topic = at(id);
    // Those who listened before hear what is new first: then all stand at the same place.
    if (std::exchange(topic.is_waiting, false)) {
        std::erase(waiting_, id);
        tell(topic, now);
    }
    const Listener listener{.connection = client.id, .label = std::string(label)};
    const auto found = std::ranges::find(topic.listeners, client.id, &Listener::connection);
    if (found == topic.listeners.end()) {
        topic.listeners.push_back(listener);
        client.channels.push_back(id);
    } else {
        found->label = listener.label;
    }
    const bool is_noted = std::ranges::any_of(
        newcomers_, [id](const auto& newcomer) { return newcomer.first == id; });
    if (!is_noted) {
        newcomers_.emplace_back(id, listener);
    }
    return id;
}

bool Channels::leave(Client& client, std::string_view name, AccountId account) {
    // By what the client listens to: it may be of a market that has lost the name.
    const auto found = std::ranges::find_if(client.channels, [&](ChannelId id) {
        return at(id).account == account && at(id).name == name;
    });
    return found != client.channels.end() && leave(client, ChannelId(*found));
}

bool Channels::leave(Client& client, ChannelId id) {
    if (std::erase(client.channels, id) == 0) {
        return false;
    }
    std::erase_if(client.rights, [id](const Right& right) { return right.channel == id; });
    std::erase_if(at(id).listeners,
                  [&client](const Listener& listener) { return listener.connection == client.id; });
    remove_if_empty(id);
    return true;
}

void Channels::leave_all(Client& client) {
    for (const ChannelId id : client.channels) {
        std::erase_if(at(id).listeners, [&client](const Listener& listener) {
            return listener.connection == client.id;
        });
        remove_if_empty(id);
    }
    client.channels.clear();
    client.rights.clear();
}

void Channels::remove_if_empty(ChannelId id) {
    Topic& topic = at(id);
    if (!topic.listeners.empty()) {
        return;
    }
    take_out(id);
    by_name_.erase(Key(topic.account, topic.listing, topic.name));
    std::erase(waiting_, id);
    topic = Topic{};
    free_.push_back(id);
}

void Channels::tell_newcomers(UnixNanos now) {
    for (const auto& [id, listener] : newcomers_) {
        const std::vector<Listener>& listeners = at(id).listeners;
        const bool is_here = std::ranges::find(listeners, listener.connection,
                                               &Listener::connection) != listeners.end();
        if (is_here) {
            tell_first(at(id), listener, now);
        }
    }
    newcomers_.clear();
}

// ---- What a change concerns ----

void Channels::take_changes(UnixNanos now) {
    if (!markets_.changes().is_empty()) {
        take_books(now);
        take_tickers(now);
        take_trades(now);
        take_indices(now);
        take_lives(now);
    }
    for (const AccountChanges& changes : accounts_.changes()) {
        take_account(changes, now);
    }
}

void Channels::take_books(UnixNanos now) {
    for (const market_data::BookChange& change : markets_.changes().books) {
        for (const ChannelId id : about(change.instrument)) {
            Topic& topic = at(id);
            if (topic.kind == ChannelKind::book) {
                topic.feed.take(change);
                wake(id, now);
            } else if (topic.kind == ChannelKind::grouped_book) {
                wake(id, now);
            }
        }
    }
    for (const InstrumentId instrument : markets_.changes().quotes) {
        for (const ChannelId id : about(instrument)) {
            if (at(id).kind == ChannelKind::quote) {
                wake(id, now);
            }
        }
    }
}

void Channels::take_tickers(UnixNanos now) {
    const market_data::Changes& changes = markets_.changes();
    const auto wake_all = [&](InstrumentId instrument, auto is_wanted) {
        for (const ChannelId id : about(instrument)) {
            if (is_wanted(at(id).kind)) {
                wake(id, now);
            }
        }
    };
    for (const InstrumentId instrument : changes.tickers) {
        wake_all(instrument, [](ChannelKind kind) {
            return kind == ChannelKind::ticker || kind == ChannelKind::incremental_ticker;
        });
    }
    for (const InstrumentId instrument : changes.funding) {
        wake_all(instrument, [](ChannelKind kind) { return kind == ChannelKind::perpetual; });
    }
    for (const InstrumentId instrument : changes.marks) {
        const Market* market = markets_.find(instrument);
        if (market == nullptr || !market->instrument().is_option()) {
            continue;
        }
        for (const ChannelId id : about(market->instrument().underlying)) {
            if (at(id).kind == ChannelKind::mark_prices) {
                wake(id, now);
            }
        }
    }
}

void Channels::take_trades(UnixNanos now) {
    for (const market_data::TradeRecord& trade : markets_.changes().trades) {
        for (const ChannelId id : about(trade.listing)) {
            if (at(id).kind == ChannelKind::trades) {
                at(id).trades.push_back(trade);
                wake(id, now);
            } else if (at(id).kind == ChannelKind::candles) {
                wake(id, now);
            }
        }
        const Market* market = markets_.find_listing(trade.listing);
        for (const ChannelId id : broad_) {
            Topic& topic = at(id);
            const bool is_its = topic.kind == ChannelKind::trades_by_kind && market != nullptr &&
                                topic.has(markets_, *market);
            if (is_its) {
                topic.trades.push_back(trade);
                wake(id, now);
            }
        }
    }
}

void Channels::take_indices(UnixNanos now) {
    for (const UnderlyingId underlying : markets_.changes().indices) {
        for (const ChannelId id : about(underlying)) {
            if (at(id).kind != ChannelKind::mark_prices) {
                wake(id, now);
            }
        }
    }
}

void Channels::take_lives(UnixNanos now) {
    const market_data::Changes& changes = markets_.changes();
    for (const market_data::LifeChange& life : changes.lives) {
        const Market* market = markets_.find(life.instrument);
        for (const ChannelId id : broad_) {
            Topic& topic = at(id);
            const bool is_its = topic.kind == ChannelKind::instrument_state && market != nullptr &&
                                topic.has(markets_, *market);
            if (is_its) {
                topic.lives.push_back(life);
                wake(id, now);
            }
        }
    }
    if (changes.venue) {
        for (const ChannelId id : broad_) {
            if (at(id).kind == ChannelKind::platform_state) {
                wake(id, now);
            }
        }
    }
}

// ---- Of accounts ----

void Channels::take_account(const AccountChanges& changes, UnixNanos now) {
    const auto portfolio = portfolios_.find(changes.account);
    if (portfolio != portfolios_.end() && !portfolio->second.channels.empty()) {
        portfolio->second.is_dirty = true;
    }
    const auto found = by_account_.find(changes.account.value());
    if (found == by_account_.end()) {
        return;
    }
    for (const ChannelId id : found->second) {
        if (gather(at(id), changes)) {
            wake(id, now);
        }
    }
}

// Whether anything of it is this topic's.
bool Channels::gather(Topic& topic, const AccountChanges& changes) {
    const auto its = [&](InstrumentId instrument) {
        const Market* market = markets_.find(instrument);
        return market != nullptr && topic.has(markets_, *market) ? market : nullptr;
    };
    const bool is_changes = topic.is_of_changes();
    const bool wants_orders = is_changes || topic.is_of_orders();
    const bool wants_trades = is_changes || topic.is_of_trades();
    bool has_any = topic.kind == ChannelKind::user_lock && changes.has_new_state;
    for (const OrderId id : changes.orders) {
        const client_feed::Order* order = accounts_.find_order(id);
        if (wants_orders && order != nullptr && its(order->instrument) != nullptr) {
            gather_order(topic, *order);
            has_any = true;
        }
    }
    for (const std::uint32_t place : changes.trades) {
        const client_feed::OwnTrade& trade = accounts_.trade(place);
        if (wants_trades && its(trade.instrument) != nullptr) {
            topic.own_trades.push_back(trade);
            has_any = true;
        }
    }
    for (const InstrumentId instrument : changes.positions) {
        const Market* market = is_changes ? its(instrument) : nullptr;
        if (market != nullptr) {
            add_once(topic.moved, market->listing());
            has_any = true;
        }
    }
    return has_any;
}

// An order that changed twice between two messages is told once, as it is now.
void Channels::gather_order(Topic& topic, const client_feed::Order& order) {
    const auto same = std::ranges::find(topic.orders, order.id, &client_feed::Order::id);
    if (same != topic.orders.end()) {
        *same = order;
    } else {
        topic.orders.push_back(order);
    }
}

// ---- When ----

void Channels::wake(ChannelId id, UnixNanos now) {
    Topic& topic = at(id);
    if (topic.is_raw()) {
        tell(topic, now);
    } else if (!std::exchange(topic.is_waiting, true)) {
        waiting_.push_back(id);
    }
}

bool Channels::flush(UnixNanos now) {
    turn_.clear();
    std::swap(turn_, waiting_);
    bool has_told = false;
    for (const ChannelId id : turn_) {
        Topic& topic = at(id);
        // A clock that was set back tells at once.
        if (now >= topic.told && now - topic.told < topic.interval) {
            waiting_.push_back(id);
            continue;
        }
        topic.is_waiting = false;
        tell(topic, now);
        has_told = true;
    }
    return has_told;
}

}  // namespace miletus::deribit
