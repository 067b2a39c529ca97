// Slab<T>: fixed slots handed out by index, last freed first. Slot 0 is never handed out: it stands
// for "none", and writes through a missing link land there harmlessly. T carries `std::uint32_t
// next`, which links the free slots. The order of free slots is state: it decides the next index.
#pragma once

#include "base/assert.hpp"
#include "base/memory.hpp"

#include <cstdint>

namespace miletus {

template <class T>
concept Linked = requires(T& slot) { slot.next = std::uint32_t{}; };

template <Linked T>
class Slab {
  public:
    explicit Slab(std::uint32_t capacity)
        : slots_(std::size_t{capacity} + 1), capacity_(capacity) {}

    T& operator[](std::uint32_t index) LIFETIME_BOUND { return slots_[index]; }
    const T& operator[](std::uint32_t index) const LIFETIME_BOUND { return slots_[index]; }

    [[nodiscard]] bool is_full() const { return first_free_ == 0 && used_ == capacity_; }
    [[nodiscard]] std::uint32_t used() const { return used_; }  // slots ever handed out
    [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
    [[nodiscard]] std::uint32_t first_free() const { return first_free_; }

    // The slot that the next allocate() returns.
    [[nodiscard]] std::uint32_t peek() const { return first_free_ != 0 ? first_free_ : used_ + 1; }

    std::uint32_t allocate() {
        if (first_free_ != 0) [[likely]] {
            const std::uint32_t index = first_free_;
            first_free_ = slots_[index].next;
            return index;
        }
        ASSERT(used_ < capacity_);
        return ++used_;
    }

    void release(std::uint32_t index) {
        slots_[index].next = first_free_;
        first_free_ = index;
    }

    // ---- Restoring a slab of which nothing was handed out yet ----
    void restore_used(std::uint32_t used) {
        ASSERT(used_ == 0 && used <= capacity_);
        used_ = used;
    }
    // Names the free slots, the next one first; `last` is the one named before, or 0. Refuses one
    // that was named already.
    [[nodiscard]] bool restore_free(std::uint32_t last, std::uint32_t slot) {
        if (slot == 0 || slot > used_ || slot == last || slots_[slot].next != 0) {
            return false;
        }
        (last != 0 ? slots_[last].next : first_free_) = slot;
        return true;
    }

  private:
    Block<T> slots_;
    std::uint32_t capacity_;
    std::uint32_t first_free_ = 0;
    std::uint32_t used_ = 0;
};

}  // namespace miletus
