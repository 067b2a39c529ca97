// One that was left out reads as its default.
#include "edge/gateway/deribit/rpc/parameters.hpp"

namespace miletus::deribit {

std::string_view Parameters::otherwise(Parameter parameter) const {
    const Place place = values_->method->place_of(parameter);
    return place == no_place ? "" : values_->method->at(place).need.otherwise;
}

std::string_view Parameters::text(Parameter parameter) const {
    const Values::Value* const value = find(parameter);
    return value == nullptr ? otherwise(parameter) : value->text;
}

std::optional<std::int64_t> Parameters::scaled(Parameter parameter, std::uint32_t decimals) const {
    ASSERT(type(parameter) == ParameterType::number);
    const Values::Value* const value = find(parameter);
    return value == nullptr ? scaled_number(otherwise(parameter), decimals)
                            : deribit::scaled(value->number, decimals);
}

std::optional<std::int64_t> Parameters::integer(Parameter parameter) const {
    const Values::Value* const value = find(parameter);
    return value == nullptr ? scaled_number(otherwise(parameter), 0) : value->integer;
}

bool Parameters::flag(Parameter parameter) const {
    const Values::Value* const value = find(parameter);
    return value == nullptr ? otherwise(parameter) == "true" : value->integer != 0;
}

std::optional<std::uint8_t> Parameters::choice_place(Parameter parameter, ChoiceSet set) const {
    const Values::Value* const value = find(parameter);
    if (value == nullptr) {
        return place_of(set, otherwise(parameter));
    }
    ASSERT(values_->method->at(values_->method->place_of(parameter)).choices == set);
    return static_cast<std::uint8_t>(value->integer);
}

std::span<const std::string_view> Parameters::list(Parameter parameter) const {
    return has(parameter) ? std::span<const std::string_view>(values_->list)
                          : std::span<const std::string_view>();
}

}  // namespace miletus::deribit
