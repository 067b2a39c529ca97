// VanillaOption and AnalyticEuropeanEngine over quotes, without interest.
#include "bench/pricing/quantlib_risk.hpp"

#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/vanilla/analyticeuropeanengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

namespace miletus::bench::quantlib {

namespace ql = QuantLib;

struct RiskChain::Objects {
    ql::ext::shared_ptr<ql::SimpleQuote> forward;
    std::vector<ql::ext::shared_ptr<ql::SimpleQuote>> vols;
    std::vector<ql::ext::shared_ptr<ql::VanillaOption>> options;
};

RiskChain::RiskChain(const std::vector<int>& expiry_days, const std::vector<ChainOption>& options)
    : objects_(std::make_unique<Objects>()) {
    const ql::Date today(20, ql::November, 2026);
    const ql::Actual365Fixed day_counter;
    ql::Settings::instance().evaluationDate() = today;
    objects_->forward = ql::ext::make_shared<ql::SimpleQuote>(1.0);
    const ql::Handle<ql::YieldTermStructure> no_interest(
        ql::ext::make_shared<ql::FlatForward>(today, 0.0, day_counter));
    std::vector<ql::ext::shared_ptr<ql::PricingEngine>> engines;
    for (std::size_t at = 0; at < expiry_days.size(); ++at) {
        objects_->vols.push_back(ql::ext::make_shared<ql::SimpleQuote>(1.0));
        const ql::Handle<ql::BlackVolTermStructure> vol(ql::ext::make_shared<ql::BlackConstantVol>(
            today, ql::NullCalendar(), ql::Handle<ql::Quote>(objects_->vols.back()), day_counter));
        engines.push_back(ql::ext::make_shared<ql::AnalyticEuropeanEngine>(
            ql::ext::make_shared<ql::BlackScholesMertonProcess>(
                ql::Handle<ql::Quote>(objects_->forward), no_interest, no_interest, vol)));
    }
    for (const ChainOption& option : options) {
        objects_->options.push_back(ql::ext::make_shared<ql::VanillaOption>(
            ql::ext::make_shared<ql::PlainVanillaPayoff>(
                option.is_call ? ql::Option::Call : ql::Option::Put, option.strike),
            ql::ext::make_shared<ql::EuropeanExercise>(today + expiry_days[option.expiry])));
        objects_->options.back()->setPricingEngine(engines[option.expiry]);
    }
}

RiskChain::~RiskChain() = default;

void RiskChain::move_forward(double forward) {
    objects_->forward->setValue(forward);
}

void RiskChain::move_vol(std::size_t expiry, double vol) {
    objects_->vols[expiry]->setValue(vol);
}

std::vector<double> RiskChain::worths() const {
    std::vector<double> worths;
    worths.reserve(objects_->options.size());
    for (const auto& option : objects_->options) {
        worths.push_back(option->NPV());
    }
    return worths;
}

}  // namespace miletus::bench::quantlib
