// Any text as a scenario: a line that is no command is told so, one that is leaves every invariant
// as it was. Lines that say how often, or how large, are left out: they would only take long.
#include "sim/scenario/scenario.hpp"

#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <string>
#include <string_view>

namespace miletus {

namespace {

constexpr std::size_t lines_max = 64;

bool takes_long(std::string_view line) {
    constexpr std::array<std::string_view, 3> words = {"repeat", "limits", " by "};
    return std::ranges::any_of(
        words, [line](std::string_view word) { return line.find(word) != std::string_view::npos; });
}

}  // namespace

void fuzz_one(std::span<const std::byte> bytes) {
    std::string text(bytes.size(), '\0');
    std::ranges::transform(bytes, text.begin(),
                           [](std::byte byte) { return static_cast<char>(byte); });
    scenario::Scenario scenario;
    for (const std::string_view line : std::views::take(scenario::split(text, '\n'), lines_max)) {
        if (takes_long(line)) {
            continue;
        }
        const auto told = scenario.play(line);
        ASSERT(told.has_value() || !told.error().empty());
        scenario.engine().check_invariants();
    }
}

}  // namespace miletus
