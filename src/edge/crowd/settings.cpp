// What is usual, and what cannot be.
#include "edge/crowd/settings.hpp"

#include <algorithm>
#include <set>

namespace miletus::crowd {

namespace {

constexpr std::int64_t millionths = 1'000'000;
constexpr std::int64_t index_limit = 1'000'000'000 * millionths;
constexpr std::int64_t given_max = 1'000'000'000;
constexpr std::uint32_t decimals_max = 8;
constexpr std::size_t name_room = 16;
constexpr std::size_t underlyings_max = 16;

using Mistake = std::optional<std::string>;

Mistake mistake_in(const UnderlyingSettings& settings) {
    const bool is_named = !settings.name.empty() && settings.name.size() <= name_room &&
                          !settings.base.name.empty() && settings.base.name.size() <= name_room;
    if (!is_named || settings.base.decimals > decimals_max) {
        return "an underlying needs a name and a base asset";
    }
    // The walk goes from a quarter of it to four times as much.
    if (settings.price < IndexPrice(millionths) || settings.price >= IndexPrice(index_limit / 8)) {
        return settings.name + ": price must be 1 or more, and below 125 millions";
    }
    if (settings.volatility < 10'000 || settings.volatility > 3'000'000) {
        return settings.name + ": volatility must be 10000 to 3000000 millionths";
    }
    const std::int64_t tilt = std::abs(settings.rho);
    if (tilt >= millionths || settings.eta < 0 ||
        settings.eta * (millionths + tilt) > 2 * millionths * millionths) {
        return settings.name + ": the smile would allow arbitrage";
    }
    if (std::abs(settings.carry) > millionths) {
        return settings.name + ": carry must be within 1000000 millionths";
    }
    if (settings.coins_given < 0 || settings.coins_given > given_max) {
        return settings.name + ": coins_given must be 0 to a billion";
    }
    return std::nullopt;
}

Mistake mistake_in_accounts(const Settings& settings) {
    std::set<AccountId> accounts{AccountId(0), settings.fund};
    std::size_t named = 2;
    for (const auto* some : {&settings.makers, &settings.takers, &settings.practice}) {
        accounts.insert(some->begin(), some->end());
        named += some->size();
    }
    if (accounts.size() != named) {
        return "everybody needs an account of their own, and account 0 is the operator's";
    }
    return std::nullopt;
}

}  // namespace

Settings default_settings() {
    Settings settings;
    settings.quote = {.name = "USDC", .decimals = 6};
    settings.underlyings = {{.name = "BTC_USDC",
                             .base = {.name = "BTC", .decimals = 8},
                             .price = IndexPrice(95'000 * millionths),
                             .volatility = 550'000,
                             .rho = -150'000,
                             .eta = 900'000,
                             .carry = 60'000,
                             .coins_given = 10},
                            {.name = "ETH_USDC",
                             .base = {.name = "ETH", .decimals = 8},
                             .price = IndexPrice(3'200 * millionths),
                             .volatility = 700'000,
                             .rho = -100'000,
                             .eta = 900'000,
                             .carry = 45'000,
                             .coins_given = 100}};
    settings.fund = AccountId(1001);
    settings.makers = {AccountId(1002), AccountId(1003)};
    settings.takers = {AccountId(1004), AccountId(1005), AccountId(1006)};
    settings.practice = {AccountId(1)};
    return settings;
}

std::optional<std::string> mistake_in(const Settings& settings) {
    if (settings.underlyings.empty() || settings.underlyings.size() > underlyings_max) {
        return "a crowd trades one to sixteen underlyings";
    }
    std::set<std::string> names;
    for (const UnderlyingSettings& underlying : settings.underlyings) {
        if (const Mistake mistake = mistake_in(underlying)) {
            return mistake;
        }
        if (!names.insert(underlying.name).second) {
            return underlying.name + " comes twice";
        }
    }
    if (settings.quote.name.empty() || settings.quote.name.size() > name_room ||
        settings.quote.decimals > decimals_max) {
        return "the quote asset needs a name, and 8 decimals at most";
    }
    if (const Mistake mistake = mistake_in_accounts(settings)) {
        return mistake;
    }
    for (const std::int64_t given : {settings.fund_given, settings.maker_given,
                                     settings.taker_given, settings.practice_given}) {
        if (given < 0 || given > given_max) {
            return "what is given must be 0 to a billion";
        }
    }
    const Nanos shortest =
        std::min({settings.index_interval, settings.look_interval, settings.taker_interval});
    if (shortest < Nanos(millionths)) {
        return "intervals must be a millisecond or more";
    }
    if (settings.commands_per_second == 0 || settings.commands_per_second > millionths ||
        settings.commands_at_once == 0) {
        return "commands_per_second must be 1 to 1000000, and commands_at_once above zero";
    }
    if (settings.session == SessionId(0) || settings.setup_session == SessionId(0) ||
        settings.session == settings.setup_session) {
        return "there must be two sessions, and none of them zero";
    }
    return std::nullopt;
}

}  // namespace miletus::crowd
