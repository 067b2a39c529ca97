// The sealed file: the register under AES-256-GCM (docs/formats/credentials.md). The key that seals
// it lies in a file of its own that only its owner may read. Every failure is a sentence that names
// the file and says what to do.
#pragma once

#include "edge/credentials/register.hpp"
#include "host/private_file.hpp"

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::credentials {

template <class T>
using Sentence = std::expected<T, std::string>;

// 32 bytes, wiped at the end.
class SealKey {
  public:
    using Bytes = std::array<std::byte, 32>;

    explicit SealKey(const Bytes& bytes) : bytes_(bytes) {}
    ~SealKey();
    SealKey(const SealKey&) = default;
    SealKey& operator=(const SealKey&) = default;

    // A file of 32 bytes, or of 64 hexadecimal digits, of mode 0600 or less; or "credential:NAME",
    // which is $CREDENTIALS_DIRECTORY/NAME, where systemd puts what a service may know.
    [[nodiscard]] static Sentence<SealKey> read(const std::string& place);
    // Makes one where no file is yet.
    [[nodiscard]] static Sentence<SealKey> make(const std::string& path);

    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  private:
    Bytes bytes_;
};

// `subject` is the file's name in sentences.
[[nodiscard]] std::vector<std::byte> seal(const Register& content, const SealKey& key);
[[nodiscard]] Sentence<Register> unseal(std::span<const std::byte> bytes, const SealKey& key,
                                        std::string_view subject);

struct SealedContent {
    Register content;
    host::FileStamp stamp;
};
[[nodiscard]] Sentence<SealedContent> read_sealed(const std::string& path, const SealKey& key);
// An empty one, where no file is yet.
[[nodiscard]] Sentence<void> create_sealed(const std::string& path, const SealKey& key);
// Whole or not at all: a file beside it is written, synchronised and renamed.
[[nodiscard]] Sentence<void> write_sealed(const std::string& path, const Register& content,
                                          const SealKey& key);

}  // namespace miletus::credentials
