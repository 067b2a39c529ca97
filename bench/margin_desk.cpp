// What the accounts of the desk hold.
#include "bench/margin_desk.hpp"

#include <algorithm>
#include <array>

namespace miletus::bench {

using prices::SmallMarket;
using protocol::InstrumentKind;
using protocol::Side;

namespace {

constexpr std::array expiry_days = {7, 30, 90};
constexpr std::int64_t strikes = 33;
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t index_dollars = 100'000;
constexpr Amount deposited{std::int64_t{10'000'000} * SmallMarket::dollar};

Limits desk_limits(std::uint32_t accounts) {
    Limits limits;
    limits.assets = 2;
    limits.underlyings = 1;
    limits.instruments = 256;
    limits.accounts = accounts + 1;
    limits.positions = accounts * MarginDesk::positions_per_account;
    limits.orders = 1024;
    limits.labels = 1;
    limits.event_units = 1U << 14U;
    return limits;
}

}  // namespace

MarginDesk::MarginDesk(std::uint32_t count)
    : market(desk_limits(count)),
      accounts(desk_limits(count)),
      clearing(desk_limits(count), market.instruments, market.parameters, market.prices, accounts,
               market.events),
      risk(desk_limits(count), market.instruments, market.parameters, market.prices, accounts) {
    list();
    std::vector<AccountId> everybody;
    for (std::uint32_t account = 1; account <= count; ++account) {
        everybody.emplace_back(account);
        ASSERT(accounts.open(AccountId(account), OwnerId(account)).has_value());
        ASSERT(accounts.deposit(AccountId(account), SmallMarket::usdc, deposited).has_value());
    }
    for (std::uint32_t place = 0; place < positions_per_account; ++place) {
        for (std::size_t left = everybody.size(); left > 1; --left) {
            std::swap(everybody[left - 1], everybody[prng_.below(left)]);
        }
        for (const AccountId account : everybody) {
            take_position(account, place);
        }
    }
}

void MarginDesk::list() {
    perpetual = market.list({});
    const auto expiry_of = [](int days) {
        return SmallMarket::start_second + day_seconds * days;
    };
    future_ = market.list(
        {.kind = InstrumentKind::future, .expiry_second = expiry_of(expiry_days.back())});
    for (const int days : expiry_days) {
        for (std::int64_t at = 0; at < strikes; ++at) {
            for (const InstrumentKind kind : {InstrumentKind::call, InstrumentKind::put}) {
                const std::int64_t strike = index_dollars + (at - strikes / 2) * 2000;
                options_.push_back(market.list(
                    {.kind = kind, .expiry_second = expiry_of(days), .strike = strike}));
            }
        }
    }
    market.set_index(index_dollars * SmallMarket::dollar);
    for (const InstrumentId option : options_) {
        market.mark_option(option, LotValue(prng_.between(100'000, 5'000'000)));
    }
}

// The perpetual, a future and 18 options: six an expiry.
void MarginDesk::take_position(AccountId account, std::uint32_t place) {
    accounts::Positions& positions = accounts.positions();
    const std::size_t options_of_expiry = options_.size() / expiry_days.size();
    InstrumentId instrument = place == 0 ? perpetual : future_;
    while (place > 1 && (instrument == future_ || positions.find(account, instrument) != 0)) {
        instrument = options_[place % expiry_days.size() * options_of_expiry +
                              prng_.below(options_of_expiry)];
    }
    const std::uint32_t slot = positions.add(account, instrument);
    accounts::Position& position = positions.at(slot);
    const std::int64_t lots = prng_.between(1, 50) * (prng_.one_in(2) ? 1 : -1);
    position.cost = Amount(lots * market.prices.mark_value(instrument).value());
    positions.set_lots(slot, Lots(lots));
    if (place % 2 == 0) {
        position.open.at(place / 2 % 2) = Lots(prng_.between(1, 10));
        position.orders = 1;
    }
}

risk::Proposal MarginDesk::proposal(AccountId account, Kind kind) {
    const accounts::Positions& positions = accounts.positions();
    std::uint32_t slot = positions.oldest(account);
    const std::uint64_t first_option = 2;
    const std::uint64_t place =
        kind == Kind::future ? prng_.below(first_option)
                             : first_option + prng_.below(positions_per_account - first_option);
    for (std::uint64_t at = 0; at < place; ++at) {
        slot = positions[slot].next;
    }
    const bool sells = kind == Kind::option_sell || (kind == Kind::future && prng_.one_in(2));
    return {.account = account,
            .instrument = positions[slot].instrument,
            .position = slot,
            .side = sells ? Side::sell : Side::buy,
            .lots = Lots(prng_.between(1, 20)),
            .hold = Amount(prng_.between(0, 1'000'000))};
}

accounts::OpenOrder MarginDesk::order(AccountId account, InstrumentId instrument, Side side) {
    accounts::OpenOrder order{};
    order.account = account;
    order.instrument = instrument;
    order.side = side;
    order.left = 1U << 30U;
    order.position = accounts.positions().find(account, instrument);
    clearing.open(order);
    return order;
}

}  // namespace miletus::bench
