// From a chain of quotes to a surface, step by step: screening, forwards, points, SVI and SSVI,
// slices from the first expiry to the last, and the report.
#include "pricing/backends/backends.hpp"
#include "pricing/implied/implied.hpp"
#include "pricing/math/math.hpp"
#include "pricing/surface/fit_report.hpp"
#include "pricing/surface/forwards.hpp"
#include "pricing/surface/scalars.hpp"
#include "pricing/surface/screening.hpp"
#include "pricing/surface/slice_fit.hpp"
#include "pricing/surface/surface.hpp"

#include <algorithm>

namespace miletus::pricing {

namespace {

constexpr std::size_t quotes_min = 3;  // of an expiry that has a slice of its own
constexpr double effective_points_min = 3;

double log_of(double x) {
    return value_of(Function::log, x);
}

// One pass over one chain.
class Fitting {
  public:
    explicit Fitting(const QuotedChain& chain)
        : chain_(chain),
          screening_(screened(chain)),
          spot_(1e-30 < chain.spot && chain.spot < 1e30 ? chain.spot : 0.0) {}

    [[nodiscard]] std::expected<SurfaceFit, FitError> run() {
        if (chain_.quotes.empty()) {
            return std::unexpected(FitError::empty_chain);
        }
        const bool has_any = std::ranges::any_of(screening_.reports, [](const QuoteReport& report) {
            return report.status == QuoteStatus::used;
        });
        if (!has_any) {
            return std::unexpected(FitError::no_usable_quote);
        }
        find_forwards();
        choose_expiries();
        if (fitted_.empty()) {
            return std::unexpected(has_forward() ? FitError::no_usable_quote
                                                 : FitError::no_forward);
        }
        find_points();
        fit_curves();
        fit_slices();
        return std::move(result_);
    }

  private:
    [[nodiscard]] bool has_forward() const {
        return std::ranges::any_of(result_.expiries, [](const ExpiryReport& report) {
            return report.forward.source != ForwardSource::none;
        });
    }

    void find_forwards() {
        for (const ScreenedExpiry& expiry : screening_.expiries) {
            const std::vector<ParityPair> pairs = pairs_of(chain_, screening_, expiry);
            ForwardEstimate estimate = forward_by_parity(pairs, chain_.settlement, chain_.discount);
            if (estimate.source == ForwardSource::none && expiry.listed > 0) {
                estimate.forward = expiry.listed;
                estimate.source = ForwardSource::listed;
                hold_to_pairs(pairs, chain_.settlement, estimate);
            }
            result_.expiries.push_back({.time = expiry.time, .forward = estimate});
        }
        const std::vector<ForwardPoint> known = known_forwards();
        const bool has_other = known.size() > (spot_ > 0 ? std::size_t{1} : std::size_t{0});
        for (std::size_t at = 0; at < result_.expiries.size() && !known.empty(); ++at) {
            ForwardEstimate& estimate = result_.expiries[at].forward;
            if (estimate.source != ForwardSource::none) {
                continue;
            }
            const double log = log_forward_at(known, result_.expiries[at].time);
            estimate.forward = value_of(Function::exp, log);
            estimate.source = has_other ? ForwardSource::carry : ForwardSource::spot;
            hold_to_pairs(pairs_of(chain_, screening_, screening_.expiries[at]), chain_.settlement,
                          estimate);
        }
    }

    [[nodiscard]] std::vector<ForwardPoint> known_forwards() const {
        std::vector<ForwardPoint> known;
        if (spot_ > 0) {
            known.push_back({0.0, log_of(spot_)});
        }
        for (const ExpiryReport& report : result_.expiries) {
            if (report.forward.source != ForwardSource::none) {
                known.push_back({report.time, log_of(report.forward.forward)});
            }
        }
        return known;
    }

