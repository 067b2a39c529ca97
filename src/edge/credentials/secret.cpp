// Wiping that the compiler may not leave out.
#include "edge/credentials/secret.hpp"

#include <openssl/crypto.h>

namespace miletus::credentials {

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        letters_ = std::move(other.letters_);
    }
    return *this;
}

void Secret::wipe() {
    OPENSSL_cleanse(letters_.data(), letters_.size());
    letters_.clear();
}

void wipe(std::span<std::byte> bytes) {
    OPENSSL_cleanse(bytes.data(), bytes.size());
}

void wipe(std::string& text) {
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

}  // namespace miletus::credentials
