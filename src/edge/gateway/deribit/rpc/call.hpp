// Calls out of bytes: JSON-RPC from a WebSocket or an HTTP body, or a query of an HTTP target. What
// comes of one is read by the schema: everything may come as a text or a number. A reader keeps its
// buffers, so that nothing is allocated once they are large enough.
#pragma once

#include "edge/gateway/deribit/rpc/failure.hpp"
#include "edge/gateway/deribit/rpc/parameters.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <string_view>

namespace miletus::deribit {

// Views into the reader's buffers, until its next call.
struct Call {
    Method method{};
    std::string_view id;  // as JSON, to be echoed; empty for none
    std::string_view access_token;
    Parameters parameters;
};

struct HttpRequest {
    std::string_view verb;    // GET or POST
    std::string_view target;  // as it was sent: path, question mark, query
    std::string_view content_type;
    std::string_view body;
};

struct CallLimits {
    std::uint32_t bytes_max = 1U << 20U;  // of a message, or of target and body
    std::uint32_t list_max = 10'000;      // elements of a list of texts
    std::uint32_t depth_max = 16;         // of what is kept as JSON
};

class CallReader {
  public:
    explicit CallReader(const CallLimits& limits);
    ~CallReader();
    CallReader(CallReader&&) noexcept;
    CallReader& operator=(CallReader&&) noexcept;

    // A text frame of a WebSocket.
    [[nodiscard]] std::expected<Call, Failure> read_json(std::string_view body) LIFETIME_BOUND;
    // A request of HTTP. What needs a WebSocket is refused.
    [[nodiscard]] std::expected<Call, Failure> read_http(const HttpRequest& request) LIFETIME_BOUND;

    // Of the last call, also where it failed, as far as it was understood; or empty. The id is
    // JSON.
    [[nodiscard]] std::string_view id() const LIFETIME_BOUND;
    [[nodiscard]] std::string_view access_token() const LIFETIME_BOUND;
    // Whether the last call, also where it failed, named this method.
    [[nodiscard]] std::optional<Method> method() const;

  private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace miletus::deribit
