// Door: what `miletus serve` runs with the Deribit gateway, in a folder of its own, on threads that
// spin while it is wanted and rest while something else is measured; with an open market, and the
// key of an account with money. Nobody's rate is limited.
#pragma once

#include "bench/gateway/spinner.hpp"
#include "bench/gateway/wire.hpp"
#include "bench/loopback.hpp"
#include "edge/credentials/credentials.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace miletus::bench {

class Door {
  public:
    Door(const std::string& folder, LoopbackVenue::Durability durability);
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    // ---- While these do not run, nothing is carried out ----
    void begin();
    void end();

    [[nodiscard]] const std::string& address() const LIFETIME_BOUND { return address_; }
    // The text that logs in with the key.
    [[nodiscard]] const std::string& login() const LIFETIME_BOUND { return login_; }

  private:
    serve::Config config_;
    serve::Premises premises_;
    host::NoLog log_;
    std::unique_ptr<serve::Venue> venue_;
    std::string address_;
    std::string login_;
    std::vector<std::unique_ptr<Spinner>> spinners_;
    serve::Crew crew_;
};

// ---- What a client says there ----

constexpr std::string_view any_port = "tcp:127.0.0.1:0";
constexpr AccountId trader_account{1};  // of submit_market()

// One who may trade, and the text that logs in.
struct Keys {
    credentials::Register content;
    std::string login;
};
[[nodiscard]] Keys new_keys();

// Rests in the book; the number chooses one of 64 prices.
[[nodiscard]] std::string buy_call(std::uint32_t number);
// Whether that is the answer to one that was placed.
[[nodiscard]] inline bool is_of_open_order(std::string_view answer) {
    return answer.find(R"("order_state":"open")") != std::string_view::npos;
}
// Logged in over a WebSocket.
[[nodiscard]] Wire new_trader(host::Network& network, const Door& door);
// Cancels everything that rests; how many orders that was.
[[nodiscard]] std::uint32_t cancel_all(Wire& trader);

}  // namespace miletus::bench
