// Block<T>: a fixed array, allocated once at start on huge pages and never touched before first
// use. Indexing is bounds-checked in every build. Owned by one thread.
#pragma once

#include "base/annotations.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

namespace miletus {

// Zeroed pages of the kernel, aligned to a huge page where they can fill one.
class Pages {
  public:
    explicit Pages(std::size_t size);
    ~Pages();
    Pages(Pages&& other) noexcept
        : start_(std::exchange(other.start_, nullptr)),
          map_(std::exchange(other.map_, nullptr)),
          map_size_(other.map_size_) {}
    Pages& operator=(Pages&&) = delete;

    [[nodiscard]] std::byte* start() const { return start_; }

  private:
    std::byte* start_ = nullptr;
    void* map_ = nullptr;
    std::size_t map_size_ = 0;
};

template <class T>
    requires std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>
class Block {
  public:
    explicit Block(std::size_t size);

    T& operator[](std::size_t index) LIFETIME_BOUND { return items_[index]; }
    const T& operator[](std::size_t index) const LIFETIME_BOUND { return items_[index]; }

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] std::span<T> items() LIFETIME_BOUND { return items_; }
    [[nodiscard]] std::span<const T> items() const LIFETIME_BOUND { return items_; }

  private:
    Pages pages_;
    std::span<T> items_;
};

#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif
// Zero bytes are a valid value of every trivially copyable record kept in blocks.
template <class T>
    requires std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>
Block<T>::Block(std::size_t size)
    : pages_(size * sizeof(T)), items_(reinterpret_cast<T*>(pages_.start()), size) {}
#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif

}  // namespace miletus
