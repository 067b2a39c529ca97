// Reading on, and claiming what was met.
#include "exchange/attester.hpp"

#include <array>
#include <bit>

namespace miletus::exchange {

using protocol::Attest;
using protocol::EventChain;

// What was met before the start is for the process before to have claimed; the next claim covers it
// as well.
Attester::Attester(const EventChain& chain, const protocol::DurableReader& events)
    : chain_(chain),
      events_(events),
      intake_(std::bit_ceil(protocol::units_max())),
      claimed_(chain.kept().upto) {}

bool Attester::do_work() {
    const std::uint64_t taken = events_.poll([this](std::span<const Unit> event) {
        // Whether others' claims agree is for the shadow to say.
        static_cast<void>(chain_.read(event));
        return true;
    });
    claim();
    return taken != 0;
}

// The last multiple that was met: where several were, nobody knows the others' digests any more.
// Where the intake is full, the next step tries again.
void Attester::claim() {
    const EventChain::Point& kept = chain_.kept();
    if (kept.upto == claimed_) {
        return;
    }
    std::array<Unit, protocol::units_of<Attest>(0)> units{};
    const std::span<Unit> command = protocol::encode(
        Attest{.upto = kept.upto, .digest = {.high = kept.digest.high, .low = kept.digest.low}},
        units);
    if (intake_.submit_command(command)) {
        intake_.publish();
        claimed_ = kept.upto;
    }
}

}  // namespace miletus::exchange
