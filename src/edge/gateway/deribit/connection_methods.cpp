// What a client says of itself: who it is, that it is alive, what becomes of its orders, and what
// it wants to hear.
#include "edge/gateway/deribit/gateway.hpp"

#include <algorithm>

namespace miletus::deribit {

using credentials::Login;

namespace {

constexpr std::int64_t heartbeat_min = 10;  // seconds
constexpr std::int64_t heartbeat_max = 3600;
constexpr std::int64_t nanos_per_second = 1'000'000'000;
constexpr Nanos between_looks{nanos_per_second};

}  // namespace

// ---- Logging in and out ----

Gateway::Handled Gateway::log_in(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    const auto asker = asker_of(request);
    const auto grant_type = parameters.choice<choices::GrantType>(Parameter::grant_type);
    if (!grant_type.has_value()) {
        return std::unexpected(wrong(Parameter::grant_type, "is required"));
    }
    switch (*grant_type) {
        case choices::GrantType::client_credentials:
            return tell_login(request,
                              credentials_.log_in(
                                  credentials::SecretLogin{
                                      .client_id = parameters.text(Parameter::client_id),
                                      .client_secret = parameters.text(Parameter::client_secret),
                                      .scope = parameters.text(Parameter::scope)},
                                  asker));
        case choices::GrantType::client_signature:
            return tell_login(request, credentials_.log_in(
                                           credentials::SignedLogin{
                                               .client_id = parameters.text(Parameter::client_id),
                                               .timestamp = parameters.text(Parameter::timestamp),
                                               .nonce = parameters.text(Parameter::nonce),
                                               .data = parameters.text(Parameter::data),
                                               .signature = parameters.text(Parameter::signature),
                                               .scope = parameters.text(Parameter::scope)},
                                           asker));
        case choices::GrantType::refresh_token:
            return tell_login(
                request, credentials_.refresh(parameters.text(Parameter::refresh_token), asker));
    }
    return std::unexpected(wrong(Parameter::grant_type, "wrong value"));
}

Gateway::Handled Gateway::fork(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    const auto asker = asker_of(request);
    const std::string_view token = parameters.text(Parameter::refresh_token);
    if (request.call.method == Method::public_fork_token) {
        return tell_login(
            request, credentials_.fork(token, parameters.text(Parameter::session_name), asker));
    }
    const auto subject = parameters.integer(Parameter::subject_id).value_or(0);
    if (subject <= 0 || subject > std::numeric_limits<AccountId::Value>::max()) {
        return std::unexpected(wrong(Parameter::subject_id, "no such subaccount"));
    }
    return tell_login(
        request, credentials_.exchange(token, AccountId(static_cast<AccountId::Value>(subject)),
                                       parameters.text(Parameter::scope), asker));
}

Gateway::Handled Gateway::tell_login(const Request& request,
                                     const credentials::Outcome<Login>& login) {
    if (!login) {
        return not_admitted(login.error());
    }
    if (request.client != nullptr) {
        Client& client = *request.client;
        become(client, login->grant.account);
        // Who is somebody else now no longer hears what the first one did.
        for (std::size_t at = client.rights.size(); at != 0; --at) {
            if (client.rights[at - 1].grant.account != login->grant.account) {
                channels_.leave(client, ChannelId(client.rights[at - 1].channel));
            }
        }
        client.grant = login->grant;
    }
    JsonWriter writer(answer_);
    writer.begin_object();
    writer.text("access_token", login->tokens.access_token);
    writer.text("token_type", "bearer");
    writer.integer("expires_in", login->tokens.expires_in);
    writer.text("refresh_token", login->tokens.refresh_token);
    writer.text("scope", login->scope);
    if (!login->sid.empty()) {
        writer.text("sid", login->sid);
    }
    if (request.call.parameters.has(Parameter::state)) {
        writer.text("state", request.call.parameters.text(Parameter::state));
    }
    writer.key("enabled_features");
    writer.begin_array();
    writer.end_array();
    writer.end_object();
    return Outcome::now;
}

// Its orders stay: whoever says goodbye has not been cut off.
Gateway::Handled Gateway::log_out(const Request& request) {
    const Parameters& parameters = request.call.parameters;
    if (parameters.flag(Parameter::invalidate_token)) {
        credentials_.log_out(*request.grant);
    }
    end_session(*request.client, false);
    request.client->grant.reset();
    server_.close(request.connection, web::CloseCode::normal, "logged out");
    return Outcome::silence;
}

// ---- Cancel on disconnect ----

Gateway::Handled Gateway::set_cancel_on_disconnect(const Request& request) {
    Client& client = *request.client;
    const bool cancels = request.call.method == Method::private_enable_cancel_on_disconnect;
    const bool is_of_account =
        request.call.parameters.choice<choices::CancelOnDisconnectScope>(Parameter::scope)
            .value_or(choices::CancelOnDisconnectScope::connection) ==
        choices::CancelOnDisconnectScope::account;
    become(client, request.account());
    if (is_of_account) {
        cancels_by_account_[request.account().value()] = cancels;
        for (const auto& [id, other] : clients_) {
            if (other->account == request.account()) {
                want_cancels(*other, cancels);
            }
        }
    }
    want_cancels(client, cancels);
    JsonWriter(answer_).text("ok");
    return Outcome::now;
}

bool Gateway::cancels_of_account(AccountId account) const {
    const auto found = cancels_by_account_.find(account.value());
    return found != cancels_by_account_.end() && found->second;
}

void Gateway::become(Client& client, AccountId account) {
    if (client.account != account) {
        end_session(client, true);
        client.account = account;
        client.cancels_on_disconnect = cancels_of_account(account);
    }
}

// Told to the engine at once where the session exists there, else with its first order.
void Gateway::want_cancels(Client& client, bool cancels) {
    client.cancels_on_disconnect = cancels;
    if (client.session != SessionId()) {
        tell_cancels(client);
    }
}

void Gateway::tell_cancels(Client& client) {
    if (client.cancels_on_disconnect == client.has_said_so) {
        return;
    }
    client.has_said_so = client.cancels_on_disconnect;
    protocol::SetSession command{.cancel_on_disconnect =
                                     static_cast<std::uint8_t>(client.cancels_on_disconnect)};
    command.header.ingress_time = now_;
    ++counters_.commands;
    asks_.send_command(
        command,
        {.account = client.account, .session = client.session, .number = asks_.next_number()});
}

Gateway::Handled Gateway::get_cancel_on_disconnect(const Request& request) {
    const auto scope =
        request.call.parameters.choice<choices::CancelOnDisconnectScope>(Parameter::scope)
            .value_or(choices::CancelOnDisconnectScope::connection);
    const bool is_of_account = scope == choices::CancelOnDisconnectScope::account;
    const Client& client = *request.client;
    const bool is_enabled = is_of_account || client.account != request.account()
                                ? cancels_of_account(request.account())
                                : client.cancels_on_disconnect;
    JsonWriter writer(answer_);
    writer.begin_object();
    writer.text("scope", word(scope));
    writer.boolean("enabled", is_enabled);
    writer.end_object();
    return Outcome::now;
}

// ---- Ends ----

void Gateway::end_session(Client& client, bool may_cancel) {
    if (client.session == SessionId()) {
        return;
    }
    if (!may_cancel) {
        client.cancels_on_disconnect = false;
        tell_cancels(client);
    }
    // Said again: the venue may have been halted when the session was told.
    protocol::Disconnect command{
        .ended = client.session,
        .cancel_orders = static_cast<std::uint8_t>(may_cancel && client.cancels_on_disconnect)};
    command.header.ingress_time = now_;
    ++counters_.commands;
    asks_.send_command(command, {.account = client.account, .session = SessionId(), .number = {}});
    client.session = SessionId();
    client.has_said_so = false;
}

void Gateway::end_client(web::ConnectionId connection) {
    const auto found = clients_.find(connection);
    if (found == clients_.end()) {
        return;
    }
    end_session(*found->second, true);
    for (const Identity& named : found->second->named) {
        ++counters_.commands;
        asks_.send_command(protocol::Disconnect{.ended = named.session},
                           {.account = named.account, .session = SessionId(), .number = {}});
    }
    channels_.leave_all(*found->second);
    credentials_.closed(static_cast<credentials::Connection>(connection));
    clients_.erase(found);
}

// ---- Pulse ----

Gateway::Handled Gateway::set_heartbeat(const Request& request) {
    Client& client = *request.client;
    if (request.call.method == Method::public_disable_heartbeat) {
        client.pulse = {};
    } else {
        const auto seconds = request.call.parameters.integer(Parameter::interval).value_or(0);
        if (seconds < heartbeat_min || seconds > heartbeat_max) {
            return std::unexpected(wrong(Parameter::interval, "must be from 10 to 3600"));
        }
        client.pulse.interval = Nanos(seconds * nanos_per_second);
        client.pulse.due = now_ + client.pulse.interval;
    }
    JsonWriter(answer_).text("ok");
    return Outcome::now;
}

bool Gateway::keep_pulses() {
    if (now_ - looked_ < between_looks && now_ >= looked_) {
        return false;
    }
    looked_ = now_;
    for (const auto& [id, client] : clients_) {
        keep_pulse(*client);
        leave_lapsed(*client);
    }
    const auto reloaded = credentials_.reload_if_changed();
    if (!reloaded) {
        log_.write(host::LogLevel::error, "credentials", {{"what", reloaded.error()}});
    } else if (*reloaded) {
        log_.write(host::LogLevel::info, "credentials", {{"what", "read again"}});
    }
    return true;
}

// Private channels that a key no longer opens: disabled, revoked, expired or cut down since.
void Gateway::leave_lapsed(Client& client) {
    const auto is_lapsed = [&](const Right& right) {
        const auto now = credentials_.renewed(right.grant, asker_of(client.address, client.id));
        return !now || !check_scope(right.scope, &*now);
    };
    for (std::size_t at = client.rights.size(); at != 0; --at) {
        if (is_lapsed(client.rights[at - 1])) {
            channels_.leave(client, ChannelId(client.rights[at - 1].channel));
        }
    }
}

// A heartbeat each interval; who said nothing for one is asked, and who does not answer in another
// is gone.
void Gateway::keep_pulse(Client& client) {
    Pulse& pulse = client.pulse;
    if (pulse.interval == Nanos(0)) {
        return;
    }
    // Where the clock was set back, the interval begins anew.
    client.heard = std::min(client.heard, now_);
    pulse.due = std::min(pulse.due, now_ + pulse.interval);
    if (now_ < pulse.due) {
        return;
    }
    // What came is not looked at while the engine is waited for: that is not the client's silence.
    if (!asks_.is_open() || asks_.size() >= settings_.waiting_max) {
        pulse.due = now_ + pulse.interval;
        return;
    }
    if (pulse.is_asked) {
        ++counters_.silent;
        server_.close(client.id, web::CloseCode::policy, "no answer to test_request");
        pulse = {};
        return;
    }
    pulse.is_asked = now_ - client.heard >= pulse.interval;
    pulse.due = now_ + pulse.interval;
    answer_.clear();
    write_heartbeat(answer_, pulse.is_asked ? Heartbeat::test_request : Heartbeat::heartbeat);
    static_cast<void>(server_.send(client.id, answer_));
}

// ---- Channels ----

namespace {

bool needs_login_for_raw(const Channel& channel) {
    const bool has_interval =
        channel.kind == ChannelKind::book || channel.kind == ChannelKind::ticker ||
        channel.kind == ChannelKind::trades || channel.kind == ChannelKind::trades_by_kind ||
        channel.kind == ChannelKind::perpetual;
    return has_interval && channel.interval == choices::Interval::raw;
}

}  // namespace

// The answer lists those that are listened to now; what does not exist, and what the client may not
// hear, is left out of it.
Gateway::Handled Gateway::subscribe(const Request& request) {
    Client& client = *request.client;
    const auto names = request.call.parameters.list(Parameter::channels);
    const bool may_be_private = row(request.call.method).is_private();
    for (const std::string_view name : names) {
        const auto channel = parse_channel(name);
        if (channel.has_value() && needs_login_for_raw(*channel) && request.grant == nullptr) {
            return std::unexpected(
                Failure{.code = ErrorCode::raw_subscriptions_not_available_for_unauthorized,
                        .reason = name,
                        .param = deribit::name(Parameter::channels)});
        }
    }
    JsonWriter writer(answer_);
    writer.begin_array();
    for (const std::string_view name : names) {
        const auto channel = parse_channel(name);
        if (!channel.has_value() || !channels_.exists(*channel)) {
            continue;
        }
        const ChannelRow& kind = row(channel->kind);
        const bool may_hear =
            !kind.is_private() || (may_be_private && request.grant != nullptr &&
                                   check_scope(kind.scope, request.grant).has_value());
        // Strangers do not use up what those who logged in need.
        const std::size_t channels_max =
            request.grant == nullptr ? settings_.channels_max / 2 : settings_.channels_max;
        const bool has_room = client.channels.size() < settings_.channels_per_client &&
                              channels_.size() < channels_max;
        if (may_hear && has_room) {
            const ChannelId id = channels_.join(
                client, *channel, kind.is_private() ? request.account() : AccountId(),
                may_be_private ? request.call.parameters.text(Parameter::label) : "", now_);
            if (kind.is_private()) {
                std::erase_if(client.rights,
                              [id](const Right& right) { return right.channel == id; });
                client.rights.push_back(
                    {.channel = id, .grant = *request.grant, .scope = kind.scope});
            }
            writer.text(canonical_name(*channel));
        }
    }
    writer.end_array();
    return Outcome::now;
}

Gateway::Handled Gateway::unsubscribe(const Request& request) {
    Client& client = *request.client;
    JsonWriter writer(answer_);
    const Method method = request.call.method;
    if (method == Method::public_unsubscribe_all || method == Method::private_unsubscribe_all) {
        channels_.leave_all(client);
        writer.text("ok");
        return Outcome::now;
    }
    writer.begin_array();
    for (const std::string_view name : request.call.parameters.list(Parameter::channels)) {
        const auto channel = parse_channel(name);
        if (!channel.has_value()) {
            continue;
        }
        const bool is_private = row(channel->kind).is_private();
        if (is_private && request.grant == nullptr) {
            continue;
        }
        const std::string canonical = canonical_name(*channel);
        if (channels_.leave(client, canonical, is_private ? request.account() : AccountId())) {
            writer.text(canonical);
        }
    }
    writer.end_array();
    return Outcome::now;
}

}  // namespace miletus::deribit
