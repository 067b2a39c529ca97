// The words that parameters choose from, from choices.def: an enumeration each, and the words by
// their place in it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace miletus::deribit {

namespace choices {

#define CHOICES(Name, set, sentence) enum class Name : std::uint8_t {
#define WORD(enumerator, text) enumerator,
#define END_CHOICES \
    }               \
    ;
#include "edge/gateway/deribit/schema/choices.def"

}  // namespace choices

// Which enumeration.
enum class ChoiceSet : std::uint8_t {
    none,
#define CHOICES(Name, set, sentence) set,
#include "edge/gateway/deribit/schema/choices.def"
};

// Its name, its sentence, and the words in the order of the enumerators.
[[nodiscard]] std::string_view name(ChoiceSet set);
[[nodiscard]] std::string_view sentence(ChoiceSet set);
[[nodiscard]] std::span<const std::string_view> words(ChoiceSet set);

// Where in it the word stands, if it does.
[[nodiscard]] std::optional<std::uint8_t> place_of(ChoiceSet set, std::string_view word);

template <class Enum>
struct ChoiceSetOf;
#define CHOICES(Name, choice_set, sentence)                     \
    template <>                                                 \
    struct ChoiceSetOf<choices::Name> {                         \
        static constexpr ChoiceSet set = ChoiceSet::choice_set; \
    };
#include "edge/gateway/deribit/schema/choices.def"

template <class Enum>
[[nodiscard]] std::string_view word(Enum value) {
    return words(ChoiceSetOf<Enum>::set)[std::to_underlying(value)];
}

template <class Enum>
[[nodiscard]] std::optional<Enum> choice_named(std::string_view text) {
    const std::optional<std::uint8_t> place = place_of(ChoiceSetOf<Enum>::set, text);
    return place.has_value() ? std::optional(static_cast<Enum>(*place)) : std::nullopt;
}

}  // namespace miletus::deribit
