// The head of a request: found among bytes, read by Beast's parser, and judged. What two servers
// might read differently (two lengths, a length and chunks, lines without \r, folded lines) is
// refused, so that no request hides in another's body.
#pragma once

#include "base/annotations.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace miletus::web {

// A refusal: the status, and a sentence for people.
struct Fault {
    unsigned status = 0;
    std::string_view sentence;
};

// A part of the head, by place: the bytes may move meanwhile.
struct Part {
    std::uint32_t at = 0;
    std::uint32_t size = 0;

    [[nodiscard]] std::string_view in(std::string_view head LIFETIME_BOUND) const {
        return head.substr(at, size);
    }
};

struct Request {
    enum class Method : std::uint8_t { get, head, post, options };

    std::uint32_t head_bytes = 0;
    Method method_id = Method::get;
    Part method;
    Part target;
    Part authorization;
    Part content_type;
    Part websocket_key;
    std::uint64_t body_bytes = 0;  // where it is not chunked
    bool is_chunked = false;
    bool is_of_one_zero = false;  // HTTP/1.0
    bool keeps_alive = false;     // the connection goes on behind it
    bool expects_continue = false;
    bool wants_websocket = false;        // the headers Upgrade and Connection say so
    bool has_websocket_version = false;  // the only one there is: 13
};

struct HeadLimits {
    std::uint32_t head_bytes_max = 0;
    std::uint32_t target_bytes_max = 0;
};

// Looks for the end of a head, going on where it stopped.
class HeadFinder {
  public:
    // How long the head is that the bytes begin with; 0 where its end is not there yet.
    [[nodiscard]] std::size_t find(std::string_view bytes, const HeadLimits& limits);
    // Why there never will be one.
    [[nodiscard]] const std::optional<Fault>& fault() const LIFETIME_BOUND { return fault_; }

  private:
    [[nodiscard]] std::optional<Fault> fault_of(std::string_view bytes,
                                                const HeadLimits& limits) const;

    std::size_t line_at_ = 0;  // where the line begins that has no end yet
    std::size_t seen_ = 0;     // bytes of it that were looked at
    std::optional<Fault> fault_;
};

// A whole head, its last empty line included.
struct ReadRequest {
    Request request;
    std::optional<Fault> fault;
};
[[nodiscard]] ReadRequest read_request(std::string_view head);

}  // namespace miletus::web
