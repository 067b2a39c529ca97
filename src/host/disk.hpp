// Disk: the files of one folder, written in whole blocks. What write() and a completed submission
// say is written has reached the device and stays, whatever happens next; nothing else is promised.
// The simulator stands another disk behind the same interface. One thread at a time uses a disk;
// several threads take one each.
#pragma once

#include "base/unit_buffer.hpp"
#include "host/io_result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::host {

// Reads and writes are whole blocks of the device: no device has larger sectors. In memory they are
// units, since that is what they hold; blocks start where pages do.
constexpr std::uint32_t disk_block = 4096;
constexpr std::uint32_t units_per_block = disk_block / sizeof(Unit);

struct FileInfo {
    std::string name;
    std::uint64_t size = 0;
};

enum class FileId : std::uint32_t {};

// A place in a file, in bytes; a multiple of the block size.
struct Place {
    FileId file{};
    std::uint64_t offset = 0;
};

// A submitted write that is done.
struct Completion {
    std::uint64_t token = 0;
    IoResult<void> result;
};

class Disk {
  public:
    virtual ~Disk() = default;

    // The files, by name.
    virtual IoResult<std::vector<FileInfo>> list() = 0;
    // A new file of this size, every block written with zeros: later writes only overwrite.
    virtual IoResult<FileId> create(std::string_view name, std::uint64_t size) = 0;
    virtual IoResult<FileId> open(std::string_view name) = 0;
    virtual void close(FileId file) = 0;
    virtual IoResult<void> rename(std::string_view from, std::string_view to) = 0;
    virtual IoResult<void> remove(std::string_view name) = 0;

    // Both wait until it is done. A read that meets the file's end fails.
    virtual IoResult<void> read(Place place, std::span<Unit> units) = 0;
    virtual IoResult<void> write(Place place, std::span<const Unit> units) = 0;

    // Starts a write; the units must stay as they are until its completion. Completions come in any
    // order.
    virtual void submit(Place place, std::span<const Unit> units, std::uint64_t token) = 0;
    virtual std::optional<Completion> completed() = 0;
};

}  // namespace miletus::host
