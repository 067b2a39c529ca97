// Smiles as they travel: one expiry's forward and raw SVI as whole numbers. Whoever takes a surface
// in asks here whether it is one.
#pragma once

#include "base/units.hpp"
#include "pricing/surface/svi.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace miletus::pricing {

// Of a surface; and what a price is at most: a billion, in 1e-6.
constexpr std::size_t smiles_max = 64;
constexpr std::int64_t smile_price_max = 1'000'000'000'000'000;

// The total variance of svi.hpp, each number in 1e-12.
struct Smile {
    UnixNanos expiry;
    IndexPrice forward;
    std::int64_t a = 0;
    std::int64_t b = 0;
    std::int64_t rho = 0;
    std::int64_t m = 0;
    std::int64_t sigma = 0;
    friend constexpr bool operator==(const Smile&, const Smile&) = default;
};

[[nodiscard]] Svi svi_of(const Smile& smile);
// The nearest whole numbers; nothing where one of them is beyond what a smile may have.
[[nodiscard]] std::optional<Smile> smile_of(UnixNanos expiry, IndexPrice forward, const Svi& slice);

// In years of 365 days; zero for what is over.
[[nodiscard]] double years_between(UnixNanos now, UnixNanos then);

enum class SurfaceFault : std::uint8_t {
    none = 0,
    no_smile,
    too_many_smiles,
    expiry_not_ahead,
    expiry_not_rising,
    forward_out_of_range,
    parameter_out_of_range,
    variance_not_positive,
    butterfly,
    calendar,
};
[[nodiscard]] std::string_view sentence(SurfaceFault fault);

struct SurfaceVerdict {
    SurfaceFault fault = SurfaceFault::none;
    std::size_t smile = 0;  // the first that has it

    [[nodiscard]] bool is_free() const { return fault == SurfaceFault::none; }
};

// Smiles rise by expiry, from now on; |a|, b and sigma are at most 100 and |m| at most 10. None has
// a butterfly between a fiftieth and fifty times its forward, nor in its wings; and as far as six
// deviations from the money total variance does not fall from one to the next.
[[nodiscard]] SurfaceVerdict check_surface(std::span<const Smile> smiles, UnixNanos now);

// How far the total variance of `later` lies below that of `earlier`, where it is worst: what a
// calendar could gain. Zero where it is nowhere.
[[nodiscard]] double calendar_gap(const Svi& earlier, const Svi& later);
// Where calendar_gap() looks, in log-moneyness to both sides.
[[nodiscard]] double calendar_reach(const Svi& later);

}  // namespace miletus::pricing
