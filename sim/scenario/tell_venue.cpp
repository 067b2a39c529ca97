// The events of the venue: what is listed, its rules and parameters, its prices.
#include "sim/scenario/telling.hpp"
#include "sim/scenario/text.hpp"

#include <algorithm>
#include <utility>

namespace miletus::scenario {

// ---- Assets, underlyings, instruments ----

std::string tell(const protocol::AssetAdded& event, Said said) {
    said.names.assets.push_back(
        {.name = std::string(event.name.view()), .decimals = event.decimals});
    return "added asset " + std::string(event.name.view());
}

std::string tell(const protocol::UnderlyingAdded& event, Said said) {
    said.names.underlyings.emplace_back(event.name.view(), event.quote);
    return "added underlying " + std::string(event.name.view());
}

std::string tell(const protocol::InstrumentListed& event, Said said) {
    std::vector<InstrumentEntry>& instruments = said.names.instruments;
    const std::size_t place = event.instrument.value();  // one that was archived gave it back
    instruments.resize(std::max(instruments.size(), place + 1));
    instruments[place] = {.name = std::string(event.name.view()),
                          .quote = said.names.underlyings[event.underlying.value()].second};
    return "listed " + std::string(event.name.view());
}

std::string tell(const protocol::InstrumentStateChanged& event, Said said) {
    return said.names.instrument(event.instrument) + " is " + std::string(name(event.state));
}

std::string tell(const protocol::BandChanged& event, Said said) {
    return said.names.instrument(event.instrument) + " band " + text_of(event.low) + " to " +
           text_of(event.high);
}

std::string tell(const protocol::DeliveryPriceSet& event, Said said) {
    std::string line =
        "delivery " + said.names.instrument(event.instrument) + " @ " + text_of(event.price);
    if (event.average != IndexPrice(0)) {
        line += ", index " + text_of(event.average) + " on average of " +
                std::to_string(event.samples) + " seconds";
    }
    return line;
}

std::string tell(const protocol::InstrumentArchived& event, Said said) {
    std::string& known = said.names.instruments[event.instrument.value()].name;
    return "archived " + std::exchange(known, {});
}

// ---- The venue ----

std::string tell(const protocol::VenueStateChanged& event, Said) {
    return "venue is " + std::string(name(event.state));
}

std::string tell(const protocol::RulesChanged& event, Said) {
    return "rules " + std::to_string(event.rules);
}

std::string tell(const protocol::EpochStarted& event, Said) {
    return "epoch " + std::to_string(event.epoch) + ", all sessions ended";
}

std::string tell(const protocol::Attested& event, Said) {
    return "attested up to command " + std::to_string(event.upto.value()) + ", digest " +
           std::to_string(event.digest.low);
}

std::string tell(const protocol::Vetoed& event, Said) {
    return "vetoed command " + std::to_string(event.sequence.value());
}

namespace {

std::string scope_of(UnderlyingId underlying, const Names& names) {
    constexpr UnderlyingId venue{65'535};
    return underlying == venue ? "venue" : names.underlying(underlying);
}

}  // namespace

std::string tell(const protocol::ParameterScheduled& event, Said said) {
    return "parameter " + scope_of(event.underlying, said.names) + " " +
           std::string(name(event.parameter)) + " becomes " + std::to_string(event.value) + " at " +
           time_text(event.effective);
}

std::string tell(const protocol::ParameterChanged& event, Said said) {
    return "parameter " + scope_of(event.underlying, said.names) + " " +
           std::string(name(event.parameter)) + " is " + std::to_string(event.value);
}

std::string tell(const protocol::SessionSettled& event, Said) {
    return "session of " + time_text(event.end) + " settled, accounts paid " +
           std::to_string(event.accounts);
}

// What was made or canceled is told again too: whoever resends may not have heard of it.
std::string tell(const protocol::Completed& event, Said) {
    const std::string ending =
        event.reject != Reject::none ? "refused: " + std::string(name(event.reject)) : "done";
    if (event.first == Sequence(0)) {
        return ending;
    }
    const auto type = static_cast<protocol::CommandType>(event.command);
    const bool is_order = type >= protocol::CommandType::place_order &&
                          type <= protocol::CommandType::cancel_by_client_id;
    const std::string result =
        is_order ? order_text(OrderId(event.result)) : std::to_string(event.result);
    return "again: " + ending + (event.reject != Reject::none ? "" : ", " + result);
}

// ---- Prices ----

std::string tell(const protocol::IndexChanged& event, Said said) {
    return "index " + said.names.underlying(event.underlying) + " " + text_of(event.price) + " " +
           std::string(name(event.state)) + ", sources " + std::to_string(event.sources);
}

std::string tell(const protocol::MarkChanged& event, Said said) {
    return "mark " + said.names.instrument(event.instrument) + " " + text_of(event.mark);
}

// A rate of 1e-9 is ten millionths of a hundredth.
std::string tell(const protocol::FundingChanged& event, Said said) {
    constexpr std::uint32_t percent_decimals = 7;
    return "funding " + said.names.instrument(event.instrument) + " " +
           decimal_text(event.rate, percent_decimals) + " % for 8 h, a lot paid " +
           said.names.amount(Amount(event.index.value()), said.names.quote_of(event.instrument));
}

std::string tell(const protocol::SurfaceUpdated& event, Said said) {
    return "surface " + said.names.underlying(event.underlying) + ", expiries " +
           std::to_string(event.expiries);
}

std::string tell(const protocol::MarksInstalled& event, Said said) {
    return "marks " + said.names.underlying(event.underlying) + " of surface " +
           std::to_string(event.surface.value()) + ", options " + std::to_string(event.instruments);
}

}  // namespace miletus::scenario
