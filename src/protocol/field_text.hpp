// The value of any field as text: numbers, units, ids, enumerations and names; of digests and
// records that there is one.
#pragma once

#include <concepts>
#include <string>
#include <type_traits>

namespace miletus::protocol {

template <class Value>
[[nodiscard]] std::string field_text(const Value& value) {
    if constexpr (std::is_enum_v<Value>) {
        return std::string(name(value));
    } else if constexpr (std::integral<Value>) {
        return std::to_string(value);
    } else if constexpr (requires { value.value(); }) {
        return std::to_string(value.value());
    } else if constexpr (requires { value.view(); }) {
        return std::string(value.view());
    } else {
        return "…";
    }
}

}  // namespace miletus::protocol
