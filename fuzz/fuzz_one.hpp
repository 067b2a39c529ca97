// What each fuzz body defines, and both mains call: one run over arbitrary bytes. A finding is a
// tripped ASSERT or a sanitizer's report; returning means that all was well.
#pragma once

#include <cstddef>
#include <span>

namespace miletus {

void fuzz_one(std::span<const std::byte> bytes);

}  // namespace miletus
