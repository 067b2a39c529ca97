// The methods and their parameters, from methods.def and parameters.def.
#pragma once

#include "edge/gateway/deribit/schema/choices.hpp"
#include "edge/gateway/deribit/schema/objects.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace miletus::deribit {

enum class Method : std::uint8_t {
#define METHOD(enumerator, name, scope, cost, transport, state, result, sentence) enumerator,
#include "edge/gateway/deribit/schema/methods.def"
};

enum class Parameter : std::uint8_t {
#define PARAMETER(name, type, sentence) name,
#include "edge/gateway/deribit/schema/parameters.def"
};

// What a client must be allowed to do.
enum class Scope : std::uint8_t {
    open,  // nothing: no login is needed
    account_read,
    account_read_write,
    trade_read,
    trade_read_write,
    wallet_read,
    wallet_read_write,
    block_trade_read,
    block_trade_read_write,
    block_rfq_read,
    block_rfq_read_write,
    custody_read,
    custody_read_write
};

// Which bucket of calls it is taken from.
enum class Cost : std::uint8_t {
    non_matching,
    matching,
    cancel_all,
    quotes,
    subscription,
    instruments
};

enum class Transport : std::uint8_t { any_transport, websocket_only };
enum class State : std::uint8_t { built, not_implemented };

// How a parameter is read, whatever its type in JSON is.
enum class ParameterType : std::uint8_t {
    text,
    number,   // exact, in any notation of JSON
    integer,  // of 64 bits
    flag,
    choice,
    texts,  // a list of texts
    list,   // of anything, kept as JSON
    object  // kept as JSON
};

struct Need {
    bool is_required = false;
    std::string_view otherwise;  // what one that is left out reads as; empty for nothing
};

struct ParameterRow {
    Parameter parameter{};
    Need need;
    ChoiceSet choices = ChoiceSet::none;
};

// The most parameters that a method has.
inline constexpr std::size_t parameters_max = 24;

// Where among a method's parameters one stands, counted from 1.
using Place = std::uint8_t;
constexpr Place no_place = 0;  // the method has no such parameter
// A set of them, as bits.
using Places = std::uint32_t;
static_assert(parameters_max < 32);

struct MethodRow {
    Method method{};
    std::string_view name;  // such as private/buy
    Scope scope{};
    Cost cost{};
    Transport transport{};
    State state{};
    Shape result;
    std::string_view sentence;
    std::span<const ParameterRow> parameters;
    std::span<const Place> places;  // by Parameter
    Places required;

    [[nodiscard]] Place place_of(Parameter parameter) const {
        return places[static_cast<std::size_t>(parameter)];
    }
    [[nodiscard]] Place place_named(std::string_view text) const;
    [[nodiscard]] const ParameterRow& at(Place place) const { return parameters[place - 1U]; }
    [[nodiscard]] bool is_private() const { return scope != Scope::open; }
    [[nodiscard]] bool is_built() const { return state == State::built; }
};

[[nodiscard]] const MethodRow& row(Method method);
[[nodiscard]] std::span<const MethodRow> all_methods();
// By its whole name.
[[nodiscard]] std::optional<Method> method_named(std::string_view name);

[[nodiscard]] std::string_view name(Parameter parameter);
[[nodiscard]] std::string_view sentence(Parameter parameter);
// Without regard to what a method chooses from: see type_of.
[[nodiscard]] ParameterType type(Parameter parameter);
[[nodiscard]] std::optional<Parameter> parameter_named(std::string_view name);
[[nodiscard]] std::span<const Parameter> all_parameters();

// What a method reads it as.
[[nodiscard]] inline ParameterType type_of(const ParameterRow& row) {
    return row.choices == ChoiceSet::none ? type(row.parameter) : ParameterType::choice;
}

// As a token names it, such as trade:read_write; empty where no login is needed.
[[nodiscard]] std::string_view text(Scope scope);

}  // namespace miletus::deribit
