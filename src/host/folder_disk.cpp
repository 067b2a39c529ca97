// Files by name in one folder, through io_uring where a write need not be waited for.
#include "host/folder_disk.hpp"

#include "base/assert.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"

#include <fcntl.h>
#include <liburing.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

namespace miletus::host {

namespace {

constexpr int file_mode = 0640;
constexpr std::size_t long_read_bytes = std::size_t{512} << 10U;
constexpr std::size_t zeros_at_once = std::size_t{1} << 14U;  // units: 1 MiB

std::unexpected<IoError> failed(std::string_view operation, std::string_view subject, int code) {
    return std::unexpected(IoError{
        .operation = std::string(operation), .subject = std::string(subject), .code = code});
}

// What O_DIRECT demands.
void check_aligned(Place place, std::span<const Unit> units) {
    ASSERT(place.offset % disk_block == 0);
    ASSERT(units.size() % units_per_block == 0);
    ASSERT(std::bit_cast<std::uintptr_t>(units.data()) % disk_block == 0);
}

}  // namespace

// ---- The folder ----

FolderDisk::FolderDisk(std::string folder, std::unique_ptr<io_uring> ring)
    : folder_(std::move(folder)), ring_(std::move(ring)) {}

FolderDisk::~FolderDisk() {
    std::ranges::for_each(files_, close_both);
    io_uring_queue_exit(ring_.get());
}

IoResult<std::unique_ptr<FolderDisk>> FolderDisk::make(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return failed("make", folder, error.value());
    }
    return at(folder);
}

IoResult<std::unique_ptr<FolderDisk>> FolderDisk::at(const std::string& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        return failed("open", folder, error ? error.value() : ENOTDIR);
    }
    auto ring = std::make_unique<io_uring>();
    const int code = io_uring_queue_init(submissions_max, ring.get(), 0);
    if (code < 0) {
        return failed("open an io_uring for", folder, -code);
    }
    return std::make_unique<FolderDisk>(folder, std::move(ring));
}

IoResult<std::vector<FileInfo>> FolderDisk::list() {
    std::error_code error;
    std::vector<FileInfo> files;
    for (auto entry = std::filesystem::directory_iterator(folder_, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        // One that another thread removes meanwhile is not there.
        std::error_code gone;
        const bool is_file = entry->is_regular_file(gone);
        const std::uint64_t size = is_file ? entry->file_size(gone) : 0;
        if (is_file && !gone) {
            files.push_back({.name = entry->path().filename(), .size = size});
        }
    }
    if (error) {
        return failed("list", folder_, error.value());
    }
    std::ranges::sort(files, {}, &FileInfo::name);
    return files;
}

IoResult<void> FolderDisk::rename(std::string_view from, std::string_view to) {
    if (::rename(path_of(from).c_str(), path_of(to).c_str()) != 0) {
        return failed("rename", path_of(from), errno);
    }
    return sync_folder();
}

IoResult<void> FolderDisk::remove(std::string_view name) {
    if (::unlink(path_of(name).c_str()) != 0) {
        return failed("remove", path_of(name), errno);
    }
    return sync_folder();
}

// A new name is on the device only once its folder is.
IoResult<void> FolderDisk::sync_folder() {
    const int descriptor = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return failed("open", folder_, errno);
    }
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    if (code != 0) {
        return failed("synchronise", folder_, code);
    }
    return {};
}

std::string FolderDisk::path_of(std::string_view name) const {
    return folder_ + "/" + std::string(name);
}

// ---- Files ----

IoResult<FileId> FolderDisk::create(std::string_view name, std::uint64_t size) {
    ASSERT(size % disk_block == 0);
    const FileId file = TRY(open_file(name, O_CREAT | O_EXCL));
    const IoResult<void> made = reserve(file, size);
    if (!made) {
        close(file);
        return std::unexpected(made.error());
    }
    return file;
}

IoResult<void> FolderDisk::reserve(FileId file, std::uint64_t size) {
    const OpenFile& open = this->file(file);
    const int code =
        size == 0 ? 0 : ::posix_fallocate(open.descriptor, 0, static_cast<off_t>(size));
    if (code != 0) {
        return failed("reserve", open.path, code);
    }
    TRY(fill_with_zeros(file, size));
    return sync_folder();
}

IoResult<FileId> FolderDisk::open(std::string_view name) {
    return open_file(name, 0);
}

IoResult<FileId> FolderDisk::open_file(std::string_view name, int flags) {
    const std::string path = path_of(name);
    const int wanted = flags | O_RDWR | O_DSYNC | O_CLOEXEC;
    int descriptor = ::open(path.c_str(), wanted | O_DIRECT, file_mode);
    if (descriptor < 0 && errno == EINVAL) {
        descriptor = ::open(path.c_str(), wanted & ~O_EXCL, file_mode);
    }
    if (descriptor < 0) {
        return failed("open", path, errno);
    }
    const auto unused = std::ranges::find(files_, -1, &OpenFile::descriptor);
    const auto index = static_cast<std::uint32_t>(unused - files_.begin());
    if (unused == files_.end()) {
        files_.emplace_back();
    }
    const int cached = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    static_cast<void>(::posix_fadvise(cached, 0, 0, POSIX_FADV_DONTNEED));
    files_[index] = {.descriptor = descriptor, .cached = cached, .path = path};
    return FileId(index);
}

