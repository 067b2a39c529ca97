// What the demonstration's market is made of: coins and their prices, who trades, with how much
// money, and how often. Plain values.
#pragma once

#include "base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace miletus::crowd {

// Whole coins; smallest units have so many digits less.
struct Coin {
    std::string name;
    std::uint32_t decimals = 0;
};

struct UnderlyingSettings {
    std::string name;  // as the venue is to call it
    Coin base;
    IndexPrice price;  // where a new venue begins
    // In ppm a year: how prices walk, and what options are quoted by, with a smile around it as
    // SSVI's rho and eta, and what forwards grow by.
    std::int64_t volatility = 600'000;
    std::int64_t rho = 0;
    std::int64_t eta = 0;
    std::int64_t carry = 0;
    std::int64_t coins_given = 0;  // whole ones, to takers and to whoever practises
};

struct Settings {
    std::vector<UnderlyingSettings> underlyings;
    Coin quote;
    // Accounts, each of an owner of its own.
    AccountId fund;
    std::vector<AccountId> makers;
    std::vector<AccountId> takers;
    std::vector<AccountId> practice;  // which the crowd never uses
    // Whole coins of the quote asset.
    std::int64_t fund_given = 10'000'000;
    std::int64_t maker_given = 100'000'000;
    std::int64_t taker_given = 5'000'000;
    std::int64_t practice_given = 1'000'000;

    Nanos index_interval{250'000'000};
    Nanos look_interval{50'000'000};    // between looks of the makers at their quotes
    Nanos taker_interval{300'000'000};  // between orders of the takers, on average
    // Quotes and orders, of all together: so many a second, and so many at once after a pause.
    std::uint32_t commands_per_second = 250;
    std::uint32_t commands_at_once = 700;

    std::uint64_t seed = 1;
    // Nobody else uses them. What sets a venue up is numbered from 1 on, so that it is done once,
    // however often it is asked for: another plan needs another session.
    SessionId setup_session{0x7365'7475'7031};
    SessionId session{0x63'726F'7764};
};

// BTC_USDC and ETH_USDC, two makers, three takers, and account 1 for practice.
[[nodiscard]] Settings default_settings();

// The first mistake, as a sentence.
[[nodiscard]] std::optional<std::string> mistake_in(const Settings& settings);

}  // namespace miletus::crowd
