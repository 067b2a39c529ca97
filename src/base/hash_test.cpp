// Hashes against their published values, and the canonical bytes that are hashed.
#include "base/hash.hpp"

#include "base/encoder.hpp"
#include "base/prng.hpp"
#include "base/units.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace miletus {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// Collects canonical bytes.
struct Collector final : ByteSink {
    std::vector<std::uint8_t> bytes;
    std::size_t updates = 0;
    void update(std::span<const std::byte> added) override {
        ++updates;
        for (const std::byte byte : added) {
            bytes.push_back(std::to_integer<std::uint8_t>(byte));
        }
    }
};

enum class Fruit : std::uint16_t { apple = 0x0102 };

TEST(Hash, sha256_gives_the_published_digests) {
    EXPECT_EQ(hex(sha256(bytes_of(""))),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(sha256(bytes_of("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, xxh3_of_nothing_is_the_published_value) {
    EXPECT_EQ(hex(Xxh3().digest()), "99aa06d3014798d86001c324468d497f");
    EXPECT_EQ(xxh3_64({}), 0x2d06800538d394c2U);
}

TEST(Hash, xxh3_in_pieces_equals_xxh3_at_once) {
    std::vector<std::byte> bytes(5000);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        bytes[at] = static_cast<std::byte>(at * at % 251);
    }
    Xxh3 whole;
    whole.update(bytes);
    for (const std::size_t piece : {1U, 7U, 64U, 1000U, 4999U}) {
        Xxh3 pieces;
        std::span<const std::byte> left(bytes);
        while (!left.empty()) {
            const std::size_t taken = std::min(piece, left.size());
            pieces.update(left.first(taken));
            left = left.subspan(taken);
        }
        EXPECT_EQ(pieces.digest(), whole.digest());
    }
}

TEST(Hash, a_digest_can_be_read_midway) {
    Xxh3 hash;
    hash.update(bytes_of("ab"));
    const Hash128 midway = hash.digest();
    hash.update(bytes_of("c"));
    Xxh3 again;
    again.update(bytes_of("ab"));
    EXPECT_EQ(again.digest(), midway);
    EXPECT_NE(hash.digest(), midway);
}

TEST(Hash, hex_shows_the_high_half_first) {
    EXPECT_EQ(hex(Hash128{.high = 0x0123456789ABCDEFU, .low = 1}),
              "0123456789abcdef0000000000000001");
}

TEST(Crc32c, gives_the_published_check_values) {
    const auto of = [](std::string_view text) {
        return crc32c(std::as_bytes(std::span(text)));
    };
    EXPECT_EQ(of(""), 0U);
    EXPECT_EQ(of("123456789"), 0xE3069283U);
    EXPECT_EQ(of(std::string(32, '\0')), 0x8A9136AAU);
}

// Bit by bit, as the polynomial has it.
std::uint32_t naive_crc32c(std::span<const std::byte> bytes) {
    std::uint32_t sum = ~0U;
    for (const std::byte byte : bytes) {
        sum ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0x82F63B78U : 0U);
        }
    }
    return ~sum;
}

TEST(Crc32c, is_the_same_whether_in_stretches_or_bit_by_bit) {
    Prng prng(5);
    std::vector<std::byte> bytes(20'000);
    std::ranges::generate(bytes, [&] { return static_cast<std::byte>(prng.next()); });
    for (const std::size_t size : {1U, 7U, 8U, 1023U, 3071U, 3072U, 3073U, 4096U, 6144U, 19'990U}) {
        const auto part = std::span<const std::byte>(bytes).subspan(prng.below(10), size);
        EXPECT_EQ(crc32c(part), naive_crc32c(part)) << size;
    }
}

TEST(Encoder, writes_little_endian_integers_in_the_order_given) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        encoder.add(std::uint8_t{1});
        encoder.add(std::uint32_t{0x04030201});
        encoder.add(std::int16_t{-2});
        encoder.add(Fruit::apple);
        encoder.add(true);
        encoder.add(Ticks(-1));
        encoder.add(OrderId(2, 1));
    }
    EXPECT_EQ(collector.bytes,
              (std::vector<std::uint8_t>{1, 1,    2,    3,    4,    0xFE, 0xFF, 2,    1,
                                         1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                         2, 0,    0,    0,    1,    0,    0,    0}));
}

TEST(Encoder, writes_a_text_after_its_length) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        encoder.add_text("ab");
        encoder.add_text("");
    }
    EXPECT_EQ(collector.bytes, (std::vector<std::uint8_t>{2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0}));
}

TEST(Encoder, loses_nothing_where_its_buffer_fills_up) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        encoder.add(std::uint8_t{9});
        for (std::uint64_t value = 0; value < 3000; ++value) {
            encoder.add(value);
        }
    }
    ASSERT_EQ(collector.bytes.size(), 1 + 3000 * sizeof(std::uint64_t));
    EXPECT_GT(collector.updates, 1U);
    for (std::size_t value = 0; value < 3000; ++value) {
        ASSERT_EQ(collector.bytes[1 + value * 8] + 256 * collector.bytes[2 + value * 8],
                  static_cast<int>(value));
    }
}

}  // namespace
}  // namespace miletus
