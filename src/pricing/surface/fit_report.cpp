// In forwards there is no discount and no settlement: parity is C - P = 1 - K / F.
#include "pricing/surface/fit_report.hpp"

#include "pricing/implied/implied.hpp"
#include "pricing/math/math.hpp"
#include "pricing/surface/scalars.hpp"
#include "pricing/vanilla/vanilla.hpp"

namespace miletus::pricing {

namespace {

constexpr double least_width = 1e-3;  // of a quote in variance, by the variance
constexpr int grid_steps = 240;
// Below, a price in forwards has too few digits to tell one volatility from the next.
constexpr double least_price = 1e-11;

double unit_of(Settlement settlement, const ForwardEstimate& forward) {
    return settlement == Settlement::coin ? 1.0 : forward.discount * forward.forward;
}

// By how much an option costs more than the other one at its strike, where that is out of the
// money.
double more_than_other(const Quote& quote, double moneyness) {
    const bool is_call = quote.kind == call;
    const bool wants_call = moneyness >= 1;
    if (is_call == wants_call) {
        return 0;
    }
    return is_call ? 1.0 - moneyness : moneyness - 1.0;
}

}  // namespace

Band band_of(const Quote& quote, Settlement settlement, const ForwardEstimate& forward) {
    const double unit = unit_of(settlement, forward);
    const double moneyness = quote.strike / forward.forward;
    const double more = more_than_other(quote, moneyness);
    return {.log_moneyness = value_of(Function::log, moneyness),
            .moneyness = moneyness,
            .bid = quote.bid / unit - more,
            .ask = quote.ask / unit - more};
}

double unit_price(const Quote& quote, Settlement settlement, const ForwardEstimate& forward,
                  double price) {
    const double more = more_than_other(quote, quote.strike / forward.forward);
    return (price + more) * unit_of(settlement, forward);
}

double deviation_of(double moneyness, double price) {
    if (!(price > 0)) {
        return 0;
    }
    const ImpliedVol implied = implied_vol({.price = price,
                                            .forward = 1,
                                            .strike = moneyness,
                                            .time = 1,
                                            .kind = moneyness >= 1 ? call : put});
    const bool has_vol = implied.status == Status::ok || implied.status == Status::no_time_value;
    return has_vol ? implied.vol : -1.0;
}

void CurvePoints::add(const Band& band) {
    const double middle = deviation_of(band.moneyness, 0.5 * (band.bid + band.ask));
    const double low = deviation_of(band.moneyness, band.bid);
    const double high = deviation_of(band.moneyness, band.ask);
    if (middle <= 0 || low < 0 || high <= 0 || middle > 10) {
        return;
    }
    const double squared = middle * middle;
    const double half_width = larger_of(0.5 * (high * high - low * low), least_width * squared);
    log_moneyness.push_back(band.log_moneyness);
    variance.push_back(squared);
    weight.push_back(smaller_of(1.0 / (half_width * half_width), 1e29));
}

void tell_vols(const Band& band, double time, QuoteReport& report) {
    const double inverse_root = 1.0 / root(time);
    report.bid_vol = larger_of(deviation_of(band.moneyness, band.bid), 0.0) * inverse_root;
    report.ask_vol = larger_of(deviation_of(band.moneyness, band.ask), 0.0) * inverse_root;
}

void tell_fit(const Band& band, double price, double time, QuoteReport& report) {
    report.fitted_vol = larger_of(deviation_of(band.moneyness, price), 0.0) / root(time);
}

bool is_inside(const Band& band, const Svi& slice) {
    const double variance = total_variance(slice, band.log_moneyness);
    const double price = value_of(Forward{.forward = 1,
                                          .strike = band.moneyness,
                                          .time = 1,
                                          .vol = root(larger_of(variance, 0.0)),
                                          .discount = 1,
                                          .kind = band.moneyness >= 1 ? call : put})
                             .price;
    return band.bid <= price && price <= band.ask;
}

void Residuals::add(const Band& band, double price, const QuoteReport& report) {
    const double half_width = 0.5 * (band.ask - band.bid);
    const double miss = (price - 0.5 * (band.bid + band.ask)) / half_width;
    count_ += 1;
    price_squares_ += miss * miss;
    const double width = report.ask_vol - report.bid_vol;
    if (width > 0 && report.bid_vol > 0) {
        const double vol_miss = report.fitted_vol - 0.5 * (report.ask_vol + report.bid_vol);
        weights_ += 1.0 / (width * width);
        squares_ += vol_miss * vol_miss / (width * width);
    }
}

double Residuals::vol_rms() const {
    return weights_ > 0 ? root(squares_ / weights_) : 0.0;
}

double Residuals::price_rms() const {
    return count_ > 0 ? root(price_squares_ / count_) : 0.0;
}

ArbitrageReport arbitrage_of(const Slice& slice, const Slice* before) {
    ArbitrageReport report{.least_g = beyond_all, .least_calendar = beyond_all};
    const double low = slice.log_nodes().front();
    const double high = slice.log_nodes().back();
    double last_variance = 0;
    double last = 0;
    for (int step = 0; step <= grid_steps; ++step) {
        const double k = low + (high - low) * step / grid_steps;
        const double price = slice.out_of_the_money(k, slice.terms().deviation);
        if (price < least_price) {
            continue;
        }
        const double w = implied_variance(k, price);
        const double d2 = -k / root(w) - 0.5 * root(w);
        constexpr double two_pi = 0x1.921fb54442d18p+2;
        const double g = slice.density(k) * root(two_pi * w) *
                         value_of(Function::exp, smaller_of(0.5 * d2 * d2, 700.0));
        report.least_g = smaller_of(report.least_g, g);
        if (before != nullptr) {
            const double price_before = before->out_of_the_money(k, before->terms().deviation);
            const double w_before =
                price_before > 0 ? implied_variance(before->within_reach(k), price_before) : 0.0;
            report.least_calendar = smaller_of(report.least_calendar, w - w_before);
        }
        if (last_variance > 0) {
            const double slope = (w - last_variance) / (k - last);
            report.left_slope = k < 0 && report.left_slope == 0 ? -slope : report.left_slope;
            report.right_slope = k > 0 ? slope : report.right_slope;
        }
        last_variance = w;
        last = k;
    }
    report.least_g = report.least_g < beyond_all ? report.least_g : 0.0;
    report.least_calendar = report.least_calendar < beyond_all ? report.least_calendar : 0.0;
    return report;
}

}  // namespace miletus::pricing
