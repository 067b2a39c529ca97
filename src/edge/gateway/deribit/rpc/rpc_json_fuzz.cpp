// Any bytes as a message: it is refused with a code that has a name, or becomes a call whose values
// have their types; and whatever comes back is JSON.
#include "edge/gateway/deribit/rpc/checked_fuzz.hpp"
#include "edge/gateway/deribit/rpc/rpc.hpp"
#include "fuzz/fuzz_one.hpp"

#include <string>

namespace miletus {

void fuzz_one(std::span<const std::byte> input) {
    // A new one: buffers that an earlier input made large hide mistakes.
    deribit::CallReader reader(
        deribit::CallLimits{.bytes_max = 1U << 16U, .list_max = 100, .depth_max = 8});
    std::string body;
    for (const std::byte byte : input) {
        body.push_back(std::to_integer<char>(byte));
    }
    deribit::check_call(reader, reader.read_json(body));
    // Nothing of it may change what the next call is.
    const auto next = reader.read_json(R"({"method":"public/get_time","id":1})");
    ASSERT(next.has_value());
    ASSERT(next->id == "1" && next->access_token.empty());
}

}  // namespace miletus
