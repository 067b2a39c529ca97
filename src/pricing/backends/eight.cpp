// Two vectors of AVX-512 at a time: the only file that is compiled for them, and called only where
// they are.
#include "pricing/lanes/eight.hpp"

#include "pricing/backends/kernels.hpp"
#include "pricing/lanes/pair.hpp"

namespace miletus::pricing {

const Backend& backend_eight() {
    static constexpr Backend kernels = backend_of<lanes::Pair<lanes::Eight>>();
    return kernels;
}

}  // namespace miletus::pricing