    // Those with a forward and enough quotes; quotes of the others are told why not.
    void choose_expiries() {
        for (std::size_t at = 0; at < screening_.expiries.size(); ++at) {
            const ScreenedExpiry& expiry = screening_.expiries[at];
            ExpiryReport& report = result_.expiries[at];
            const bool is_known = report.forward.source != ForwardSource::none;
            if (is_known) {
                screen_prices(chain_, expiry, report.forward, screening_);
            }
            std::size_t used = 0;
            for (const std::size_t quote : expiry.quotes) {
                used += screening_.reports[quote].status == QuoteStatus::used ? 1U : 0U;
            }
            report.is_fitted = is_known && used >= quotes_min;
            for (const std::size_t quote : expiry.quotes) {
                QuoteStatus& status = screening_.reports[quote].status;
                if (status == QuoteStatus::used && !report.is_fitted) {
                    status = is_known ? QuoteStatus::too_few : QuoteStatus::no_forward;
                }
                ++report.quotes[static_cast<std::size_t>(status)];
            }
            if (report.is_fitted) {
                fitted_.push_back(at);
            }
        }
    }

    // Quotes as options out of the money, in forwards, and the variances that they imply.
    void find_points() {
        for (const std::size_t at : fitted_) {
            const ScreenedExpiry& expiry = screening_.expiries[at];
            const ForwardEstimate& forward = result_.expiries[at].forward;
            ExpiryQuotes quotes{.terms = {.time = expiry.time,
                                          .forward = forward.forward,
                                          .discount = forward.discount}};
            CurvePoints points;
            for (const std::size_t quote : expiry.quotes) {
                if (screening_.reports[quote].status == QuoteStatus::used) {
                    quotes.bands.push_back(
                        band_of(chain_.quotes[quote], chain_.settlement, forward));
                    tell_vols(quotes.bands.back(), expiry.time, screening_.reports[quote]);
                    points.add(quotes.bands.back());
                }
            }
            quotes.least = quotes.bands.front().log_moneyness;
            quotes.most = quotes.bands.back().log_moneyness;
            quotes_.push_back(std::move(quotes));
            points_.push_back(std::move(points));
        }
    }

    void fit_curves() {
        std::vector<VariancePoints> all;
        std::vector<std::size_t> which;
        for (std::size_t at = 0; at < fitted_.size(); ++at) {
            SviFit& fit = result_.expiries[fitted_[at]].svi;
            fit = fit_svi(points_[at].columns());
            const bool is_good =
                fit.status == CurveStatus::ok || fit.status == CurveStatus::drawn_to_no_arbitrage;
            quotes_[at].mean_variance = weighted_mean(points_[at]);
            // Where few points have all the weight they say nothing of the smile around them.
            const bool says_enough = effective_count(points_[at].weight) >= effective_points_min;
            quotes_[at].svi =
                is_good && says_enough ? fit.slice : Svi{.a = quotes_[at].mean_variance};
            if (!points_[at].variance.empty()) {
                all.push_back(points_[at].columns());
                which.push_back(at);
            }
        }
        result_.ssvi = fit_ssvi(all);
        if (result_.ssvi.status == CurveStatus::ok) {
            ssvi_theta_.assign(fitted_.size(), 0.0);
            for (std::size_t at = 0; at < which.size(); ++at) {
                ssvi_theta_[which[at]] = result_.ssvi.surface.theta[at];
            }
        }
    }

    // How many points of equal weight would say as much.
    [[nodiscard]] static double effective_count(std::span<const double> weights) {
        double sum = 0;
        double squares = 0;
        for (const double weight : weights) {
            sum += weight;
            squares += weight * weight;
        }
        return squares > 0 ? sum * sum / squares : 0.0;
    }

    // The narrower a quote, the more it says of the level.
    [[nodiscard]] static double weighted_mean(const CurvePoints& points) {
        constexpr double unknown = 1e-4;
        double sum = 0;
        double weights = 0;
        for (std::size_t at = 0; at < points.weight.size(); ++at) {
            sum += points.weight[at] * points.variance[at];
            weights += points.weight[at];
        }
        return weights > 0 ? sum / weights : unknown;
    }

