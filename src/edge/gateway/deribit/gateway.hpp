// The Deribit gateway: clients of Deribit's API v2, over WebSocket and HTTP. Calls become commands
// and queries under sessions of its own; events become answers and notifications. What the events
// say is folded into the markets and the accounts that it reads from; it keeps no state that the
// log does not lead to, but for who is connected. Owned by one thread.
#pragma once

#include "edge/client_feed/client_feed.hpp"
#include "edge/credentials/credentials.hpp"
#include "edge/gateway/deribit/asks.hpp"
#include "edge/gateway/deribit/channels.hpp"
#include "edge/gateway/deribit/client.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/gateway/deribit/order_terms.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "edge/gateway/deribit/settings.hpp"
#include "edge/gateway/deribit/strangers.hpp"
#include "edge/market_data/market_data.hpp"
#include "edge/web/web.hpp"
#include "host/clock.hpp"
#include "host/log.hpp"
#include "host/network.hpp"
#include "protocol/durable_reader.hpp"
#include "protocol/intake.hpp"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace miletus::deribit {

// The world around it. The folds know what stands before the first event.
struct Surroundings {
    host::Network& network;
    host::Clock& clock;
    host::Log& log;
    protocol::Intake& intake;
    protocol::DurableReader& events;
    protocol::DurableReader& answers;
    market_data::Markets& markets;
    client_feed::Accounts& accounts;
    credentials::Credentials& credentials;
};

class Gateway {
  public:
    // Doors that speak TLS need an identity.
    Gateway(const Surroundings& surroundings, const Settings& settings,
            std::optional<web::TlsIdentity> identity);

    // Whether there was anything to do.
    bool do_work();

    // ---- Stopping ----
    void stop_reading() { server_.stop_reading(); }
    [[nodiscard]] bool has_told_all() const { return asks_.is_idle() && server_.has_told_all(); }
    void say_goodbye() { server_.say_goodbye(); }
    // Whether somebody waits for the sequencer, and so the sockets cannot be waited for.
    [[nodiscard]] bool is_held_back() const { return !asks_.is_open(); }

    [[nodiscard]] const Counters& counters() const LIFETIME_BOUND { return counters_; }
    [[nodiscard]] const Channels& channels() const LIFETIME_BOUND { return channels_; }
    [[nodiscard]] const web::Server& server() const LIFETIME_BOUND { return server_; }

  private:
    // One call, who makes it, and where its answer goes.
    struct Request {
        const Call& call;
        web::ConnectionId connection{};
        Client* client = nullptr;  // none of HTTP
        const credentials::Grant* grant = nullptr;
        credentials::IpAddress address;
        UnixNanos received;

        [[nodiscard]] AccountId account() const { return grant->account; }
    };
    // Answered in `answer_` already, or once the engine has told; `silence` is no answer at all.
    enum class Outcome : std::uint8_t { now, later, silence };
    using Handled = Checked<Outcome>;

    // ---- In (gateway.cpp) ----
    bool take(const web::Inbound& inbound);
    void take_message(const web::Inbound& inbound);
    void take_request(const web::Inbound& inbound);
    void finish_call(Request request, const Checked<credentials::Grant>& grant);
    // What came and is no call that can be carried out.
    struct Way;
    void refuse(const Way& way, const Failure& why, const credentials::IpAddress& address,
                const Checked<credentials::Grant>& grant);
    // By a token of the call's own, else by what stands beside it.
    [[nodiscard]] Checked<credentials::Grant> admit_http(const web::Inbound& inbound,
                                                         std::string_view token);
    [[nodiscard]] Checked<credentials::Grant> admit_message(const Client& client,
                                                            std::string_view token);
    // Counts it, and says why.
    [[nodiscard]] std::unexpected<Failure> not_admitted(credentials::Denial denial);
    [[nodiscard]] Checked<void> check_scope(Scope scope, const credentials::Grant* grant);
    [[nodiscard]] Checked<void> charge(Cost cost, const credentials::Grant* grant,
                                       const credentials::IpAddress& address);
    [[nodiscard]] static Checked<void> check_subaccount(const Request& request);
    [[nodiscard]] Handled handle(const Request& request);
    // What is more than reading: by whom it is done.
    using Handler = Handled (Gateway::*)(const Request& request);
    static const MethodTable<Handler> handlers;
    void finish(const Request& request, const Handled& handled);

    // ---- Of connections (connection_methods.cpp) ----
    [[nodiscard]] Handled log_in(const Request& request);
    [[nodiscard]] Handled fork(const Request& request);
    [[nodiscard]] Handled tell_login(const Request& request,
                                     const credentials::Outcome<credentials::Login>& login);
    [[nodiscard]] Handled log_out(const Request& request);
    [[nodiscard]] Handled set_heartbeat(const Request& request);
    [[nodiscard]] Handled set_cancel_on_disconnect(const Request& request);
    // From now on it acts for this account, and at first wants what that wants of all connections.
    void become(Client& client, AccountId account);
    [[nodiscard]] bool cancels_of_account(AccountId account) const;
    void want_cancels(Client& client, bool cancels);
    void tell_cancels(Client& client);
    [[nodiscard]] Handled get_cancel_on_disconnect(const Request& request);
    [[nodiscard]] Handled subscribe(const Request& request);
    [[nodiscard]] Handled unsubscribe(const Request& request);
    [[nodiscard]] credentials::Asker asker_of(const credentials::IpAddress& address,
                                              std::optional<web::ConnectionId> websocket) const;
    [[nodiscard]] credentials::Asker asker_of(const Request& request) const;
    void end_client(web::ConnectionId connection);
    void end_session(Client& client, bool may_cancel);
    bool keep_pulses();
    void keep_pulse(Client& client);
    void leave_lapsed(Client& client);

