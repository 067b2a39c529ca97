// Narrator: tells events and answers in a trader's words, one line each.
#pragma once

#include "protocol/codec.hpp"
#include "sim/scenario/names.hpp"

#include <span>
#include <string>
#include <vector>

namespace miletus::scenario {

// Takes over what an event teaches about names, then tells it.
[[nodiscard]] std::string tell_event(std::span<const Unit> event, Names& names);
[[nodiscard]] std::vector<std::string> tell_answer(std::span<const Unit> answer,
                                                   const Names& names);

}  // namespace miletus::scenario
