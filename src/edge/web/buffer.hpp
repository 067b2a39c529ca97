// Buffer: bytes on their way in or out, in one piece. Its memory is borrowed from a pool when
// something waits and goes back when nothing does, so that ten thousand silent connections hold
// none, and busy ones allocate none.
#pragma once

#include "base/annotations.hpp"
#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace miletus::web {

// std::ranges::copy from constant bytes goes byte by byte in libstdc++ 12; this is a memmove, and
// so may overlap towards the front.
inline void copy_bytes(std::span<const std::byte> from, std::span<std::byte> to) {
    ASSERT(from.size() <= to.size());
    std::copy(from.begin(), from.end(), to.begin());
}

class Pool {
  public:
    using Storage = std::vector<std::byte>;

    // So many bytes are kept for later; what comes back beyond them is freed.
    explicit Pool(std::size_t spare_bytes_max) : spare_bytes_max_(spare_bytes_max) {}

    // At least so much: the next power of two.
    [[nodiscard]] Storage borrow(std::size_t bytes);
    void give_back(Storage&& storage);

    [[nodiscard]] std::size_t spare_bytes() const { return spare_bytes_; }
    // Borrowed and not given back.
    [[nodiscard]] std::size_t lent_bytes() const { return lent_bytes_; }

  private:
    static constexpr std::size_t smallest = 1024;
    static constexpr std::size_t sizes = 32;  // each twice the one before

    std::size_t spare_bytes_max_;
    std::size_t spare_bytes_ = 0;
    std::size_t lent_bytes_ = 0;
    std::array<std::vector<Storage>, sizes> spare_;
};

class Buffer {
  public:
    [[nodiscard]] std::size_t size() const { return end_ - start_; }
    [[nodiscard]] bool is_empty() const { return start_ == end_; }
    // Of memory, for whatever waits.
    [[nodiscard]] std::size_t lent_bytes() const { return storage_.size(); }

    // All that waits.
    [[nodiscard]] std::span<const std::byte> front() const LIFETIME_BOUND {
        return std::span(storage_).subspan(start_, size());
    }
    [[nodiscard]] std::span<std::byte> front() LIFETIME_BOUND {
        return std::span(storage_).subspan(start_, size());
    }

    void append(Pool& pool, std::span<const std::byte> bytes);
    // Where at least so many bytes may be written behind what waits; fill() says how many were.
    [[nodiscard]] std::span<std::byte> room(Pool& pool, std::size_t bytes) LIFETIME_BOUND;
    void fill(std::size_t count);
    // From the front.
    void take(Pool& pool, std::size_t count);
    // From the middle: [from, to).
    void cut_out(Pool& pool, std::size_t from, std::size_t to);
    void clear(Pool& pool) { take(pool, size()); }

  private:
    Pool::Storage storage_;
    std::size_t start_ = 0;
    std::size_t end_ = 0;
};

}  // namespace miletus::web
