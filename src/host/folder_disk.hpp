// FolderDisk: a folder of the file system as a Disk. Files are opened past the page cache and
// synchronised by every write (O_DIRECT, O_DSYNC), submissions go through io_uring. A file system
// that cannot write past its cache (tmpfs) is still synchronised by every write. Long reads alone
// go through the cache, so that the system reads ahead while the reader works; what was cached of a
// file before it was opened is dropped first, and every write past the cache drops what it covers.
#pragma once

#include "host/disk.hpp"

#include <memory>

struct io_uring;

namespace miletus::host {

class FolderDisk final : public Disk {
  public:
    static IoResult<std::unique_ptr<FolderDisk>> at(const std::string& folder);
    // Makes the folder first, where it is missing.
    static IoResult<std::unique_ptr<FolderDisk>> make(const std::string& folder);
    FolderDisk(std::string folder, std::unique_ptr<io_uring> ring);  // what at() makes
    ~FolderDisk() override;
    FolderDisk(const FolderDisk&) = delete;
    FolderDisk& operator=(const FolderDisk&) = delete;

    IoResult<std::vector<FileInfo>> list() override;
    IoResult<FileId> create(std::string_view name, std::uint64_t size) override;
    IoResult<FileId> open(std::string_view name) override;
    void close(FileId file) override;
    IoResult<void> rename(std::string_view from, std::string_view to) override;
    IoResult<void> remove(std::string_view name) override;
    IoResult<void> read(Place place, std::span<Unit> units) override;
    IoResult<void> write(Place place, std::span<const Unit> units) override;
    void submit(Place place, std::span<const Unit> units, std::uint64_t token) override;
    std::optional<Completion> completed() override;

  private:
    struct OpenFile {
        int descriptor = -1;
        int cached = -1;  // the same file through the page cache
        std::string path;
    };
    struct Submission {
        FileId file{};
        std::size_t bytes = 0;  // 0 where the slot is free
        std::uint64_t token = 0;
    };
    static constexpr std::uint32_t submissions_max = 16;

    [[nodiscard]] std::string path_of(std::string_view name) const;
    [[nodiscard]] const OpenFile& file(FileId id) const;
    IoResult<FileId> open_file(std::string_view name, int flags);
    IoResult<void> reserve(FileId file, std::uint64_t size);
    static void close_both(const OpenFile& open);
    [[nodiscard]] int reading_descriptor(Place place, std::size_t bytes) const;
    IoResult<void> fill_with_zeros(FileId file, std::uint64_t size);
    IoResult<void> sync_folder();

    std::string folder_;
    std::unique_ptr<io_uring> ring_;
    std::vector<OpenFile> files_;  // by FileId
    std::array<Submission, submissions_max> submissions_;
};

// Keeps every other process out of a folder, for as long as it lives.
class FolderLock {
  public:
    static IoResult<FolderLock> take(const std::string& folder);
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FolderLock& operator=(FolderLock&&) = delete;

  private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace miletus::host
