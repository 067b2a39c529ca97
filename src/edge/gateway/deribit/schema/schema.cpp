// The tables in memory.
#include "edge/gateway/deribit/schema/schema.hpp"

#include "base/assert.hpp"
#include "edge/gateway/deribit/schema/name_table.hpp"

#include <algorithm>
#include <array>

namespace miletus::deribit {

namespace {

constexpr auto all_codes = std::to_array<ErrorCode>({
#define FAILURE(code, name, message) ErrorCode::name,
#include "edge/gateway/deribit/schema/errors.def"
});

constexpr auto parameters = std::to_array<Parameter>({
#define PARAMETER(name, type, sentence) Parameter::name,
#include "edge/gateway/deribit/schema/parameters.def"
});
constexpr auto parameter_names = std::to_array<std::string_view>({
#define PARAMETER(name, type, sentence) #name,
#include "edge/gateway/deribit/schema/parameters.def"
});
constexpr auto parameter_types = std::to_array<ParameterType>({
#define PARAMETER(name, type, sentence) ParameterType::type,
#include "edge/gateway/deribit/schema/parameters.def"
});
constexpr auto parameter_sentences = std::to_array<std::string_view>({
#define PARAMETER(name, type, sentence) sentence,
#include "edge/gateway/deribit/schema/parameters.def"
});
constexpr NameTable parameters_by_name(parameter_names);
static_assert(parameters_by_name.comparisons_max() <= 6);

struct ChoiceRow {
    std::string_view name;
    std::string_view sentence;
    std::span<const std::string_view> words;
};

namespace word_lists {
#define CHOICES(Name, set, sentence) constexpr auto set = std::to_array<std::string_view>({
#define WORD(enumerator, text) text,
#define END_CHOICES \
    })              \
        ;
#include "edge/gateway/deribit/schema/choices.def"
}  // namespace word_lists

constexpr auto choice_rows = std::to_array<ChoiceRow>({
    ChoiceRow{},
#define CHOICES(Name, set, sentence) ChoiceRow{#set, sentence, word_lists::set},
#include "edge/gateway/deribit/schema/choices.def"
});

// Each list begins with an entry that stands for nothing, since some methods have no parameters.
namespace parameter_lists {
constexpr Need required{.is_required = true, .otherwise = ""};
constexpr Need optional{.is_required = false, .otherwise = ""};
[[nodiscard]] constexpr Need by_default(std::string_view otherwise) {
    return {.is_required = false, .otherwise = otherwise};
}
#define METHOD(enumerator, name, scope, cost, transport, state, result, sentence) \
    constexpr auto enumerator = std::to_array<ParameterRow>({ParameterRow{},
#define PARAM(name, need) ParameterRow{Parameter::name, need, ChoiceSet::none},
#define CHOICE(name, need, set) ParameterRow{Parameter::name, need, ChoiceSet::set},
#define END_METHOD \
    })             \
        ;
#include "edge/gateway/deribit/schema/methods.def"
}  // namespace parameter_lists

using PlaceList = std::array<Place, parameters.size()>;
[[nodiscard]] constexpr PlaceList places_of(std::span<const ParameterRow> list) {
    PlaceList places{};
    for (std::size_t place = 1; place < list.size(); ++place) {
        places[std::to_underlying(list[place].parameter)] = static_cast<Place>(place);
    }
    return places;
}
[[nodiscard]] constexpr Places required_of(std::span<const ParameterRow> list) {
    Places places = 0;
    for (std::size_t place = 1; place < list.size(); ++place) {
        places |= list[place].need.is_required ? Places{1} << place : 0;
    }
    return places;
}
namespace place_lists {
#define METHOD(enumerator, name, scope, cost, transport, state, result, sentence) \
    constexpr PlaceList enumerator = places_of(parameter_lists::enumerator);
#include "edge/gateway/deribit/schema/methods.def"
}  // namespace place_lists

namespace method_table {
using enum Scope;
using enum Cost;
using enum Transport;
using enum State;
#define METHOD(enumerator, name, scope, cost, transport, state, result, sentence) \
    MethodRow{Method::enumerator,                                                 \
              name,                                                               \
              scope,                                                              \
              cost,                                                               \
              transport,                                                          \
              state,                                                              \
              shapes::result,                                                     \
              sentence,                                                           \
              std::span(parameter_lists::enumerator).subspan(1),                  \
              place_lists::enumerator,                                            \
              required_of(parameter_lists::enumerator)},
constexpr auto rows = std::to_array<MethodRow>({
#include "edge/gateway/deribit/schema/methods.def"
});
static_assert(std::ranges::all_of(rows, [](const MethodRow& method) {
    return method.parameters.size() <= parameters_max;
}));
}  // namespace method_table

