// Result<T>: a value, or the Reject that says why there is none. Refusals are the client's
// business: expected, named, and impossible to drop by accident.
#pragma once

#include <cstdint>
#include <expected>
#include <utility>

namespace miletus {

// The reasons are listed in protocol/rejects.def; base only needs the type.
enum class Reject : std::uint16_t;

template <class T>
struct [[nodiscard]] Result : std::expected<T, Reject> {
    using std::expected<T, Reject>::expected;
};

using Refusal = std::unexpected<Reject>;

}  // namespace miletus

// Yields the value, or returns the refusal to the caller. One per line, never nested.
#define TRY(expression)                                    \
    __extension__({                                        \
        auto try_result = (expression);                    \
        if (!try_result) [[unlikely]] {                    \
            return ::miletus::Refusal(try_result.error()); \
        }                                                  \
        *std::move(try_result);                            \
    })
