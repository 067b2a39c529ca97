// Columns that are not wanted are empty here, and null there.
#include "pricing/vanilla/results.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace miletus::pricing {

bool agree(const Results& results) {
    const std::array wanted{results.delta.size(), results.gamma.size(), results.vega.size(),
                            results.theta.size(), results.rho.size(),   results.vanna.size(),
                            results.volga.size(), results.charm.size(), results.status.size()};
    return std::ranges::all_of(
        wanted, [&](std::size_t size) { return size == 0 || size == results.price.size(); });
}

bool wants_greeks(const Results& results) {
    return !results.delta.empty() || !results.gamma.empty() || !results.vega.empty() ||
           !results.theta.empty() || !results.rho.empty() || !results.vanna.empty() ||
           !results.volga.empty() || !results.charm.empty();
}

ResultColumns columns_of(const Results& results) {
    const auto wanted = [](auto column) {
        return column.empty() ? nullptr : column.data();
    };
    return {.price = results.price.data(),
            .delta = wanted(results.delta),
            .gamma = wanted(results.gamma),
            .vega = wanted(results.vega),
            .theta = wanted(results.theta),
            .rho = wanted(results.rho),
            .vanna = wanted(results.vanna),
            .volga = wanted(results.volga),
            .charm = wanted(results.charm),
            .status = wanted(results.status)};
}

bool agree(std::size_t count, std::initializer_list<std::size_t> columns) {
    return std::ranges::all_of(columns,
                               [&](std::size_t size) { return size == count || size == 1; });
}

ResultColumns columns_of(Valuation& valuation, std::uint8_t& status) {
    return {.price = &valuation.price,
            .delta = &valuation.delta,
            .gamma = &valuation.gamma,
            .vega = &valuation.vega,
            .theta = &valuation.theta,
            .rho = &valuation.rho,
            .vanna = &valuation.vanna,
            .volga = &valuation.volga,
            .charm = &valuation.charm,
            .status = &status};
}

}  // namespace miletus::pricing
