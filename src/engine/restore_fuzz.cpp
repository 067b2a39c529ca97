// Any bytes as a snapshot: refused, or a state that can be and encodes to the same bytes.
#include "base/assert.hpp"
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"
#include "fuzz/fuzz_one.hpp"

#include <algorithm>
#include <vector>

namespace miletus {

namespace {

struct Collector final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    engine::Engine engine(engine::stream_limits());
    const auto restored = engine.restore(bytes);
    if (!restored) {
        ASSERT(!restored.error().empty());
        return;
    }
    engine.check_invariants();
    Collector collector;
    engine.encode_snapshot(collector);
    ASSERT(std::ranges::equal(collector.bytes, bytes));
}

}  // namespace miletus
