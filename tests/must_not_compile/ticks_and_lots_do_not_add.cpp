// A price and a quantity have no sum.
// expect gcc: no match for 'operator+'
// expect clang: invalid operands to binary expression
#include "base/units.hpp"

using miletus::Lots;
using miletus::Ticks;

Ticks sum(Ticks price, [[maybe_unused]] Lots lots) {
#ifdef WRONG
    return price + lots;
#else
    return price + Ticks(1);
#endif
}
