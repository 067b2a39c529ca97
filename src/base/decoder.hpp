// StateDecoder: reads back what StateEncoder wrote. Its bytes come from outside, so nothing about
// them is taken for granted: the first fault stays, as a short sentence, and from then on every
// value is zero. A reader may so go on, and look at its next require() whether to.
#pragma once

#include "base/annotations.hpp"
#include "base/encoder.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace miletus {

// A text of at most `room` letters.
template <std::size_t room>
struct TakenText {
    std::array<char, room> letters{};
    std::size_t size = 0;

    [[nodiscard]] std::string_view view() const LIFETIME_BOUND {
        return std::string_view(letters.data(), room).substr(0, size);
    }
};

class StateDecoder {
  public:
    explicit StateDecoder(std::span<const std::byte> bytes LIFETIME_BOUND) : rest_(bytes) {}

    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    [[nodiscard]] Integer take() {
        constexpr std::string_view fault = "the bytes end too early";
        if (!require(rest_.size() >= sizeof(Integer), fault)) {
            return 0;
        }
        std::array<std::byte, sizeof(Integer)> bytes{};
        std::ranges::copy(rest_.first(sizeof(Integer)), bytes.begin());
        rest_ = rest_.subspan(sizeof(Integer));
        return std::bit_cast<Integer>(bytes);
    }

    // A byte that is neither 0 nor 1 is no bool, and may not become one.
    template <std::same_as<bool> Flag>
    [[nodiscard]] Flag take() {
        const auto byte = take<std::uint8_t>();
        return require(byte <= 1, "a flag is neither 0 nor 1") && byte == 1;
    }

    // Units and ids.
    template <class Value>
        requires requires(Value value) { value.value(); }
    [[nodiscard]] Value take() {
        return Value(take<typename Value::Value>());
    }

    // Enumerations with a check that a number has a name.
    template <class Enum>
        requires std::is_enum_v<Enum>
    [[nodiscard]] Enum take() {
        const auto value = static_cast<Enum>(take<std::underlying_type_t<Enum>>());
        return require(is_valid(value), "a number has no name") ? value : Enum{};
    }

    // What a loop may run to: more than `most` is a fault, told by the sentence.
    [[nodiscard]] std::uint32_t take_count(std::size_t most, std::string_view fault) {
        const auto count = take<std::uint32_t>();
        return require(count <= most, fault) ? count : 0;
    }

    template <std::size_t room>
    [[nodiscard]] TakenText<room> take_text() {
        TakenText<room> text;
        text.size = take_count(room, "a text is too long");
        for (char& letter : std::span(text.letters).first(text.size)) {
            letter = take<char>();
        }
        return text;
    }

    // Says whether all is well so far. The sentence outlives the decoder: it is a literal.
    bool require(bool is_true, std::string_view fault) {
        if (!is_true && fault_.empty()) [[unlikely]] {
            fault_ = fault;
        }
        return fault_.empty();
    }

    [[nodiscard]] bool is_sound() const { return fault_.empty(); }
    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
    [[nodiscard]] std::string_view fault() const { return fault_; }

  private:
    std::span<const std::byte> rest_;
    std::string_view fault_;  // the first one, or empty
};

}  // namespace miletus
