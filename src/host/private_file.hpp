// Small files that hold what others must not read: read whole, replaced whole, seen to have
// changed, and kept to one writer.
#pragma once

#include "host/io_result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace miletus::host {

// Tells two states of a file apart: replacing it changes the stamp. All zero where there is none.
struct FileStamp {
    std::uint64_t file = 0;  // the inode
    std::int64_t changed_ns = 0;
    std::uint64_t size = 0;
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct PrivateFile {
    std::vector<std::byte> bytes;
    FileStamp stamp;
    bool is_private = false;  // nobody but its owner may read or write it
};

[[nodiscard]] IoResult<FileStamp> file_stamp(const std::string& path);
// A plain file of at most so many bytes; a larger one fails.
[[nodiscard]] IoResult<PrivateFile> read_private_file(const std::string& path, std::size_t most);
// Where there is none yet; mode 0600, on the device when it returns.
[[nodiscard]] IoResult<void> create_private_file(const std::string& path,
                                                 std::span<const std::byte> bytes);
// Whole or not at all, whatever happens: a file beside it is written, synchronised and renamed.
[[nodiscard]] IoResult<void> replace_private_file(const std::string& path,
                                                  std::span<const std::byte> bytes);

// Keeps every other writer away from a file, by the file PATH.lock beside it.
class FileLock {
  public:
    static IoResult<FileLock> take(const std::string& path);
    ~FileLock();
    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;

  private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace miletus::host
