// ByteQueue: bytes on their way into or out of a connection, bounded, in one piece.
#pragma once

#include "base/annotations.hpp"
#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace miletus::native {

class ByteQueue {
  public:
    explicit ByteQueue(std::size_t capacity) : bytes_(capacity) {}

    [[nodiscard]] std::size_t size() const { return end_ - start_; }
    [[nodiscard]] bool is_empty() const { return start_ == end_; }
    [[nodiscard]] std::size_t room_left() const { return bytes_.size() - size(); }

    // All that waits.
    [[nodiscard]] std::span<const std::byte> front() const LIFETIME_BOUND {
        return std::span(bytes_).subspan(start_, size());
    }
    void take(std::size_t count) {
        ASSERT(count <= size());
        start_ += count;
        if (start_ == end_) {
            start_ = 0;
            end_ = 0;
        }
    }

    // Where the next bytes go; all that is free, or at least this much of it.
    [[nodiscard]] std::span<std::byte> room(std::size_t wanted) LIFETIME_BOUND {
        if (bytes_.size() - end_ < wanted) {
            const std::span<std::byte> all(bytes_);
            std::ranges::copy(all.subspan(start_, size()), all.begin());
            end_ = size();
            start_ = 0;
        }
        return std::span(bytes_).subspan(end_);
    }
    void fill(std::size_t count) {
        ASSERT(count <= bytes_.size() - end_);
        end_ += count;
    }

  private:
    std::vector<std::byte> bytes_;
    std::size_t start_ = 0;
    std::size_t end_ = 0;
};

}  // namespace miletus::native
