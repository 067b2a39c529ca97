// ASSERT: a bug stops the process, in release too. A restart replays the log, which still has
// everything.
#pragma once

namespace miletus {

// Prints the failed condition and its place, then aborts. Kept out of line so that a passing check
// costs one compare and one branch.
[[noreturn, gnu::cold]] void assert_failed(const char* condition, const char* file, int line);

}  // namespace miletus

#define ASSERT(condition)               \
    (__builtin_expect(!!(condition), 1) \
         ? static_cast<void>(0)         \
         : ::miletus::assert_failed(#condition, __FILE__, __LINE__))
