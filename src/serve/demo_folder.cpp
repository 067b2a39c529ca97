// Folders, and the file by which a demonstration's is known.
#include "serve/demo_folder.hpp"

#include <array>
#include <fstream>
#include <random>
#include <system_error>
#include <utility>

namespace miletus::serve {

namespace {

namespace fs = std::filesystem;

constexpr const char* marker = "demonstration.txt";

fs::path new_name() {
    constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
    std::random_device device;
    std::string name = "miletus-demo-";
    for (int letter = 0; letter < 8; ++letter) {
        name += letters[device() % letters.size()];
    }
    return name;
}

std::unexpected<std::string> failure(const fs::path& path, const std::error_code& error) {
    return std::unexpected("cannot use the folder " + path.string() + ": " + error.message());
}

}  // namespace

std::expected<DemoFolder, std::string> DemoFolder::enter(const std::string& path) {
    std::error_code error;
    const bool is_temporary = path.empty();
    const fs::path folder =
        is_temporary ? fs::temp_directory_path(error) / new_name() : fs::path(path);
    fs::create_directories(folder, error);
    if (error) {
        return failure(folder, error);
    }
    if (is_temporary) {
        fs::permissions(folder, fs::perms::owner_all, error);
    }
    const bool is_empty = fs::is_empty(folder, error);
    if (error) {
        return failure(folder, error);
    }
    if (!is_empty && !fs::exists(folder / marker, error)) {
        return std::unexpected("the folder " + folder.string() +
                               " holds something else: a demonstration gives money away, and needs "
                               "a folder of its own");
    }
    std::ofstream file(folder / marker);
    file << "A demonstration of Miletus: nothing in this folder is worth keeping.\n";
    file.close();
    if (!file) {
        return failure(folder / marker, std::make_error_code(std::errc::io_error));
    }
    return DemoFolder(folder, is_temporary);
}

DemoFolder::DemoFolder(DemoFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), is_temporary_(other.is_temporary_) {}

DemoFolder::~DemoFolder() {
    if (is_temporary_ && !path_.empty()) {
        std::error_code ignored;  // what cannot be removed stays, like other temporary files
        fs::remove_all(path_, ignored);
    }
}

}  // namespace miletus::serve
