// What a simulation comes to.
#pragma once

#include "pricing/paths/status.hpp"

#include <cstdint>

namespace miletus::pricing {

// Without status ok there is no value: it is not a number.
struct Estimate {
    double value = 0;
    double standard_error = 0;
    std::uint64_t paths = 0;  // that were walked: whole samples, and as many under each shift
    // How much of the control's error was taken off. It is estimated from the same samples, which
    // biases the value by a share of the standard error that falls as one over the root of samples.
    double control_coefficient = 0;
    PathStatus status = PathStatus::ok;
};

}  // namespace miletus::pricing
