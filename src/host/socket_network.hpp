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
    SocketNetwork(int epoll, int spare) : epoll_(epoll), spare_(spare) {}  // what make() makes
    ~SocketNetwork() override;
    SocketNetwork(const SocketNetwork&) = delete;
    SocketNetwork& operator=(const SocketNetwork&) = delete;

    // Opens a door, the first of them number 0; returns its address, the port in it.
    IoResult<std::string> listen(const std::string& address);
    // Lets this process hold as many descriptors as the system lets it ask for; how many that is.
    static std::uint64_t allow_many_descriptors();
    // Lets nobody in any more.
    void close_doors();
    // Waits until something arrives, or this long.
    void wait(std::uint32_t milliseconds_max);

    [[nodiscard]] std::span<const ConnectionId> ready() override;
    [[nodiscard]] std::optional<Arrival> accepted() override;
    [[nodiscard]] IoResult<ConnectionId> connect(const std::string& address) override;
    [[nodiscard]] Transfer receive(ConnectionId connection, std::span<std::byte> room) override;
    [[nodiscard]] Transfer send(ConnectionId connection, std::span<const std::byte> bytes) override;
    void finish(ConnectionId connection) override;
    void close(ConnectionId connection) override;
    [[nodiscard]] std::uint64_t turned_away() const override { return turned_away_; }

  private:
    struct Door {
        int descriptor = -1;
        std::string path;  // of a Unix socket, removed at the end
    };
    struct Socket {
        int descriptor = -1;
    };
    static constexpr std::size_t events_at_once = 256;

    [[nodiscard]] IoResult<void> watch(int descriptor, std::uint64_t word);
    [[nodiscard]] IoResult<ConnectionId> adopt(int descriptor);
    [[nodiscard]] int descriptor_of(ConnectionId connection) const;
    void accept_all(std::uint32_t door);
    [[nodiscard]] bool turn_one_away(std::uint32_t door);

    int epoll_;
    int spare_ = -1;  // given up for a moment where no other descriptor is left
    std::uint64_t turned_away_ = 0;
    std::vector<Door> doors_;
    std::vector<Socket> connections_;  // by ConnectionId
    std::vector<ConnectionId> free_;
    std::deque<Arrival> arrivals_;
    std::array<ConnectionId, events_at_once> ready_{};
};

}  // namespace miletus::host
