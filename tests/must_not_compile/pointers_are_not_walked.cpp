// Pointer arithmetic is an error outside the files that are listed as unsafe.
// expect clang: unsafe pointer arithmetic
#include <span>

int second([[maybe_unused]] const int* pointer, std::span<const int> values) {
#ifdef WRONG
    return *(pointer + 1);
#else
    return values[1];
#endif
}
