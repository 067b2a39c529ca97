// Lanes against libcrypto, block by block.
#include "base/block_digest.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace miletus {
namespace {

std::vector<std::byte> random_blocks(std::size_t count) {
    Prng prng(count + 1);
    std::vector<std::byte> bytes(count * digest_block);
    for (std::byte& byte : bytes) {
        byte = static_cast<std::byte>(prng.next());
    }
    return bytes;
}

// As the definition says it.
Sha256 defined_digest(std::span<const std::byte> bytes) {
    std::vector<std::byte> digests;
    for (; !bytes.empty(); bytes = bytes.subspan(digest_block)) {
        const Sha256 digest = sha256(bytes.first(digest_block));
        digests.insert(digests.end(), digest.begin(), digest.end());
    }
    return sha256(digests);
}

TEST(BlockDigest, is_the_same_whatever_the_lanes_and_however_many_blocks) {
    for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 15U, 16U, 17U, 33U, 256U}) {
        const std::vector<std::byte> bytes = random_blocks(count);
        const Sha256 expected = defined_digest(bytes);
        EXPECT_EQ(block_digest(bytes, DigestLanes::one), expected) << count;
        EXPECT_EQ(block_digest(bytes, DigestLanes::eight), expected) << count;
        EXPECT_EQ(block_digest(bytes, widest_digest_lanes()), expected) << count;
    }
}

TEST(BlockDigest, depends_on_every_block) {
    std::vector<std::byte> bytes = random_blocks(20);
    const Sha256 whole = block_digest(bytes, widest_digest_lanes());
    for (std::size_t block = 0; block < 20; ++block) {
        bytes[block * digest_block + 99] ^= std::byte{1};
        EXPECT_NE(block_digest(bytes, widest_digest_lanes()), whole);
        bytes[block * digest_block + 99] ^= std::byte{1};
    }
}

}  // namespace
}  // namespace miletus
