// The failing branch of ASSERT.
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace miletus {

void assert_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: ASSERT(%s) failed\n", file, line, condition);
    std::abort();
}

}  // namespace miletus
