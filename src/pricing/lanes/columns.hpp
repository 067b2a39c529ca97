// Columns: numbers one after the other, taken as many at a time as there are lanes. Lengths are
// checked where columns come in, once; here nothing looks at them.
#pragma once

#include "base/annotations.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace miletus::lanes {

#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif

template <class Number>
ALWAYS_INLINE Number* behind(Number* column, std::size_t numbers) {
    return column + numbers;
}

#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif

// Numbers that lanes read; one for all of them where it is the same.
template <class Number>
struct Column {
    const Number* numbers = nullptr;
    bool is_same_for_all = false;
};

template <class Number>
Column<Number> column_of(std::span<const Number> numbers) {
    return {numbers.data(), numbers.size() == 1};
}

}  // namespace miletus::lanes
