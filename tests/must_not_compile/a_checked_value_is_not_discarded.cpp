// A multiplication that may not fit is looked at.
// expect gcc: ignoring return value
// expect clang: ignoring return value
#include "base/units.hpp"

bool fits(miletus::LotValue per_lot, miletus::Lots lots) {
#ifdef WRONG
    miletus::value_of(per_lot, lots);
    return true;
#else
    return miletus::value_of(per_lot, lots).has_value();
#endif
}