constexpr auto method_names = std::to_array<std::string_view>({
#define METHOD(enumerator, name, scope, cost, transport, state, result, sentence) name,
#include "edge/gateway/deribit/schema/methods.def"
});
constexpr NameTable methods_by_name(method_names);
static_assert(methods_by_name.comparisons_max() <= 6);

namespace field_lists {
#define OBJECT(enumerator, sentence) constexpr auto enumerator = std::to_array<FieldRow>({
#define FIELD(name, shape, presence, sentence) \
    FieldRow{#name, shapes::shape, Presence::presence, sentence},
#define END_OBJECT \
    })             \
        ;
#include "edge/gateway/deribit/schema/objects.def"
}  // namespace field_lists

constexpr auto object_rows = std::to_array<ObjectRow>({
#define OBJECT(enumerator, sentence) ObjectRow{#enumerator, sentence, field_lists::enumerator},
#include "edge/gateway/deribit/schema/objects.def"
});

constexpr auto channel_rows = std::to_array<ChannelRow>({
#define CHANNEL(enumerator, pattern, scope, state, data, sentence) \
    ChannelRow{                                                    \
        ChannelKind::enumerator, pattern, Scope::scope, State::state, shapes::data, sentence},
#include "edge/gateway/deribit/schema/channels.def"
});

}  // namespace

std::string_view message(ErrorCode code) {
    switch (code) {
#define FAILURE(number, name, message) \
    case ErrorCode::name:              \
        return message;
#include "edge/gateway/deribit/schema/errors.def"
    }
    return "error";
}
std::span<const ErrorCode> all_errors() {
    return all_codes;
}

std::string_view name(ChoiceSet set) {
    return choice_rows[std::to_underlying(set)].name;
}
std::string_view sentence(ChoiceSet set) {
    return choice_rows[std::to_underlying(set)].sentence;
}
std::span<const std::string_view> words(ChoiceSet set) {
    return choice_rows[std::to_underlying(set)].words;
}
std::optional<std::uint8_t> place_of(ChoiceSet set, std::string_view word) {
    const std::span<const std::string_view> known = words(set);
    for (std::size_t place = 0; place < known.size(); ++place) {
        if (known[place] == word) {
            return static_cast<std::uint8_t>(place);
        }
    }
    return std::nullopt;
}

const ObjectRow& row(Object object) {
    return object_rows[std::to_underlying(object)];
}
std::span<const ObjectRow> all_objects() {
    return object_rows;
}

const MethodRow& row(Method method) {
    return method_table::rows[std::to_underlying(method)];
}
std::span<const MethodRow> all_methods() {
    return method_table::rows;
}
std::optional<Method> method_named(std::string_view name) {
    const std::size_t place = methods_by_name.find(name);
    return place < method_names.size() ? std::optional(static_cast<Method>(place)) : std::nullopt;
}

Place MethodRow::place_named(std::string_view text) const {
    const std::size_t parameter = parameters_by_name.find(text);
    return parameter < places.size() ? places[parameter] : no_place;
}

std::string_view name(Parameter parameter) {
    return parameter_names[std::to_underlying(parameter)];
}
std::string_view sentence(Parameter parameter) {
    return parameter_sentences[std::to_underlying(parameter)];
}
ParameterType type(Parameter parameter) {
    return parameter_types[std::to_underlying(parameter)];
}
std::optional<Parameter> parameter_named(std::string_view name) {
    const std::size_t place = parameters_by_name.find(name);
    return place < parameters.size() ? std::optional(static_cast<Parameter>(place)) : std::nullopt;
}
std::span<const Parameter> all_parameters() {
    return parameters;
}

const ChannelRow& row(ChannelKind kind) {
    return channel_rows[std::to_underlying(kind)];
}
std::span<const ChannelRow> all_channels() {
    return channel_rows;
}

std::string_view text(Scope scope) {
    switch (scope) {
        case Scope::open:
            return "";
        case Scope::account_read:
            return "account:read";
        case Scope::account_read_write:
            return "account:read_write";
        case Scope::trade_read:
            return "trade:read";
        case Scope::trade_read_write:
            return "trade:read_write";
        case Scope::wallet_read:
            return "wallet:read";
        case Scope::wallet_read_write:
            return "wallet:read_write";
        case Scope::block_trade_read:
            return "block_trade:read";
        case Scope::block_trade_read_write:
            return "block_trade:read_write";
        case Scope::block_rfq_read:
            return "block_rfq:read";
        case Scope::block_rfq_read_write:
            return "block_rfq:read_write";
        case Scope::custody_read:
            return "custody:read";
        case Scope::custody_read_write:
            return "custody:read_write";
    }
    return "";
}

}  // namespace miletus::deribit
