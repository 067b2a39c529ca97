// Calls to the system's threads.
#include "host/threads.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include <array>
#include <bit>
#include <thread>

namespace miletus::host {

IoResult<void> pin_this_thread(std::uint32_t processor) {
    // As the system's macros would, which index without looking.
    constexpr std::uint32_t bits = 64;
    std::array<std::uint64_t, sizeof(cpu_set_t) / sizeof(std::uint64_t)> mask{};
    mask[processor / bits] = std::uint64_t{1} << (processor % bits);
    const auto processors = std::bit_cast<cpu_set_t>(mask);
    const int code = pthread_setaffinity_np(pthread_self(), sizeof(processors), &processors);
    if (code != 0) {
        return std::unexpected(IoError{
            .operation = "pin to", .subject = "cpu " + std::to_string(processor), .code = code});
    }
    return {};
}

IoResult<void> give_way_to_others() {
    const sched_param none{};
    const int code = pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);
    if (code != 0) {
        return std::unexpected(
            IoError{.operation = "give way to", .subject = "other threads", .code = code});
    }
    return {};
}

void name_this_thread(const std::string& name) {
    constexpr std::size_t letters_max = 15;
    pthread_setname_np(pthread_self(), name.substr(0, letters_max).c_str());
}

void rest(std::chrono::microseconds span) {
    std::this_thread::sleep_for(span);
}

void Patience::wait() {
    constexpr std::uint32_t offers_max = 64;
    // Half of it would often be over before the processor was given away.
    constexpr std::chrono::microseconds moment{10};
    if (waits_ < offers_max) {
        ++waits_;
        std::this_thread::yield();
        return;
    }
    // Else the system adds five times as much, in case others are to be woken then.
    constexpr unsigned long slack = 1;
    prctl(PR_SET_TIMERSLACK, slack);
    std::this_thread::sleep_for(moment);
}

}  // namespace miletus::host
