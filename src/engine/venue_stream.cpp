// The operator's commands of a stream: how the venue is set up, and what becomes of it.
#include "engine/command_stream.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace miletus::engine {

using protocol::InstrumentState;
using protocol::Name;

namespace {

constexpr std::int64_t minute_ns = 60'000'000'000;
constexpr std::int64_t day_ns = 1440 * minute_ns;
constexpr std::int64_t cent = 10'000;  // of the quote asset, in 1e-6
constexpr std::uint32_t lasting = 3;   // instruments that never settle
constexpr UnderlyingId btc_usdc{0};
constexpr UnderlyingId calendar{1};
constexpr UnderlyingId giant{2};

// What an underlying's index stays around.
std::int64_t first_index(UnderlyingId underlying) {
    constexpr std::array<std::int64_t, 3> all = {1'500'000, 500'000, 500'000'000'000'000};
    return underlying.value() < all.size() ? all[underlying.value()] : 1'000'000;
}

// A hundred of the smallest units for one lot and tick.
protocol::ListingTerms terms_between(std::int64_t low, std::int64_t high) {
    return {.tick = IndexPrice(cent),
            .lot = Amount(1'000'000),
            .price_low = Ticks(low),
            .price_high = Ticks(high),
            .lots_max = Lots(50)};
}

protocol::ListingTerms giant_terms() {
    return {.tick = IndexPrice(10'000'000'000'000),
            .lot = Amount(10'000'000),
            .price_low = Ticks(1),
            .price_high = Ticks(300),
            .lots_max = Lots(std::numeric_limits<std::uint32_t>::max())};
}

}  // namespace

// ---- The opening ----

void CommandStream::open_venue(std::uint64_t step) {
    switch (step) {
        case 0:
            return put(protocol::AddAsset{.name = Name("BTC"), .decimals = 8});
        case 1:
            return put(protocol::AddAsset{.name = Name("USDC"), .decimals = 6});
        case 2:
        case 3:
        case 4: {
            constexpr std::array<std::string_view, 3> names = {"BTC_USDC", "CAL_USDC", "BIG_USDC"};
            return put(protocol::AddUnderlying{
                .name = Name(names[step - 2]), .base = AssetId(0), .quote = AssetId(1)});
        }
        case 5:
            return put(
                protocol::ListFuture{.terms = terms_between(1, 300), .underlying = btc_usdc});
        case 6:
            return put(
                protocol::ListFuture{.terms = terms_between(-150, 150), .underlying = calendar});
        case 7:
            return put(protocol::ListFuture{.terms = giant_terms(), .underlying = giant});
        default:
            return open_market(step - 8);
    }
}

// Each underlying has an index from one source, that lasts long enough and may go far.
void CommandStream::open_prices(std::uint64_t step) {
    const UnderlyingId underlying(static_cast<std::uint16_t>(step % 3));
    const auto parameter = [&](protocol::Parameter name, std::int64_t value) {
        put(protocol::SetParameter{.value = value, .underlying = underlying, .parameter = name});
    };
    switch (step / 3) {
        case 0:
            return parameter(protocol::Parameter::index_sources_min, 1);
        case 1:
            return parameter(protocol::Parameter::index_source_age, 3'600'000);
        case 2:
            return parameter(protocol::Parameter::index_velocity, 500'000);
        case 3:
            return parameter(protocol::Parameter::collar_perpetual, 10'000'000);
        case 4:
            return parameter(protocol::Parameter::collar_future, 10'000'000);
        default:
            return put_index(underlying, first_index(underlying));
    }
}

void CommandStream::put_index(UnderlyingId underlying, std::int64_t price) {
    const protocol::SourcePrice source{
        .price = IndexPrice(price), .time = now_, .source = 0, .weight = 1};
    put(protocol::UpdateIndex{.underlying = underlying}, std::span(&source, 1));
}

// Bands and states of three instruments, then six accounts of three owners with some money.
void CommandStream::open_market(std::uint64_t step) {
    if (step < 3) {
        const std::int64_t low = step == 1 ? -100 : 50;
        return put(protocol::SetBand{.low = Ticks(low),
                                     .high = Ticks(low + 200),
                                     .instrument = InstrumentId(static_cast<std::uint32_t>(step))});
    }
    if (step < 6) {
        return put(protocol::SetInstrumentState{
            .instrument = InstrumentId(static_cast<std::uint32_t>(step - 3)),
            .state = InstrumentState::open});
    }
    if (step < 12) {
        const auto account = static_cast<std::uint32_t>(step - 5);
        return put(protocol::OpenAccount{.owner = OwnerId((account + 1) / 2),
                                         .opened = AccountId(account)});
    }
    const std::uint64_t number = step - 12;
    if (number >= 12) {
        return open_prices(number - 12);
    }
    put(protocol::Deposit{.amount = Amount(number < 6 ? 30'000 : 5'000'000),
                          .receiver = AccountId(static_cast<std::uint32_t>(1 + number % 6)),
                          .asset = AssetId(static_cast<std::uint16_t>(1 - number / 6))});
}

// ---- The venue ----

void CommandStream::tick() {
    put(protocol::Tick{});
}

void CommandStream::set_rules() {
    put(protocol::SetRules{.rules = static_cast<std::uint32_t>(prng_.below(3))});
}

void CommandStream::set_venue_state() {
    put(protocol::SetVenueState{.state = any<protocol::VenueState>(3)});
}

void CommandStream::add_asset() {
    constexpr std::array<std::string_view, 5> names = {"EUR", "BTC", "eur", "", "GOLD"};
    put(protocol::AddAsset{.name = Name(names[prng_.below(names.size())]),
                           .decimals = static_cast<std::uint32_t>(prng_.below(15))});
}

void CommandStream::add_underlying() {
    constexpr std::array<std::string_view, 6> names = {"EUR_USDC", "BTC_USDC", "a",
                                                       "GOLD",     "SILVER",   "OTHER"};
    put(protocol::AddUnderlying{.name = Name(names[prng_.below(names.size())]),
                                .base = AssetId(static_cast<std::uint16_t>(prng_.below(4))),
                                .quote = AssetId(static_cast<std::uint16_t>(prng_.below(3)))});
}

// ---- Instruments ----

void CommandStream::list_future() {
    protocol::ListFuture listing{
        .expiry = now_ + Nanos(prng_.between(minute_ns, 3 * day_ns)),
        .terms = any_terms(),
        .underlying = UnderlyingId(static_cast<std::uint16_t>(prng_.below(5)))};
    if (prng_.one_in(6)) {
        listing.expiry = prng_.one_in(2) ? UnixNanos(0) : now_;
    }
    std::array<protocol::TickStep, 2> steps = {
        {{.from = Ticks(20), .multiple = Ticks(5)}, {.from = Ticks(40), .multiple = Ticks(10)}}};
    if (prng_.one_in(6)) {
        steps[1].from = Ticks(prng_.between(0, 60));
    }
    put(listing, std::span<const protocol::TickStep>(steps).first(prng_.below(3)));
}

void CommandStream::list_series() {
    std::vector<IndexPrice> strikes;
    std::int64_t strike = prng_.one_in(6) ? prng_.between(0, 1) : prng_.between(1, 5) * 100 * cent;
    const std::uint64_t count = prng_.one_in(8) ? prng_.below(20) : prng_.below(3);
    for (std::uint64_t at = 0; at < count; ++at) {
        strikes.emplace_back(strike);
        strike += prng_.one_in(4) ? prng_.between(-1, 1) : prng_.between(1, 3) * 100 * cent;
    }
    put(
        protocol::ListOptionSeries{
            .expiry = now_ + Nanos(prng_.between(prng_.one_in(10) ? 0 : 1, 2 * day_ns)),
            .terms = any_terms(),
            .underlying = UnderlyingId(static_cast<std::uint16_t>(prng_.below(3)))},
        strikes);
}

protocol::ListingTerms CommandStream::any_terms() {
    protocol::ListingTerms terms = terms_between(1, prng_.between(1, prng_.one_in(3) ? 4 : 90));
    if (prng_.one_in(2)) {
        spoil(terms);
    }
    return terms;
}

void CommandStream::spoil(protocol::ListingTerms& terms) {
    switch (prng_.below(6)) {
        case 0:
            terms.tick = IndexPrice(prng_.one_in(2) ? 0 : prng_.between(-1, 9));
            break;
        case 1:
            terms.lot = Amount(prng_.between(-1, 1000));
            break;
        case 2:
            terms.price_low = Ticks(prng_.between(-20, 100));
            break;
        case 3:
            terms.price_high = Ticks(std::int64_t{1} << prng_.below(40));
            break;
        case 4:
            terms.lots_max = Lots(prng_.one_in(2) ? 0 : std::int64_t{1} << 33);
            break;
        default:
            terms.price_high = Ticks(20'000);
            break;
    }
}

void CommandStream::set_instrument_state() {
    const InstrumentId instrument = any_instrument();
    const std::uint64_t states = instrument.value() < lasting ? 4 : 6;
    auto state = static_cast<InstrumentState>(prng_.below(states));
    if (!prng_.one_in(3)) {
        state = InstrumentState::open;
    }
    put(protocol::SetInstrumentState{.instrument = instrument, .state = state});
}

void CommandStream::set_band() {
    const InstrumentId instrument = any_instrument();
    const Market range =
        instrument.value() < markets_.size() ? markets_[instrument.value()] : Market{};
    const std::int64_t width = (range.high - range.low).value() / 2;
    const std::int64_t outside = prng_.one_in(10) ? 3 : 0;
    put(protocol::SetBand{
        .low = Ticks(range.low.value() + prng_.between(-outside, width)),
        .high = Ticks(range.high.value() - prng_.between(-outside, width + outside)),
        .instrument = instrument});
}

// ---- Accounts and money ----

void CommandStream::open_account() {
    const auto account = static_cast<std::uint32_t>(prng_.below(10));
    put(protocol::OpenAccount{.owner = OwnerId((account + 1) / 2), .opened = AccountId(account)});
}

void CommandStream::deposit() {
    const bool is_coin = !prng_.one_in(3);
    const std::int64_t most = is_coin ? 4'000'000 : 60'000;
    Amount amount(prng_.one_in(20) ? prng_.between(-1, 0) : prng_.between(1, most));
    if (prng_.one_in(20)) {
        amount = Amount(std::numeric_limits<std::int64_t>::max());
    }
    put(protocol::Deposit{.amount = amount,
                          .receiver = any_account(),
                          .asset = AssetId(static_cast<std::uint16_t>(
                              prng_.one_in(20) ? prng_.below(5) : (is_coin ? 0 : 1)))});
}

void CommandStream::withdraw() {
    const std::int64_t most = prng_.one_in(4) ? 20'000'000 : 60'000;
    put(protocol::Withdraw{
        .amount = Amount(prng_.one_in(20)  ? prng_.between(-1, 0)
                         : prng_.one_in(3) ? prng_.between(1, most)
                                           : prng_.between(1, most / 20)),
        .payer = any_account(),
        .asset = AssetId(static_cast<std::uint16_t>(prng_.below(prng_.one_in(10) ? 5 : 2)))});
}

// ---- The log ----

void CommandStream::start() {
    const bool is_next = !prng_.one_in(4);
    put(protocol::Started{.started_epoch = is_next ? epoch_ + 1 : epoch_ / 2});
}

void CommandStream::attest() {
    const Sequence upto(attested_.value() + prng_.below(sequence_ - attested_.value() + 2));
    put(protocol::Attest{.upto = upto, .digest = {.high = prng_.next(), .low = prng_.next()}});
}

void CommandStream::veto() {
    const std::uint64_t vetoed = prng_.one_in(4) ? sequence_ : prng_.below(sequence_ + 2);
    put(protocol::Veto{.vetoed = Sequence(vetoed)});
}

// ---- Prices and parameters ----

void CommandStream::update_index() {
    const UnderlyingId underlying(
        static_cast<std::uint16_t>(prng_.below(prng_.one_in(30) ? 6 : 3)));
    const std::int64_t first = first_index(underlying);
    std::array<protocol::SourcePrice, 3> sources{};
    const std::uint64_t count = prng_.one_in(3) ? 1 + prng_.below(3) : 1;
    for (std::uint64_t at = 0; at < count; ++at) {
        const std::int64_t parts = prng_.one_in(4) ? 400 : 100;
        const std::int64_t moved = first / 1000 * (1000 + prng_.between(-parts, parts));
        sources[at] = {.price = IndexPrice(std::max(moved, std::int64_t{1})),
                       .time = now_,
                       .source = static_cast<std::uint32_t>(at),
                       .weight = 1};
    }
    protocol::SourcePrice& odd = sources[prng_.below(count)];
    switch (prng_.below(40)) {
        case 0:
            odd.price = IndexPrice(prng_.between(-1, 0));
            break;
        case 1:
            odd.time = now_ + Nanos(1);
            break;
        case 2:
            odd.source = prng_.one_in(2) ? 16 : sources[0].source;
            break;
        case 3:
            odd.weight = prng_.one_in(2) ? 0 : 2'000'000;
            break;
        case 4:
            odd.time = UnixNanos(now_.value() - 1'000'000'000'000);
            break;
        default:
            break;
    }
    put(protocol::UpdateIndex{.underlying = underlying}, std::span(sources).first(count));
}

void CommandStream::update_surface() {
    const UnderlyingId underlying(
        static_cast<std::uint16_t>(prng_.below(prng_.one_in(30) ? 6 : 3)));
    const IndexPrice forward =
        underlying.value() < indices_.size() ? indices_[underlying.value()] : IndexPrice(1);
    constexpr std::int64_t unit = 1'000'000'000'000;  // one, in 1e-12
    std::array<protocol::SurfaceSlice, 2> slices{};
    for (std::int64_t at = 0; at < 2; ++at) {
        slices[static_cast<std::size_t>(at)] = {.expiry = now_ + Nanos((1 + at) * day_ns),
                                                .forward = forward,
                                                .a = unit / 1000 * (1 + at),
                                                .b = prng_.one_in(12) ? 4 * unit : unit / 100,
                                                .rho = prng_.one_in(12) ? 2 * unit : -unit / 5,
                                                .m = 0,
                                                .sigma = unit / 10};
    }
    put(protocol::UpdateSurface{.underlying = underlying},
        std::span<const protocol::SurfaceSlice>(slices).first(prng_.below(2) + 1));
}

void CommandStream::install_marks() {
    const UnderlyingId underlying(
        static_cast<std::uint16_t>(prng_.below(prng_.one_in(30) ? 6 : 3)));
    const Sequence surface =
        underlying.value() < surfaces_.size() ? surfaces_[underlying.value()] : Sequence(1);
    put(protocol::InstallMarks{.digest = {.high = prng_.one_in(12) ? 1U : 0U, .low = 0},
                               .surface = prng_.one_in(20) ? Sequence(1) : surface,
                               .underlying = underlying});
}

void CommandStream::set_parameter() {
    constexpr std::array<std::pair<protocol::Parameter, std::int64_t>, 13> usual = {{
        {protocol::Parameter::maker_fee, -300},
        {protocol::Parameter::taker_fee, 400},
        {protocol::Parameter::future_initial, 40'000},
        {protocol::Parameter::option_initial, 200'000},
        {protocol::Parameter::collar_perpetual, 300'000},
        {protocol::Parameter::collar_future, 300'000},
        {protocol::Parameter::order_notional_max, 400'000},
        {protocol::Parameter::position_notional_max, 600'000},
        {protocol::Parameter::open_interest_max, 900'000},
        {protocol::Parameter::index_sources_min, 1},
        {protocol::Parameter::order_rate, 3},
        {protocol::Parameter::order_burst, 1},
        {protocol::Parameter::repeats_max, 1},
    }};
    const auto& [parameter, value] = usual[prng_.below(usual.size())];
    const bool is_of_venue = parameter >= protocol::Parameter::order_rate;
    const bool is_reset = prng_.one_in(2);
    const std::int64_t odd = prng_.one_in(2) ? -1'000'000 : value;
    const bool is_bound = parameter >= protocol::Parameter::order_notional_max && !is_of_venue;
    const bool is_burst = parameter == protocol::Parameter::order_burst;
    const std::int64_t wide = is_of_venue ? (is_burst ? 1000 : 0) : std::int64_t{1} << 60U;
    std::int64_t set = prng_.one_in(10) ? odd : value;
    if (is_reset && (is_of_venue || is_bound)) {
        set = wide;
    }
    const auto number = static_cast<std::uint16_t>(prng_.below(prng_.one_in(20) ? 6 : 3));
    put(protocol::SetParameter{
        .effective =
            prng_.one_in(3) ? now_ + Nanos(prng_.between(0, 60 * minute_ns)) : UnixNanos(0),
        .value = set,
        .underlying = is_of_venue != prng_.one_in(20) ? UnderlyingId(65'535) : UnderlyingId(number),
        .parameter = parameter});
}

void CommandStream::set_account_state() {
    const bool is_freed = prng_.one_in(2);
    put(protocol::SetAccountState{
        .target = any_account(),
        .state = is_freed ? protocol::AccountState::normal : any<protocol::AccountState>(4),
        .whole_owner = static_cast<std::uint8_t>(prng_.one_in(3) ? 1 : 0)});
}

void CommandStream::set_insurance_account() {
    put(protocol::SetInsuranceAccount{.fund = prng_.one_in(3) ? any_account() : AccountId(7)});
}

void CommandStream::archive_instrument() {
    put(protocol::ArchiveInstrument{.instrument = any_instrument()});
}

void CommandStream::send_unsupported() {
    switch (prng_.below(2)) {
        case 0:
            header_.account = any_account();
            return put(protocol::CallContract{}, {});
        default:
            header_.account = any_account();
            return put(protocol::MassQuote{.quote_id = 1});
    }
}

}  // namespace miletus::engine
