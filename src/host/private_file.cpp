// Files by path, a whole one at a time.
#include "host/private_file.hpp"

#include "base/result.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>

namespace miletus::host {

namespace {

constexpr mode_t private_mode = 0600;

std::unexpected<IoError> failed(std::string_view operation, std::string_view subject, int code) {
    return std::unexpected(IoError{
        .operation = std::string(operation), .subject = std::string(subject), .code = code});
}

// A file that is open; closed at the end.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

FileStamp stamp_of(const struct stat& status) {
    constexpr std::int64_t second_ns = 1'000'000'000;
    return {.file = status.st_ino,
            .changed_ns = status.st_mtim.tv_sec * second_ns + status.st_mtim.tv_nsec,
            .size = static_cast<std::uint64_t>(status.st_size)};
}

IoResult<void> write_all(const Descriptor& file, const std::string& path,
                         std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(file.number(), bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return failed("write", path, done < 0 ? errno : ENOSPC);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    if (::fsync(file.number()) != 0) {
        return failed("synchronise", path, errno);
    }
    return {};
}

// A new name is on the device only once its folder is.
IoResult<void> sync_folder_of(const std::string& path) {
    std::string folder = std::filesystem::path(path).parent_path();
    if (folder.empty()) {
        folder = ".";
    }
    const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (open.number() < 0) {
        return failed("open", folder, errno);
    }
    if (::fsync(open.number()) != 0) {
        return failed("synchronise", folder, errno);
    }
    return {};
}

IoResult<void> write_new(const std::string& path, std::span<const std::byte> bytes) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const Descriptor file(::open(path.c_str(), flags, private_mode));
    if (file.number() < 0) {
        return failed("create", path, errno);
    }
    return write_all(file, path, bytes);
}

}  // namespace

IoResult<FileStamp> file_stamp(const std::string& path) {
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) {
        return failed("look at", path, errno);
    }
    return stamp_of(status);
}

IoResult<PrivateFile> read_private_file(const std::string& path, std::size_t most) {
    // A pipe would keep a reader waiting before it can be seen to be one.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat status = {};
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0) {
        return failed("open", path, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return failed("read", path, S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
    }
    PrivateFile read{.bytes = {},
                     .stamp = stamp_of(status),
                     .is_private = (status.st_mode & (S_IRWXG | S_IRWXO)) == 0};
    if (read.stamp.size > most) {
        return failed("read", path, EFBIG);
    }
    read.bytes.resize(read.stamp.size);
    std::span<std::byte> left = read.bytes;
    while (!left.empty()) {
        const ssize_t done = ::read(file.number(), left.data(), left.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return failed("read", path, done < 0 ? errno : ENODATA);
        }
        left = left.subspan(static_cast<std::size_t>(done));
    }
    return read;
}

IoResult<void> create_private_file(const std::string& path, std::span<const std::byte> bytes) {
    const IoResult<void> written = write_new(path, bytes);
    if (!written) {
        if (written.error().code != EEXIST) {
            ::unlink(path.c_str());
        }
        return written;
    }
    return sync_folder_of(path);
}

IoResult<void> replace_private_file(const std::string& path, std::span<const std::byte> bytes) {
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());  // what an earlier attempt left
    const IoResult<void> written = write_new(beside, bytes);
    if (!written) {
        ::unlink(beside.c_str());
        return written;
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        const int code = errno;
        ::unlink(beside.c_str());
        return failed("rename", beside, code);
    }
    return sync_folder_of(path);
}

IoResult<FileLock> FileLock::take(const std::string& path) {
    const std::string beside = path + ".lock";
    const int descriptor =
        ::open(beside.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, private_mode);
    if (descriptor < 0) {
        return failed("open", beside, errno);
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        ::close(descriptor);
        return failed("lock (does another process change it?)", beside, code);
    }
    return FileLock(descriptor);
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

}  // namespace miletus::host
