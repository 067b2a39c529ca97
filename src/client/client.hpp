// Client: a session on a network. poll() sends and receives what can be now; whoever owns it calls
// poll() again and again, and connect() where the connection ended. The C++ library of the native
// protocol (docs/formats/native.md): this header is all that a program needs. Owned by one thread.
#pragma once

#include "client/session.hpp"
#include "host/network.hpp"

#include <optional>
#include <string>

namespace miletus::client {

class Client {
  public:
    Client(host::Network& network, std::string address, const Identity& identity);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    host::IoResult<void> connect();
    [[nodiscard]] bool is_connected() const { return connection_.has_value(); }
    void disconnect();

    // Sends and receives; false once the connection has ended. What was received before is still
    // to be heard.
    bool poll();
    // Calls visit(heard) for all that came; then sends what had to wait for that.
    template <class Visit>
    void hear(Visit visit) {
        while (const std::optional<Heard> heard = session_.hear()) {
            visit(*heard);
        }
        send_on();
    }
    [[nodiscard]] Session& session() LIFETIME_BOUND { return session_; }

  private:
    [[nodiscard]] bool send();
    void send_on();
    [[nodiscard]] bool receive();

    host::Network& network_;
    std::string address_;
    Session session_;
    std::optional<host::ConnectionId> connection_;
};

}  // namespace miletus::client
