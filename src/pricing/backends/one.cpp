// One number at a time.
#include "pricing/lanes/one.hpp"

#include "pricing/backends/kernels.hpp"

namespace miletus::pricing {

const Backend& backend_one() {
    static constexpr Backend kernels = backend_of<lanes::One>();
    return kernels;
}

}  // namespace miletus::pricing
