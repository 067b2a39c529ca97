// The one place where libFuzzer's pointer and length become a span.
#include "fuzz/fuzz_one.hpp"

#include <cstdint>

#if defined(__clang__)
#pragma clang unsafe_buffer_usage begin
#endif
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    miletus::fuzz_one(std::as_bytes(std::span(data, size)));
    return 0;
}
#if defined(__clang__)
#pragma clang unsafe_buffer_usage end
#endif
