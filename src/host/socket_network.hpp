// SocketNetwork: TCP and Unix sockets as a Network. An address is `tcp:HOST:PORT`, with a numeric
// host and port 0 for any that is free, or `unix:PATH`.
#pragma once

#include "host/network.hpp"

#include <array>
#include <deque>
#include <memory>
#include <vector>

namespace miletus::host {

class SocketNetwork final : public Network {
  public:
    static IoResult<std::unique_ptr<SocketNetwork>> make();
    explicit SocketNetwork(int epoll) : epoll_(epoll) {}  // what make() makes
    ~SocketNetwork() override;
    SocketNetwork(const SocketNetwork&) = delete;
    SocketNetwork& operator=(const SocketNetwork&) = delete;

    // Opens a door, the first of them number 0; returns its address, the port in it.
    IoResult<std::string> listen(const std::string& address);
    // Lets nobody in any more.
    void close_doors();
    // Waits until something arrives, or this long.
    void wait(std::uint32_t milliseconds_max);

    [[nodiscard]] std::span<const ConnectionId> ready() override;
    [[nodiscard]] std::optional<Arrival> accepted() override;
    [[nodiscard]] IoResult<ConnectionId> connect(const std::string& address) override;
    [[nodiscard]] Transfer receive(ConnectionId connection, std::span<std::byte> room) override;
    [[nodiscard]] Transfer send(ConnectionId connection, std::span<const std::byte> bytes) override;
    void close(ConnectionId connection) override;

  private:
    struct Door {
        int descriptor = -1;
        std::string path;  // of a Unix socket, removed at the end
    };
    struct Socket {
        int descriptor = -1;
    };
    static constexpr std::size_t events_at_once = 64;

    [[nodiscard]] IoResult<void> watch(int descriptor, std::uint64_t word);
    [[nodiscard]] IoResult<ConnectionId> adopt(int descriptor);
    [[nodiscard]] int descriptor_of(ConnectionId connection) const;
    void accept_all(std::uint32_t door);

    int epoll_;
    std::vector<Door> doors_;
    std::vector<Socket> connections_;  // by ConnectionId
    std::vector<ConnectionId> free_;
    std::deque<Arrival> arrivals_;
    std::array<ConnectionId, events_at_once> ready_{};
};

}  // namespace miletus::host
