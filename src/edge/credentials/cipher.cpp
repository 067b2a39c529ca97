// Thin wrappers over libcrypto.
#include "edge/credentials/cipher.hpp"

#include "base/assert.hpp"
#include "edge/credentials/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <bit>
#include <memory>

namespace miletus::credentials {

namespace {

struct CipherEnd {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherEnd>;

// The library's letters are unsigned.
const unsigned char* start_of(std::span<const std::byte> bytes) {
    return static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
}
unsigned char* room_of(std::span<std::byte> bytes) {
    return static_cast<unsigned char*>(static_cast<void*>(bytes.data()));
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

Cipher cipher() {
    Cipher made(EVP_CIPHER_CTX_new());
    ASSERT(made != nullptr);
    return made;
}

}  // namespace

void fill_randomly(std::span<std::byte> room) {
    ASSERT(RAND_bytes(room_of(room), static_cast<int>(room.size())) == 1);
}

Sha256 hmac_sha256(std::string_view key, std::string_view text) {
    Sha256 digest{};
    unsigned size = 0;
    ASSERT(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), start_of(bytes_of(text)),
                text.size(), room_of(digest), &size) != nullptr);
    ASSERT(size == digest.size());
    return digest;
}

Sha256 sha256_of(std::string_view text) {
    return sha256(bytes_of(text));
}

bool is_same(std::span<const std::byte> left, std::span<const std::byte> right) {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::vector<std::byte> gcm_seal(GcmKey key, GcmNonce nonce, std::span<const std::byte> bound,
                                std::span<const std::byte> text) {
    const Cipher context = cipher();
    std::vector<std::byte> sealed(text.size() + gcm_tag_size);
    int size = 0;
    ASSERT(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, start_of(key),
                              start_of(nonce)) == 1);
    ASSERT(EVP_EncryptUpdate(context.get(), nullptr, &size, start_of(bound),
                             static_cast<int>(bound.size())) == 1);
    ASSERT(EVP_EncryptUpdate(context.get(), room_of(sealed), &size, start_of(text),
                             static_cast<int>(text.size())) == 1);
    ASSERT(static_cast<std::size_t>(size) == text.size());
    const std::span<std::byte> tag = std::span(sealed).subspan(text.size());
    ASSERT(EVP_EncryptFinal_ex(context.get(), room_of(tag), &size) == 1);
    ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, gcm_tag_size, tag.data()) == 1);
    return sealed;
}

std::optional<std::vector<std::byte>> gcm_open(GcmKey key, GcmNonce nonce,
                                               std::span<const std::byte> bound,
                                               std::span<const std::byte> sealed) {
    if (sealed.size() < gcm_tag_size) {
        return std::nullopt;
    }
    const std::span<const std::byte> hidden = sealed.first(sealed.size() - gcm_tag_size);
    std::array<std::byte, gcm_tag_size> tag{};
    std::ranges::copy(sealed.last(gcm_tag_size), tag.begin());
    const Cipher context = cipher();
    std::vector<std::byte> text(hidden.size());
    int size = 0;
    ASSERT(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, start_of(key),
                              start_of(nonce)) == 1);
    ASSERT(EVP_DecryptUpdate(context.get(), nullptr, &size, start_of(bound),
                             static_cast<int>(bound.size())) == 1);
    ASSERT(EVP_DecryptUpdate(context.get(), room_of(text), &size, start_of(hidden),
                             static_cast<int>(hidden.size())) == 1);
    ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, gcm_tag_size, tag.data()) == 1);
    std::array<std::byte, gcm_tag_size> rest{};
    if (EVP_DecryptFinal_ex(context.get(), room_of(rest), &size) != 1) {
        wipe(text);
        return std::nullopt;
    }
    return text;
}

}  // namespace miletus::credentials
