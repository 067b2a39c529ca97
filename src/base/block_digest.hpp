// The digest of long records: SHA-256 over the SHA-256 of each 4096-byte block. The blocks are
// digested side by side, one in each lane of a vector, which is several times as fast as one after
// the other on machines without SHA instructions; the bits are those of any SHA-256.
#pragma once

#include "base/hash.hpp"

#include <cstddef>
#include <span>

namespace miletus {

constexpr std::size_t digest_block = 4096;
constexpr std::size_t digest_blocks_max = 256;

// How many blocks are digested at once. `widest` is what this machine can do.
enum class DigestLanes : std::uint8_t { one, eight, sixteen };
[[nodiscard]] DigestLanes widest_digest_lanes();

// The bytes are whole blocks, 256 at most.
[[nodiscard]] Sha256 block_digest(std::span<const std::byte> bytes, DigestLanes lanes);

}  // namespace miletus
