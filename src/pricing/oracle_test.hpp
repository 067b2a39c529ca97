// How the oracle writes numbers: hexadecimal, without the 0x.
#pragma once

#include <cstdlib>
#include <string>

namespace miletus::pricing {

inline double number_of(const std::string& hexadecimal) {
    const bool is_negative = hexadecimal.starts_with('-');
    const std::string digits = "0x" + hexadecimal.substr(is_negative ? 1 : 0);
    const double value = std::strtod(digits.c_str(), nullptr);
    return is_negative ? -value : value;
}

}  // namespace miletus::pricing
