// Result<T>: a value, or the Reject that says why there is none. Refusals are the client's
// business: expected, named, and impossible to drop by accident. Two plain fields instead of
// std::expected's union: it travels in registers, where the union went through memory and stalled
// every caller (docs/decisions/002-own-result.md).
#pragma once

#include "base/annotations.hpp"
#include "base/assert.hpp"

#include <cstdint>
#include <utility>

namespace miletus {

// The reasons are listed in protocol/rejects.def; base only needs the type, and which one is none.
enum class Reject : std::uint16_t;
constexpr Reject not_refused{100};

// What a function returns in place of a value.
class [[nodiscard]] Refusal {
  public:
    explicit constexpr Refusal(Reject reject) : reject_(reject) { ASSERT(reject != not_refused); }
    [[nodiscard]] constexpr Reject reject() const { return reject_; }

  private:
    Reject reject_;
};

template <class T>
class [[nodiscard]] Result {
  public:
    constexpr Result(const T& value) : value_(value) {}                         // NOLINT: implicit,
    constexpr Result(Refusal refusal) : value_{}, reject_(refusal.reject()) {}  // NOLINT: to return

    [[nodiscard]] constexpr bool has_value() const { return reject_ == not_refused; }
    explicit constexpr operator bool() const { return has_value(); }
    [[nodiscard]] constexpr Reject error() const { return reject_; }
    [[nodiscard]] constexpr const T& operator*() const LIFETIME_BOUND {
        ASSERT(has_value());
        return value_;
    }
    constexpr const T* operator->() const LIFETIME_BOUND { return &**this; }

  private:
    T value_;
    Reject reject_ = not_refused;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    constexpr Result() = default;
    constexpr Result(Refusal refusal) : reject_(refusal.reject()) {}  // NOLINT: implicit, to return

    [[nodiscard]] constexpr bool has_value() const { return reject_ == not_refused; }
    explicit constexpr operator bool() const { return has_value(); }
    [[nodiscard]] constexpr Reject error() const { return reject_; }
    constexpr void operator*() const { ASSERT(has_value()); }

  private:
    Reject reject_ = not_refused;
};

// How a function hands on the failure of one that it called.
template <class T>
[[nodiscard]] constexpr Refusal failure_of(const Result<T>& refused) {
    return Refusal(refused.error());
}

}  // namespace miletus

// Yields the value, or returns the failure to the caller. One per line, never nested.
#define TRY(expression)                       \
    __extension__({                           \
        const auto try_result = (expression); \
        if (!try_result) [[unlikely]] {       \
            return failure_of(try_result);    \
        }                                     \
        *try_result;                          \
    })
