// Network: streams of bytes to and from others. Nothing waits, except where it says so. What is
// sent arrives in order or the connection ends; how it is cut into pieces on the way means nothing.
// The simulator stands another network behind the same interface. One thread uses it.
#pragma once

#include "host/address.hpp"
#include "host/io_result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace miletus::host {

// Given anew once the connection was closed here, and not before.
enum class ConnectionId : std::uint32_t {};

// How many bytes went through; `is_open` is false once none ever will again.
struct Transfer {
    std::size_t bytes = 0;
    bool is_open = true;
};

// Someone who came in, through which of the doors given to listen(), and from where.
struct Arrival {
    ConnectionId connection{};
    std::uint32_t door = 0;
    Address address{};
};

class Network {
  public:
    virtual ~Network() = default;

    // The connections on which something arrived or that broke, since they were last read empty.
    [[nodiscard]] virtual std::span<const ConnectionId> ready() = 0;
    // After ready().
    [[nodiscard]] virtual std::optional<Arrival> accepted() = 0;
    [[nodiscard]] virtual IoResult<ConnectionId> connect(const std::string& address) = 0;

    [[nodiscard]] virtual Transfer receive(ConnectionId connection, std::span<std::byte> room) = 0;
    // As much as is taken now, from the front.
    [[nodiscard]] virtual Transfer send(ConnectionId connection,
                                        std::span<const std::byte> bytes) = 0;
    // Nothing more will be sent, which the other end hears behind what was; it may go on.
    virtual void finish(ConnectionId connection) = 0;
    virtual void close(ConnectionId connection) = 0;

    // Those who came and were sent off at once, for lack of means to hold them.
    [[nodiscard]] virtual std::uint64_t turned_away() const = 0;
};

}  // namespace miletus::host
