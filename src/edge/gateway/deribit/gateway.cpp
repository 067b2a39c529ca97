// In: from what arrives to who may do what.
#include "edge/gateway/deribit/gateway.hpp"

#include "edge/gateway/deribit/objects/objects.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace miletus::deribit {

using credentials::Access;
using credentials::Area;
using credentials::Denial;
using credentials::Grant;
using credentials::IpAddress;
using web::Inbound;

namespace {

struct Need {
    Area area{};
    Access access{};
};

std::optional<Need> need_of(Scope scope) {
    switch (scope) {
        case Scope::open:
            return std::nullopt;
        case Scope::account_read:
            return Need{.area = Area::account, .access = Access::read};
        case Scope::account_read_write:
            return Need{.area = Area::account, .access = Access::read_write};
        case Scope::trade_read:
            return Need{.area = Area::trade, .access = Access::read};
        case Scope::trade_read_write:
            return Need{.area = Area::trade, .access = Access::read_write};
        case Scope::wallet_read:
            return Need{.area = Area::wallet, .access = Access::read};
        case Scope::wallet_read_write:
            return Need{.area = Area::wallet, .access = Access::read_write};
        case Scope::block_trade_read:
            return Need{.area = Area::block_trade, .access = Access::read};
        case Scope::block_trade_read_write:
            return Need{.area = Area::block_trade, .access = Access::read_write};
        case Scope::block_rfq_read:
            return Need{.area = Area::block_rfq, .access = Access::read};
        case Scope::block_rfq_read_write:
            return Need{.area = Area::block_rfq, .access = Access::read_write};
        case Scope::custody_read:
            return Need{.area = Area::custody, .access = Access::read};
        case Scope::custody_read_write:
            return Need{.area = Area::custody, .access = Access::read_write};
    }
    return std::nullopt;
}

Failure no_login() {
    return {.code = ErrorCode::unauthorized, .reason = "unauthorized", .param = {}};
}

bool is_path_of_interface(std::string_view target) {
    constexpr std::string_view root = "api/v2";
    target.remove_prefix(std::min(target.find_first_not_of('/'), target.size()));
    if (!target.starts_with(root)) {
        return false;
    }
    target.remove_prefix(root.size());
    return target.empty() || target.starts_with('/') || target.starts_with('?');
}

}  // namespace

Gateway::Gateway(const Surroundings& surroundings, const Settings& settings,
                 std::optional<web::TlsIdentity> identity)
    : clock_(surroundings.clock),
      log_(surroundings.log),
      events_(surroundings.events),
      answers_(surroundings.answers),
      markets_(surroundings.markets),
      accounts_(surroundings.accounts),
      credentials_(surroundings.credentials),
      settings_(settings),
      server_(surroundings.network, surroundings.clock, settings.web, std::move(identity)),
      asks_(surroundings.intake),
      channels_(markets_, accounts_, server_, settings.account_limits),
      reader_(CallLimits{.bytes_max = settings.web.message_bytes_max}) {}

// Answers first: to look for what came in takes a call of the system.
bool Gateway::do_work() {
    now_ = clock_.now();
    bool has_worked = asks_.send_delayed();
    has_worked |= read_events();
    has_worked |= read_answers();
    has_worked |= channels_.flush(now_);
    has_worked |= ask_for_portfolios();
    has_worked |= server_.send_all();
    has_worked |= server_.hear([this](const Inbound& inbound) { return take(inbound); });
    has_worked |= keep_pulses();
    asks_.publish();
    return server_.send_all() || has_worked;
}

// What cannot be passed on is not taken, and shown again.
bool Gateway::take(const Inbound& inbound) {
    if (inbound.kind == Inbound::Kind::closed) {
        end_client(inbound.connection);
        return true;
    }
    if (!asks_.is_open() || asks_.size() >= settings_.waiting_max) {
        return false;
    }
    if (inbound.kind == Inbound::Kind::opened_websocket) {
        auto client = std::make_unique<Client>();
        client->id = inbound.connection;
        client->address = IpAddress(inbound.address.bytes);
        client->heard = inbound.received;
        clients_.insert_or_assign(inbound.connection, std::move(client));
    } else if (inbound.kind == Inbound::Kind::message) {
        take_message(inbound);
    } else {
        take_request(inbound);
    }
    return true;
}

void Gateway::take_message(const Inbound& inbound) {
    const auto found = clients_.find(inbound.connection);
    if (found == clients_.end()) {
        return;
    }
    Client& client = *found->second;
    client.heard = inbound.received;
    client.pulse.is_asked = false;
    ++counters_.calls;
    const auto call = reader_.read_json(inbound.body);
    const Checked<Grant> grant = admit_message(client, reader_.access_token());
    if (!call) {
        refuse({.connection = client.id, .is_websocket = true, .received = inbound.received},
               call.error(), client.address, grant);
        return;
    }
    finish_call({.call = *call,
                 .connection = client.id,
                 .client = &client,
                 .address = client.address,
                 .received = inbound.received},
                grant);
    channels_.tell_newcomers(now_);
}

