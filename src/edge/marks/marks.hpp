// Marks worker: a component outside the engine that fits surfaces to the books of options, submits
// them, and submits the digest of the marks that follow. It decides nothing: the engine checks each
// surface, and comes to the same marks by itself,
// or finds them prepared. It reads what is durable only. Owned by one
// thread; its intake is one of the sequencer's.
#pragma once

#include "edge/marks/marker.hpp"
#include "edge/marks/settings.hpp"
#include "protocol/durable_reader.hpp"
#include "protocol/intake.hpp"

namespace miletus::marks {

class MarksWorker {
  public:
    MarksWorker(const Settings& settings, const protocol::DurableReader& events);

    // Marks go this way as well, to be there when the engine wants them; without it the engine
    // computes them anew. Before the first do_work().
    void hand_over_by(prepared::HandOver& hand_over) { marker_.hand_over_by(hand_over); }

    // Whether there was anything to do.
    bool do_work();

    [[nodiscard]] protocol::Intake& intake() LIFETIME_BOUND { return intake_; }
    [[nodiscard]] const MarkerCounts& counts() const LIFETIME_BOUND { return marker_.counts(); }

  private:
    Marker marker_;
    protocol::DurableReader events_;
    protocol::Intake intake_;
};

}  // namespace miletus::marks
