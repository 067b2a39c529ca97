// Crew: the threads of a venue, each with its agents. An agent is a step that says whether there
// was anything to do; on its thread, agents take turns. The first failure stops them all.
#pragma once

#include "base/mutex.hpp"
#include "base/progress.hpp"

#include <atomic>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace miletus::serve {

// How far it came; or why nothing can be done any more.
using Step = std::function<std::expected<Progress, std::string>()>;

// A thread's work.
struct Duty {
    std::string name;
    std::vector<Step> steps;
    // When there was nothing to do for so many turns; empty to spin.
    std::function<void(std::uint32_t idle_turns)> rest;
    std::optional<std::uint32_t> processor;
    bool is_background = false;  // runs only while no other thread wants the processor
};

class Crew {
  public:
    ~Crew();
    void begin(std::vector<Duty> duties);
    // Lets each finish its step, and waits for that.
    void stop();

    // Why it stopped by itself.
    [[nodiscard]] std::optional<std::string> failure();

  private:
    void work(const Duty& duty);
    void fail(const std::string& why);

    std::atomic<bool> is_over_ = false;
    std::vector<std::jthread> threads_;
    Mutex mutex_;
    std::optional<std::string> failure_ GUARDED_BY(mutex_);
};

}  // namespace miletus::serve
