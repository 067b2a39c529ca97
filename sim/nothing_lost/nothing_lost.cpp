// One order, before and after.
#include "sim/nothing_lost/nothing_lost.hpp"

#include "client/client.hpp"
#include "serve/serve.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>

namespace miletus::nothing_lost {

using protocol::Completed;

namespace {

constexpr std::uint32_t wait_milliseconds = 1000;

serve::Config config_in(const std::string& folder) {
    serve::Config config = serve::default_config(folder);
    config.doors = {{.address = "unix:" + folder + "/demo.sock", .is_operators = true}};
    config.exchange.snapshot_interval = 0;
    config.exchange.journal.segment_bytes = std::uint64_t{1} << 20U;
    config.exchange.journal.first_segment_bytes = std::uint64_t{1} << 20U;
    return config;
}

// What `miletus serve` runs, until its end: without a goodbye, as a process that was killed.
class Life {
  public:
    explicit Life(const serve::Config& config) : config_(config) {}

    // Empty where it came up.
    std::string begin() {
        auto premises = serve::enter_folder(config_.folder);
        if (!premises) {
            return premises.error().sentence();
        }
        premises_ = std::make_unique<serve::Premises>(std::move(*premises));
        auto opened = serve::Venue::open(config_, *premises_, log_, nullptr);
        if (!opened) {
            return opened.error().sentence();
        }
        venue_ = std::move(*opened);
        const auto addresses = venue_->open_doors();
        if (!addresses) {
            return addresses.error().sentence();
        }
        crew_.begin(venue_->duties());
        return "";
    }
    [[nodiscard]] const journal::Recovered& recovered() const LIFETIME_BOUND {
        return venue_->exchange().recovered();
    }

  private:
    const serve::Config& config_;
    host::NoLog log_;
    std::unique_ptr<serve::Premises> premises_;
    std::unique_ptr<serve::Venue> venue_;
    serve::Crew crew_;  // stops before the venue goes
};

// A client that waits for what it asked.
class Caller {
  public:
    Caller(const serve::Config& config, const client::Identity& identity)
        : network_(std::move(*host::SocketNetwork::make())),
          client_(*network_, config.doors.front().address, identity) {}

    // Empty where the connection ended.
    template <class Command, class... Entries>
    std::optional<Completed> ask(const Command& command, const Entries&... entries) {
        if (!client_.is_connected() && !client_.connect()) {
            return std::nullopt;
        }
        const ClientSequence number = client_.session().submit(command, entries...);
        std::optional<Completed> answer;
        while (!answer && client_.poll()) {
            client_.hear([&](const client::Heard& heard) { note(heard, number, answer); });
            if (!answer) {
                network_->wait(wait_milliseconds);
            }
        }
        return answer;
    }

  private:
    static void note(const client::Heard& heard, ClientSequence number,
                     std::optional<Completed>& answer) {
        const bool is_event = heard.kind == native::FrameKind::event;
        if (!is_event || protocol::view<protocol::EventHeader>(heard.message).type !=
                             static_cast<std::uint8_t>(protocol::EventType::completed)) {
            return;
        }
        const auto& completed = protocol::view<Completed>(heard.message);
        if (completed.client_sequence == number) {
            answer = completed;
        }
    }

