// Values come into the buffers of a call, each checked by the schema.
#pragma once

#include "edge/gateway/deribit/rpc/failure.hpp"
#include "edge/gateway/deribit/rpc/parameters.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace miletus::deribit {

class Intake {
  public:
    explicit Intake(std::uint32_t list_max, std::uint32_t depth_max)
        : list_max_(list_max), depth_max_(depth_max) {}

    // So many letters may be kept: those of a message.
    void make_room(std::size_t letters) { values_.texts.reserve(letters); }
    void begin(const MethodRow& method);

    // Parameters are named by their places in the method. What comes back is why the value is
    // refused, or empty.

    [[nodiscard]] ParameterType type_at(Place place) const { return type_of(row_at(place)); }

    // A text, a number or a flag, as text: valid UTF-8. It must stay where it is until the next
    // call. One that shall be a list is its only element.
    [[nodiscard]] std::string_view take(Place place, std::string_view text);
    // The same of one that does not stay.
    [[nodiscard]] std::string_view take_copy(Place place, std::string_view text) {
        // An element is kept in any case.
        const bool is_element = type_at(place) == ParameterType::texts;
        return take(place, is_element ? text : keep(text));
    }
    // The same of a number as JSON writes it.
    [[nodiscard]] std::string_view take(Place place, std::string_view text, const Number& number);
    // A list or an object, as JSON.
    [[nodiscard]] std::string_view take_json(Place place, std::string_view json);
    // The elements of a list of texts. They are kept.
    void begin_list(Place place);
    [[nodiscard]] std::string_view take_element(std::string_view text);
    // As if it had not come.
    void drop(Place place) { values_.there &= ~(Places{1} << place); }

    // Whether all came that must. The values can be read now.
    [[nodiscard]] std::optional<Failure> end();
    [[nodiscard]] const Values& values() const LIFETIME_BOUND { return values_; }

  private:
    [[nodiscard]] const ParameterRow& row_at(Place place) const {
        return values_.method->at(place);
    }
    // No letter of a message is kept twice.
    [[nodiscard]] std::string_view keep(std::string_view text) LIFETIME_BOUND;
    // Values are written where they stay: to copy one just written waits for the writing.
    Values::Value& put(Place place, std::string_view text) {
        values_.there |= Places{1} << place;
        Values::Value& value = values_.values[place];
        value.text = text;
        return value;
    }

    std::uint32_t list_max_;
    std::uint32_t depth_max_;
    Values values_;
};

}  // namespace miletus::deribit
