# The flags every file of ours is compiled with: warnings as errors, checks that stay on in release,
# and what makes the same source give the same bits. Level and sanitizers come from the preset.

set(SAFETY_WARNINGS
    -Wall
    -Wextra
    -Wpedantic
    -Wconversion
    -Wsign-conversion
    -Wshadow
    -Wold-style-cast
    -Wswitch-enum
    -Wunused-result
    -Werror)
set(SAFETY_CLANG_WARNINGS
    -Wthread-safety
    -Wthread-safety-beta
    -Wdangling
    -Wreturn-stack-address
    -Wunsafe-buffer-usage
    -Wunsafe-buffer-usage-in-container)

# g++-12 sees overlapping copies in plain string concatenation (GCC bug 105651).
set(SAFETY_GNU_WARNINGS -Wno-restrict)

add_library(safety INTERFACE)
target_compile_options(
    safety
    INTERFACE ${SAFETY_WARNINGS}
              "$<$<CXX_COMPILER_ID:Clang>:${SAFETY_CLANG_WARNINGS}>"
              "$<$<CXX_COMPILER_ID:GNU>:${SAFETY_GNU_WARNINGS}>"
              -march=x86-64-v3
              -ffp-contract=off
              -fstack-protector-strong
              -fstack-clash-protection
              -fcf-protection
              -ftrivial-auto-var-init=${MILETUS_AUTO_INIT})
target_compile_definitions(safety INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(safety INTERFACE -Wl,-z,relro,-z,now)

# The core: modules in which nothing throws and nothing asks for a type at run time.
set(SAFETY_CORE_FOLDERS src/base src/protocol src/pricing src/prepared src/wasm src/engine)
add_library(safety_core INTERFACE)
target_compile_options(safety_core INTERFACE -fno-exceptions -fno-rtti)
target_link_libraries(safety_core INTERFACE safety)
