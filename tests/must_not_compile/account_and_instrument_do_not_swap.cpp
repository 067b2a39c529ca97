// Two ids of the same width are still two types: swapped arguments do not compile.
// expect gcc: could not convert
// expect clang: no matching function for call
#include "base/units.hpp"

using miletus::AccountId;
using miletus::InstrumentId;

bool holds(AccountId account, InstrumentId instrument) {
    return account.value() == instrument.value();
}

bool call(AccountId account, InstrumentId instrument) {
#ifdef WRONG
    return holds(instrument, account);
#else
    return holds(account, instrument);
#endif
}
