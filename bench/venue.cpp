// What the venue's commands say.
#include "bench/venue.hpp"

#include <algorithm>
#include <array>

namespace miletus::bench {

using protocol::EventType;
using protocol::Parameter;

namespace {

constexpr std::int64_t nanos_per_command = 125;
constexpr AccountId nobody{0};  // the operator
constexpr std::int64_t strike_step = 125'000'000;
template <class Visit>
void visit_events(const engine::Engine& engine, EventType type, Visit visit) {
    engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
        if (view_as<protocol::EventHeader>(event).type == static_cast<std::uint8_t>(type)) {
            visit(event);
        }
    });
}

}  // namespace

Series make_series(std::span<const int> days, int strikes) {
    Series series;
    for (const int day : days) {
        series.expiries.push_back(venue_start + Nanos(venue_day.value() * day));
    }
    for (int at = 0; at < strikes; ++at) {
        series.strikes.emplace_back(venue_index.value() + (at - strikes / 2) * strike_step);
    }
    return series;
}

std::vector<protocol::SurfaceSlice> make_slices(const Series& series, IndexPrice forward) {
    constexpr std::int64_t unit = 1'000'000'000'000;  // one, in 1e-12
    std::vector<protocol::SurfaceSlice> slices;
    for (const UnixNanos expiry : series.expiries) {
        // Some 50 % a year at the money.
        const std::int64_t days = (expiry - venue_start).value() / venue_day.value();
        slices.push_back({.expiry = expiry,
                          .forward = forward,
                          .a = unit / 4 * days / 365,
                          .b = unit / 100,
                          .rho = -unit / 5,
                          .m = 0,
                          .sigma = unit / 10});
    }
    return slices;
}

