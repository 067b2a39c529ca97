// The bytes of the file, and the sentences where they are not right.
#include "edge/credentials/sealed_file.hpp"

#include "base/assert.hpp"
#include "base/hash.hpp"
#include "edge/credentials/cipher.hpp"
#include "edge/credentials/letters.hpp"
#include "host/private_file.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdlib>

namespace miletus::credentials {

namespace {

constexpr std::string_view magic = "MILETUSK";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t file_size_max = std::size_t{64} << 20U;
constexpr std::size_t key_file_size_max = 4096;

// Where things lie in front of what is sealed.
constexpr std::size_t version_at = 8;
constexpr std::size_t size_at = 12;
constexpr std::size_t key_check_at = 16;
constexpr std::size_t nonce_at = 24;
constexpr std::size_t front_size = nonce_at + gcm_nonce_size;
constexpr std::size_t key_check_size = nonce_at - key_check_at;

std::unexpected<std::string> failed(std::string_view subject, std::string_view sentence) {
    return std::unexpected(std::string(subject) + ": " + std::string(sentence));
}

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t place) {
    std::array<std::byte, sizeof(std::uint32_t)> number{};
    std::ranges::copy(bytes.subspan(place, number.size()), number.begin());
    return std::bit_cast<std::uint32_t>(number);
}

void put_number(std::span<std::byte> bytes, std::size_t place, std::uint32_t number) {
    std::ranges::copy(std::bit_cast<std::array<std::byte, sizeof(number)>>(number),
                      bytes.subspan(place, sizeof(number)).begin());
}

// Tells one key from another, and nothing of it.
std::array<std::byte, key_check_size> key_check_of(const SealKey& key) {
    const std::string_view text(
        static_cast<const char*>(static_cast<const void*>(key.bytes().data())), key.bytes().size());
    const Sha256 digest = hmac_sha256(text, "miletus credentials key check");
    std::array<std::byte, key_check_size> check{};
    std::ranges::copy(std::span(digest).first(key_check_size), check.begin());
    return check;
}

std::string why_missing(const host::IoError& error, std::string_view what) {
    const bool is_missing = error.code == ENOENT;
    return error.sentence() +
           (is_missing ? "; `miletus admin init` makes " + std::string(what) : "");
}

// Where "credential:NAME" lies; other places are as they are.
Sentence<std::string> path_of(const std::string& place) {
    constexpr std::string_view prefix = "credential:";
    if (!place.starts_with(prefix)) {
        return place;
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    const std::string name = place.substr(prefix.size());
    if (folder == nullptr || name.empty() || name.find('/') != std::string::npos) {
        return failed(place,
                      "systemd gives this process no such credential; see LoadCredential= "
                      "in docs/formats/credentials.md");
    }
    return std::string(folder) + "/" + name;
}

}  // namespace

// ---- The key ----

SealKey::~SealKey() {
    wipe(bytes_);
}

Sentence<SealKey> SealKey::read(const std::string& place) {
    const Sentence<std::string> path = path_of(place);
    if (!path) {
        return std::unexpected(path.error());
    }
    host::IoResult<host::PrivateFile> file = host::read_private_file(*path, key_file_size_max);
    if (!file) {
        return std::unexpected(why_missing(file.error(), "one"));
    }
    // systemd keeps its folder to the service, and gives rights by other means than the mode.
    const bool is_of_systemd = *path != place;
    if (!file->is_private && !is_of_systemd) {
        wipe(file->bytes);
        return failed(*path, "others than its owner may use this key: chmod 600 " + *path);
    }
    Bytes bytes{};
    bool is_key = file->bytes.size() == bytes.size();
    if (is_key) {
        std::ranges::copy(file->bytes, bytes.begin());
    } else {
        std::string text;
        for (const std::byte byte : file->bytes) {
            text += static_cast<char>(byte);
        }
        const std::size_t end = text.find_last_not_of("\r\n");
        is_key = read_hex(std::string_view(text).substr(0, end + 1), bytes);
        wipe(text);
    }
    wipe(file->bytes);
    const SealKey key(bytes);
    wipe(bytes);
    if (!is_key) {
        return failed(*path, "is no key: 32 bytes or 64 hexadecimal digits are");
    }
    return key;
}

Sentence<SealKey> SealKey::make(const std::string& path) {
    Bytes bytes = random_bytes<32>();
    const SealKey key(bytes);
    std::string text = hex(bytes) + "\n";
    const host::IoResult<void> made =
        host::create_private_file(path, std::as_bytes(std::span(text)));
    wipe(bytes);
    wipe(text);
    if (!made) {
        return std::unexpected(made.error().sentence());
    }
    return key;
}

// ---- The file ----

std::vector<std::byte> seal(const Register& content, const SealKey& key) {
    std::vector<std::byte> text = content.encode();
    ASSERT(text.size() + front_size + gcm_tag_size <= file_size_max);
    std::vector<std::byte> file(front_size);
    std::ranges::copy(std::as_bytes(std::span(magic)), file.begin());
    put_number(file, version_at, format_version);
    put_number(file, size_at, static_cast<std::uint32_t>(text.size()));
    std::ranges::copy(key_check_of(key), std::span(file).subspan(key_check_at).begin());
    const auto nonce = random_bytes<gcm_nonce_size>();
    std::ranges::copy(nonce, std::span(file).subspan(nonce_at).begin());
    const std::vector<std::byte> sealed = gcm_seal(key.bytes(), nonce, file, text);
    wipe(text);
    file.insert(file.end(), sealed.begin(), sealed.end());
    return file;
}

Sentence<Register> unseal(std::span<const std::byte> bytes, const SealKey& key,
                          std::string_view subject) {
    if (bytes.size() < front_size) {
        return failed(subject, "is cut short; restore a copy of it");
    }
    if (!std::ranges::equal(bytes.first(magic.size()), std::as_bytes(std::span(magic)))) {
        return failed(subject, "is no file of credentials, or damaged; restore a copy of it");
    }
    if (number_at(bytes, version_at) != format_version) {
        return failed(subject, "is damaged, or of another version of this program: its format is " +
                                   std::to_string(number_at(bytes, version_at)) + ", not " +
                                   std::to_string(format_version));
    }
    if (bytes.size() != front_size + std::size_t{number_at(bytes, size_at)} + gcm_tag_size) {
        return failed(subject, "is cut short, or damaged; restore a copy of it");
    }
    if (!std::ranges::equal(bytes.subspan(key_check_at, key_check_size), key_check_of(key))) {
        return failed(subject,
                      "was sealed with another key, or is damaged; name the key that "
                      "sealed it, or restore a copy");
    }
    const auto front = bytes.first<front_size>();
    std::optional<std::vector<std::byte>> text = gcm_open(
        key.bytes(), front.subspan<nonce_at, gcm_nonce_size>(), front, bytes.subspan(front_size));
    if (!text.has_value()) {
        return failed(subject, "is damaged: its seal does not hold; restore a copy of it");
    }
    std::expected<Register, std::string_view> content = Register::decode(*text);
    wipe(*text);
    if (!content) {
        return failed(subject, "is of another program: " + std::string(content.error()));
    }
    return std::move(*content);
}

Sentence<SealedContent> read_sealed(const std::string& path, const SealKey& key) {
    const host::IoResult<host::PrivateFile> file = host::read_private_file(path, file_size_max);
    if (!file) {
        return std::unexpected(why_missing(file.error(), "an empty one"));
    }
    Sentence<Register> content = unseal(file->bytes, key, path);
    if (!content) {
        return std::unexpected(content.error());
    }
    return SealedContent{.content = std::move(*content), .stamp = file->stamp};
}

Sentence<void> write_sealed(const std::string& path, const Register& content, const SealKey& key) {
    const host::IoResult<void> written = host::replace_private_file(path, seal(content, key));
    if (!written) {
        return std::unexpected(written.error().sentence());
    }
    return {};
}

Sentence<void> create_sealed(const std::string& path, const SealKey& key) {
    const host::IoResult<void> written = host::create_private_file(path, seal(Register(), key));
    if (!written) {
        return std::unexpected(written.error().sentence());
    }
    return {};
}

}  // namespace miletus::credentials
