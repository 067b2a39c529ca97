// ByteSink: where canonical bytes go, piece by piece: into a hash, or into a snapshot on its way to
// the disk. One call carries a few kilobytes, so that it costs nothing to be virtual.
#pragma once

#include <cstddef>
#include <span>

namespace miletus {

class ByteSink {
  public:
    // tidy: virtual because a snapshot leaves by the edge of the world
    virtual void update(std::span<const std::byte> bytes) = 0;

  protected:
    ~ByteSink() = default;
};

}  // namespace miletus
