// A venue of its own behind a socket of this machine, and a client that spins: what the benchmarks
// of the whole way share.
#pragma once

#include "client/client.hpp"
#include "host/socket_network.hpp"
#include "serve/serve.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace miletus::bench {

// What `miletus serve` runs, in a folder of its own.
class LoopbackVenue {
  public:
    enum class Durability : std::uint8_t { durable, forgetful };

    LoopbackVenue(const std::string& folder, Durability durability);
    LoopbackVenue(const serve::Config& config, Durability durability);
    ~LoopbackVenue();
    LoopbackVenue(const LoopbackVenue&) = delete;
    LoopbackVenue& operator=(const LoopbackVenue&) = delete;

    [[nodiscard]] const std::string& address() const LIFETIME_BOUND { return address_; }

  private:
    serve::Config config_;
    serve::Premises premises_;
    host::NoLog log_;
    std::unique_ptr<serve::Venue> venue_;
    std::string address_;
    serve::Crew crew_;
};

// In this folder, on any port, for anybody, the operator too; with small files, soon made.
[[nodiscard]] serve::Config loopback_config(const std::string& folder);
[[nodiscard]] serve::Premises premises_in(const std::string& folder,
                                          LoopbackVenue::Durability durability);

// A client that waits for each answer and never rests.
class SpinningClient {
  public:
    SpinningClient(const std::string& address, AccountId account);

    // Keeps its processor between looks, where no disk's worker needs it to finish a write.
    void hold_processor() { yields_ = false; }
    template <class Command, class... Entries>
    protocol::Completed ask(const Command& command, const Entries&... entries) {
        return wait_for(client_.session().submit(command, entries...));
    }

  private:
    protocol::Completed wait_for(ClientSequence number);

    std::unique_ptr<host::SocketNetwork> network_;
    client::Client client_;
    bool yields_ = true;
};

// Opens the venue, with one perpetual in an open market and account 1 with money.
void open_market(const std::string& address);
// The same, by whoever calls submit(command, entries...).
template <class Submit>
void submit_market(Submit submit) {
    submit(protocol::SetVenueState{.state = protocol::VenueState::normal});
    submit(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
    submit(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
    submit(protocol::AddUnderlying{
        .name = protocol::Name("BTC_USDC"), .base = AssetId(0), .quote = AssetId(1)});
    submit(protocol::ListFuture{.terms = {.tick = IndexPrice(500'000),
                                          .lot = Amount(10'000),
                                          .price_low = Ticks(0),
                                          .price_high = Ticks(1'000'000),
                                          .lots_max = Lots(1'000'000)},
                                .underlying = UnderlyingId(0)},
           std::span<const protocol::TickStep>());
    submit(protocol::SetBand{
        .low = Ticks(0), .high = Ticks(1'000'000), .instrument = InstrumentId(0)});
    submit(protocol::SetInstrumentState{.instrument = InstrumentId(0),
                                        .state = protocol::InstrumentState::open});
    submit(protocol::SetParameter{.value = 1,
                                  .underlying = UnderlyingId(0),
                                  .parameter = protocol::Parameter::index_sources_min});
    submit(protocol::SetParameter{.value = 86'400'000,
                                  .underlying = UnderlyingId(0),
                                  .parameter = protocol::Parameter::index_source_age});
    const protocol::SourcePrice source{
        .price = IndexPrice(50'000'000'000), .time = {}, .source = 0, .weight = 1};
    submit(protocol::UpdateIndex{.underlying = UnderlyingId(0)},
           std::span<const protocol::SourcePrice>(&source, 1));
    submit(protocol::OpenAccount{.owner = OwnerId(1), .opened = AccountId(1)});
    submit(protocol::Deposit{
        .amount = Amount(1'000'000'000'000'000), .receiver = AccountId(1), .asset = AssetId(1)});
}
// An order of account 1 that rests.
[[nodiscard]] protocol::PlaceOrder resting_order(ClientOrderId client_order);

// As many bytes as an order there and back between two threads of this process that spin;
// nanoseconds.
class RawRoundTrip {
  public:
    RawRoundTrip();
    ~RawRoundTrip();
    RawRoundTrip(const RawRoundTrip&) = delete;
    RawRoundTrip& operator=(const RawRoundTrip&) = delete;

    // The other side spins only between these.
    void begin() { is_on_ = true; }
    void end() { is_on_ = false; }
    void there_and_back();

  private:
    void echo();

    std::unique_ptr<host::SocketNetwork> near_;
    std::unique_ptr<host::SocketNetwork> far_;
    host::ConnectionId near_end_{};
    host::ConnectionId far_end_{};
    std::atomic<bool> is_on_ = false;
    std::atomic<bool> is_over_ = false;
    std::jthread echo_thread_;
};

// A disk that forgets the log at once, and keeps everything else: what is left of the way without
// durability.
class ForgetfulDisk final : public host::Disk {
  public:
    explicit ForgetfulDisk(std::unique_ptr<host::Disk> disk) : disk_(std::move(disk)) {}

    host::IoResult<std::vector<host::FileInfo>> list() override { return disk_->list(); }
    host::IoResult<host::FileId> create(std::string_view name, std::uint64_t size) override {
        return disk_->create(name, size);
    }
    host::IoResult<host::FileId> open(std::string_view name) override { return disk_->open(name); }
    void close(host::FileId file) override { disk_->close(file); }
    host::IoResult<void> rename(std::string_view from, std::string_view to) override {
        return disk_->rename(from, to);
    }
    host::IoResult<void> remove(std::string_view name) override { return disk_->remove(name); }
    host::IoResult<void> read(host::Place place, std::span<Unit> units) override {
        return disk_->read(place, units);
    }
    host::IoResult<void> write(host::Place place, std::span<const Unit> units) override {
        return disk_->write(place, units);
    }
    void submit(host::Place, std::span<const Unit>, std::uint64_t token) override {
        done_.push_back(token);
    }
    std::optional<host::Completion> completed() override {
        if (done_.empty()) {
            return std::nullopt;
        }
        const std::uint64_t token = done_.front();
        done_.pop_front();
        return host::Completion{.token = token, .result = {}};
    }

  private:
    std::unique_ptr<host::Disk> disk_;
    std::deque<std::uint64_t> done_;
};

}  // namespace miletus::bench
