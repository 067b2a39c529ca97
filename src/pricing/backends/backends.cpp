// Choosing one, and the processor's settings while it works.
#include "pricing/backends/backends.hpp"

#include <immintrin.h>

namespace miletus::pricing {

namespace {

// All exceptions masked, to the nearest, no flushing.
constexpr std::uint32_t usual = 0x1F80;
// What computing leaves behind, and nobody asked for.
constexpr std::uint32_t raised = 0x3F;

}  // namespace

const Backend& backend() {
    switch (isa()) {
        case Isa::scalar:
            return backend_one();
        case Isa::avx2:
            return backend_four();
        case Isa::avx512:
            return backend_eight();
    }
    return backend_one();
}

UsualRounding::UsualRounding() : before_(_mm_getcsr()) {
    if ((before_ & ~raised) != usual) {
        _mm_setcsr(usual);
    }
}

UsualRounding::~UsualRounding() {
    if ((before_ & ~raised) != usual) {
        _mm_setcsr(before_);
    }
}

}  // namespace miletus::pricing
