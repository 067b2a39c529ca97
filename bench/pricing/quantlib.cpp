// The stock binary, as its users call it.
#include "bench/pricing/quantlib.hpp"

#include <ql/quantlib.hpp>

namespace miletus::bench::quantlib {

namespace ql = QuantLib;

namespace {

constexpr int count = 256;
constexpr double rate = 0.02;
constexpr double yield = 0.01;
constexpr double vol = 0.5;

ql::Date today() {
    return {20, ql::November, 2026};
}

int days_of(int at) {
    return 30 + at;
}

double strike_of(int at) {
    return 60 + at * 0.4;
}

ql::Option::Type type_of(bool is_call) {
    return is_call ? ql::Option::Call : ql::Option::Put;
}

}  // namespace

struct LiveChain::Market {
    ql::ext::shared_ptr<ql::SimpleQuote> spot = ql::ext::make_shared<ql::SimpleQuote>(100.0);
    std::vector<ql::ext::shared_ptr<ql::VanillaOption>> options;
};

LiveChain::LiveChain() : market_(std::make_unique<Market>()) {
    ql::Settings::instance().evaluationDate() = today();
    const ql::DayCounter days = ql::Actual365Fixed();
    const ql::Handle<ql::YieldTermStructure> rates(
        ql::ext::make_shared<ql::FlatForward>(today(), rate, days));
    const ql::Handle<ql::YieldTermStructure> yields(
        ql::ext::make_shared<ql::FlatForward>(today(), yield, days));
    const ql::Handle<ql::BlackVolTermStructure> vols(
        ql::ext::make_shared<ql::BlackConstantVol>(today(), ql::TARGET(), vol, days));
    const auto process = ql::ext::make_shared<ql::BlackScholesMertonProcess>(
        ql::Handle<ql::Quote>(market_->spot), yields, rates, vols);
    const auto engine = ql::ext::make_shared<ql::AnalyticEuropeanEngine>(process);
    for (int at = 0; at < count; ++at) {
        const auto option = ql::ext::make_shared<ql::VanillaOption>(
            ql::ext::make_shared<ql::PlainVanillaPayoff>(type_of(at % 2 == 1), strike_of(at)),
            ql::ext::make_shared<ql::EuropeanExercise>(today() + days_of(at)));
        option->setPricingEngine(engine);
        market_->options.push_back(option);
    }
}

LiveChain::~LiveChain() = default;

double LiveChain::revalue(double spot) {
    market_->spot->setValue(spot);
    double sum = 0;
    for (const auto& option : market_->options) {
        sum += option->NPV() + option->delta() + option->gamma() + option->vega() +
               option->theta() + option->rho();
    }
    return sum;
}

std::vector<Option> LiveChain::options(double spot) const {
    std::vector<Option> all;
    for (int at = 0; at < count; ++at) {
        all.push_back({spot, strike_of(at), days_of(at) / 365.0, vol, rate, yield, at % 2 == 1});
    }
    return all;
}

std::vector<Values> LiveChain::values(double spot) {
    market_->spot->setValue(spot);
    std::vector<Values> all;
    for (const auto& option : market_->options) {
        all.push_back({option->NPV(), option->delta(), option->gamma(), option->vega(),
                       option->theta(), option->rho()});
    }
    return all;
}

Values value_of(const Option& option) {
    const double asset_discount = std::exp(-option.yield * option.time);
    const double discount = std::exp(-option.rate * option.time);
    const ql::BlackCalculator black(type_of(option.is_call), option.strike,
                                    option.spot * asset_discount / discount,
                                    option.vol * std::sqrt(option.time), discount);
    return {black.value(),
            black.delta(option.spot),
            black.gamma(option.spot),
            black.vega(option.time),
            black.theta(option.spot, option.time),
            black.rho(option.time)};
}

double implied_by_rational_steps(const Priced& option) {
    try {
        return ql::blackFormulaImpliedStdDevLiRS(type_of(option.is_call), option.strike,
                                                 option.forward, option.price, 1.0, 0.0,
                                                 ql::Null<ql::Real>(), 1.0, 1e-14, 100);
    } catch (const std::exception&) {
        return -1;
    }
}

double implied_by_newton(const Priced& option) {
    try {
        return ql::blackFormulaImpliedStdDev(type_of(option.is_call), option.strike, option.forward,
                                             option.price, 1.0, 0.0, ql::Null<ql::Real>(), 1e-14,
                                             100);
    } catch (const std::exception&) {
        return -1;
    }
}

std::string version() {
    return QL_VERSION;
}

}  // namespace miletus::bench::quantlib
