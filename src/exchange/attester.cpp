// Reading on, and claiming before the next multiple comes.
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
        if (!has_claimed()) {
            return false;
        }
        // Whether others' claims agree is for the shadow to say.
        static_cast<void>(chain_.read(event));
        return true;
    });
    static_cast<void>(has_claimed());
    return taken != 0;
}

// Claims what there is to claim; false where that must wait.
bool Attester::has_claimed() {
    const EventChain::Point& kept = chain_.kept();
    if (kept.upto == claimed_) {
        return true;
    }
    std::array<Unit, protocol::units_of<Attest>(0)> units{};
    const std::span<Unit> command = protocol::encode(
        Attest{.upto = kept.upto, .digest = {.high = kept.digest.high, .low = kept.digest.low}},
        units);
    if (!intake_.submit_command(command)) {
        return false;
    }
    intake_.publish();
    claimed_ = kept.upto;
    return true;
}

}  // namespace miletus::exchange
