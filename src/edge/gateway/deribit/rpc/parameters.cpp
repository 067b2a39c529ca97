// One that was left out reads as its default.
#include "edge/gateway/deribit/rpc/parameters.hpp"

#include "edge/gateway/deribit/rpc/number.hpp"

namespace miletus::deribit {

const Values::Value* Parameters::find(Parameter parameter) const {
    const std::optional<std::size_t> place = place_in(values_->method, parameter);
    if (!place.has_value() || !values_->values[*place].is_there) {
        return nullptr;
    }
    return &values_->values[*place];
}

const ParameterRow* Parameters::row_of(Parameter parameter) const {
    const std::optional<std::size_t> place = place_in(values_->method, parameter);
    return place.has_value() ? &row(values_->method).parameters[*place] : nullptr;
}

std::string_view Parameters::otherwise(Parameter parameter) const {
    const ParameterRow* const known = row_of(parameter);
    return known == nullptr ? "" : known->need.otherwise;
}

std::string_view Parameters::text(Parameter parameter) const {
    const Values::Value* const value = find(parameter);
    return value == nullptr ? otherwise(parameter) : text_of(*value);
}

std::optional<std::int64_t> Parameters::scaled(Parameter parameter, std::uint32_t decimals) const {
    return scaled_number(text(parameter), decimals);
}

std::optional<std::int64_t> Parameters::integer(Parameter parameter) const {
    const Values::Value* const value = find(parameter);
    return value == nullptr ? scaled_number(otherwise(parameter), 0) : value->number;
}

bool Parameters::flag(Parameter parameter) const {
    const Values::Value* const value = find(parameter);
    return value == nullptr ? otherwise(parameter) == "true" : value->number != 0;
}

std::optional<std::uint8_t> Parameters::choice_place(Parameter parameter, ChoiceSet set) const {
    const Values::Value* const value = find(parameter);
    if (value == nullptr) {
        return place_of(set, otherwise(parameter));
    }
    ASSERT(row_of(parameter)->choices == set);
    return static_cast<std::uint8_t>(value->number);
}

std::span<const std::string_view> Parameters::list(Parameter parameter) const {
    return has(parameter) ? std::span<const std::string_view>(values_->list)
                          : std::span<const std::string_view>();
}

}  // namespace miletus::deribit
