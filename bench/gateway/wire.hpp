// Wire: a client's end of a connection that never rests: whole messages in, bytes out, over HTTP or
// a WebSocket. The same client speaks to the gateway and to what it is compared with. One thread
// owns it.
#pragma once

#include "base/assert.hpp"
#include "host/socket_network.hpp"
#include "host/threads.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace miletus::bench {

constexpr std::size_t usual_room = std::size_t{1} << 20U;

// ---- Where the first message in the bytes ends; none before it is whole ----
struct Extent {
    std::size_t begin = 0;  // of what it says
    std::size_t end = 0;
};
[[nodiscard]] std::optional<Extent> frame_in(std::string_view bytes);
[[nodiscard]] std::optional<Extent> response_in(std::string_view bytes);

// A client's frame of text, masked.
[[nodiscard]] std::string frame_of(std::string_view text);

constexpr std::string_view upgrade_request =
    "GET /ws/api/v2 HTTP/1.1\r\nHost: venue\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

class Wire {
  public:
    // Waits for the door.
    Wire(host::Network& network, const std::string& address, std::size_t room = usual_room);

    // As much as is taken now, or all of it.
    [[nodiscard]] std::size_t try_send(std::string_view bytes) {
        const host::Transfer sent = network_.send(connection_, std::as_bytes(std::span(bytes)));
        ASSERT(sent.is_open);
        return sent.bytes;
    }
    void send(std::string_view bytes);
    // Calls visit(text) for each message that came; how many. `extent_in` knows where they end.
    template <class ExtentIn, class Visit>
    std::size_t hear(ExtentIn extent_in, Visit visit) {
        receive();
        std::size_t count = 0;
        const std::string_view all(room_);
        auto extent = extent_in(all.substr(begin_, end_ - begin_));
        while (extent) {
            visit(all.substr(begin_ + extent->begin, extent->end - extent->begin));
            begin_ += extent->end;
            ++count;
            extent = extent_in(all.substr(begin_, end_ - begin_));
        }
        return count;
    }
    // Sends these bytes and waits for one message.
    template <class ExtentIn>
    std::string ask(std::string_view bytes, ExtentIn extent_in) {
        send(bytes);
        std::string answer;
        host::Patience venue;
        while (hear(extent_in, [&answer](std::string_view text) { answer = text; }) == 0) {
            venue.wait();
        }
        return answer;
    }

    // Turns it into a WebSocket; then says one text, and returns what is said to that.
    void upgrade();
    [[nodiscard]] std::string call(std::string_view text) { return ask(frame_of(text), frame_in); }

  private:
    void receive();

    host::Network& network_;
    host::ConnectionId connection_{};
    std::string room_;
    std::size_t begin_ = 0;  // of what came and was not visited
    std::size_t end_ = 0;
};

[[nodiscard]] std::unique_ptr<host::SocketNetwork> client_network();

}  // namespace miletus::bench
