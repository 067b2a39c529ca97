// FrontDoor: the Deribit gateway with all that it needs of the process: sockets, credentials, and
// the folds of markets and accounts. The folds are told everything from the log's snapshot on, so
// that a window of the past is there after a start too.
#pragma once

#include "edge/gateway/deribit/deribit.hpp"
#include "host/clock.hpp"
#include "host/log.hpp"
#include "host/socket_network.hpp"
#include "serve/config.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace miletus::serve {

class FrontDoor {
  public:
    // Reads credentials and certificates. What is wrong with them, as a sentence.
    [[nodiscard]] static std::expected<std::unique_ptr<FrontDoor>, std::string> make(
        const DeribitConfig& config, const Limits& limits);
    // What make() makes.
    struct Parts {
        std::unique_ptr<host::SocketNetwork> network;
        credentials::Credentials credentials;
        std::optional<web::TlsIdentity> identity;
    };
    FrontDoor(const DeribitConfig& config, const Limits& limits, Parts parts);

    // What stands, and what a start carries out again, before sit().
    void read(std::span<const Unit> event);
    // From here on it reads and submits there.
    void sit(exchange::Seat& seat, host::Clock& clock, host::Log& log, std::uint32_t epoch);

    [[nodiscard]] host::SocketNetwork& network() LIFETIME_BOUND { return *network_; }
    // After sit().
    [[nodiscard]] deribit::Gateway& gateway() LIFETIME_BOUND { return *gateway_; }

  private:
    const DeribitConfig& config_;
    std::unique_ptr<host::SocketNetwork> network_;
    credentials::Credentials credentials_;
    std::optional<web::TlsIdentity> identity_;
    market_data::Markets markets_;
    client_feed::Accounts accounts_;
    std::unique_ptr<deribit::Gateway> gateway_;
};

}  // namespace miletus::serve
