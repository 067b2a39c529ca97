// Lengths are checked here, and columns walked in the backends.
#include "pricing/math/math.hpp"

#include "pricing/backends/backends.hpp"

namespace miletus::pricing {

bool evaluate(Function function, std::span<const double> x, std::span<const double> y,
              std::span<double> out) {
    static constexpr double unused = 0.0;
    const bool needs_second = function == Function::pow;
    const bool fits = out.size() == x.size() &&
                      (needs_second ? y.size() == x.size() || y.size() == 1 : y.empty());
    if (!fits) {
        return false;
    }
    const lanes::Column<double> second = needs_second
                                             ? lanes::Column<double>{y.data(), y.size() == 1}
                                             : lanes::Column<double>{&unused, true};
    const UsualRounding rounding;
    backend().apply(function, {x.data(), false}, second, out.data(), x.size());
    return true;
}

double value_of(Function function, double x, double y) {
    double result = 0;
    const UsualRounding rounding;
    backend_one().apply(function, {&x, true}, {&y, true}, &result, 1);
    return result;
}

}  // namespace miletus::pricing
