// What became of one option among many: a number that is not a price carries its reason, and never
// stops the others.
#pragma once

#include <cstdint>
#include <string_view>

namespace miletus::pricing {

enum class Status : std::uint8_t {
    ok = 0,
    no_time_value = 1,    // no time left, or no volatility: priced at its intrinsic value
    not_a_number = 2,     // an input is
    out_of_domain = 3,    // an input that no option has; vanilla.hpp says which there may be
    below_intrinsic = 4,  // a price that no volatility leads to, since it is too low,
    above_maximum = 5,    // or too high
};
[[nodiscard]] std::string_view sentence(Status status);

}  // namespace miletus::pricing
