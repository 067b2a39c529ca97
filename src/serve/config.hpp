// Config: all that can be chosen about a venue, from a file of TOML or by default. A mistake is
// told with file, line and key.
#pragma once

#include "edge/crowd/crowd.hpp"
#include "edge/desk/desk.hpp"
#include "edge/gateway/native/native_gateway.hpp"
#include "exchange/exchange.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace miletus::serve {

// An address to listen on, and whether the operator comes in there.
struct DoorConfig {
    std::string address;
    bool is_operators = false;
    std::uint32_t ports_tried = 1;  // this one, and the next so many less one, where it is taken
};

// The gateway that speaks Deribit's API.
struct DeribitConfig {
    DoorConfig door;
    std::optional<DoorConfig> tls_door{};
    std::string certificate;  // files; with the keys' also credential:NAME
    std::string key;
    std::string credentials;
    std::string seal_key;
    std::uint32_t connections = 4096;
    std::uint32_t connections_per_address = 32;
    std::uint32_t buffers_mib = 1024;  // of all connections together
    // Of each account: so many a second, and so many at once after a pause. 0 is any number.
    std::uint32_t requests_per_second = 20;
    std::uint32_t requests_at_once = 100;
    std::uint32_t orders_per_second = 50;
    std::uint32_t orders_at_once = 200;
    bool is_testnet = false;  // what every answer says of the venue
};

// A thread: what it does, in turn, and what it does when there is nothing to do.
struct DutyConfig {
    std::vector<std::string> agents;
    std::optional<std::uint32_t> processor{};
    bool spins = false;  // else it rests
    bool is_background = false;
};

struct Config {
    std::string folder = "data";
    std::vector<DoorConfig> doors;
    std::vector<DutyConfig> duties;
    exchange::Settings exchange;
    native_gateway::Settings gateway;
    desk::Settings desk;                      // off by default
    std::optional<crowd::Settings> crowd{};   // only in a demonstration
    std::optional<DeribitConfig> deribit{};   // off by default
    std::uint32_t history_units = 1U << 20U;  // a power of two
};

// The agents that must have a thread; `desk`, `crowd` and `deribit` only where there are such.
[[nodiscard]] const std::vector<std::string>& agent_names();
[[nodiscard]] bool wants_agent(const Config& config, const std::string& name);

// Who sits beside the engine, in the order of their seats.
enum class SeatHolder : std::uint8_t { desk, crowd, deribit };
[[nodiscard]] std::vector<SeatHolder> seat_holders(const Config& config);
// Of one who has a seat.
[[nodiscard]] std::size_t seat_of(const Config& config, SeatHolder holder);
// Gives seats to those who want one, and threads to those who are named last: what is left to do
// once everything else was chosen.
void complete_config(Config& config);

// Loopback and a Unix socket for the operator in the folder; one thread for the way of an order,
// another for what may wait for the disk.
[[nodiscard]] Config default_config(const std::string& folder);
// Or the first mistake, as a sentence.
[[nodiscard]] std::expected<Config, std::string> read_config(const std::string& path);
[[nodiscard]] std::expected<Config, std::string> parse_config(const std::string& text,
                                                              const std::string& path);

}  // namespace miletus::serve
