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

    void begin(Method method);

    // Parameters are named by their places in the method's row. What comes back is why the value is
    // refused, or empty.

    [[nodiscard]] ParameterType type_at(std::size_t place) const { return type_of(row_at(place)); }

    // A text, a number or a flag, as text: valid UTF-8. One that shall be a list is its only
    // element.
    [[nodiscard]] std::string_view take(std::size_t place, std::string_view text);
    // A list or an object, as JSON.
    [[nodiscard]] std::string_view take_json(std::size_t place, std::string_view json);
    // The elements of a list of texts.
    void begin_list(std::size_t place);
    [[nodiscard]] std::string_view take_element(std::string_view text);
    // As if it had not come.
    void drop(std::size_t place) { values_.values[place].is_there = false; }

    // Whether all came that must. The values can be read now.
    [[nodiscard]] std::optional<Failure> end();
    [[nodiscard]] const Values& values() const LIFETIME_BOUND { return values_; }

  private:
    [[nodiscard]] const ParameterRow& row_at(std::size_t place) const {
        return row(values_.method).parameters[place];
    }
    [[nodiscard]] Values::Value kept(std::string_view text);

    std::uint32_t list_max_;
    std::uint32_t depth_max_;
    Values values_;
};

}  // namespace miletus::deribit
