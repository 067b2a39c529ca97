// Market: what happens on the simulated venue: how it is set up, what its desk lists and marks, how
// prices move, and what traders send. Drawn from the seed.
#pragma once

#include "base/prng.hpp"
#include "edge/desk/desk.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace miletus::simulation {

constexpr std::uint32_t traders = 3;
constexpr AccountId fund{traders + 1};
constexpr AssetId coin{0};
constexpr AssetId money{1};
constexpr UnderlyingId pair{0};

class Market {
  public:
    // Some venues have a desk, and some traders little money.
    explicit Market(Prng& prng);

    [[nodiscard]] const desk::Settings& desk() const LIFETIME_BOUND { return desk_; }
    // When the world begins: often shortly before a session ends.
    [[nodiscard]] UnixNanos start() const { return start_; }
    // In the order in which they come.
    [[nodiscard]] std::vector<Amount> deposits() const;

    // ---- The operator ----
    [[nodiscard]] std::uint64_t opening_steps() const;
    // The command of this step, by ask(command) or ask(command, entries).
    template <class Ask>
    void open(std::uint64_t step, Ask ask) const;
    // Prices of the sources, which move.
    template <class Ask>
    void move_prices(Ask ask);

    // ---- Traders ----
    // What the events tell of instruments.
    void read(std::span<const Unit> event);
    template <class Client>
    void trade(Client& client);

  private:
    struct Setting {
        protocol::Parameter parameter;
        std::int64_t value;
    };
    static const std::vector<Setting>& settings();
    [[nodiscard]] protocol::PlaceOrder any_order();

    Prng& prng_;
    desk::Settings desk_;
    UnixNanos start_;
    std::vector<Amount> funds_;             // of traders, then of the fund
    std::int64_t price_;                    // that sources tell, in 1e-6
    std::map<InstrumentId, bool> options_;  // that trade; futures too, with false
};

// ---- Details ----

constexpr std::uint64_t first_steps = 3;
constexpr std::uint64_t listing_steps = 3;

template <class Ask>
void Market::open(std::uint64_t step, Ask ask) const {
    using protocol::Name;
    if (step == 0) {
        return ask(protocol::AddAsset{.name = Name("BTC"), .decimals = 8});
    }
    if (step == 1) {
        return ask(protocol::AddAsset{.name = Name("USDC"), .decimals = 6});
    }
    if (step == 2) {
        return ask(protocol::AddUnderlying{.name = Name("BTC_USDC"), .base = coin, .quote = money});
    }
    step -= first_steps;
    if (step < settings().size()) {
        const Setting& setting = settings()[step];
        return ask(protocol::SetParameter{
            .value = setting.value, .underlying = pair, .parameter = setting.parameter});
    }
    step -= settings().size();
    if (step < 2 * funds_.size()) {
        const AccountId account(static_cast<std::uint32_t>(1 + step / 2));
        return step % 2 == 0
                   ? ask(protocol::OpenAccount{.owner = OwnerId(account.value()),
                                               .opened = account})
                   : ask(protocol::Deposit{
                         .amount = funds_[step / 2], .receiver = account, .asset = money});
    }
    step -= 2 * funds_.size();
    if (step == 0) {
        return ask(protocol::SetInsuranceAccount{.fund = fund});
    }
    if (step == 1) {
        const protocol::SourcePrice source{
            .price = IndexPrice(price_), .time = {}, .source = 0, .weight = 1};
        return ask(protocol::UpdateIndex{.underlying = pair}, std::span(&source, 1));
    }
    if (step == 2) {
        return ask(protocol::ListFuture{.terms = {.tick = IndexPrice(1'000'000),
                                                  .lot = Amount(10'000'000),
                                                  .price_low = Ticks(0),
                                                  .price_high = Ticks(63),
                                                  .lots_max = Lots(100)},
                                        .underlying = pair});
    }
    if (step == 3) {
        return ask(
            protocol::SetBand{.low = Ticks(0), .high = Ticks(63), .instrument = InstrumentId(0)});
    }
    ask(protocol::SetInstrumentState{.instrument = InstrumentId(0),
                                     .state = protocol::InstrumentState::open});
}

template <class Ask>
void Market::move_prices(Ask ask) {
    constexpr std::int64_t low = 20'000'000;
    constexpr std::int64_t high = 45'000'000;
    const std::int64_t most = price_ / (prng_.one_in(4) ? 6 : 50);
    price_ = std::clamp(price_ + prng_.between(-most, most), low, high);
    std::array<protocol::SourcePrice, 3> sources{};
    for (std::uint32_t at = 0; at < sources.size(); ++at) {
        sources[at] = {.price = IndexPrice(price_ + prng_.between(-1000, 1000)),
                       .time = {},
                       .source = at,
                       .weight = 1};
    }
    ask(protocol::UpdateIndex{.underlying = pair},
        std::span<const protocol::SourcePrice>(sources).first(1 + prng_.below(sources.size())));
}

template <class Client>
void Market::trade(Client& client) {
    const std::uint64_t choice = prng_.below(10);
    if (choice == 0) {
        client.ask(protocol::MassCancel{});
    } else if (choice == 1) {
        client.ask(protocol::SetSession{.cancel_on_disconnect =
                                            static_cast<std::uint8_t>(prng_.below(2))});
    } else if (choice <= 3) {
        client.ask(protocol::CancelByClientId{.client_order = ClientOrderId(1 + prng_.below(12))});
    } else {
        client.ask(any_order());
    }
}

}  // namespace miletus::simulation
