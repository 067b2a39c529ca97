// A function over columns.
#pragma once

#include "pricing/lanes/cursor.hpp"
#include "pricing/math/function.hpp"
#include "pricing/math/functions.hpp"

namespace miletus::math {

template <class L, class Call>
void apply_one(const lanes::Column<double>& x, double* out, std::size_t count, Call call) {
    lanes::for_each_row<L>(count,
                           [&](const auto& cursor) { cursor.store(out, call(cursor.load(x))); });
}

template <class L>
void apply(pricing::Function function, const lanes::Column<double>& x,
           const lanes::Column<double>& y, double* out, std::size_t count) {
    using Real = typename L::Real;
    using pricing::Function;
    switch (function) {
        case Function::exp:
            return apply_one<L>(x, out, count, [](Real value) { return exp(value); });
        case Function::log:
            return apply_one<L>(x, out, count, [](Real value) { return log(value); });
        case Function::sin:
            return apply_one<L>(x, out, count, [](Real value) { return sin_and_cos(value).sine; });
        case Function::cos:
            return apply_one<L>(x, out, count,
                                [](Real value) { return sin_and_cos(value).cosine; });
        case Function::normal_density:
            return apply_one<L>(x, out, count, [](Real value) { return normal_density(value); });
        case Function::normal_distribution:
            return apply_one<L>(x, out, count,
                                [](Real value) { return normal_distribution(value); });
        case Function::normal_quantile:
            return apply_one<L>(x, out, count, [](Real value) { return normal_quantile(value); });
        case Function::mills_ratio:
            return apply_one<L>(x, out, count, [](Real value) { return mills_ratio(value); });
        case Function::pow:
            lanes::for_each_row<L>(count, [&](const auto& cursor) {
                cursor.store(out, pow(cursor.load(x), cursor.load(y)));
            });
    }
}

}  // namespace miletus::math
