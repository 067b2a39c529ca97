// Channels: what is listened to, by whom, and what was told last. A channel is one text for all who
// listen: it is written once, framed once, and sent to each. Channels of an interval gather what
// changes, and tell it when their time has come; none tells what its listeners know already. Owned
// by the gateway's thread.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/gateway/deribit/client.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "edge/gateway/deribit/topic.hpp"
#include "edge/market_data/market_data.hpp"
#include "edge/web/web.hpp"
#include "protocol/messages.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace miletus::deribit {

class Channels {
  public:
    Channels(const market_data::Markets& markets, const client_feed::Accounts& accounts,
             web::Server& server, const AccountLimits& limits)
        : markets_(markets), accounts_(accounts), server_(server), limits_(limits) {}

    // ---- Joining and leaving ----
    // Of a channel that exists and that the client may hear; the account is that of a private one.
    // What stands there is told by tell_newcomers(), behind the answer.
    ChannelId join(Client& client, const Channel& channel, AccountId account,
                   std::string_view label, UnixNanos now);
    void tell_newcomers(UnixNanos now);
    // Whether it listened there.
    bool leave(Client& client, std::string_view name, AccountId account);
    bool leave(Client& client, ChannelId id);
    void leave_all(Client& client);
    // Whether such a channel can be: its instrument, index or currency exists.
    [[nodiscard]] bool exists(const Channel& channel) const;

    // ---- Telling ----
    // What the command that the folds just read to its end changed.
    void take_changes(UnixNanos now);
    // What is due. Whether anything was.
    bool flush(UnixNanos now);
    // Calls visit(account) for each whose portfolio is due: it takes a query.
    template <class Visit>
    void visit_due_portfolios(UnixNanos now, Visit visit) {
        for (auto& [account, portfolio] : portfolios_) {
            // A clock that was set back tells at once.
            const bool is_time = now < portfolio.told || now - portfolio.told >= portfolio_interval;
            const bool is_due = portfolio.is_dirty && !portfolio.is_asked && is_time;
            if (is_due) {
                portfolio.is_asked = true;
                portfolio.is_dirty = false;
                portfolio.told = now;
                visit(account);
            }
        }
    }
    void tell_portfolio(const protocol::MarginAnswer& margin, AssetId settlement);
    // The query was refused: the account is not open yet, maybe.
    void miss_portfolio(AccountId account) {
        if (const auto found = portfolios_.find(account); found != portfolios_.end()) {
            found->second.is_asked = false;
        }
    }

    [[nodiscard]] std::size_t size() const { return by_name_.size(); }
    // How many notifications: each once, however many it is for.
    [[nodiscard]] std::uint64_t written() const { return written_; }

  private:
    // Whose, about which market, and its name: those who listen to a market that is archived stay
    // where they are when another takes its name.
    using Key = std::tuple<AccountId, std::uint64_t, std::string>;
    struct Portfolio {
        bool is_dirty = false;
        bool is_asked = false;
        UnixNanos told;
        std::vector<ChannelId> channels;
    };
    static constexpr Nanos portfolio_interval{500'000'000};

    [[nodiscard]] Topic& at(ChannelId id) LIFETIME_BOUND {
        return topics_[static_cast<std::size_t>(id)];
    }
    [[nodiscard]] ChannelId open(const Channel& channel, AccountId account);
    void enter(ChannelId id);
    void remove_if_empty(ChannelId id);
    void take_out(ChannelId id);
    [[nodiscard]] std::vector<ChannelId>& place_of(const Topic& topic) LIFETIME_BOUND;
    // Those about the market that has this number now.
    [[nodiscard]] std::span<const ChannelId> about(InstrumentId instrument) const LIFETIME_BOUND;
    [[nodiscard]] std::span<const ChannelId> about(std::uint64_t listing) const LIFETIME_BOUND;
    [[nodiscard]] std::span<const ChannelId> about(UnderlyingId underlying) const LIFETIME_BOUND;

    // ---- Public ----
    void take_books(UnixNanos now);
    void take_tickers(UnixNanos now);
    void take_trades(UnixNanos now);
    void take_indices(UnixNanos now);
    void take_lives(UnixNanos now);
    // ---- Of accounts ----
    void take_account(const client_feed::AccountChanges& changes, UnixNanos now);
    [[nodiscard]] bool gather(Topic& topic, const client_feed::AccountChanges& changes);
    static void gather_order(Topic& topic, const client_feed::Order& order);

    // It has something to tell: now, or when its time has come.
    void wake(ChannelId id, UnixNanos now);
    // Tells what it gathered, or what stands now.
    void tell(Topic& topic, UnixNanos now);
    void tell_first(Topic& topic, const Listener& listener, UnixNanos now);
    void tell_instrument(Topic& topic, const market_data::Market& market, UnixNanos now);
    void tell_ticker_change(Topic& topic, const market_data::Market& market);
    void tell_broad(Topic& topic);
    void tell_own(Topic& topic);
    void tell_own_changes(Topic& topic);
    template <class Visit>
    void visit_locks(const Topic& topic, Visit visit) const;
    void tell_first(Topic& topic, const market_data::Market& market, const Listener& listener,
                    UnixNanos now);
    void write_instrument_data(JsonWriter& writer, const Topic& topic,
                               const market_data::Market& market, UnixNanos now);
    [[nodiscard]] std::optional<market_data::Candle> candle_of(const Topic& topic,
                                                               const market_data::Market& market,
                                                               UnixNanos now) const;
    void write_underlying_data(JsonWriter& writer, const Topic& topic);
    template <class Write>
    void notify(const Topic& topic, Write write);
    template <class Write>
    void notify_one(const Topic& topic, const Listener& listener, Write write);

    const market_data::Markets& markets_;
    const client_feed::Accounts& accounts_;
    web::Server& server_;
    const AccountLimits limits_;  // as accounts are told of them

    std::vector<Topic> topics_;
    std::vector<ChannelId> free_;
    std::map<Key, ChannelId, std::less<>> by_name_;
    // Where a change looks for those that it concerns.
    std::unordered_map<std::uint64_t, std::vector<ChannelId>> by_listing_;
    std::vector<std::vector<ChannelId>> by_underlying_;
    std::unordered_map<AccountId::Value, std::vector<ChannelId>> by_account_;
    std::vector<ChannelId> broad_;  // of kinds and currencies, and of the venue
    std::map<AccountId, Portfolio> portfolios_;

    std::vector<ChannelId> waiting_;
    std::vector<ChannelId> turn_;
    std::vector<std::pair<ChannelId, Listener>> newcomers_;
    std::vector<std::uint64_t> changed_;  // listings, of the topic that is being told
    std::string text_;                    // the notification that is being written
    web::Frame frame_;
    std::uint64_t written_ = 0;
};

}  // namespace miletus::deribit
