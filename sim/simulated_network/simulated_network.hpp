// SimulatedNetwork: connections in memory between clients and a venue, as slow and as unreliable
// as real ones, from a seed: bytes come in pieces of any size, late, and a connection may be cut
// between any two of them, with what was under way lost or still to come. One thread.
#pragma once

#include "base/prng.hpp"
#include "host/network.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace miletus::simulation {

class SimulatedNetwork {
  public:
    // No more bytes than these are under way in one direction of a connection.
    SimulatedNetwork(std::uint64_t seed, std::size_t bytes_under_way_max);
    ~SimulatedNetwork();

    // The two ends. Clients connect to `door:N`, or `door:N@ADDRESS` to come from there.
    [[nodiscard]] host::Network& venue() LIFETIME_BOUND;
    [[nodiscard]] host::Network& clients() LIFETIME_BOUND;

    // ---- What goes wrong ----
    // Cuts a connection that is open, if there is one.
    void cut_any();
    // The venue's process ended: all its connections are cut, and nobody answers at its doors.
    void close_venue();
    void open_venue() { is_venue_open_ = true; }
    // From now on everything arrives whole and at once.
    void be_calm() { is_calm_ = true; }
    void limit_bytes_under_way(std::size_t bytes_max) { bytes_under_way_max_ = bytes_max; }

  private:
    enum Side : std::uint8_t { client_side, venue_side };
    class End;

    // What goes from one side to the other.
    struct Pipe {
        std::deque<std::byte> bytes;
        bool has_ended = false;  // nothing will be added
    };
    struct Link {
        std::array<Pipe, 2> to;           // by the side that receives
        std::array<bool, 2> is_closed{};  // by the side that closed it
    };

    [[nodiscard]] Link& link(host::ConnectionId connection);
    void cut(Link& cut_link);
    [[nodiscard]] std::size_t some_of(std::size_t bytes);

    Prng prng_;
    std::size_t bytes_under_way_max_;
    std::vector<Link> links_;  // by ConnectionId, on both sides
    std::deque<host::Arrival> arrivals_;
    std::array<std::unique_ptr<End>, 2> ends_;
    bool is_venue_open_ = true;
    bool is_calm_ = false;
};

}  // namespace miletus::simulation