    void fit_slices() {
        std::vector<Slice> slices;
        slices.reserve(fitted_.size());
        for (std::size_t at = 0; at < fitted_.size(); ++at) {
            slices.push_back(fit_slice(quotes_, at, slices.empty() ? nullptr : &slices.back()));
        }
        for (std::size_t at = 0; at < fitted_.size(); ++at) {
            tell_expiry(slices, at);
        }
        result_.surface = Surface(std::move(slices), spot_);
        result_.quotes = std::move(screening_.reports);
    }

    void tell_expiry(const std::vector<Slice>& slices, std::size_t at) {
        ExpiryReport& report = result_.expiries[fitted_[at]];
        const double reach = 2.0 * larger_of(size_of(quotes_[at].least), size_of(quotes_[at].most));
        report.svi_butterflies = butterflies(quotes_[at].svi, reach);
        Svi ssvi{};
        const bool has_ssvi = !ssvi_theta_.empty() && ssvi_theta_[at] > 0;
        if (has_ssvi) {
            ssvi = slice_of(result_.ssvi.surface, ssvi_theta_[at]);
        }
        Residuals residuals;
        std::size_t band = 0;
        for (const std::size_t quote : screening_.expiries[fitted_[at]].quotes) {
            QuoteReport& told = screening_.reports[quote];
            if (told.status != QuoteStatus::used) {
                continue;
            }
            const Band& own = quotes_[at].bands[band++];
            const double price =
                slices[at].out_of_the_money(own.log_moneyness, slices[at].terms().deviation);
            tell_fit(own, price, report.time, told);
            told.fitted =
                unit_price(chain_.quotes[quote], chain_.settlement, report.forward, price);
            told.is_inside =
                chain_.quotes[quote].bid <= told.fitted && told.fitted <= chain_.quotes[quote].ask;
            residuals.add(own, price, told);
            count_quote(chain_.quotes[quote], told, report);
            report.svi_inside += is_inside(own, quotes_[at].svi) ? 1U : 0U;
            report.ssvi_inside += has_ssvi && is_inside(own, ssvi) ? 1U : 0U;
        }
        report.rms = residuals.vol_rms();
        report.price_rms = residuals.price_rms();
        report.arbitrage = arbitrage_of(slices[at], at > 0 ? &slices[at - 1] : nullptr);
    }

    static void count_quote(const Quote& quote, const QuoteReport& told, ExpiryReport& report) {
        report.inside += told.is_inside ? 1U : 0U;
        const bool has_mark = quote.mark > 0;
        const bool is_mark_inside = quote.bid <= quote.mark && quote.mark <= quote.ask;
        report.marks += has_mark ? 1U : 0U;
        report.marks_inside += has_mark && is_mark_inside ? 1U : 0U;
    }

    const QuotedChain& chain_;
    Screening screening_;
    double spot_;
    SurfaceFit result_;
    // Of each expiry that gets a slice.
    std::vector<std::size_t> fitted_;
    std::vector<ExpiryQuotes> quotes_;
    std::vector<CurvePoints> points_;
    std::vector<double> ssvi_theta_;
};

}  // namespace

std::expected<SurfaceFit, FitError> fit_surface(const QuotedChain& chain) {
    const UsualRounding rounding;
    return Fitting(chain).run();
}

std::string_view sentence(FitError error) {
    switch (error) {
        case FitError::empty_chain:
            return "the chain has no quotes";
        case FitError::no_usable_quote:
            return "no expiry has three quotes that can be used";
        case FitError::no_forward:
            return "no expiry's forward can be found: there are no pairs, no listed future and no "
                   "index";
    }
    return "?";
}

}  // namespace miletus::pricing
