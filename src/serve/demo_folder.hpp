// DemoFolder: where a demonstration keeps its journal: a folder that is gone with it, or one that
// stays. A folder that holds anything else is left alone.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace miletus::serve {

class DemoFolder {
  public:
    // A new one for temporary files where no path is given; or why there is none, as a sentence.
    [[nodiscard]] static std::expected<DemoFolder, std::string> enter(const std::string& path);

    DemoFolder(DemoFolder&& other) noexcept;
    DemoFolder& operator=(DemoFolder&&) = delete;
    DemoFolder(const DemoFolder&) = delete;
    DemoFolder& operator=(const DemoFolder&) = delete;
    ~DemoFolder();

    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] bool is_temporary() const { return is_temporary_; }

  private:
    DemoFolder(std::filesystem::path path, bool is_temporary)
        : path_(std::move(path)), is_temporary_(is_temporary) {}

    std::filesystem::path path_;  // empty once it was moved away
    bool is_temporary_;
};

}  // namespace miletus::serve