    std::unique_ptr<host::SocketNetwork> network_;
    client::Client client_;
};

constexpr client::Identity operator_identity{
    .account = AccountId(0), .session = SessionId(1), .feed = native::Feed::answers};
constexpr client::Identity trader_identity{
    .account = AccountId(1), .session = SessionId(2), .feed = native::Feed::answers};

constexpr protocol::SourcePrice index{
    .price = IndexPrice(95'000'000'000), .time = {}, .source = 0, .weight = 1};

bool set_up(Caller& venue_operator) {
    const auto does = [&](const auto& command, const auto&... entries) {
        const auto answer = venue_operator.ask(command, entries...);
        return answer && answer->reject == Reject::none;
    };
    return does(protocol::SetVenueState{.state = protocol::VenueState::normal}) &&
           does(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8}) &&
           does(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6}) &&
           does(protocol::AddUnderlying{
               .name = protocol::Name("BTC_USDC"), .base = AssetId(0), .quote = AssetId(1)}) &&
           does(protocol::ListFuture{.terms = {.tick = IndexPrice(500'000),
                                               .lot = Amount(10'000),
                                               .price_low = Ticks(0),
                                               .price_high = Ticks(1'000'000),
                                               .lots_max = Lots(1'000'000)},
                                     .underlying = UnderlyingId(0)}) &&
           does(protocol::SetInstrumentState{.instrument = InstrumentId(0),
                                             .state = protocol::InstrumentState::open}) &&
           does(protocol::SetParameter{.value = 1,
                                       .underlying = UnderlyingId(0),
                                       .parameter = protocol::Parameter::index_sources_min}) &&
           does(protocol::UpdateIndex{.underlying = UnderlyingId(0)}, std::span(&index, 1)) &&
           does(protocol::OpenAccount{.owner = OwnerId(1), .opened = AccountId(1)}) &&
           does(protocol::Deposit{
               .amount = Amount(1'000'000'000'000), .receiver = AccountId(1), .asset = AssetId(1)});
}

constexpr protocol::PlaceOrder order{.price = Ticks(190'000),
                                     .quantity = Lots(10),
                                     .client_order = ClientOrderId(7),
                                     .instrument = InstrumentId(0),
                                     .side = protocol::Side::buy};

bool fail(std::ostream& out, std::string_view what) {
    out << "     failed: " << what << "\n";
    return false;
}

// The order's answer.
std::optional<Completed> first_life(std::ostream& out, const serve::Config& config) {
    Life life(config);
    const std::string problem = life.begin();
    if (!problem.empty()) {
        fail(out, problem);
        return std::nullopt;
    }
    out << "     a venue comes up on a socket, epoch " << life.recovered().superblock.epoch << "\n";
    Caller venue_operator(config, operator_identity);
    Caller trader(config, trader_identity);
    if (!set_up(venue_operator)) {
        fail(out, "the venue cannot be set up");
        return std::nullopt;
    }
    const auto answer = trader.ask(order);
    if (!answer || answer->reject != Reject::none) {
        fail(out, "the order was not taken");
        return std::nullopt;
    }
    out << "     a trader's order is on the disk and acknowledged\n"
        << "     the venue ends at once, without a goodbye\n";
    return answer;
}

bool second_life(std::ostream& out, const serve::Config& config, const Completed& first) {
    Life life(config);
    const std::string problem = life.begin();
    if (!problem.empty()) {
        return fail(out, problem);
    }
    out << "     it comes up again, epoch " << life.recovered().superblock.epoch << "\n";
    Caller trader(config, trader_identity);
    const auto again = trader.ask(order);
    if (!again || again->first != first.header.sequence || again->result != first.result) {
        return fail(out, "the order was sent again and not told its first answer");
    }
    out << "     the trader sends it again under its number: told its first answer, and nothing is "
           "done twice\n";
    const auto canceled = trader.ask(protocol::CancelByClientId{.client_order = ClientOrderId(7)});
    if (!canceled || canceled->reject != Reject::none) {
        return fail(out, "the order is gone");
    }
    out << "     the order still rests, and is canceled by its client's id\n\n";
    return true;
}

}  // namespace

bool run(std::ostream& out, const std::string& folder) {
    std::filesystem::remove_all(folder);
    const serve::Config config = config_in(folder);
    out << "11. Nothing lost\n\n";
    const auto answer = first_life(out, config);
    const bool is_good = answer && second_life(out, config, *answer);
    std::filesystem::remove_all(folder);
    return is_good;
}

}  // namespace miletus::nothing_lost
