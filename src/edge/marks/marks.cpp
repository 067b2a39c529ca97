// Reading all that there is, then making what is due.
#include "edge/marks/marks.hpp"

#include <bit>

namespace miletus::marks {

MarksWorker::MarksWorker(const Settings& settings, const protocol::DurableReader& events)
    : marker_(settings), events_(events), intake_(std::bit_ceil(2 * protocol::units_max())) {}

bool MarksWorker::do_work() {
    const std::uint64_t taken = events_.poll([this](std::span<const Unit> event) {
        marker_.read(event);
        return true;
    });
    const bool has_made = marker_.make_surfaces();
    bool has_handed_out = false;
    marker_.hand_out([&](std::span<const Unit> command) {
        const bool is_taken = intake_.submit_command(command);
        has_handed_out |= is_taken;
        return is_taken;
    });
    if (has_handed_out) {
        intake_.publish();
    }
    return taken != 0 || has_made || has_handed_out;
}

}  // namespace miletus::marks
