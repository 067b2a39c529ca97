// The parameters of one call, as the schema types them: whether a number came as 10 or as "10"
// makes no difference.
#pragma once

#include "base/annotations.hpp"
#include "base/assert.hpp"
#include "edge/gateway/deribit/rpc/number.hpp"
#include "edge/gateway/deribit/schema/schema.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::deribit {

// What was read, kept in buffers that the next call takes over. Only the reader writes it.
struct Values {
    struct Value {
        std::string_view text;     // in the message, or in `texts`
        std::int64_t integer = 0;  // or a flag, or the place of a choice
        Number number{};
    };
    const MethodRow* method = nullptr;
    Places there = 0;  // never no_place
    std::array<Value, parameters_max + 1> values{};
    std::string texts;  // does not move while a call is read
    // The elements of the one parameter that is a list of texts.
    std::vector<std::string_view> list;

    [[nodiscard]] bool has(Place place) const { return (there >> place & 1U) != 0; }
};

class Parameters {
  public:
    explicit Parameters(const Values& values LIFETIME_BOUND) : values_(&values) {}

    // Whether the client sent it, and not null.
    [[nodiscard]] bool has(Parameter parameter) const { return find(parameter) != nullptr; }

    // As text, unescaped and valid UTF-8; lists and objects as their JSON. One that was left out
    // reads as its default, or empty.
    [[nodiscard]] std::string_view text(Parameter parameter) const;
    // The same of a parameter that was checked to be JSON.
    [[nodiscard]] std::string_view raw(Parameter parameter) const { return text(parameter); }

    // A number times 10^decimals; empty where it was left out, where digits would be lost, or where
    // it does not fit.
    [[nodiscard]] std::optional<std::int64_t> scaled(Parameter parameter,
                                                     std::uint32_t decimals) const;

    // Empty where it was left out and has no default.
    [[nodiscard]] std::optional<std::int64_t> integer(Parameter parameter) const;

    // False where it was left out and has no default; `has` tells the two apart.
    [[nodiscard]] bool flag(Parameter parameter) const;

    // Empty where it was left out and has no default.
    template <class Enum>
    [[nodiscard]] std::optional<Enum> choice(Parameter parameter) const {
        const std::optional<std::uint8_t> place = choice_place(parameter, ChoiceSetOf<Enum>::set);
        return place.has_value() ? std::optional(static_cast<Enum>(*place)) : std::nullopt;
    }

    // A list of texts; empty where it was left out.
    [[nodiscard]] std::span<const std::string_view> list(Parameter parameter) const;

  private:
    [[nodiscard]] const Values::Value* find(Parameter parameter) const {
        const Place place = values_->method->place_of(parameter);
        return values_->has(place) ? &values_->values[place] : nullptr;
    }
    [[nodiscard]] std::string_view otherwise(Parameter parameter) const;
    [[nodiscard]] std::optional<std::uint8_t> choice_place(Parameter parameter,
                                                           ChoiceSet set) const;

    const Values* values_;
};

}  // namespace miletus::deribit
