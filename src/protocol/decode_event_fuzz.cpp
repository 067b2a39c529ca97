// Any bytes as one event: a refusal, or a message that survives being made anew.
#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"
#include "protocol/codec.hpp"
#include "protocol/remade_test.hpp"

#include <vector>

namespace miletus {

void fuzz_one(std::span<const std::byte> bytes) {
    const std::vector<Unit> units = protocol::units_from(bytes);
    const auto type = protocol::decode_event(units);
    if (type) {
        ASSERT(protocol::survives(*type, units));
    } else {
        ASSERT(name(type.error()) != "unknown_reject");
    }
}

}  // namespace miletus