void FolderDisk::close(FileId file) {
    OpenFile& open = files_[std::to_underlying(file)];
    ASSERT(open.descriptor >= 0);
    close_both(open);
    open.descriptor = -1;
    open.cached = -1;
}

void FolderDisk::close_both(const OpenFile& open) {
    for (const int descriptor : {open.descriptor, open.cached}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

const FolderDisk::OpenFile& FolderDisk::file(FileId id) const {
    const OpenFile& open = files_[std::to_underlying(id)];
    ASSERT(open.descriptor >= 0);
    return open;
}

IoResult<void> FolderDisk::fill_with_zeros(FileId file, std::uint64_t size) {
    const Block<Unit> zeros(zeros_at_once);
    for (std::uint64_t offset = 0; offset < size; offset += zeros_at_once * sizeof(Unit)) {
        const std::uint64_t left = (size - offset) / sizeof(Unit);
        const std::size_t count = std::min<std::uint64_t>(left, zeros_at_once);
        TRY(write({.file = file, .offset = offset}, zeros.items().first(count)));
    }
    return {};
}

// ---- Reading and writing ----

IoResult<void> FolderDisk::read(Place place, std::span<Unit> units) {
    check_aligned(place, units);
    const OpenFile& open = file(place.file);
    const int descriptor = reading_descriptor(place, units.size_bytes());
    std::span<std::byte> left = std::as_writable_bytes(units);
    auto offset = static_cast<off_t>(place.offset);
    while (!left.empty()) {
        const ssize_t done = ::pread(descriptor, left.data(), left.size(), offset);
        if (done <= 0) {
            if (done < 0 && errno == EINTR) {
                continue;
            }
            return failed("read", open.path, done < 0 ? errno : ENODATA);
        }
        left = left.subspan(static_cast<std::size_t>(done));
        offset += done;
    }
    return {};
}

// Who reads as much as this at once will want what follows too.
int FolderDisk::reading_descriptor(Place place, std::size_t bytes) const {
    const OpenFile& open = file(place.file);
    if (bytes < long_read_bytes || open.cached < 0) {
        return open.descriptor;
    }
    static_cast<void>(::posix_fadvise(open.cached, static_cast<off_t>(place.offset + bytes),
                                      static_cast<off_t>(bytes), POSIX_FADV_WILLNEED));
    return open.cached;
}

IoResult<void> FolderDisk::write(Place place, std::span<const Unit> units) {
    check_aligned(place, units);
    const OpenFile& open = file(place.file);
    std::span<const std::byte> left = std::as_bytes(units);
    auto offset = static_cast<off_t>(place.offset);
    while (!left.empty()) {
        const ssize_t done = ::pwrite(open.descriptor, left.data(), left.size(), offset);
        if (done <= 0) {
            if (done < 0 && errno == EINTR) {
                continue;
            }
            return failed("write", open.path, done < 0 ? errno : ENOSPC);
        }
        left = left.subspan(static_cast<std::size_t>(done));
        offset += done;
    }
    return {};
}

void FolderDisk::submit(Place place, std::span<const Unit> units, std::uint64_t token) {
    ASSERT(!units.empty());
    check_aligned(place, units);
    const auto unused = std::ranges::find(submissions_, 0U, &Submission::bytes);
    ASSERT(unused != submissions_.end());
    *unused = {.file = place.file, .bytes = units.size_bytes(), .token = token};
    io_uring_sqe* entry = io_uring_get_sqe(ring_.get());
    ASSERT(entry != nullptr);
    io_uring_prep_write(entry, file(place.file).descriptor, units.data(),
                        static_cast<unsigned>(units.size_bytes()), place.offset);
    io_uring_sqe_set_data64(entry, static_cast<std::uint64_t>(unused - submissions_.begin()));
    ASSERT(io_uring_submit(ring_.get()) == 1);
}

// A write that stopped short has failed: its file was written to its full size before.
std::optional<Completion> FolderDisk::completed() {
    io_uring_cqe* entry = nullptr;
    if (io_uring_peek_cqe(ring_.get(), &entry) != 0) {
        return std::nullopt;
    }
    Submission& done = submissions_[io_uring_cqe_get_data64(entry)];
    const int result = entry->res;
    io_uring_cqe_seen(ring_.get(), entry);
    Completion completion{.token = done.token, .result = {}};
    if (result < 0 || static_cast<std::size_t>(result) != done.bytes) {
        completion.result = failed("write", file(done.file).path, result < 0 ? -result : ENOSPC);
    }
    done.bytes = 0;
    return completion;
}

// ---- Locking ----

IoResult<FolderLock> FolderLock::take(const std::string& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return failed("open", folder, errno);
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        ::close(descriptor);
        return failed("lock (does another process use it?)", folder, code);
    }
    return FolderLock(descriptor);
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

}  // namespace miletus::host
