// BeastServer: what Boost.Beast does with nothing behind it: the least that a server in C++ is
// expected to cost. It echoes WebSocket messages, or answers HTTP requests with nothing.
#pragma once

#include "base/annotations.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace miletus::bench {

class BeastServer {
  public:
    enum class Manner : std::uint8_t { echo, empty_answer };

    BeastServer(Manner manner, std::optional<std::uint32_t> processor);
    ~BeastServer();
    BeastServer(const BeastServer&) = delete;
    BeastServer& operator=(const BeastServer&) = delete;

    [[nodiscard]] const std::string& address() const LIFETIME_BOUND { return address_; }
    // It spins between these.
    void begin();
    void end();

  private:
    class Work;
    std::unique_ptr<Work> work_;
    std::string address_;
};

}  // namespace miletus::bench
