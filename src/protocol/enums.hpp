// The enumerations that travel in messages, from enums.def, with their names and the check that a
// byte from outside is one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace miletus::protocol {

#define ENUM(name, sentence) enum class name : std::uint8_t {
#define VALUE(number, name, sentence) name = number,
#define END_ENUM \
    }            \
    ;
#include "protocol/enums.def"

// "?" where the number has no name.
#define ENUM(Type, sentence)                                    \
    [[nodiscard]] constexpr std::string_view name(Type value) { \
        using Enum = Type;                                      \
        switch (value) {
#define VALUE(number, name, sentence) \
    case Enum::name:                  \
        return #name;
#define END_ENUM \
    }            \
    return "?";  \
    }
#include "protocol/enums.def"

// Whether the number has a name.
#define ENUM(Type, sentence)                            \
    [[nodiscard]] constexpr bool is_valid(Type value) { \
        using Enum = Type;                              \
        switch (value) {
#define VALUE(number, name, sentence) \
    case Enum::name:                  \
        return true;
#define END_ENUM  \
    }             \
    return false; \
    }
#include "protocol/enums.def"

// The value of this name, if there is one.
template <class Enum>
[[nodiscard]] constexpr std::optional<Enum> value_named(std::string_view text) {
    for (std::uint8_t number = 0; number < 64; ++number) {
        const auto value = static_cast<Enum>(number);
        if (is_valid(value) && name(value) == text) {
            return value;
        }
    }
    return std::nullopt;
}

[[nodiscard]] constexpr Side opposite(Side side) {
    return side == Side::buy ? Side::sell : Side::buy;
}

}  // namespace miletus::protocol
