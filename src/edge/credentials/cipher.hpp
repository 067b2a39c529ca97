// The system's randomness, HMAC-SHA256, comparison in constant time, and AES-256-GCM.
#pragma once

#include "base/hash.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace miletus::credentials {

void fill_randomly(std::span<std::byte> room);
template <std::size_t count>
[[nodiscard]] std::array<std::byte, count> random_bytes() {
    std::array<std::byte, count> bytes{};
    fill_randomly(bytes);
    return bytes;
}

[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view text);
[[nodiscard]] Sha256 sha256_of(std::string_view text);

// Takes as long whatever they hold; where one is longer they differ.
[[nodiscard]] bool is_same(std::span<const std::byte> left, std::span<const std::byte> right);

constexpr std::size_t gcm_nonce_size = 12;
constexpr std::size_t gcm_tag_size = 16;
using GcmKey = std::span<const std::byte, 32>;
using GcmNonce = std::span<const std::byte, gcm_nonce_size>;

// The text under its key, and behind it the tag, which also covers `bound`.
[[nodiscard]] std::vector<std::byte> gcm_seal(GcmKey key, GcmNonce nonce,
                                              std::span<const std::byte> bound,
                                              std::span<const std::byte> text);
// Empty where any of it is not what was sealed.
[[nodiscard]] std::optional<std::vector<std::byte>> gcm_open(GcmKey key, GcmNonce nonce,
                                                             std::span<const std::byte> bound,
                                                             std::span<const std::byte> sealed);

}  // namespace miletus::credentials
