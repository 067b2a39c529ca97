// Attester: digests all that the engine tells, and claims the digest at every multiple of an
// interval in a command of its own, so that the log says itself what whoever replays it must come
// to. It reads what is durable only: what it claims cannot be lost. Owned by one thread; its intake
// is one of the sequencer's.
#pragma once

#include "protocol/durable_reader.hpp"
#include "protocol/event_chain.hpp"
#include "protocol/intake.hpp"

namespace miletus::exchange {

class Attester {
  public:
    // The chain stands where the reader begins.
    Attester(const protocol::EventChain& chain, const protocol::DurableReader& events);

    // Whether there was anything to read.
    bool do_work();

    [[nodiscard]] protocol::Intake& intake() LIFETIME_BOUND { return intake_; }
    [[nodiscard]] const protocol::Intake& intake() const LIFETIME_BOUND { return intake_; }

  private:
    void claim();

    protocol::EventChain chain_;
    protocol::DurableReader events_;
    protocol::Intake intake_;
    Sequence claimed_;  // up to here
};

}  // namespace miletus::exchange
