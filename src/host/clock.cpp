// The system's own clock.
#include "host/clock.hpp"

#include <time.h>

namespace miletus::host {

UnixNanos SystemClock::now() {
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    return UnixNanos(time.tv_sec * 1'000'000'000 + time.tv_nsec);
}

}  // namespace miletus::host
