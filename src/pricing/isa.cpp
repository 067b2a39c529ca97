// What the processor says of itself.
#include "pricing/isa.hpp"

#include <atomic>

namespace miletus::pricing {

namespace {

Isa widest() {
    return has_isa(Isa::avx512) ? Isa::avx512 : Isa::avx2;
}

std::atomic<Isa>& chosen() {
    static std::atomic<Isa> isa = widest();
    return isa;
}

}  // namespace

bool has_isa(Isa isa) {
    const bool has_512 =
        __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
        __builtin_cpu_supports("avx512cd") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
        __builtin_cpu_supports("avx512vl") != 0;
    return isa != Isa::avx512 || has_512;
}

Isa isa() {
    return chosen().load(std::memory_order_relaxed);
}

bool set_isa(Isa wanted) {
    if (!has_isa(wanted)) {
        return false;
    }
    chosen().store(wanted, std::memory_order_relaxed);
    return true;
}

std::string_view name_of(Isa isa) {
    switch (isa) {
        case Isa::scalar:
            return "scalar";
        case Isa::avx2:
            return "AVX2";
        case Isa::avx512:
            return "AVX-512";
    }
    return "?";
}

}  // namespace miletus::pricing
