// Proofs of identity. Whatever a client shows, the work is the same: only then it is looked at
// whether there is such a key.
#include "edge/credentials/keyring.hpp"

#include "base/hash.hpp"
#include "edge/credentials/cipher.hpp"
#include "edge/credentials/letters.hpp"

#include <cstdlib>

namespace miletus::credentials {

namespace {

constexpr std::int64_t millisecond_ns = 1'000'000;
constexpr std::uint64_t timestamp_max_ms = 9'000'000'000'000;  // fits in nanoseconds

Secret secret_of_nobody() {
    std::string text = base64url_of(random_bytes<32>());
    Secret secret(text);
    wipe(text);
    return secret;
}

}  // namespace

Keyring::Keyring(Register content) : register_(std::move(content)) {
    nobody_.secret = secret_of_nobody();
    nobody_.is_enabled = false;
    for (std::size_t place = 0; place < register_.keys().size(); ++place) {
        by_client_id_.emplace(register_.keys()[place].client_id, place);
    }
}

const Key* Keyring::find(std::string_view client_id) const {
    const auto found = by_client_id_.find(std::string(client_id));
    return found == by_client_id_.end() ? nullptr : &register_.keys()[found->second];
}

const Key& Keyring::key_or_nobody(std::string_view client_id) const {
    const Key* const found = find(client_id);
    return found == nullptr ? nobody_ : *found;
}

// Digests under a key that nobody knows are as long as each other, and tell nothing of secrets.
Outcome<const Key*> Keyring::verify_secret(std::string_view client_id,
                                           std::string_view secret) const {
    const Key& key = key_or_nobody(client_id);
    const std::string_view cover = nobody_.secret.view();
    const bool is_right =
        is_same(hmac_sha256(cover, secret), hmac_sha256(cover, key.secret.view()));
    return judged(key, is_right);
}

Outcome<const Key*> Keyring::verify_signature(const Signed& claim, UnixNanos now) const {
    const std::optional<std::uint64_t> milliseconds = number_of(claim.timestamp, timestamp_max_ms);
    Sha256 signature{};
    if (!milliseconds.has_value() || !read_hex(claim.signature, signature)) {
        return std::unexpected(Denial::malformed);
    }
    const Key& key = key_or_nobody(claim.client_id);
    std::string text(claim.timestamp);
    text.append("\n").append(claim.nonce).append("\n").append(claim.text);
    const Outcome<const Key*> judgement =
        judged(key, is_same(signature, hmac_sha256(key.secret.view(), text)));
    const UnixNanos signed_at(static_cast<std::int64_t>(*milliseconds) * millisecond_ns);
    if (judgement && magnitude(now - signed_at) > signature_window) {
        return std::unexpected(Denial::stale_timestamp);
    }
    return judgement;
}

Outcome<const Key*> Keyring::verify_digest(std::string_view client_id, std::string_view text,
                                           std::string_view digest) const {
    const Key& key = key_or_nobody(client_id);
    std::string whole;
    whole.reserve(text.size() + key.secret.view().size());
    whole.append(text).append(key.secret.view());
    const bool is_right = is_same(std::as_bytes(std::span(digest)), sha256_of(whole));
    wipe(whole);
    return judged(key, is_right);
}

Outcome<const Key*> Keyring::judged(const Key& key, bool is_right) {
    if (!is_right || !key.is_enabled) {
        return std::unexpected(Denial::invalid_credentials);
    }
    return &key;
}

std::string signature_of(std::string_view secret, std::string_view text) {
    return hex(hmac_sha256(secret, text));
}

}  // namespace miletus::credentials
