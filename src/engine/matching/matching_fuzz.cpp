// Any bytes as a stream of commands, played to the fast books and to the naive ones.
#include "engine/matching/matching.hpp"

#include "base/assert.hpp"
#include "engine/matching/naive_matching.hpp"
#include "engine/matching/streams_test.hpp"
#include "engine/matching/venue_test.hpp"
#include "fuzz/fuzz_one.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace miletus {

void fuzz_one(std::span<const std::byte> bytes) {
    using matching::Step;
    // Long inputs say nothing that shorter ones could not.
    constexpr std::size_t steps_max = 512;
    matching::Venue<matching::Matching> fast(matching::tiny_world());
    matching::Venue<matching::NaiveMatching> naive(matching::tiny_world());
    bytes = bytes.first(std::min(bytes.size(), steps_max * Step::size));
    for (; bytes.size() >= Step::size; bytes = bytes.subspan(Step::size)) {
        std::array<std::uint8_t, Step::size> raw{};
        std::ranges::transform(bytes.first<Step::size>(), raw.begin(),
                               std::to_integer<std::uint8_t>);
        const Step step = matching::step_of(raw);
        const std::string found = difference(fast.play(step), naive.play(step));
        ASSERT(found.empty());
    }
}

}  // namespace miletus
