// OpenSSL, called.
#include "edge/web/tls.hpp"

#include "base/assert.hpp"
#include "edge/web/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>

namespace miletus::web {

namespace {

// The last thing that OpenSSL had to say.
std::string complaint(const std::string& what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return what + ": " + text.data();
}

int length_of(std::size_t bytes) {
    constexpr std::size_t most = 1U << 30U;
    return static_cast<int>(bytes < most ? bytes : most);
}

}  // namespace

// ---- TlsIdentity ----

void TlsIdentity::Free::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

std::expected<TlsIdentity, std::string> TlsIdentity::load(const std::filesystem::path& certificate,
                                                          const std::filesystem::path& key) {
    ERR_clear_error();
    TlsIdentity identity(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* const context = identity.context_.get();
    if (context == nullptr) {
        return std::unexpected(complaint("cannot set TLS up"));
    }
    constexpr std::string_view name = "miletus";
    std::array<unsigned char, name.size()> session_name{};
    std::copy(name.begin(), name.end(), session_name.begin());
    SSL_CTX_set_session_id_context(context, session_name.data(), session_name.size());
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
        return std::unexpected(complaint("cannot set TLS up"));
    }
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return std::unexpected(complaint("cannot use the certificate " + certificate.string()));
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        return std::unexpected(complaint("cannot use the key " + key.string()));
    }
    if (SSL_CTX_check_private_key(context) != 1) {
        return std::unexpected(complaint("the key is not the certificate's"));
    }
    return identity;
}

// ---- TlsStream ----

void TlsStream::Free::operator()(ssl_st* ssl) const {
    SSL_free(ssl);
}

TlsStream::TlsStream(const TlsIdentity& identity)
    : ssl_(SSL_new(&identity.context())), in_(BIO_new(BIO_s_mem())), out_(BIO_new(BIO_s_mem())) {
    ASSERT(ssl_ != nullptr && in_ != nullptr && out_ != nullptr);
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_accept_state(ssl_.get());
}

void TlsStream::feed(std::span<const std::byte> bytes) {
    const int taken = BIO_write(in_, bytes.data(), length_of(bytes.size()));
    ASSERT(bytes.empty() || taken == length_of(bytes.size()));
}

TlsStream::Read TlsStream::read(std::span<std::byte> room) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), room.data(), length_of(room.size()));
    if (got > 0) {
        return {.bytes = static_cast<std::size_t>(got)};
    }
    switch (SSL_get_error(ssl_.get(), got)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return {};
        case SSL_ERROR_ZERO_RETURN:
            return {.state = State::ended};
        default:
            return {.state = State::broken};
    }
}

std::size_t TlsStream::write(std::span<const std::byte> bytes) {
    if (bytes.empty() || !has_shaken_hands()) {
        return 0;
    }
    ERR_clear_error();
    const int taken = SSL_write(ssl_.get(), bytes.data(), length_of(bytes.size()));
    return taken > 0 ? static_cast<std::size_t>(taken) : 0;
}

void TlsStream::end() {
    if (has_shaken_hands()) {
        ERR_clear_error();
        // Whether the other end has said so too is not waited for here.
        static_cast<void>(SSL_shutdown(ssl_.get()));
    }
}

std::size_t TlsStream::waiting_bytes() const {
    return BIO_ctrl_pending(out_);
}

std::size_t TlsStream::take(std::span<std::byte> room) {
    const int got = BIO_read(out_, room.data(), length_of(room.size()));
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool TlsStream::has_shaken_hands() const {
    return SSL_is_init_finished(ssl_.get()) == 1;
}

}  // namespace miletus::web
