// A command as a line of text: its number, its time, who sent it, its name and its fields.
#pragma once

#include "base/unit_buffer.hpp"
#include "base/units.hpp"

#include <span>
#include <string>

namespace miletus::audit {

[[nodiscard]] std::string text_of(std::span<const Unit> command);
// Such as 2026-01-02T03:04:05.000000006.
[[nodiscard]] std::string text_of(UnixNanos time);

}  // namespace miletus::audit