void Gateway::take_request(const Inbound& inbound) {
    ++counters_.calls;
    const auto call = reader_.read_http({.verb = inbound.method,
                                         .target = inbound.target,
                                         .content_type = inbound.content_type,
                                         .body = inbound.body});
    const IpAddress address(inbound.address.bytes);
    const Checked<Grant> grant = admit_http(inbound, reader_.access_token());
    if (!call) {
        const bool is_elsewhere =
            !reader_.method().has_value() && !is_path_of_interface(inbound.target);
        refuse({.connection = inbound.connection,
                .is_elsewhere = is_elsewhere,
                .received = inbound.received},
               call.error(), address, grant);
        return;
    }
    finish_call({.call = *call,
                 .connection = inbound.connection,
                 .address = address,
                 .received = inbound.received},
                grant);
}

// Who may not call costs as much as who may.
void Gateway::finish_call(Request request, const Checked<Grant>& grant) {
    request.grant = grant ? &*grant : nullptr;
    if (!row(request.call.method).is_private() || grant) {
        finish(request, handle(request));
        return;
    }
    const auto paid = charge(Cost::non_matching, nullptr, request.address);
    finish(request, std::unexpected(paid ? grant.error() : paid.error()));
}

// What could not be read costs as much as what could; and who may not call at all is told so first.
void Gateway::refuse(const Way& way, const Failure& why, const IpAddress& address,
                     const Checked<Grant>& grant) {
    const auto paid = charge(Cost::non_matching, grant ? &*grant : nullptr, address);
    const auto method = reader_.method();
    const bool is_closed_to_it = method.has_value() && row(*method).is_private() && !grant &&
                                 why.code == ErrorCode::invalid_params;
    const Failure& failure = is_closed_to_it ? grant.error() : why;
    fail(way, reader_.id(), paid ? failure : paid.error());
}

// ---- Who ----

credentials::Asker Gateway::asker_of(const IpAddress& address,
                                     std::optional<web::ConnectionId> websocket) const {
    return {.address = address,
            .connection = websocket.has_value() ? static_cast<credentials::Connection>(*websocket)
                                                : credentials::Connection::none,
            .now = now_};
}

credentials::Asker Gateway::asker_of(const Request& request) const {
    return asker_of(request.address,
                    request.client == nullptr ? std::nullopt : std::optional(request.connection));
}

std::unexpected<Failure> Gateway::not_admitted(Denial denial) {
    ++counters_.not_admitted;
    const bool is_of_credentials = credentials::is_of_credentials(denial);
    return std::unexpected(Failure{
        .code = is_of_credentials ? ErrorCode::invalid_credentials : ErrorCode::unauthorized,
        .reason = credentials::word_of(denial),
        .param = {}});
}

Checked<Grant> Gateway::admit_http(const Inbound& inbound, std::string_view token) {
    if (token.empty() && inbound.authorization.empty()) {
        return std::unexpected(no_login());
    }
    const credentials::Asker asker = asker_of(IpAddress(inbound.address.bytes), {});
    const auto grant =
        token.empty()
            ? credentials_.authorize(
                  inbound.authorization,
                  {.method = inbound.method, .target = inbound.target, .body = inbound.body}, asker)
            : credentials_.check(token, asker);
    if (!grant) {
        return not_admitted(grant.error());
    }
    return *grant;
}

// By a token of its own, else by the connection's last login.
Checked<Grant> Gateway::admit_message(const Client& client, std::string_view token) {
    const credentials::Asker asker = asker_of(client.address, client.id);
    const bool shows_token = !token.empty();
    if (!shows_token && !client.grant.has_value()) {
        return std::unexpected(no_login());
    }
    const auto grant = shows_token ? credentials_.check(token, asker)
                                   : credentials_.renewed(client.grant.value_or(Grant{}), asker);
    if (!grant) {
        return not_admitted(grant.error());
    }
    return *grant;
}

Checked<void> Gateway::check_scope(Scope scope, const Grant* grant) {
    const auto need = need_of(scope);
    const bool may =
        !need.has_value() || (grant != nullptr && grant->scopes.allows(need->area, need->access));
    if (!may) {
        lack_.assign("needs the scope ").append(text(scope));
        return std::unexpected(Failure{.code = ErrorCode::forbidden, .reason = lack_, .param = {}});
    }
    return {};
}

// ---- How often ----

