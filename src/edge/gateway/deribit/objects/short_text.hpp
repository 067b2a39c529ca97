// ShortText: text that is put together without allocating: ids, names of indexes, dates. What does
// not fit is cut off; the rooms below hold every text that they are made for.
#pragma once

#include "base/annotations.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace miletus::deribit {

template <std::size_t room>
class ShortText {
  public:
    void push(char letter) {
        if (size_ < room) {
            letters_[size_++] = letter;
        }
    }
    void push(std::string_view text) {
        for (const char letter : text) {
            push(letter);
        }
    }
    void push_number(std::uint64_t number) {
        std::array<char, 20> digits{};
        std::size_t at = digits.size();
        do {
            digits[--at] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number != 0);
        push(std::string_view(digits.data(), digits.size()).substr(at));
    }
    // With zeros in front, as dates have them.
    void push_two_digits(std::uint32_t number) {
        push(static_cast<char>('0' + number / 10 % 10));
        push(static_cast<char>('0' + number % 10));
    }
    [[nodiscard]] std::string_view view() const LIFETIME_BOUND {
        return std::string_view(letters_.data(), size_);
    }

  private:
    std::array<char, room> letters_{};
    std::size_t size_ = 0;
};

using IdText = ShortText<40>;  // an asset's name, a dash, 20 digits
using IndexName = ShortText<16>;
using DateText = ShortText<16>;

}  // namespace miletus::deribit
