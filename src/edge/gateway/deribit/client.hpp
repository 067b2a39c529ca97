// Client: one WebSocket's end at the gateway: who it is, the engine's session behind it, what it
// listens to, and how it shows that it is alive.
#pragma once

#include "base/units.hpp"
#include "edge/credentials/credentials.hpp"
#include "edge/gateway/deribit/asks.hpp"
#include "edge/gateway/deribit/bucket.hpp"
#include "edge/gateway/deribit/schema/schema.hpp"
#include "edge/web/web.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace miletus::deribit {

// Given anew once nobody listens.
enum class ChannelId : std::uint32_t {};

struct Pulse {
    Nanos interval{};  // 0 for none
    UnixNanos due;
    bool is_asked = false;  // a test_request was sent, and nothing was heard since
};

// By what a private channel is listened to; it is left once that holds no more.
struct Right {
    ChannelId channel{};
    credentials::Grant grant;
    Scope scope{};
};

struct Client {
    web::ConnectionId id{};
    credentials::IpAddress address;
    std::optional<credentials::Grant> grant{};
    // Whom it acts for, and the engine's session of its orders; 0 until the first one.
    AccountId account;
    SessionId session;
    bool cancels_on_disconnect = false;  // what it wants, as that account
    bool has_said_so = false;            // and the engine knows
    UnixNanos heard;
    Pulse pulse;
    std::vector<ChannelId> channels;
    std::vector<Right> rights;  // to those of them that are private
    // Sessions of its own numbers, which live on where another connection uses them.
    std::vector<Identity> named;
};

}  // namespace miletus::deribit
