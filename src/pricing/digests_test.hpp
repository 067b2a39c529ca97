// Random numbers, and digests that every kind of lanes must come to, for tests of bits.
#pragma once

#include "base/hash.hpp"
#include "base/prng.hpp"
#include "pricing/isa.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string_view>

namespace miletus::pricing {

inline double between(Prng& prng, double low, double high) {
    const double share = static_cast<double>(prng.next() >> 11U) * 0x1p-53;
    return low + (high - low) * share;
}

// Calls work() for each kind of lanes that the machine has; all must come to the same digest.
inline void expect_everywhere(std::string_view golden, const std::function<Hash128()>& work) {
    const Isa before = isa();
    for (const Isa wanted : {Isa::scalar, Isa::avx2, Isa::avx512}) {
        if (set_isa(wanted)) {
            EXPECT_EQ(hex(work()), golden) << name_of(wanted);
        }
    }
    EXPECT_TRUE(set_isa(before));
}

}  // namespace miletus::pricing
