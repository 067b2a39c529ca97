// Sockets of this machine.
#include "bench/loopback.hpp"

#include "host/threads.hpp"

#include <array>

namespace miletus::bench {

namespace {

constexpr std::string_view any_port = "tcp:127.0.0.1:0";
constexpr std::uint32_t wait_milliseconds = 1;
constexpr std::size_t ball_bytes = 100;

std::unique_ptr<host::SocketNetwork> new_network() {
    auto network = host::SocketNetwork::make();
    ASSERT(network.has_value());
    return std::move(*network);
}

}  // namespace

// ---- The venue ----

serve::Premises premises_in(const std::string& folder, LoopbackVenue::Durability durability) {
    auto premises = serve::enter_folder(folder);
    ASSERT(premises.has_value());
    if (durability == LoopbackVenue::Durability::forgetful) {
        premises->disk = std::make_unique<ForgetfulDisk>(std::move(premises->disk));
    }
    return std::move(*premises);
}

serve::Config loopback_config(const std::string& folder) {
    serve::Config config = serve::default_config(folder);
    config.doors = {{.address = std::string(any_port), .is_operators = true}};
    config.exchange.journal.segment_bytes = std::uint64_t{64} << 20U;
    config.exchange.snapshot_interval = 0;
    config.gateway.silence_max = Nanos(3'600'000'000'000);
    return config;
}

LoopbackVenue::LoopbackVenue(const std::string& folder, Durability durability)
    : LoopbackVenue(loopback_config(folder), durability) {}

LoopbackVenue::LoopbackVenue(const serve::Config& config, Durability durability)
    : config_(config), premises_(premises_in(config.folder, durability)) {
    auto opened = serve::Venue::open(config_, premises_, log_, nullptr);
    ASSERT(opened.has_value());
    venue_ = std::move(*opened);
    const auto addresses = venue_->open_doors();
    ASSERT(addresses.has_value());
    address_ = addresses->front().address;
    crew_.begin(venue_->duties());
}

LoopbackVenue::~LoopbackVenue() {
    crew_.stop();
    ASSERT(!crew_.failure());
}

// ---- The client ----

SpinningClient::SpinningClient(const std::string& address, AccountId account)
    : network_(new_network()),
      client_(*network_, address,
              {.account = account,
               .session = SessionId(100 + account.value()),
               .feed = native::Feed::answers}) {
    ASSERT(client_.connect().has_value());
}

protocol::Completed SpinningClient::wait_for(ClientSequence number) {
    std::optional<protocol::Completed> answer;
    host::Patience venue;
    while (!answer) {
        ASSERT(client_.poll());
        client_.hear([&](const client::Heard& heard) {
            if (heard.kind == native::FrameKind::event) {
                const auto& completed = protocol::view<protocol::Completed>(heard.message);
                ASSERT(completed.client_sequence == number);
                answer = completed;
            }
        });
        if (!answer && yields_) {
            // Else the kernel's worker that ends the venue's write may wait for this processor.
            venue.wait();
        }
    }
    return *answer;
}

void open_market(const std::string& address) {
    SpinningClient venue_operator(address, AccountId(0));
    submit_market([&](const auto& command, const auto&... entries) {
        ASSERT(venue_operator.ask(command, entries...).reject == Reject::none);
    });
}

protocol::PlaceOrder resting_order(ClientOrderId client_order) {
    return {.price = Ticks(100'000),
            .quantity = Lots(10),
            .client_order = client_order,
            .instrument = InstrumentId(0),
            .side = protocol::Side::buy};
}

// ---- The bare round trip ----

RawRoundTrip::RawRoundTrip() : near_(new_network()), far_(new_network()) {
    const auto address = far_->listen(std::string(any_port));
    ASSERT(address.has_value());
    const auto connected = near_->connect(*address);
    ASSERT(connected.has_value());
    near_end_ = *connected;
    std::optional<host::Arrival> arrival;
    while (!arrival) {
        far_->wait(wait_milliseconds);
        static_cast<void>(far_->ready());
        arrival = far_->accepted();
    }
    far_end_ = arrival->connection;
    echo_thread_ = std::jthread([this] { echo(); });
}

RawRoundTrip::~RawRoundTrip() {
    is_over_ = true;
}

void RawRoundTrip::echo() {
    std::array<std::byte, ball_bytes> ball{};
    while (!is_over_) {
        if (!is_on_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            continue;
        }
        const std::size_t caught = far_->receive(far_end_, ball).bytes;
        if (caught != 0) {
            static_cast<void>(far_->send(far_end_, std::span(ball).first(caught)));
        }
    }
}

void RawRoundTrip::there_and_back() {
    std::array<std::byte, ball_bytes> ball{};
    static_cast<void>(near_->send(near_end_, ball));
    std::size_t caught = 0;
    while (caught < ball.size()) {
        caught += near_->receive(near_end_, std::span(ball).subspan(caught)).bytes;
    }
}

}  // namespace miletus::bench
