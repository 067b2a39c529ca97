// Config: all that can be chosen about a venue, from a file of TOML or by default. A mistake is
// told with file, line and key.
#pragma once

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
    std::uint32_t history_units = 1U << 20U;  // a power of two
};

// The agents that must have a thread; `desk` only where there is one.
[[nodiscard]] const std::vector<std::string>& agent_names();

// Loopback and a Unix socket for the operator in the folder; one thread for the way of an order,
// another for what may wait for the disk.
[[nodiscard]] Config default_config(const std::string& folder);
// Or the first mistake, as a sentence.
[[nodiscard]] std::expected<Config, std::string> read_config(const std::string& path);
[[nodiscard]] std::expected<Config, std::string> parse_config(const std::string& text,
                                                              const std::string& path);

}  // namespace miletus::serve
