// Thin wrappers over xxHash and libcrypto.
#include "base/hash.hpp"

#include "base/assert.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>

namespace miletus {

namespace {

std::array<std::byte, 8> big_endian(std::uint64_t value) {
    return std::bit_cast<std::array<std::byte, 8>>(__builtin_bswap64(value));
}

}  // namespace

Xxh3::Xxh3() {
    XXH3_INITSTATE(&state_);
    ASSERT(XXH3_128bits_reset(&state_) == XXH_OK);
}

void Xxh3::update(std::span<const std::byte> bytes) {
    ASSERT(XXH3_128bits_update(&state_, bytes.data(), bytes.size()) == XXH_OK);
}

Hash128 Xxh3::digest() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(&state_);
    return {.high = hash.high64, .low = hash.low64};
}

std::uint64_t xxh3_64(std::span<const std::byte> bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

// The library would look for its implementation at each call.
Sha256 sha256(std::span<const std::byte> bytes) {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::array<unsigned char, 32> raw{};
    ASSERT(EVP_Digest(bytes.data(), bytes.size(), raw.data(), nullptr, algorithm, nullptr) == 1);
    return std::bit_cast<Sha256>(raw);
}

std::string hex(Hash128 hash) {
    return hex(big_endian(hash.high)) + hex(big_endian(hash.low));
}

std::string hex(std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : bytes) {
        text += digits[std::to_integer<unsigned>(byte) >> 4U];
        text += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

}  // namespace miletus
