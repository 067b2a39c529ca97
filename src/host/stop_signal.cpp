// A handler that counts.
#include "host/stop_signal.hpp"

#include <signal.h>

#include <atomic>

namespace miletus::host {

namespace {

// A signal handler reaches nothing else.
std::atomic<std::uint32_t> requests = 0;
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

void count_request(int) {
    requests.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

void watch_stop_signals() {
    struct sigaction action{};
    action.sa_handler = count_request;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
}

std::uint32_t stop_requests() {
    return requests.load(std::memory_order_relaxed);
}

}  // namespace miletus::host