// From what the account has, or who did not log in at this address.
Checked<void> Gateway::charge(Cost cost, const Grant* grant, const IpAddress& address) {
    const auto passes = [&](Bucket& bucket, const Rate& rate) {
        return rate.cap == 0 || bucket.take(rate, now_);
    };
    const auto take = [&](Buckets& buckets) {
        switch (cost) {
            case Cost::non_matching:
                return passes(buckets.non_matching, settings_.rates.non_matching);
            case Cost::instruments:
                return passes(buckets.instruments, settings_.rates.instruments);
            case Cost::subscription:
                return passes(buckets.subscription, settings_.rates.subscription);
            case Cost::matching:
            case Cost::cancel_all:
            case Cost::quotes:
                break;
        }
        return passes(buckets.matching, settings_.rates.matching);
    };
    const bool may = grant != nullptr ? take(buckets_[grant->account.value()])
                                      : strangers_.charge(host::Address{.bytes = address.bytes()},
                                                          settings_.rates, take);
    if (!may) {
        ++counters_.too_many;
        return std::unexpected(Failure{
            .code = ErrorCode::too_many_requests, .reason = "too_many_requests", .param = {}});
    }
    return {};
}

// A login is of one account: what names another is refused, where it was passed over the wrong
// account would answer.
Checked<void> Gateway::check_subaccount(const Request& request) {
    const auto named = request.call.parameters.integer(Parameter::subaccount_id);
    if (named.has_value() && request.grant != nullptr && *named != request.account().value()) {
        return std::unexpected(
            wrong(Parameter::subaccount_id, "is not the account of this login: exchange_token"));
    }
    return {};
}

// ---- What ----

Gateway::Handled Gateway::handle(const Request& request) {
    const MethodRow& method = row(request.call.method);
    TRY(charge(method.cost, request.grant, request.address));
    TRY(check_scope(method.scope, request.grant));
    if (!method.is_built()) {
        return std::unexpected(
            Failure{.code = ErrorCode::not_implemented, .reason = "not_implemented", .param = {}});
    }
    if (method.transport == Transport::websocket_only && request.client == nullptr) {
        return std::unexpected(
            Failure{.code = ErrorCode::must_be_websocket_request, .reason = {}, .param = {}});
    }
    TRY(check_subaccount(request));
    begin_answer(request.call.id);
    if (is_public_reading(request.call.method)) {
        JsonWriter writer(answer_);
        TRY(answer_public(request.call, markets_, now_, writer));
        return Outcome::now;
    }
    if (is_private_reading(request.call.method)) {
        JsonWriter writer(answer_);
        TRY(answer_private(request.call, request.account(), markets_, accounts_, now_, writer));
        return Outcome::now;
    }
    const Handler handler = handlers[request.call.method];
    if (handler == nullptr) {
        return std::unexpected(
            Failure{.code = ErrorCode::not_implemented, .reason = "not_implemented", .param = {}});
    }
    TRY(check_sequence(request));
    return (this->*handler)(request);
}

// Those that do more than read.
constinit const MethodTable<Gateway::Handler> Gateway::handlers{
    {Method::private_buy, &Gateway::buy},
    {Method::private_sell, &Gateway::sell},
    {Method::private_edit, &Gateway::edit},
    {Method::private_edit_by_label, &Gateway::edit},
    {Method::private_cancel, &Gateway::cancel},
    {Method::private_close_position, &Gateway::close_position},
    {Method::private_cancel_by_label, &Gateway::cancel_by_label},
    {Method::private_cancel_all, &Gateway::cancel_many},
    {Method::private_cancel_all_by_currency, &Gateway::cancel_many},
    {Method::private_cancel_all_by_currency_pair, &Gateway::cancel_many},
    {Method::private_cancel_all_by_kind_or_type, &Gateway::cancel_many},
    {Method::private_cancel_all_by_instrument, &Gateway::cancel_many},
    {Method::private_get_account_summary, &Gateway::ask_margin},
    {Method::private_get_account_summaries, &Gateway::ask_margin},
    {Method::private_get_subaccounts, &Gateway::ask_margin},
    {Method::private_get_positions, &Gateway::ask_positions},
    {Method::private_get_position, &Gateway::ask_positions},
    {Method::private_get_margins, &Gateway::ask_margins},
    {Method::public_auth, &Gateway::log_in},
    {Method::public_fork_token, &Gateway::fork},
    {Method::public_exchange_token, &Gateway::fork},
    {Method::private_logout, &Gateway::log_out},
    {Method::public_set_heartbeat, &Gateway::set_heartbeat},
    {Method::public_disable_heartbeat, &Gateway::set_heartbeat},
    {Method::private_enable_cancel_on_disconnect, &Gateway::set_cancel_on_disconnect},
    {Method::private_disable_cancel_on_disconnect, &Gateway::set_cancel_on_disconnect},
    {Method::private_get_cancel_on_disconnect, &Gateway::get_cancel_on_disconnect},
    {Method::public_subscribe, &Gateway::subscribe},
    {Method::private_subscribe, &Gateway::subscribe},
    {Method::public_unsubscribe, &Gateway::unsubscribe},
    {Method::private_unsubscribe, &Gateway::unsubscribe},
    {Method::public_unsubscribe_all, &Gateway::unsubscribe},
    {Method::private_unsubscribe_all, &Gateway::unsubscribe},
};

}  // namespace miletus::deribit
