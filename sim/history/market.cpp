// What is sent, and how often.
#include "sim/history/market.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace miletus::history {

using protocol::InstrumentState;
using protocol::Parameter;
using protocol::view;

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t minute_ns = 60 * second_ns;
constexpr std::int64_t hour_ns = 60 * minute_ns;
constexpr UnderlyingId btc_usdc{0};
constexpr std::uint32_t accounts = 8;  // the last one is the insurance fund
constexpr std::size_t listed_max = 24;

// Of 0.5 USDC, for 0.0001 BTC; for options 0.01 BTC.
constexpr std::int64_t tick = 500'000;
protocol::ListingTerms terms(std::int64_t lot) {
    return {.tick = IndexPrice(tick),
            .lot = Amount(lot),
            .price_low = Ticks(0),
            .price_high = Ticks(8000),
            .lots_max = Lots(1000)};
}

}  // namespace

Limits market_limits() {
    return {.assets = 4,
            .underlyings = 2,
            .instruments = 40,
            .accounts = accounts + 1,
            .positions = 200,
            .orders = 256,
            .labels = 4,
            .sessions = 4,
            .level_pages = 1024,
            .directory_entries = 1U << 14U,
            .position_lots = 1'000'000'000,
            .orders_per_account = 24,
            .orders_per_instrument = 64,
            .sessions_per_account = 2,
            .closed_orders_per_account = 2,
            .answers_per_session = 2,
            .fills_per_command = 32,
            .timers_per_command = 16,
            .sweep_per_command = 16,
            .settlements_per_command = 8,
            .levels_per_answer = 32,
            .event_units = 1U << 13U,
            .cache_bytes = 1U << 16U};
}

// ---- Sending ----

template <class Message>
void Market::stamp(Message& message, AccountId sender) const {
    message.header.account = sender;
    message.header.time = now_;
    message.header.ingress_time = now_;
    message.header.sequence = Sequence(sequence_);
}

template <class Message>
void Market::put(Message message, AccountId sender) {
    stamp(message, sender);
    units_.assign(protocol::units_of<Message>(0), Unit{});
    protocol::encode(message, units_);
}

template <protocol::Grouped Message>
void Market::put(Message message, std::span<const typename Message::Entry> entries,
                 AccountId sender) {
    stamp(message, sender);
    units_.assign(protocol::units_of<Message>(static_cast<std::uint32_t>(entries.size())), Unit{});
    protocol::encode(message, entries, units_);
}

std::span<const Unit> Market::next() {
    ++sequence_;
    constexpr std::uint64_t opening = 13 + 2 * accounts;
    if (opened_ < opening) {
        open(opened_++);
        return units_;
    }
    now_ = now_ + Nanos(prng_.one_in(20) ? prng_.between(0, 20 * minute_ns)
                                         : prng_.between(0, 3 * second_ns));
    make_any();
    return units_;
}

