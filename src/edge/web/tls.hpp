// TLS over bytes that others carry: OpenSSL behind memory, so that the same network, loop and
// simulator serve it. Versions 1.2 and 1.3; no renegotiation, no compression.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>

// OpenSSL's names for these.
struct ssl_ctx_st;
struct ssl_st;

namespace miletus::web {

// A certificate with its key, loaded once for all connections.
class TlsIdentity {
  public:
    // What went wrong, as a sentence.
    [[nodiscard]] static std::expected<TlsIdentity, std::string> load(
        const std::filesystem::path& certificate, const std::filesystem::path& key);

    [[nodiscard]] ssl_ctx_st& context() const { return *context_; }

  private:
    struct Free {
        void operator()(ssl_ctx_st* context) const;
    };
    explicit TlsIdentity(ssl_ctx_st* context) : context_(context) {}

    std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace miletus::web
