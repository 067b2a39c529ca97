// An identity is compared and copied, never added to.
// expect gcc: no match for 'operator+'
// expect clang: invalid operands to binary expression
#include "base/units.hpp"

using miletus::AccountId;

AccountId next(AccountId account) {
#ifdef WRONG
    return account + AccountId(1);
#else
    return account;
#endif
}
