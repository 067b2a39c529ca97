// Isa: which of the processor's vectors the kernels use. All give the same bits; the choice is for
// speed, and for tests, which make each of them do the same.
#pragma once

#include <cstdint>
#include <string_view>

namespace miletus::pricing {

enum class Isa : std::uint8_t { scalar, avx2, avx512 };

// The widest that this processor has, unless another was set.
[[nodiscard]] Isa isa();
// For tests and benchmarks; one that the processor does not have is refused.
[[nodiscard]] bool set_isa(Isa wanted);
[[nodiscard]] bool has_isa(Isa isa);
[[nodiscard]] std::string_view name_of(Isa isa);

}  // namespace miletus::pricing
