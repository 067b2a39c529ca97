// The objects that answers and channels are made of, from objects.def, and the shapes of fields and
// results.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace miletus::deribit {

enum class Object : std::uint8_t {
#define OBJECT(enumerator, sentence) enumerator,
#include "edge/gateway/deribit/schema/objects.def"
};

// What stands in JSON.
enum class Form : std::uint8_t {
    nothing,  // no reply at all
    text,
    number,
    integer,
    flag,
    number_or_text,
    texts,      // a list of texts
    numbers,    // a list of numbers
    rows,       // a list of lists of numbers
    levels,     // a list of pairs of price and amount
    changes,    // a list of triples of an action, price and amount
    object,     // one of the table
    objects,    // a list of one of the table
    any_object  // one that the table does not describe
};

struct Shape {
    Form form = Form::nothing;
    Object object{};  // where the form is object or objects

    friend bool operator==(const Shape&, const Shape&) = default;
};

// As the tables say it.
namespace shapes {

inline constexpr Shape no_reply{.form = Form::nothing, .object = {}};
inline constexpr Shape a_text{.form = Form::text, .object = {}};
inline constexpr Shape said_ok{.form = Form::text, .object = {}};
inline constexpr Shape a_number{.form = Form::number, .object = {}};
inline constexpr Shape an_integer{.form = Form::integer, .object = {}};
inline constexpr Shape a_flag{.form = Form::flag, .object = {}};
inline constexpr Shape number_or_text{.form = Form::number_or_text, .object = {}};
inline constexpr Shape list_of_texts{.form = Form::texts, .object = {}};
inline constexpr Shape list_of_numbers{.form = Form::numbers, .object = {}};
inline constexpr Shape a_series{.form = Form::rows, .object = {}};
inline constexpr Shape levels{.form = Form::levels, .object = {}};
inline constexpr Shape changes{.form = Form::changes, .object = {}};
inline constexpr Shape raw_object{.form = Form::any_object, .object = {}};
[[nodiscard]] constexpr Shape one(Object object) {
    return {.form = Form::object, .object = object};
}
[[nodiscard]] constexpr Shape many(Object object) {
    return {.form = Form::objects, .object = object};
}

}  // namespace shapes

enum class Presence : std::uint8_t {
    always,
    sometimes,  // left out elsewhere
    nullable    // always there, and null where there is nothing to say
};

struct FieldRow {
    std::string_view name;
    Shape shape;
    Presence presence{};
    std::string_view sentence;
};

struct ObjectRow {
    std::string_view name;
    std::string_view sentence;
    std::span<const FieldRow> fields;  // in the order in which they are written
};

[[nodiscard]] const ObjectRow& row(Object object);
[[nodiscard]] std::span<const ObjectRow> all_objects();

}  // namespace miletus::deribit
