// Whether JSON is as the table of objects says: which keys, in which order, and what stands in
// them.
#pragma once

#include "edge/gateway/deribit/schema/schema.hpp"

#include <simdjson.h>

#include <string>
#include <string_view>

namespace miletus::deribit {

class TableCheck {
  public:
    // Empty where all is well, else the first thing that is not.
    [[nodiscard]] std::string check(std::string_view json, const Shape& shape) {
        const simdjson::padded_string padded(json);
        simdjson::dom::element element;
        if (parser_.parse(padded).get(element) != simdjson::SUCCESS) {
            return "is no JSON: " + std::string(json);
        }
        return check(element, shape, "result");
    }

  private:
    using Element = simdjson::dom::element;

    // NOLINTNEXTLINE(misc-no-recursion): as deep as the table is
    [[nodiscard]] std::string check(const Element& element, const Shape& shape,
                                    const std::string& place) {
        switch (shape.form) {
            case Form::object:
                return check_object(element, shape.object, place);
            case Form::objects:
                return check_list(element, {.form = Form::object, .object = shape.object}, place);
            case Form::texts:
                return check_list(element, shapes::a_text, place);
            case Form::numbers:
                return check_list(element, shapes::a_number, place);
            case Form::rows:
            case Form::levels:
            case Form::changes:
                return element.is_array() ? "" : place + " is no list";
            case Form::text:
                return element.is_string() ? "" : place + " is no text";
            case Form::flag:
                return element.is_bool() ? "" : place + " is no flag";
            case Form::integer:
                return element.is_int64() ? "" : place + " is no integer";
            case Form::number:
                return element.is_number() ? "" : place + " is no number";
            case Form::number_or_text:
                return element.is_number() || element.is_string() ? "" : place + " is neither";
            case Form::any_object:
                return element.is_object() ? "" : place + " is no object";
            case Form::nothing:
                return place + " should not be there";
        }
        return "";
    }
    // NOLINTNEXTLINE(misc-no-recursion)
    [[nodiscard]] std::string check_list(const Element& element, const Shape& shape,
                                         const std::string& place) {
        simdjson::dom::array list;
        if (element.get(list) != simdjson::SUCCESS) {
            return place + " is no list";
        }
        for (const Element each : list) {
            if (std::string wrong = check(each, shape, place + "[]"); !wrong.empty()) {
                return wrong;
            }
        }
        return "";
    }
    // NOLINTNEXTLINE(misc-no-recursion)
    [[nodiscard]] std::string check_object(const Element& element, Object object,
                                           const std::string& place) {
        simdjson::dom::object members;
        if (element.get(members) != simdjson::SUCCESS) {
            return place + " is no object";
        }
        const std::span<const FieldRow> fields = row(object).fields;
        std::size_t next = 0;
        for (const auto& [key, value] : members) {
            const std::string where = place + "." + std::string(key);
            while (next != fields.size() && fields[next].name != key) {
                if (fields[next].presence != Presence::sometimes) {
                    return where + " stands where " + std::string(fields[next].name) + " should";
                }
                ++next;
            }
            if (next == fields.size()) {
                return where + " is not in the table, or not there";
            }
            const FieldRow& field = fields[next++];
            if (value.is_null() && field.presence == Presence::nullable) {
                continue;
            }
            if (std::string wrong = check(value, field.shape, where); !wrong.empty()) {
                return wrong;
            }
        }
        for (; next != fields.size(); ++next) {
            if (fields[next].presence != Presence::sometimes) {
                return place + " lacks " + std::string(fields[next].name);
            }
        }
        return "";
    }

    simdjson::dom::parser parser_;
};

}  // namespace miletus::deribit
