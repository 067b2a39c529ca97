// A command as a line of text: its number, its time, who sent it, its name and its fields.
#pragma once

#include "base/unit_buffer.hpp"

#include <span>
#include <string>

namespace miletus::audit {

[[nodiscard]] std::string text_of(std::span<const Unit> command);

}  // namespace miletus::audit
