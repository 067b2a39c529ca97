// The reasons to refuse, from rejects.def.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string_view>

namespace miletus {

enum class Reject : std::uint16_t {
#define REJECT(number, name, sentence) name = number,
#include "protocol/rejects.def"
};
static_assert(Reject::none == not_refused);

[[nodiscard]] constexpr std::string_view name(Reject reject) {
    switch (reject) {
#define REJECT(number, name, sentence) \
    case Reject::name:                 \
        return #name;
#include "protocol/rejects.def"
    }
    return "unknown_reject";
}

// Whether the number has a name.
[[nodiscard]] constexpr bool is_valid(Reject reject) {
    switch (reject) {
#define REJECT(number, name, sentence) \
    case Reject::name:                 \
        return true;
#include "protocol/rejects.def"
    }
    return false;
}

[[nodiscard]] constexpr std::string_view sentence(Reject reject) {
    switch (reject) {
#define REJECT(number, name, sentence) \
    case Reject::name:                 \
        return sentence;
#include "protocol/rejects.def"
    }
    return "Unknown refusal.";
}

}  // namespace miletus
