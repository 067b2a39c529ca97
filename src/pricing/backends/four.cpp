// Two vectors of AVX2 at a time.
#include "pricing/lanes/four.hpp"

#include "pricing/backends/kernels.hpp"
#include "pricing/lanes/pair.hpp"

namespace miletus::pricing {

const Backend& backend_four() {
    static constexpr Backend kernels = backend_of<lanes::Pair<lanes::Four>>();
    return kernels;
}

}  // namespace miletus::pricing