void Market::open(std::uint64_t step) {
    constexpr std::array<std::pair<Parameter, std::int64_t>, 7> parameters = {
        {{Parameter::index_sources_min, 1},
         {Parameter::index_source_age, 3'600'000},
         {Parameter::index_velocity, 5'000'000},
         {Parameter::maker_fee, -100},
         {Parameter::collar_perpetual, 10'000'000},
         {Parameter::collar_future, 10'000'000},
         {Parameter::collar_option, 10'000'000}}};
    switch (step) {
        case 0:
            return put(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
        case 1:
            return put(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
        case 2:
            return put(protocol::AddUnderlying{
                .name = protocol::Name("BTC_USDC"), .base = AssetId(1), .quote = AssetId(0)});
        case 3:
            return put(protocol::ListFuture{.terms = terms(10'000), .underlying = btc_usdc});
        case 4:
            return update_index();
        default:
            break;
    }
    if (step < 5 + parameters.size()) {
        const auto& [parameter, value] = parameters.at(step - 5);
        return put(
            protocol::SetParameter{.value = value, .underlying = btc_usdc, .parameter = parameter});
    }
    const std::uint64_t number = step - 5 - parameters.size();
    const AccountId account(static_cast<std::uint32_t>(1 + number / 2));
    if (number == 2 * accounts) {
        return put(protocol::SetInsuranceAccount{.fund = AccountId(accounts)});
    }
    if (number % 2 == 0) {
        return put(
            protocol::OpenAccount{.owner = OwnerId((account.value() + 1) / 2), .opened = account});
    }
    put(protocol::Deposit{.amount = Amount(8'000'000), .receiver = account, .asset = AssetId(0)});
}

void Market::make_any() {
    if (has_new_surface_) {
        return install_marks();
    }
    const std::uint64_t choice = prng_.below(100);
    if (choice < 52) {
        return place();
    }
    if (choice < 56) {
        return close();
    }
    if (choice < 72) {
        return update_index();
    }
    if (choice < 76) {
        return update_surface();
    }
    if (choice < 81) {
        return move_money();
    }
    if (choice < 82) {
        return put(protocol::MassCancel{}, any_account());
    }
    if (choice < 84) {
        return set_parameter();
    }
    if (choice < 96) {
        return look_after_instruments();
    }
    return list();
}

// ---- Traders ----

AccountId Market::any_account() {
    return AccountId(static_cast<std::uint32_t>(1 + prng_.below(accounts - 1)));
}

// Near the mark; of options, where none is known, near nothing.
void Market::place() {
    const auto chosen =
        std::next(listed_.begin(), static_cast<std::ptrdiff_t>(prng_.below(listed_.size())));
    const auto& [instrument, listed] = *chosen;
    const bool is_option = listed.kind >= protocol::InstrumentKind::call;
    const std::int64_t width = std::max(listed.mark / (is_option ? 10 : 200), std::int64_t{2});
    const std::int64_t price =
        std::max(listed.mark + prng_.between(-width, width), std::int64_t{1});
    put(protocol::PlaceOrder{.price = Ticks(price),
                             .quantity = Lots(prng_.between(1, is_option ? 30 : 900)),
                             .instrument = instrument,
                             .side = prng_.one_in(2) ? protocol::Side::buy : protocol::Side::sell,
                             .time_in_force = prng_.one_in(4)
                                                  ? protocol::TimeInForce::immediate_or_cancel
                                                  : protocol::TimeInForce::good_til_canceled,
                             .reduce_only = static_cast<std::uint8_t>(prng_.one_in(5) ? 1 : 0)},
        {}, any_account());
}

void Market::close() {
    const auto chosen =
        std::next(listed_.begin(), static_cast<std::ptrdiff_t>(prng_.below(listed_.size())));
    put(protocol::ClosePosition{.price = Ticks(std::max(chosen->second.mark, std::int64_t{1})),
                                .instrument = chosen->first},
        any_account());
}

void Market::move_money() {
    const AssetId asset(static_cast<std::uint16_t>(prng_.one_in(4) ? 1 : 0));
    const Amount amount(asset == AssetId(0) ? prng_.between(1, 3'000'000)
                                            : prng_.between(1, 50'000));
    const AccountId account = any_account();
    switch (prng_.below(3)) {
        case 0:
            return put(protocol::Deposit{.amount = amount, .receiver = account, .asset = asset});
        case 1:
            return put(protocol::Withdraw{.amount = amount, .payer = account, .asset = asset});
        default: {
            const AccountId other((account.value() - 1) / 2 * 2 + 2 - (account.value() + 1) % 2);
            return put(protocol::Transfer{.amount = amount, .receiver = other, .asset = asset},
                       account);
        }
    }
}

// ---- Prices ----

std::int64_t Market::jump() {
    const std::int64_t parts = prng_.one_in(40) ? 120 : 4;  // thousandths
    return index_ / 1000 * prng_.between(-parts, parts);
}

void Market::update_index() {
    index_ = std::clamp(index_ + jump() + prng_.between(-999, 999), std::int64_t{600'000'000},
                        std::int64_t{1'600'000'000});
    const protocol::SourcePrice source{.price = IndexPrice(index_), .source = 0, .weight = 1};
    put(protocol::UpdateIndex{.underlying = btc_usdc}, std::span(&source, 1));
}

void Market::update_surface() {
    constexpr std::int64_t unit = 1'000'000'000'000;  // one, in 1e-12
    std::vector<UnixNanos> expiries;
    for (const auto& [instrument, listed] : listed_) {
        if (listed.kind >= protocol::InstrumentKind::call && listed.expiry > now_) {
            expiries.push_back(listed.expiry);
        }
    }
    std::ranges::sort(expiries);
    expiries.erase(std::ranges::unique(expiries).begin(), expiries.end());
    if (expiries.empty()) {
        return update_index();
    }
    std::vector<protocol::SurfaceSlice> slices;
    for (const UnixNanos expiry : expiries) {
        const auto rank = static_cast<std::int64_t>(slices.size());
        slices.push_back({.expiry = expiry,
                          .forward = IndexPrice(index_),
                          .a = unit / 1000 * (1 + rank),
                          .b = unit / 100,
                          .rho = -unit / 5,
                          .m = 0,
                          .sigma = unit / 10});
    }
    surface_ = Sequence(sequence_);
    put(protocol::UpdateSurface{.underlying = btc_usdc}, slices);
}

void Market::install_marks() {
    has_new_surface_ = false;
    put(protocol::InstallMarks{.surface = surface_, .underlying = btc_usdc});
}

// ---- What there is to trade ----

void Market::list() {
    if (listed_.size() >= listed_max) {
        return look_after_instruments();
    }
    const UnixNanos expiry((now_.value() + prng_.between(hour_ns, 8 * hour_ns)) / minute_ns *
                           minute_ns);
    if (prng_.one_in(3)) {
        return put(
            protocol::ListFuture{.expiry = expiry, .terms = terms(10'000), .underlying = btc_usdc});
    }
    const std::int64_t at_the_money = index_ / 50'000'000 * 50'000'000;
    const std::array strikes = {IndexPrice(at_the_money - 50'000'000),
                                IndexPrice(at_the_money + 50'000'000)};
    put(
        protocol::ListOptionSeries{
            .expiry = expiry, .terms = terms(1'000'000), .underlying = btc_usdc},
        strikes);
}

// Opens what is new, clears away what is over.
void Market::look_after_instruments() {
    for (const auto& [instrument, listed] : listed_) {
        if (listed.state == InstrumentState::pre_open) {
            return put(protocol::SetInstrumentState{.instrument = instrument,
                                                    .state = InstrumentState::open});
        }
        if (listed.state == InstrumentState::settled) {
            return put(protocol::ArchiveInstrument{.instrument = instrument});
        }
    }
    put(protocol::Tick{});
}

void Market::set_parameter() {
    constexpr std::array<std::pair<Parameter, std::int64_t>, 9> some = {
        {{Parameter::maker_fee, 150},
         {Parameter::maker_fee, -100},
         {Parameter::taker_fee, 450},
         {Parameter::taker_fee, 50},
         {Parameter::option_fee, 250},
         {Parameter::option_fee_cap, 100'000},
         {Parameter::future_slope, 5000},
         {Parameter::collateral_haircut, 123'456},
         {Parameter::option_delivery_fee, 333}}};
    const auto& [parameter, value] = some.at(prng_.below(some.size()));
    put(protocol::SetParameter{.value = value, .underlying = btc_usdc, .parameter = parameter});
}

// ---- What is learned ----

void Market::learn(std::span<const Unit> event) {
    const auto type = static_cast<protocol::EventType>(view<protocol::EventHeader>(event).type);
    using enum protocol::EventType;
    if (type == instrument_listed) {
        const auto& told = view<protocol::InstrumentListed>(event);
        listed_[told.instrument] = {.kind = told.kind, .expiry = told.expiry};
    } else if (type == instrument_state_changed) {
        const auto& told = view<protocol::InstrumentStateChanged>(event);
        listed_.at(told.instrument).state = told.state;
    } else if (type == instrument_archived) {
        listed_.erase(view<protocol::InstrumentArchived>(event).instrument);
    } else if (type == mark_changed) {
        const auto& told = view<protocol::MarkChanged>(event);
        listed_.at(told.instrument).mark = told.mark.value() / 10;
    }
    has_new_surface_ = has_new_surface_ || type == surface_updated;
}

}  // namespace miletus::history
