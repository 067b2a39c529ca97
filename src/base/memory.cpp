// Allocation at start. The advice asks the kernel for huge pages: a book out of cache walks some
// five cold lines a command, and each would miss the TLB as well.
#include "base/memory.hpp"

#include "base/assert.hpp"

#include <sys/mman.h>

#include <cstdint>

namespace miletus {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U;
constexpr std::size_t small_page = 4096;

constexpr std::size_t rounded_up(std::size_t size, std::size_t step) {
    return (size + step - 1) / step * step;
}

}  // namespace

#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif
Pages::Pages(std::size_t size) {
    const bool is_large = size >= huge_page;
    const std::size_t rounded = rounded_up(size + 1, is_large ? huge_page : small_page);
    map_size_ = is_large ? rounded + huge_page : rounded;
    map_ = mmap(nullptr, map_size_, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ASSERT(map_ != MAP_FAILED);
    const auto address = reinterpret_cast<std::uintptr_t>(map_);
    const std::size_t step = is_large ? huge_page : small_page;
    start_ = static_cast<std::byte*>(map_) + (rounded_up(address, step) - address);
    if (is_large) {
        // A refusal costs speed, never correctness.
        static_cast<void>(madvise(start_, rounded, MADV_HUGEPAGE));
    }
}
#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif

Pages::~Pages() {
    if (map_ != nullptr) {
        ASSERT(munmap(map_, map_size_) == 0);
    }
}

}  // namespace miletus
