// One option as a chain of its own.
#pragma once

#include "pricing/chain/chain.hpp"

#include <cstdint>
#include <span>

namespace miletus::pricing {

inline Valuation value_in_chain(const Forward& option) {
    Valuation value;
    std::uint8_t status = 255;
    const auto chain = Chain::of({.time = option.time, .discount = option.discount},
                                 std::span(&option.strike, 1), std::span(&option.kind, 1));
    const auto one = [](double& number) {
        return std::span(&number, 1);
    };
    const bool is_priced = chain && chain->price(option.forward, std::span(&option.vol, 1),
                                                 {.price = one(value.price),
                                                  .delta = one(value.delta),
                                                  .gamma = one(value.gamma),
                                                  .vega = one(value.vega),
                                                  .theta = one(value.theta),
                                                  .rho = one(value.rho),
                                                  .vanna = one(value.vanna),
                                                  .volga = one(value.volga),
                                                  .charm = one(value.charm),
                                                  .status = std::span(&status, 1)});
    value.status = is_priced ? static_cast<Status>(status) : Status::not_a_number;
    return value;
}

}  // namespace miletus::pricing
