// Threads: what is asked of the system about the thread that calls.
#pragma once

#include "host/io_result.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace miletus::host {

// Runs on this processor only, from now on.
IoResult<void> pin_this_thread(std::uint32_t processor);
// Runs only while no other thread wants the processor, from now on.
IoResult<void> give_way_to_others();
// What debuggers and `top -H` show; 15 letters of it.
void name_this_thread(const std::string& name);
// Gives the processor away for this long, or a little longer.
void rest(std::chrono::microseconds span);

// How a thread waits that looks again and again for what others are about to finish. At first it
// offers its processor; then it sleeps for moments. Beside a thread that only offers, the kernel's
// worker that ends a write to the disk was seen to wait for half a second.
class Patience {
  public:
    void wait();  // before it looks again
    void reset() { waits_ = 0; }

  private:
    std::uint32_t waits_ = 0;
};

}  // namespace miletus::host
