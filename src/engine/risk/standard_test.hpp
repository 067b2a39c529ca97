// Positions as a person would write them down: prices in dollars for a bitcoin, sizes in lots. A
// dollar has a million units, a bitcoin a hundred million.
#pragma once

#include "engine/risk/standard.hpp"

#include <cstdint>
#include <vector>

namespace miletus::risk {

constexpr std::int64_t dollar = 1'000'000;
constexpr std::int64_t bitcoin = 100'000'000;
constexpr PriceScale bitcoin_in_dollars{.up = 1, .down = bitcoin};
constexpr Amount tenth{bitcoin / 10};
constexpr Amount hundredth{bitcoin / 100};

// Strikes and indexes here are whole dollars, so that every lot of them has a whole value.
constexpr LotValue value_of_lot(std::int64_t price_in_dollars, Amount lot) {
    return LotValue(price_in_dollars * (lot.value() / (bitcoin / dollar)));
}

struct Option {
    bool is_put = false;
    std::int64_t strike = 0;
    std::int64_t lots = 0;
    LotValue mark{};
    std::int64_t sells = 0;
    Amount lot = tenth;
};

inline OptionLeg leg_of(const Option& option, std::int64_t index) {
    return {.strike = IndexPrice(option.strike * dollar),
            .strike_value = value_of_lot(option.strike, option.lot),
            .index_value = value_of_lot(index, option.lot),
            .mark = option.mark,
            .lot = option.lot,
            .lots = Lots(option.lots),
            .sells = Lots(option.sells),
            .is_put = option.is_put};
}

using Legs = std::vector<OptionLeg>;

inline Legs legs_of(const std::vector<Option>& options, std::int64_t index) {
    Legs legs;
    for (const Option& option : options) {
        legs.push_back(leg_of(option, index));
    }
    return legs;
}

inline Requirement needed(Legs legs, const instruments::Parameters& parameters) {
    return of_options(legs, bitcoin_in_dollars, parameters);
}
inline Requirement needed(const std::vector<Option>& options, std::int64_t index) {
    return needed(legs_of(options, index), instruments::Parameters());
}

}  // namespace miletus::risk
