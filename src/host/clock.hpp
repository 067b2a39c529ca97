// Clock: what time it is. Only the sequencer's reading of it ever enters the log.
#pragma once

#include "base/units.hpp"

namespace miletus::host {

class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UnixNanos now() = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] UnixNanos now() override;
};

}  // namespace miletus::host