Venue::Venue(const Limits& limits) : engine_(std::make_unique<engine::Engine>(limits)) {
    issue(nobody, protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
    issue(nobody, protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
    issue(nobody, protocol::AddUnderlying{
                      .name = protocol::Name("BTC_USDC"), .base = AssetId(0), .quote = AssetId(1)});
    set_parameter(Parameter::index_sources_min, 1);
    set_parameter(Parameter::index_source_age, 86'400'000);
    for (const Parameter collar :
         {Parameter::collar_perpetual, Parameter::collar_future, Parameter::collar_option}) {
        set_parameter(collar, 10'000'000);
    }
}

void Venue::set_parameter(Parameter name, std::int64_t value) {
    issue(nobody, protocol::SetParameter{
                      .value = value, .underlying = venue_underlying, .parameter = name});
}

protocol::CommandHeader Venue::next_header(AccountId account) {
    ++sequence_;
    const std::int64_t commands = static_cast<std::int64_t>(sequence_) * nanos_per_command;
    const UnixNanos time = venue_start + passed_ + Nanos(commands);
    return {.account = account,
            .session = SessionId(account.value()),
            .client_sequence = ClientSequence(sequence_),
            .ingress_time = time,
            .sequence = Sequence(sequence_),
            .time = time};
}

// The next command's time.
void Venue::pass_until(UnixNanos time) {
    const auto commands = static_cast<std::int64_t>(sequence_ + 1) * nanos_per_command;
    passed_ = time - venue_start - Nanos(commands);
}

void Venue::apply(std::span<const Unit> command) {
    engine_->apply(command);
    issued_.insert(issued_.end(), command.begin(), command.end());
    visit_events(*engine_, EventType::completed, [](std::span<const Unit> event) {
        ASSERT(protocol::view<protocol::Completed>(event).reject == Reject::none);
    });
}

void Venue::list_future(UnixNanos expiry) {
    issue(nobody,
          protocol::ListFuture{
              .expiry = expiry, .terms = venue_terms, .underlying = venue_underlying},
          std::span<const protocol::TickStep>());
    open_instruments(1);
}

void Venue::list_options(const Series& series) {
    for (const UnixNanos expiry : series.expiries) {
        issue(nobody,
              protocol::ListOptionSeries{
                  .expiry = expiry, .terms = venue_terms, .underlying = venue_underlying},
              std::span(series.strikes));
        open_instruments(static_cast<std::uint32_t>(series.strikes.size()) * 2);
    }
}

void Venue::open_instruments(std::uint32_t count) {
    for (; count != 0; --count) {
        const InstrumentId instrument(instruments_++);
        issue(nobody, protocol::SetBand{.low = venue_terms.price_low,
                                        .high = venue_terms.price_high,
                                        .instrument = instrument});
        issue(nobody, protocol::SetInstrumentState{.instrument = instrument,
                                                   .state = protocol::InstrumentState::open});
    }
}

void Venue::open_account(AccountId account, Amount money) {
    issue(nobody, protocol::OpenAccount{.owner = OwnerId(account.value()), .opened = account});
    issue(nobody, protocol::Deposit{.amount = money, .receiver = account, .asset = AssetId(1)});
}

void Venue::place_order(AccountId account, const VenueOrder& order) {
    issue(account,
          protocol::PlaceOrder{.price = order.price,
                               .quantity = order.lots,
                               .instrument = order.instrument,
                               .side = order.side},
          std::span<const char>());
}

void Venue::trade(const VenueTrade& trade) {
    for (const protocol::Side side : {protocol::Side::sell, protocol::Side::buy}) {
        place_order(side == protocol::Side::sell ? trade.seller : trade.buyer,
                    {.instrument = trade.instrument,
                     .side = side,
                     .price = trade.price,
                     .lots = trade.lots});
    }
    ASSERT(count(EventType::trade) == 1);
}

// Each two accounts trade with each other: so each is long of some and short of others.
void Venue::fill_portfolios(const Portfolios& portfolios) {
    constexpr std::uint32_t options_held = 18;
    for (std::uint32_t account = 1; account + 1 < portfolios.accounts; account += 2) {
        const std::array pair = {AccountId(account), AccountId(account + 1)};
        for (std::uint32_t at = 0; at < options_held; ++at) {
            const std::uint32_t place =
                (account * 5 + at * (portfolios.options / options_held)) % portfolios.options;
            const InstrumentId option(portfolios.first_option + place);
            trade({.buyer = pair.at(at % 2),
                   .seller = pair.at(1 - at % 2),
                   .instrument = option,
                   .price = Ticks(100),
                   .lots = Lots(100)});
            if (at % 2 == 0) {
                place_order(pair.at(at / 2 % 2), {.instrument = option,
                                                  .side = protocol::Side::sell,
                                                  .price = Ticks(price_end - 1),
                                                  .lots = Lots(10)});
            }
        }
        trade({.buyer = pair[0],
               .seller = pair[1],
               .instrument = InstrumentId(1),
               .price = Ticks(price_end / 2),
               .lots = Lots(1000)});
    }
}

std::span<const Unit> Venue::index_update(IndexPrice price) {
    const protocol::SourcePrice source{.price = price, .time = {}, .source = 0, .weight = 1};
    return encode(nobody, protocol::UpdateIndex{.underlying = venue_underlying},
                  std::span<const protocol::SourcePrice>(&source, 1));
}

std::span<const Unit> Venue::surface(const Series& series, IndexPrice forward) {
    const std::vector<protocol::SurfaceSlice> slices = make_slices(series, forward);
    const std::span<const Unit> command =
        encode(nobody, protocol::UpdateSurface{.underlying = venue_underlying},
               std::span<const protocol::SurfaceSlice>(slices));
    surface_ = Sequence(sequence_);
    return command;
}

std::span<const Unit> Venue::marks_of_surface() {
    return encode(nobody,
                  protocol::InstallMarks{.surface = surface_, .underlying = venue_underlying});
}

std::uint32_t Venue::count(EventType type) const {
    std::uint32_t found = 0;
    visit_events(*engine_, type, [&found](std::span<const Unit>) { ++found; });
    return found;
}

}  // namespace miletus::bench
