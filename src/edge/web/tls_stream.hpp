// TlsStream: one connection's TLS, between the bytes of the network and those that are meant.
#pragma once

#include "edge/web/tls.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

// OpenSSL's name for memory that is read and written like a file.
struct bio_st;

namespace miletus::web {

class TlsStream {
  public:
    explicit TlsStream(const TlsIdentity& identity);

    enum class State : std::uint8_t { open, ended, broken };
    struct Read {
        std::size_t bytes = 0;
        State state = State::open;
    };

    // Bytes that came from the network.
    void feed(std::span<const std::byte> bytes);
    // What they mean, as much as there is room for; 0 where more must come first.
    [[nodiscard]] Read read(std::span<std::byte> room);
    // How many of these were taken; 0 during the handshake.
    [[nodiscard]] std::size_t write(std::span<const std::byte> bytes);
    // Says that nothing more will be written.
    void end();

    // Bytes for the network.
    [[nodiscard]] std::size_t waiting_bytes() const;
    [[nodiscard]] std::size_t take(std::span<std::byte> room);

    [[nodiscard]] bool has_shaken_hands() const;

  private:
    struct Free {
        void operator()(ssl_st* ssl) const;
    };
    std::unique_ptr<ssl_st, Free> ssl_;
    bio_st* in_ = nullptr;  // both are owned by ssl_
    bio_st* out_ = nullptr;
};

}  // namespace miletus::web
