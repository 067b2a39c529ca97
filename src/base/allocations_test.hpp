// Counts what a test allocates. Whoever includes this replaces the global operators of its whole
// test binary, so one file of a binary does.
#pragma once

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace miletus {

// Of this thread, since it began.
struct Allocations {
    std::uint64_t made = 0;
    std::uint64_t released = 0;
    friend constexpr bool operator==(const Allocations&, const Allocations&) = default;
};
inline thread_local constinit Allocations allocations{};

inline void* counted_allocation(std::size_t size, std::size_t alignment) {
    ++allocations.made;
    const std::size_t aligned = std::max(alignment, alignof(std::max_align_t));
    const std::size_t rounded = (std::max<std::size_t>(size, 1) + aligned - 1) / aligned * aligned;
    // tidy: allocation because the operators that are replaced here cannot call themselves
    void* memory = std::aligned_alloc(aligned, rounded);
    ASSERT(memory != nullptr);
    return memory;
}

inline void counted_release(void* memory) {
    allocations.released += static_cast<std::uint64_t>(memory != nullptr);
    // tidy: allocation because the operators that are replaced here cannot call themselves
    std::free(memory);
}

}  // namespace miletus

void* operator new(std::size_t size) {
    return miletus::counted_allocation(size, 1);
}
void* operator new[](std::size_t size) {
    return miletus::counted_allocation(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return miletus::counted_allocation(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return miletus::counted_allocation(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return miletus::counted_allocation(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return miletus::counted_allocation(size, 1);
}
void operator delete(void* memory) noexcept {
    miletus::counted_release(memory);
}
void operator delete[](void* memory) noexcept {
    miletus::counted_release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    miletus::counted_release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    miletus::counted_release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    miletus::counted_release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    miletus::counted_release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    miletus::counted_release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    miletus::counted_release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    miletus::counted_release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    miletus::counted_release(memory);
}
