// Any bytes, in any pieces, from two clients: nothing reaches the sequencer but whole messages in
// the name of the connection they came from, and nothing of the venue's own.
#include "edge/gateway/native/native_gateway.hpp"

#include "fuzz/fuzz_one.hpp"
#include "protocol/event_writer.hpp"
#include "sim/simulated_network/simulated_network.hpp"

#include <array>
#include <memory>

namespace miletus {

namespace {

using native_gateway::Gateway;

class FixedClock final : public host::Clock {
  public:
    [[nodiscard]] UnixNanos now() override { return UnixNanos(1'000'000'000'000); }
};

// A gateway with nobody behind it, and two connections: to the operator's door and to the other.
class Bench {
  public:
    Bench() {
        network_.be_calm();
        client_feed::History history(1024);
        history.begin_after(Sequence(10));
        gateway_ = std::make_unique<Gateway>(
            native_gateway::Surroundings{.network = network_.venue(),
                                         .clock = clock_,
                                         .log = log_,
                                         .intake = intake_,
                                         .events = events_,
                                         .answers = answers_},
            native_gateway::Settings{.in_bytes = 2 * native::frame_max,
                                     .out_bytes = 4 * native::frame_max,
                                     .is_operators_door = {true, false},
                                     .keys = {}},
            native_gateway::Venue{.epoch = 1, .answers_per_session = 16}, std::move(history));
        for (std::size_t at = 0; at < callers_.size(); ++at) {
            callers_[at] = *network_.clients().connect("door:" + std::to_string(at));
        }
        gateway_->do_work();
    }

    void say(std::size_t caller, std::span<const std::byte> bytes) {
        static_cast<void>(network_.clients().send(callers_[caller], bytes));
        gateway_->do_work();
        intake_.poll([](std::span<const Unit> message, bool is_query) {
            check(message, is_query);
            return true;
        });
    }

  private:
    static void check(std::span<const Unit> message, bool is_query) {
        if (is_query) {
            ASSERT(protocol::decode_query(message).has_value());
            return;
        }
        const auto type = protocol::decode_command(message);
        ASSERT(type.has_value());
        ASSERT(*type != protocol::CommandType::started);
        ASSERT(*type != protocol::CommandType::attest && *type != protocol::CommandType::veto);
    }

    simulation::SimulatedNetwork network_{1, 1U << 16U};
    FixedClock clock_;
    host::NoLog log_;
    protocol::Intake intake_{256};
    protocol::EventWriter venue_events_{256};
    Gate gate_{1};
    std::atomic<std::uint64_t> durable_ = 10;
    protocol::DurableReader events_{venue_events_.ring(), gate_, 0, durable_};
    Gate answers_gate_{1};
    protocol::DurableReader answers_{venue_events_.ring(), answers_gate_, 0, durable_};
    std::unique_ptr<Gateway> gateway_;
    std::array<host::ConnectionId, 2> callers_{};
};

}  // namespace

// The first byte of each piece says who speaks (its lowest bit) and how long the piece is.
void fuzz_one(std::span<const std::byte> input) {
    Bench bench;
    while (!input.empty()) {
        const auto head = std::to_integer<std::size_t>(input.front());
        input = input.subspan(1);
        const std::size_t length = std::min(head / 2, input.size());
        bench.say(head % 2, input.first(length));
        input = input.subspan(length);
    }
}

}  // namespace miletus
