// Whether a text is JSON, through and through: for what is kept as it came.
#pragma once

#include <cstdint>
#include <string_view>

namespace miletus::deribit {

// One value, with lists and objects not deeper than this, and nothing else. That the text is valid
// UTF-8 is checked elsewhere.
[[nodiscard]] bool is_json(std::string_view text, std::uint32_t depth_max);

}  // namespace miletus::deribit
