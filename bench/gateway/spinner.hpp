// Spinner: a thread that takes one step again and again while it is wanted, on a processor of its
// own; and which processors there are. Who is measured and who it is compared with take turns on
// the same one.
#pragma once

#include "host/threads.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>

namespace miletus::bench {

// The client has the first processor, the server the second, and what stands behind the server the
// third one, where there are so many.
constexpr std::uint32_t client_processor = 0;
constexpr std::uint32_t server_processor = 1;
constexpr std::uint32_t engine_processor = 2;

[[nodiscard]] inline std::uint32_t processors() {
    return std::max(1U, std::thread::hardware_concurrency());
}

// None where the disk is waited for and no processor would be left to the kernel's workers: beside
// threads that spin on all of them, these end a write late or not at all.
[[nodiscard]] inline std::optional<std::uint32_t> place_of(std::uint32_t processor,
                                                           bool waits_for_disk) {
    const bool is_left_over = processors() > engine_processor + 1;
    return waits_for_disk && !is_left_over ? std::nullopt : std::optional(processor % processors());
}

// Where it may not choose, it stays where the system puts it.
inline void settle_on(std::optional<std::uint32_t> processor) {
    if (processor.has_value()) {
        static_cast<void>(host::pin_this_thread(*processor));
    }
}

// Runs the call on a thread there, and waits for its end: the caller's own thread stays free.
template <class Call>
void run_on(std::optional<std::uint32_t> processor, Call call) {
    std::jthread([processor, &call] {
        settle_on(processor);
        call();
    });
}

class Spinner {
  public:
    // Begins at rest.
    template <class Step>
    Spinner(std::optional<std::uint32_t> processor, Step step)
        : thread_([this, processor, step = std::move(step)]() mutable {
              settle_on(processor);
              work(step);
          }) {}
    ~Spinner() {
        is_over_ = true;
        is_on_ = false;
    }
    Spinner(const Spinner&) = delete;
    Spinner& operator=(const Spinner&) = delete;

    void begin() { is_on_ = true; }
    // No step is under way afterwards.
    void end() {
        is_on_ = false;
        while (is_at_work_) {
            std::this_thread::yield();
        }
    }

  private:
    template <class Step>
    void work(Step& step) {
        constexpr std::chrono::microseconds nap{200};
        while (!is_over_) {
            is_at_work_ = true;
            while (is_on_) {
                step();
            }
            is_at_work_ = false;
            host::rest(nap);
        }
    }

    std::atomic<bool> is_on_ = false;
    std::atomic<bool> is_at_work_ = false;
    std::atomic<bool> is_over_ = false;
    std::jthread thread_;
};

}  // namespace miletus::bench
