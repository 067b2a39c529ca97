// Any bytes as a request of HTTP: a target, and behind its first line break a body.
#include "edge/gateway/deribit/rpc/checked_fuzz.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "fuzz/fuzz_one.hpp"

#include <string>

namespace miletus {

void fuzz_one(std::span<const std::byte> input) {
    std::string text;
    for (const std::byte byte : input) {
        text.push_back(std::to_integer<char>(byte));
    }
    const std::size_t end = text.find('\n');
    const bool has_body = end != std::string::npos;
    const std::string body = has_body ? text.substr(end + 1) : "";
    const std::string target = text.substr(0, end);
    for (const std::string_view type : {"", "application/x-www-form-urlencoded"}) {
        // A new one: buffers that an earlier input made large hide mistakes.
        deribit::CallReader reader(
            deribit::CallLimits{.bytes_max = 1U << 16U, .list_max = 100, .depth_max = 8});
        deribit::check_call(reader, reader.read_http({.verb = has_body ? "POST" : "GET",
                                                      .target = target,
                                                      .content_type = type,
                                                      .body = body}));
    }
}

}  // namespace miletus
