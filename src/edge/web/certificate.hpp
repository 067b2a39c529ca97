// A certificate to develop with: self-signed, for a year, ECDSA on P-256. Clients must be told to
// trust it; no venue that strangers reach should show it.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace miletus::web {

struct CertificateFiles {
    std::filesystem::path certificate;  // FOLDER/certificate.pem
    std::filesystem::path key;          // FOLDER/key.pem, for its owner alone
};

// For localhost, 127.0.0.1 and ::1, and for these names and numeric addresses besides. Makes the
// folder where it is missing, and overwrites nothing. What went wrong, as a sentence.
[[nodiscard]] std::expected<CertificateFiles, std::string> make_development_certificate(
    const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace miletus::web
