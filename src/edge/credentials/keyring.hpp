// Keyring: the opened file, by client id. It verifies what clients show for themselves; unknown ids
// cost as much as known ones, and secrets are compared in constant time.
#pragma once

#include "edge/credentials/denial.hpp"
#include "edge/credentials/register.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace miletus::credentials {

// What a client signed, as its letters were sent. A timestamp is in milliseconds.
struct Signed {
    std::string_view client_id;
    std::string_view timestamp;
    std::string_view nonce;
    std::string_view signature;  // 64 hexadecimal digits
    std::string_view text;       // what stands behind the nonce's end of line, whole
};

class Keyring {
  public:
    explicit Keyring(Register content);

    [[nodiscard]] const Key* find(std::string_view client_id) const;
    [[nodiscard]] const Key* find(KeyId id) const { return register_.key(id); }
    [[nodiscard]] const User* user(UserId id) const { return register_.user(id); }
    [[nodiscard]] const Register& content() const { return register_; }

    // Enabled keys only. The key lives as long as the keyring.
    [[nodiscard]] Outcome<const Key*> verify_secret(std::string_view client_id,
                                                    std::string_view secret) const;
    // By HMAC-SHA256, a minute either way.
    [[nodiscard]] Outcome<const Key*> verify_signature(const Signed& claim, UnixNanos now) const;
    // SHA-256 of a text followed by the secret, as FIX logons prove it; a digest of 32 bytes.
    [[nodiscard]] Outcome<const Key*> verify_digest(std::string_view client_id,
                                                    std::string_view text,
                                                    std::string_view digest) const;

  private:
    [[nodiscard]] const Key& key_or_nobody(std::string_view client_id) const;
    [[nodiscard]] static Outcome<const Key*> judged(const Key& key, bool is_right);

    Register register_;
    std::unordered_map<std::string, std::size_t> by_client_id_;  // positions in keys()
    Key nobody_;                                                 // whom unknown ids stand for
};

constexpr Nanos signature_window{60'000'000'000};

// Lower-case hexadecimal digits of HMAC-SHA256.
[[nodiscard]] std::string signature_of(std::string_view secret, std::string_view text);

}  // namespace miletus::credentials
