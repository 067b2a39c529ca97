// Each smile is tried as it is, then fitted above the one before; at last the one before is raised
// to its level.
#include "edge/marks/mending.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace miletus::marks {

using pricing::Smile;
using pricing::Svi;

namespace {

constexpr std::size_t points = 61;
// Of total variance: more than whole numbers take from it.
constexpr double margin = 1e-11;
constexpr Svi no_variance{.a = 0, .b = 0, .rho = 0, .m = 0, .sigma = 1};

// By what a fit is still below.
Svi lifted(Svi svi, const std::optional<Svi>& before) {
    svi.a += margin + (before ? calendar_gap(*before, svi) : 0);
    return svi;
}

// What is fitted has no butterflies. Nearest the money it matters most.
std::optional<Svi> fitted_above(const Svi& svi, const std::optional<Svi>& before) {
    const double reach = pricing::calendar_reach(svi);
    std::array<double, points> log_moneyness{};
    std::array<double, points> variance{};
    std::array<double, points> weight{};
    for (std::size_t at = 0; at < points; ++at) {
        const double place = 2 * static_cast<double>(at) / (points - 1) - 1;
        const double k = reach * place;
        const double least = before ? total_variance(*before, k) : 0;
        log_moneyness[at] = k;
        variance[at] = std::max(total_variance(svi, k), least + margin);
        weight[at] = 1 / (1 + 36 * place * place);
    }
    const pricing::SviFit fit =
        pricing::fit_svi({.log_moneyness = log_moneyness, .variance = variance, .weight = weight});
    const bool is_fitted = fit.status == pricing::CurveStatus::ok ||
                           fit.status == pricing::CurveStatus::drawn_to_no_arbitrage;
    return is_fitted ? std::optional(lifted(fit.slice, before)) : std::nullopt;
}

// The smile before, where it was at the money at least, and at this one's level if that is higher.
Svi raised(Svi svi, const Svi& to) {
    const double rise = total_variance(to, 0.0) - total_variance(svi, 0.0);
    svi.a += rise > margin ? rise : margin;
    return svi;
}

// A fit of what no smile comes near may be anywhere.
bool has_level_of(const Svi& wanted, const Svi& fit) {
    constexpr double most = 0.1;
    const double level = total_variance(wanted, 0.0);
    return std::abs(total_variance(fit, 0.0) - level) <= most * level;
}

class Mending {
  public:
    explicit Mending(UnixNanos now) : now_(now) {}

    // As it is.
    bool take(const FittedSmile& fitted) { return take(fitted, fitted.svi); }

    bool take_changed(const FittedSmile& fitted) {
        if (!std::isfinite(total_variance(fitted.svi, 0.0))) {
            return false;
        }
        const std::optional<Svi> before =
            surface_.smiles.empty() ? std::nullopt : std::optional(svi_of(surface_.smiles.back()));
        const Svi last_resort = raised(before.value_or(no_variance), fitted.svi);
        const std::optional<Svi> above = fitted_above(fitted.svi, before);
        return (above && has_level_of(last_resort, *above) && take(fitted, *above)) ||
               take(fitted, last_resort);
    }

    [[nodiscard]] MendedSurface& surface() LIFETIME_BOUND { return surface_; }

  private:
    // What is between a smile and the one before tells of all, since those are without arbitrage.
    bool take(const FittedSmile& fitted, const Svi& svi) {
        const std::optional<Smile> smile = smile_of(fitted.expiry, fitted.forward, svi);
        if (!smile) {
            return false;
        }
        std::vector<Smile>& smiles = surface_.smiles;
        smiles.push_back(*smile);
        const std::span<const Smile> all(smiles);
        const bool is_free =
            check_surface(all.last(std::min<std::size_t>(2, all.size())), now_).is_free();
        if (!is_free) {
            smiles.pop_back();
        }
        return is_free;
    }

    UnixNanos now_;
    MendedSurface surface_;
};

}  // namespace

MendedSurface mended(std::span<const FittedSmile> fitted, UnixNanos now) {
    Mending mending(now);
    for (const FittedSmile& smile : fitted) {
        if (mending.surface().smiles.size() == pricing::smiles_max) {
            break;
        }
        if (mending.take(smile)) {
            continue;
        }
        if (mending.take_changed(smile)) {
            ++mending.surface().mended;
        } else {
            ++mending.surface().dropped;
        }
    }
    return std::move(mending.surface());
}

}  // namespace miletus::marks
