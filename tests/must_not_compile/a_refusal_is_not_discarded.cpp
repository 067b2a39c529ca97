// A Result says whether it happened, and must be read. std::expected alone would let it drop.
// expect gcc: ignoring return
// expect clang: ignoring return value
#include "base/result.hpp"

miletus::Result<int> place();

bool call() {
#ifdef WRONG
    place();
    return true;
#else
    return place().has_value();
#endif
}
