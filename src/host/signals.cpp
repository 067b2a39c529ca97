// Handlers that count.
#include "host/signals.hpp"

#include <signal.h>

#include <atomic>

namespace miletus::host {

namespace {

// A signal handler reaches nothing else.
using Count = std::atomic<std::uint32_t>;
static_assert(Count::is_always_lock_free);
Count stops = 0;
Count hangups = 0;

void count_signal(int signal) {
    (signal == SIGHUP ? hangups : stops).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

void watch_signals() {
    struct sigaction action{};
    action.sa_handler = count_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGHUP, &action, nullptr);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
}

void leave_signals_to_others() {
    sigset_t signals{};
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&signals, signal);
    }
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

std::uint32_t stop_requests() {
    return stops.load(std::memory_order_relaxed);
}

std::uint32_t clock_acceptances() {
    return hangups.load(std::memory_order_relaxed);
}

}  // namespace miletus::host
