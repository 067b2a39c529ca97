// Smiles as commands carry them, and as prices are made from them: the same numbers.
#pragma once

#include "pricing/pricing.hpp"
#include "protocol/records.hpp"

namespace miletus::prepared {

[[nodiscard]] constexpr pricing::Smile smile_from(const protocol::SurfaceSlice& slice) {
    return {.expiry = slice.expiry,
            .forward = slice.forward,
            .a = slice.a,
            .b = slice.b,
            .rho = slice.rho,
            .m = slice.m,
            .sigma = slice.sigma};
}

[[nodiscard]] constexpr protocol::SurfaceSlice slice_from(const pricing::Smile& smile) {
    return {.expiry = smile.expiry,
            .forward = smile.forward,
            .a = smile.a,
            .b = smile.b,
            .rho = smile.rho,
            .m = smile.m,
            .sigma = smile.sigma};
}

}  // namespace miletus::prepared
