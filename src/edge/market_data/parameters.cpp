// By their names.
#include "edge/market_data/parameters.hpp"

#include <algorithm>
#include <array>

namespace miletus::market_data {

using protocol::InstrumentKind;
using protocol::Parameter;

namespace {

struct Place {
    Parameter parameter;
    std::int64_t Parameters::* value;
};
constexpr std::array<Place, 7> places = {{
    {Parameter::maker_fee, &Parameters::maker_fee},
    {Parameter::taker_fee, &Parameters::taker_fee},
    {Parameter::option_fee, &Parameters::option_fee},
    {Parameter::option_fee_cap, &Parameters::option_fee_cap},
    {Parameter::collar_perpetual, &Parameters::collar_perpetual},
    {Parameter::collar_future, &Parameters::collar_future},
    {Parameter::collar_option, &Parameters::collar_option},
}};

}  // namespace

void Parameters::set(Parameter parameter, std::int64_t value) {
    const auto* const place = std::ranges::find(places, parameter, &Place::parameter);
    if (place != places.end()) {
        this->*place->value = value;
    }
}

std::int64_t Parameters::collar_of(InstrumentKind kind) const {
    if (kind == InstrumentKind::perpetual) {
        return collar_perpetual;
    }
    return kind == InstrumentKind::future ? collar_future : collar_option;
}

}  // namespace miletus::market_data
