// Any bytes as the name of a channel: what is understood is understood again, and the same, in the
// spelling that is told.
#include "edge/gateway/deribit/rpc/channel.hpp"

#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"

#include <string>

namespace miletus {

void fuzz_one(std::span<const std::byte> input) {
    std::string name;
    for (const std::byte byte : input) {
        name.push_back(std::to_integer<char>(byte));
    }
    const auto channel = deribit::parse_channel(name);
    if (!channel.has_value()) {
        return;
    }
    const std::string spelled = deribit::canonical_name(*channel);
    ASSERT(spelled.size() == name.size());
    const auto again = deribit::parse_channel(spelled);
    ASSERT(again.has_value());
    ASSERT(again->kind == channel->kind);
    ASSERT(deribit::canonical_name(*again) == spelled);
}

}  // namespace miletus
