// Line: first in, first out, in one block that grows by doubling and is never given back: what
// waits for an answer waits in the order in which it was asked.
#pragma once

#include "base/assert.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace miletus::deribit {

template <class Entry>
class Line {
  public:
    [[nodiscard]] bool is_empty() const { return count_ == 0; }
    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] Entry& front() {
        ASSERT(count_ != 0);
        return entries_[first_];
    }
    // Reuses an entry that was taken before, with whatever it still holds.
    [[nodiscard]] Entry& add() {
        if (count_ == entries_.size()) {
            grow();
        }
        Entry& entry = entries_[(first_ + count_) % entries_.size()];
        ++count_;
        return entry;
    }
    void take() {
        ASSERT(count_ != 0);
        first_ = (first_ + 1) % entries_.size();
        --count_;
    }

  private:
    static constexpr std::size_t least = 64;

    void grow() {
        std::vector<Entry> larger(entries_.empty() ? least : 2 * entries_.size());
        for (std::size_t at = 0; at < count_; ++at) {
            larger[at] = std::move(entries_[(first_ + at) % entries_.size()]);
        }
        entries_ = std::move(larger);
        first_ = 0;
    }

    std::vector<Entry> entries_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
};

}  // namespace miletus::deribit
