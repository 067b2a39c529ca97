// Threads that take turns.
#include "serve/crew.hpp"

#include "base/result.hpp"
#include "host/signals.hpp"
#include "host/threads.hpp"

#include <algorithm>
#include <utility>

namespace miletus::serve {

namespace {

// The most that any of the steps made.
std::expected<Progress, std::string> take_turn(const Duty& duty) {
    Progress most = Progress::none;
    for (const Step& step : duty.steps) {
        const auto progress = step();
        if (!progress) {
            return progress;
        }
        most = std::max(most, *progress);
    }
    return most;
}

host::IoResult<void> place(const Duty& duty) {
    if (duty.processor) {
        TRY(host::pin_this_thread(*duty.processor));
    }
    if (duty.is_background) {
        TRY(host::give_way_to_others());
    }
    return {};
}

// Turns without anything to do, before a thread rests: news often comes in company.
constexpr std::uint32_t turns_before_rest = 256;

}  // namespace

Crew::~Crew() {
    stop();
}

void Crew::begin(std::vector<Duty> duties) {
    for (Duty& duty : duties) {
        threads_.emplace_back([this, taken = std::move(duty)] { work(taken); });
    }
}

void Crew::stop() {
    is_over_.store(true, std::memory_order_relaxed);
    threads_.clear();  // joins
}

std::optional<std::string> Crew::failure() {
    const Lock lock(mutex_);
    return failure_;
}

void Crew::fail(const std::string& why) {
    const Lock lock(mutex_);
    if (!failure_) {
        failure_ = why;
    }
    is_over_.store(true, std::memory_order_relaxed);
}

void Crew::work(const Duty& duty) {
    host::leave_signals_to_others();
    host::name_this_thread(duty.name);
    const auto placed = place(duty);
    if (!placed) {
        fail(placed.error().sentence());
    }
    std::uint32_t idle_turns = 0;
    host::Patience others;
    while (!is_over_.load(std::memory_order_relaxed)) {
        const auto turn = take_turn(duty);
        if (!turn) {
            fail(turn.error());
            return;
        }
        idle_turns = *turn == Progress::none ? idle_turns + 1 : 0;
        if (duty.rest && idle_turns >= turns_before_rest) {
            duty.rest(idle_turns - turns_before_rest);
        } else if (*turn == Progress::waiting) {
            // The system may need this processor to finish what is waited for.
            others.wait();
        } else {
            others.reset();
        }
    }
}

}  // namespace miletus::serve
