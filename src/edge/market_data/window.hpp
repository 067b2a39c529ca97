// Window: the last so many values, oldest first. It grows to its bound and then overwrites.
#pragma once

#include "base/annotations.hpp"
#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace miletus::market_data {

template <class T>
class Window {
  public:
    explicit Window(std::size_t most) : most_(most) { ASSERT(most != 0); }

    void push(const T& value) {
        if (values_.size() < most_) {
            values_.push_back(value);
        } else {
            values_[oldest_] = value;
            oldest_ = oldest_ + 1 == most_ ? 0 : oldest_ + 1;
        }
    }

    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] bool is_empty() const { return values_.empty(); }
    [[nodiscard]] bool is_full() const { return values_.size() == most_; }
    // From the oldest on.
    [[nodiscard]] const T& operator[](std::size_t at) const LIFETIME_BOUND {
        return values_[place_of(at)];
    }
    [[nodiscard]] T& operator[](std::size_t at) LIFETIME_BOUND { return values_[place_of(at)]; }
    [[nodiscard]] const T& back() const LIFETIME_BOUND { return (*this)[size() - 1]; }
    [[nodiscard]] T& back() LIFETIME_BOUND { return (*this)[size() - 1]; }

    // The first for which it is not true any more, of an order in which it is true first: its
    // place, or size().
    template <class IsBefore>
    [[nodiscard]] std::size_t first_not(IsBefore is_before) const {
        std::size_t low = 0;
        std::size_t high = size();
        while (low != high) {
            const std::size_t middle = low + (high - low) / 2;
            if (is_before((*this)[middle])) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

  private:
    [[nodiscard]] std::size_t place_of(std::size_t at) const {
        const std::size_t place = oldest_ + at;
        return place < values_.size() ? place : place - values_.size();
    }

    std::vector<T> values_;
    std::size_t most_;
    std::size_t oldest_ = 0;
};

}  // namespace miletus::market_data
