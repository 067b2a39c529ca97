// The stock binary, as its users call it.
#include "bench/pricing/quantlib_paths.hpp"

#include <ql/exercise.hpp>
#include <ql/instruments/asianoption.hpp>
#include <ql/pricingengines/asian/mc_discr_arith_av_price.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include <vector>

namespace miletus::bench::quantlib {

namespace ql = QuantLib;

namespace {

ql::Date today() {
    return {20, ql::November, 2026};
}

ql::ext::shared_ptr<ql::BlackScholesMertonProcess> process_of(const AverageOption& option) {
    ql::Settings::instance().evaluationDate() = today();
    const ql::DayCounter days = ql::Actual365Fixed();
    const ql::Handle<ql::Quote> spot(ql::ext::make_shared<ql::SimpleQuote>(option.spot));
    const ql::Handle<ql::YieldTermStructure> rates(
        ql::ext::make_shared<ql::FlatForward>(today(), option.rate, days));
    const ql::Handle<ql::YieldTermStructure> yields(
        ql::ext::make_shared<ql::FlatForward>(today(), option.yield, days));
    const ql::Handle<ql::BlackVolTermStructure> vols(
        ql::ext::make_shared<ql::BlackConstantVol>(today(), ql::NullCalendar(), option.vol, days));
    return ql::ext::make_shared<ql::BlackScholesMertonProcess>(spot, yields, rates, vols);
}

ql::DiscreteAveragingAsianOption instrument_of(const AverageOption& option) {
    std::vector<ql::Date> fixings;
    for (int at = 1; at <= option.fixings; ++at) {
        fixings.push_back(today() + at * option.days_between);
    }
    const auto payoff =
        ql::ext::make_shared<ql::PlainVanillaPayoff>(ql::Option::Call, option.strike);
    const auto exercise = ql::ext::make_shared<ql::EuropeanExercise>(fixings.back());
    return {ql::Average::Arithmetic, 0.0, 0, fixings, payoff, exercise};
}

}  // namespace

Simulated simulate_randomly(const AverageOption& option, std::size_t samples, std::uint32_t seed) {
    ql::DiscreteAveragingAsianOption instrument = instrument_of(option);
    const ql::ext::shared_ptr<ql::PricingEngine> engine =
        ql::MakeMCDiscreteArithmeticAPEngine<ql::PseudoRandom>(process_of(option))
            .withBrownianBridge(false)
            .withSamples(samples)
            .withSeed(seed);
    instrument.setPricingEngine(engine);
    const double value = instrument.NPV();
    return {value, instrument.errorEstimate()};
}

Simulated simulate_evenly(const AverageOption& option, std::size_t samples) {
    ql::DiscreteAveragingAsianOption instrument = instrument_of(option);
    const ql::ext::shared_ptr<ql::PricingEngine> engine =
        ql::MakeMCDiscreteArithmeticAPEngine<ql::LowDiscrepancy>(process_of(option))
            .withBrownianBridge(true)
            .withSamples(samples)
            .withSeed(1);
    instrument.setPricingEngine(engine);
    return {instrument.NPV(), 0};
}

}  // namespace miletus::bench::quantlib
