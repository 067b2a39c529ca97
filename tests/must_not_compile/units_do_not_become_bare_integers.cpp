// A quantity gives up its unit only by value().
// expect gcc: cannot convert
// expect clang: no viable conversion
#include "base/units.hpp"

#include <cstdint>

std::int64_t bare(miletus::Amount amount) {
#ifdef WRONG
    return amount;
#else
    return amount.value();
#endif
}
