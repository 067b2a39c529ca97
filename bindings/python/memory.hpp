// What lies behind numpy's pointers. The arrays that they come from have been checked: they are
// aligned, and hold what is read from them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace miletus::python {

using Shape = std::vector<std::ptrdiff_t>;

#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif

template <class Number>
std::span<Number> span_behind(Number* first, std::size_t count) {
    return {first, count};
}

// The numbers of a result's shape that begin at the one of index `from`, in C's order. A step says
// how many numbers lie between neighbours along a dimension: none where one counts for all.
template <class Number>
void gather(const Number* first, const Shape& steps, const Shape& shape, std::size_t from,
            std::span<Number> into) {
    Shape at(shape.size());
    std::ptrdiff_t offset = 0;
    auto left = static_cast<std::ptrdiff_t>(from);
    for (std::size_t d = shape.size(); d-- > 0;) {
        at[d] = left % shape[d];
        left /= shape[d];
        offset += at[d] * steps[d];
    }
    const std::size_t inner = shape.size() - 1;
    std::size_t done = 0;
    while (done < into.size()) {
        const auto row = static_cast<std::size_t>(shape[inner] - at[inner]);
        const std::size_t run = std::min(row, into.size() - done);
        const Number* number = first + offset;
        for (std::size_t i = 0; i < run; ++i, number += steps[inner]) {
            into[done + i] = *number;
        }
        done += run;
        offset -= at[inner] * steps[inner];
        at[inner] = 0;
        for (std::size_t d = inner; d-- > 0;) {
            offset += steps[d];
            if (++at[d] < shape[d]) {
                break;
            }
            offset -= at[d] * steps[d];
            at[d] = 0;
        }
    }
}

// From the first byte to behind the last.
struct Extent {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;

    [[nodiscard]] bool overlaps(const Extent& other) const {
        return begin < other.end && other.begin < end;
    }
};

template <class Number>
Extent extent_of(const Number* first, const Shape& steps, const Shape& shape) {
    const Number* low = first;
    const Number* high = first;
    for (std::size_t d = 0; d < shape.size(); ++d) {
        if (shape[d] == 0) {
            return {};
        }
        (steps[d] < 0 ? low : high) += steps[d] * (shape[d] - 1);
    }
    return {std::bit_cast<std::uintptr_t>(low), std::bit_cast<std::uintptr_t>(high + 1)};
}

#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif

}  // namespace miletus::python