    // ---- Trading (trading.cpp) ----
    [[nodiscard]] Handled buy(const Request& request);
    [[nodiscard]] Handled sell(const Request& request);
    [[nodiscard]] Handled place(const Request& request, protocol::Side side);
    [[nodiscard]] Handled edit(const Request& request);
    [[nodiscard]] Handled cancel(const Request& request);
    [[nodiscard]] Handled close_position(const Request& request);
    [[nodiscard]] Handled cancel_by_label(const Request& request);
    [[nodiscard]] Handled cancel_many(const Request& request);
    template <class IsWanted>
    [[nodiscard]] Handled cancel_each(const Request& request, IsWanted is_wanted);
    [[nodiscard]] Checked<const client_feed::Order*> own_order(const Request& request) const;
    // The session that commands of this request go under, and a number in it: of the client's own
    // where it says one, so that what it sends again is not done again.
    [[nodiscard]] Identity identity_for(const Request& request);
    [[nodiscard]] Checked<void> check_sequence(const Request& request) const;
    [[nodiscard]] SessionId named_session(const credentials::Grant& grant) const;
    [[nodiscard]] SessionId session_of_client(Client& client, AccountId account);
    void remember(Ask& ask, const Request& request) const;
    [[nodiscard]] Checked<const client_feed::Order*> labelled_order(const Request& request) const;
    [[nodiscard]] bool is_chosen(const client_feed::Order& order, const CurrencyChoice& currency,
                                 choices::Kind kind) const;
    template <class Message>
    Ask& command(const Request& request, Message message, std::string_view label = {});

    // ---- What the engine is asked for (asking.cpp) ----
    template <class Message>
    Ask& query(const Request& request, Message message);
    [[nodiscard]] Handled ask_margin(const Request& request);
    [[nodiscard]] Handled ask_positions(const Request& request);
    [[nodiscard]] Handled ask_margins(const Request& request);
    bool ask_for_portfolios();
    void finish_query(std::span<const Unit> answer);
    void answer_query(const Ask& ask, protocol::AnswerType type, std::span<const Unit> answer);
    void write_positions(JsonWriter& writer, const Ask& ask) const;
    Ask& query_positions(const Request& request);
    void answer_margins(const Ask& ask, const protocol::MarginAnswer& margin);
    void write_margin(JsonWriter& writer, const Ask& ask,
                      const protocol::MarginAnswer& margin) const;
    [[nodiscard]] AccountNames names_of(AccountId account) const;
    [[nodiscard]] AssetId settlement_asset() const;

    // ---- Out (answering.cpp) ----
    bool read_events();
    void finish_command(const protocol::Completed& completed);
    void answer_command(const Ask& ask, const protocol::Completed& completed);
    [[nodiscard]] static bool is_cancel_of_many(Method method);
    [[nodiscard]] Failure refusal_of(const Ask& ask, Reject reject) const;
    void write_outcome(JsonWriter& writer, Method method, const client_feed::Order& order,
                       bool is_sent_again);
    bool read_answers();
    void begin_answer(std::string_view id);
    // Where an answer goes.
    struct Way {
        web::ConnectionId connection{};
        bool is_websocket = false;
        bool is_elsewhere = false;  // of HTTP: a path that is none of the interface's
        UnixNanos received;
    };
    [[nodiscard]] static Way way_of(const Ask& ask);
    void end_answer(const Way& way);
    void fail(const Way& way, std::string_view id, const Failure& failure);
    void send(const Way& way, std::uint16_t status);
    [[nodiscard]] Timing timing_of(UnixNanos received) const;

    static constexpr std::size_t strangers_max = 65'536;

    host::Clock& clock_;
    host::Log& log_;
    protocol::DurableReader& events_;
    protocol::DurableReader& answers_;
    market_data::Markets& markets_;
    client_feed::Accounts& accounts_;
    credentials::Credentials& credentials_;
    Settings settings_;
    web::Server server_;
    Asks asks_;
    Channels channels_;
    CallReader reader_;
    Counters counters_;

    std::unordered_map<web::ConnectionId, std::unique_ptr<Client>> clients_;
    std::unordered_map<AccountId::Value, Buckets> buckets_;
    Strangers strangers_{strangers_max};
    // Accounts that want cancel-on-disconnect of every connection.
    std::unordered_map<AccountId::Value, bool> cancels_by_account_;

    std::string answer_;  // that is being written
    std::string lack_;    // why a scope does not suffice
    UnixNanos now_;
    UnixNanos looked_;             // when pulses and credentials were looked after
    std::uint64_t canceled_ = 0;   // by the commands of the request that is being finished
    std::vector<OrderId> wanted_;  // by the cancel that is being sent
    std::vector<client_feed::OwnTrade> trades_;      // of the order that is being told
    std::vector<protocol::PositionView> positions_;  // of the answers that came so far
    std::vector<Amount> initials_;  // of the margins that are asked for: without, buying, selling
    std::uint32_t last_session_ = 0;
};

}  // namespace miletus::deribit
