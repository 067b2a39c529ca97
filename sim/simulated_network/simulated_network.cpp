// Pipes of bytes, and two ends to them.
#include "sim/simulated_network/simulated_network.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cerrno>

namespace miletus::simulation {

using host::ConnectionId;
using host::IoResult;
using host::Transfer;

namespace {

constexpr std::string_view address_start = "door:";

std::uint32_t door_of(std::string_view address) {
    return static_cast<std::uint32_t>(address[address_start.size()] - '0');
}

// Whoever does not say where it is, is this machine.
host::Address origin_of(std::string_view address) {
    const std::size_t mark = address.find('@');
    const auto origin =
        host::address_of(mark == std::string_view::npos ? "127.0.0.1" : address.substr(mark + 1));
    ASSERT(origin.has_value());
    return origin.value_or(host::Address());
}

}  // namespace

// One side's view.
class SimulatedNetwork::End final : public host::Network {
  public:
    End(SimulatedNetwork& network, Side side) : network_(network), side_(side) {}

    [[nodiscard]] std::span<const ConnectionId> ready() override {
        ready_.clear();
        for (std::size_t at = 0; at < network_.links_.size(); ++at) {
            const Link& link = network_.links_[at];
            const Pipe& pipe = link.to[side_];
            const bool has_news = !pipe.bytes.empty() || pipe.has_ended;
            if (!link.is_closed[side_] && has_news && is_awaited(static_cast<ConnectionId>(at))) {
                ready_.push_back(static_cast<ConnectionId>(at));
            }
        }
        return ready_;
    }

    [[nodiscard]] std::optional<host::Arrival> accepted() override {
        if (side_ != venue_side || network_.arrivals_.empty()) {
            return std::nullopt;
        }
        const host::Arrival arrival = network_.arrivals_.front();
        network_.arrivals_.pop_front();
        return arrival;
    }

    [[nodiscard]] IoResult<ConnectionId> connect(const std::string& address) override {
        ASSERT(side_ == client_side && address.starts_with(address_start));
        if (!network_.is_venue_open_) {
            return std::unexpected(
                host::IoError{.operation = "connect to", .subject = address, .code = ECONNREFUSED});
        }
        const auto id = static_cast<ConnectionId>(network_.links_.size());
        network_.links_.emplace_back();
        network_.arrivals_.push_back(
            {.connection = id, .door = door_of(address), .address = origin_of(address)});
        return id;
    }

    [[nodiscard]] Transfer receive(ConnectionId connection, std::span<std::byte> room) override {
        Pipe& pipe = network_.link(connection).to[side_];
        const std::size_t count = network_.some_of(std::min(room.size(), pipe.bytes.size()));
        std::copy_n(pipe.bytes.begin(), count, room.begin());
        pipe.bytes.erase(pipe.bytes.begin(),
                         pipe.bytes.begin() + static_cast<std::ptrdiff_t>(count));
        return {.bytes = count, .is_open = count != 0 || !pipe.has_ended || !pipe.bytes.empty()};
    }

    [[nodiscard]] Transfer send(ConnectionId connection,
                                std::span<const std::byte> bytes) override {
        Link& link = network_.link(connection);
        const Side other = side_ == venue_side ? client_side : venue_side;
        Pipe& pipe = link.to[other];
        if (pipe.has_ended || link.is_closed[other]) {
            return {.is_open = false};
        }
        const std::size_t room = network_.bytes_under_way_max_ - pipe.bytes.size();
        const std::size_t count = network_.some_of(std::min(room, bytes.size()));
        pipe.bytes.insert(pipe.bytes.end(), bytes.begin(),
                          bytes.begin() + static_cast<std::ptrdiff_t>(count));
        return {.bytes = count};
    }

    void finish(ConnectionId connection) override {
        network_.link(connection).to[side_ == venue_side ? client_side : venue_side].has_ended =
            true;
    }

    [[nodiscard]] std::uint64_t turned_away() const override { return 0; }

    void close(ConnectionId connection) override {
        Link& link = network_.link(connection);
        ASSERT(!link.is_closed[side_]);
        link.is_closed[side_] = true;
        link.to[side_] = {};
        link.to[side_ == venue_side ? client_side : venue_side].has_ended = true;
    }

  private:
    // Not one that nobody was told of yet.
    [[nodiscard]] bool is_awaited(ConnectionId connection) const {
        return side_ == client_side ||
               std::ranges::find(network_.arrivals_, connection, &host::Arrival::connection) ==
                   network_.arrivals_.end();
    }

    SimulatedNetwork& network_;
    Side side_;
    std::vector<ConnectionId> ready_;
};

SimulatedNetwork::SimulatedNetwork(std::uint64_t seed, std::size_t bytes_under_way_max)
    : prng_(seed), bytes_under_way_max_(bytes_under_way_max) {
    ends_[client_side] = std::make_unique<End>(*this, client_side);
    ends_[venue_side] = std::make_unique<End>(*this, venue_side);
}

SimulatedNetwork::~SimulatedNetwork() = default;

host::Network& SimulatedNetwork::venue() {
    return *ends_[venue_side];
}

host::Network& SimulatedNetwork::clients() {
    return *ends_[client_side];
}

SimulatedNetwork::Link& SimulatedNetwork::link(ConnectionId connection) {
    return links_[static_cast<std::size_t>(connection)];
}

std::size_t SimulatedNetwork::some_of(std::size_t bytes) {
    return is_calm_ || bytes == 0 ? bytes : prng_.below(bytes + 1);
}

// What was under way is lost from some byte on, in each direction.
void SimulatedNetwork::cut(Link& cut_link) {
    for (Pipe& pipe : cut_link.to) {
        pipe.bytes.resize(prng_.below(pipe.bytes.size() + 1));
        pipe.has_ended = true;
    }
}

void SimulatedNetwork::cut_any() {
    if (links_.empty()) {
        return;
    }
    // The young ones are those that are open.
    const std::size_t back = 1 + prng_.below(std::min<std::size_t>(links_.size(), 4));
    cut(links_[links_.size() - back]);
}

void SimulatedNetwork::close_venue() {
    is_venue_open_ = false;
    arrivals_.clear();
    for (Link& open : links_) {
        if (!open.is_closed[venue_side]) {
            cut(open);
            open.is_closed[venue_side] = true;
        }
    }
}

}  // namespace miletus::simulation
