// A certificate made by OpenSSL, and two files that nobody had before.
#include "edge/web/certificate.hpp"

#include "host/address.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <fstream>
#include <memory>
#include <string_view>
#include <system_error>

namespace miletus::web {

namespace {

namespace files = std::filesystem;

// What OpenSSL frees in its own ways.
struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Extension = std::unique_ptr<X509_EXTENSION, Free>;
using Memory = std::unique_ptr<BIO, Free>;

constexpr long seconds_per_year = 365L * 24 * 3600;

// Such as DNS:localhost,IP:127.0.0.1. Nothing where a name could be read as something else.
std::expected<std::string, std::string> alternatives(const std::vector<std::string>& names) {
    std::string all = "DNS:localhost,IP:127.0.0.1,IP:::1";
    constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*";
    for (const std::string& name : names) {
        if (host::address_of(name)) {
            all += ",IP:" + name;
        } else if (!name.empty() && name.find_first_not_of(letters) == std::string::npos) {
            all += ",DNS:" + name;
        } else {
            return std::unexpected("\"" + name + "\" is no host name and no numeric address");
        }
    }
    return all;
}

bool add_extension(X509& certificate, int kind, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension != nullptr && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

bool name_it(X509& certificate) {
    constexpr std::string_view name = "miletus development";
    std::array<unsigned char, name.size()> letters{};
    std::copy(name.begin(), name.end(), letters.begin());
    X509_NAME* const subject = X509_get_subject_name(&certificate);
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, letters.data(),
                                      static_cast<int>(letters.size()), -1, 0) == 1 &&
           X509_set_issuer_name(&certificate, subject) == 1;
}

bool number_it(X509& certificate) {
    std::uint32_t number = 0;
    std::array<unsigned char, sizeof(number)> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
        return false;
    }
    for (const unsigned char byte : random) {
        number = number << 8U | byte;
    }
    constexpr std::uint32_t positive = 0x7FFFFFFF;
    return ASN1_INTEGER_set(X509_get_serialNumber(&certificate),
                            static_cast<long>(number & positive)) == 1;
}

// Signed by its own key. It may sign nothing else.
Certificate certified(EVP_PKEY& key, const std::string& alternative_names) {
    Certificate certificate(X509_new());
    constexpr long version_three = 2;
    const bool is_good =
        certificate != nullptr && X509_set_version(certificate.get(), version_three) == 1 &&
        number_it(*certificate) && name_it(*certificate) &&
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0) != nullptr &&
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds_per_year) != nullptr &&
        X509_set_pubkey(certificate.get(), &key) == 1 &&
        add_extension(*certificate, NID_subject_alt_name, alternative_names) &&
        add_extension(*certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(*certificate, NID_key_usage, "critical,digitalSignature") &&
        add_extension(*certificate, NID_ext_key_usage, "serverAuth") &&
        X509_sign(certificate.get(), &key, EVP_sha256()) != 0;
    return is_good ? std::move(certificate) : Certificate();
}

std::string all_of(BIO& memory) {
    std::string text(BIO_ctrl_pending(&memory), '\0');
    const int got = BIO_read(&memory, text.data(), static_cast<int>(text.size()));
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

// A file that is there is left as it is. The mode is set before there is anything to read.
std::expected<void, std::string> write_new(const files::path& path, const std::string& text,
                                           files::perms mode) {
    std::ofstream file(path, std::ios::out | std::ios::noreplace | std::ios::binary);
    if (!file) {
        return std::unexpected(files::exists(path) ? path.string() + " is there already"
                                                   : "cannot write " + path.string());
    }
    std::error_code failed;
    files::permissions(path, mode, failed);
    if (failed) {
        return std::unexpected("cannot protect " + path.string() + ": " + failed.message());
    }
    file << text;
    file.flush();
    if (!file) {
        return std::unexpected("cannot write " + path.string());
    }
    return {};
}

std::expected<CertificateFiles, std::string> write_both(const files::path& folder,
                                                        const std::string& certificate,
                                                        const std::string& key) {
    std::error_code failed;
    files::create_directories(folder, failed);
    if (failed) {
        return std::unexpected("cannot make " + folder.string() + ": " + failed.message());
    }
    CertificateFiles made{.certificate = folder / "certificate.pem", .key = folder / "key.pem"};
    if (files::exists(made.certificate)) {
        return std::unexpected(made.certificate.string() + " is there already");
    }
    const files::perms owner = files::perms::owner_read | files::perms::owner_write;
    const auto wrote_key = write_new(made.key, key, owner);
    if (!wrote_key) {
        return std::unexpected(wrote_key.error());
    }
    const auto wrote_certificate =
        write_new(made.certificate, certificate,
                  owner | files::perms::group_read | files::perms::others_read);
    if (!wrote_certificate) {
        return std::unexpected(wrote_certificate.error());
    }
    return made;
}

}  // namespace

std::expected<CertificateFiles, std::string> make_development_certificate(
    const files::path& folder, const std::vector<std::string>& names) {
    const auto alternative_names = alternatives(names);
    if (!alternative_names) {
        return std::unexpected(alternative_names.error());
    }
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate =
        key == nullptr ? Certificate() : certified(*key, *alternative_names);
    const Memory key_text(BIO_new(BIO_s_mem()));
    const Memory certificate_text(BIO_new(BIO_s_mem()));
    const bool is_made = certificate != nullptr && key_text != nullptr &&
                         certificate_text != nullptr &&
                         PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr,
                                                       0, nullptr, nullptr) == 1 &&
                         PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1;
    if (!is_made) {
        return std::unexpected("OpenSSL could not make a certificate");
    }
    return write_both(folder, all_of(*certificate_text), all_of(*key_text));
}

}  // namespace miletus::web
