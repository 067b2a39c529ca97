// Hashes: XXH3-128 to compare states and event streams, SHA-256 for chains and commitments that an
// outsider must trust, CRC32C against what disks do to bytes. None allocates.
#pragma once

#include "base/byte_sink.hpp"

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace miletus {

struct Hash128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend constexpr auto operator<=>(const Hash128&, const Hash128&) = default;
};

using Sha256 = std::array<std::byte, 32>;

class Xxh3 final : public ByteSink {
  public:
    Xxh3();
    void update(std::span<const std::byte> bytes) override;
    [[nodiscard]] Hash128 digest() const;

  private:
    XXH3_state_t state_;
};

[[nodiscard]] std::uint64_t xxh3_64(std::span<const std::byte> bytes);
[[nodiscard]] Sha256 sha256(std::span<const std::byte> bytes);

[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes);

// Two small letters for each byte.
[[nodiscard]] std::string hex(Hash128 hash);
[[nodiscard]] std::string hex(std::span<const std::byte> bytes);

}  // namespace miletus
