// Progress: what a step of work says, so that its thread knows what to do next.
#pragma once

#include <cstdint>

namespace miletus {

enum class Progress : std::uint8_t {
    none,     // there was nothing to do
    waiting,  // something is under way elsewhere, and will be done soon
    made,
};

[[nodiscard]] constexpr Progress progress_if(bool has_worked) {
    return has_worked ? Progress::made : Progress::none;
}

}  // namespace miletus
