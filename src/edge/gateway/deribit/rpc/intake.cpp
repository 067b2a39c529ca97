// Numbers, flags and choices are understood here; what is kept besides is text.
#include "edge/gateway/deribit/rpc/intake.hpp"

#include "edge/gateway/deribit/rpc/json_check.hpp"
#include "edge/gateway/deribit/rpc/number.hpp"

namespace miletus::deribit {

namespace {

constexpr std::string_view wrong_format = "wrong format";

[[nodiscard]] constexpr char small(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

[[nodiscard]] bool is_word(std::string_view text, std::string_view word) {
    if (text.size() != word.size()) {
        return false;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (small(text[at]) != word[at]) {
            return false;
        }
    }
    return true;
}

// As programs write flags: True of Python, 1 of others.
[[nodiscard]] std::optional<std::int64_t> flag_of(std::string_view text) {
    if (is_word(text, "true") || text == "1") {
        return 1;
    }
    return is_word(text, "false") || text == "0" ? std::optional<std::int64_t>(0) : std::nullopt;
}

// What the value is as a number, where its type is one that is kept so; 0 for the others.
[[nodiscard]] std::optional<std::int64_t> number_of(const ParameterRow& row,
                                                    std::string_view text) {
    switch (type_of(row)) {
        case ParameterType::integer:
            return scaled_number(text, 0);
        case ParameterType::flag:
            return flag_of(text);
        case ParameterType::choice:
            if (const auto place = place_of(row.choices, text); place.has_value()) {
                return *place;
            }
            return std::nullopt;
        case ParameterType::number:
            return is_number(text) ? std::optional<std::int64_t>(0) : std::nullopt;
        case ParameterType::text:
        case ParameterType::texts:
        case ParameterType::list:
        case ParameterType::object:
            break;
    }
    return 0;
}

[[nodiscard]] bool is_kept_as_json(ParameterType type) {
    return type == ParameterType::list || type == ParameterType::object;
}

}  // namespace

void Intake::begin(Method method) {
    values_.method = method;
    const std::size_t count = row(method).parameters.size();
    for (std::size_t place = 0; place < count; ++place) {
        values_.values[place].is_there = false;
    }
    values_.texts.clear();
    values_.elements.clear();
    values_.list.clear();
}

Values::Value Intake::kept(std::string_view text) {
    const auto begin = static_cast<std::uint32_t>(values_.texts.size());
    values_.texts.append(text);
    return {.begin = begin,
            .length = static_cast<std::uint32_t>(text.size()),
            .number = 0,
            .is_there = true};
}

std::string_view Intake::take(std::size_t place, std::string_view text) {
    const ParameterRow& row = row_at(place);
    const ParameterType type = type_of(row);
    if (type == ParameterType::texts) {
        begin_list(place);
        return take_element(text);
    }
    if (is_kept_as_json(type)) {
        return take_json(place, text);
    }
    const std::optional<std::int64_t> number = number_of(row, text);
    if (!number.has_value()) {
        return wrong_format;
    }
    Values::Value value = kept(text);
    value.number = *number;
    values_.values[place] = value;
    return "";
}

std::string_view Intake::take_json(std::size_t place, std::string_view json) {
    const ParameterType type = type_of(row_at(place));
    const char opening = type == ParameterType::list ? '[' : '{';
    if (!is_kept_as_json(type) || !json.starts_with(opening) || !is_json(json, depth_max_)) {
        return wrong_format;
    }
    values_.values[place] = kept(json);
    return "";
}

void Intake::begin_list(std::size_t place) {
    if (!values_.values[place].is_there) {
        values_.elements.clear();
    }
    values_.values[place] = kept("");
}

std::string_view Intake::take_element(std::string_view text) {
    if (values_.elements.size() >= list_max_) {
        return "too many elements";
    }
    values_.elements.push_back(kept(text));
    return "";
}

std::optional<Failure> Intake::end() {
    const std::span<const ParameterRow> rows = row(values_.method).parameters;
    for (std::size_t place = 0; place < rows.size(); ++place) {
        if (rows[place].need.is_required && !values_.values[place].is_there) {
            return wrong(rows[place].parameter, "value required");
        }
    }
    const std::string_view texts = values_.texts;
    for (const Values::Value& element : values_.elements) {
        values_.list.push_back(texts.substr(element.begin, element.length));
    }
    return std::nullopt;
}

}  // namespace miletus::deribit
