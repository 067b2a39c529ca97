// Numbers, flags and choices are understood here; what is kept besides is text.
#include "edge/gateway/deribit/rpc/intake.hpp"

#include "edge/gateway/deribit/rpc/json_check.hpp"
#include "edge/gateway/deribit/rpc/number.hpp"
#include "edge/gateway/deribit/rpc/word.hpp"

#include <bit>

namespace miletus::deribit {

namespace {

constexpr std::string_view wrong_format = "wrong format";

// As programs write flags: True of Python, 1 of others.
[[nodiscard]] std::optional<std::int64_t> flag_of(std::string_view text) {
    if (is_word(text, "true") || text == "1") {
        return 1;
    }
    return is_word(text, "false") || text == "0" ? std::optional<std::int64_t>(0) : std::nullopt;
}

// False where it is not of its type.
[[nodiscard]] bool understand(const ParameterRow& row, Values::Value& value) {
    std::optional<std::int64_t> integer;
    switch (type_of(row)) {
        case ParameterType::integer:
            integer = scaled_number(value.text, 0);
            break;
        case ParameterType::flag:
            integer = flag_of(value.text);
            break;
        case ParameterType::choice:
            integer = place_of(row.choices, value.text);
            break;
        case ParameterType::number:
            if (const auto number = number_in(value.text); number.has_value()) {
                value.number = *number;
                return true;
            }
            return false;
        case ParameterType::text:
        case ParameterType::texts:
        case ParameterType::list:
        case ParameterType::object:
            return true;
    }
    value.integer = integer.value_or(0);
    return integer.has_value();
}

[[nodiscard]] bool is_kept_as_json(ParameterType type) {
    return type == ParameterType::list || type == ParameterType::object;
}

}  // namespace

void Intake::begin(const MethodRow& method) {
    values_.method = &method;
    values_.there = 0;
    values_.texts.clear();
    values_.list.clear();
}

std::string_view Intake::keep(std::string_view text) {
    const std::size_t begin = values_.texts.size();
    ASSERT(begin + text.size() <= values_.texts.capacity());
    values_.texts.append(text);
    return std::string_view(values_.texts).substr(begin);
}

std::string_view Intake::take(Place place, std::string_view text) {
    const ParameterRow& row = row_at(place);
    const ParameterType type = type_of(row);
    if (type == ParameterType::texts) {
        begin_list(place);
        return take_element(text);
    }
    if (is_kept_as_json(type)) {
        return take_json(place, text);
    }
    return understand(row, put(place, text)) ? "" : wrong_format;
}

std::string_view Intake::take(Place place, std::string_view text, const Number& number) {
    if (type_at(place) != ParameterType::number) {
        return take(place, text);
    }
    put(place, text).number = number;
    return "";
}

std::string_view Intake::take_json(Place place, std::string_view json) {
    const ParameterType type = type_of(row_at(place));
    const char opening = type == ParameterType::list ? '[' : '{';
    if (!is_kept_as_json(type) || !json.starts_with(opening) || !is_json(json, depth_max_)) {
        return wrong_format;
    }
    put(place, json);
    return "";
}

void Intake::begin_list(Place place) {
    if (!values_.has(place)) {
        values_.list.clear();
    }
    put(place, "");
}

std::string_view Intake::take_element(std::string_view text) {
    if (values_.list.size() >= list_max_) {
        return "too many elements";
    }
    values_.list.push_back(keep(text));
    return "";
}

std::optional<Failure> Intake::end() {
    const Places lacking = values_.method->required & ~values_.there;
    if (lacking != 0) {
        const auto first = static_cast<Place>(std::countr_zero(lacking));
        return wrong(row_at(first).parameter, "value required");
    }
    return std::nullopt;
}

}  // namespace miletus::deribit
