// The least that durability costs: a write of 16 KiB that reaches the disk before the next begins.
#pragma once

#include "base/assert.hpp"
#include "base/memory.hpp"
#include "host/folder_disk.hpp"
#include "host/threads.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace miletus::bench {

class RawWrite {
  public:
    explicit RawWrite(const std::string& folder)
        : disk_(disk_in(folder)), file_(*disk_->create("file", file_bytes)), record_(units) {}

    void once() {
        disk_->submit({.file = file_, .offset = offset_}, record_.items(), 0);
        offset_ = (offset_ + record_.items().size_bytes()) % file_bytes;
        host::Patience patience;
        while (!disk_->completed()) {
            patience.wait();
        }
    }

  private:
    static constexpr std::uint64_t file_bytes = std::uint64_t{64} << 20U;
    static constexpr std::uint32_t units = 256;

    static std::unique_ptr<host::FolderDisk> disk_in(const std::string& folder) {
        auto disk = host::FolderDisk::make(folder);
        ASSERT(disk.has_value());
        return std::move(*disk);
    }

    std::unique_ptr<host::FolderDisk> disk_;
    host::FileId file_;
    Block<Unit> record_;
    std::uint64_t offset_ = 0;
};

}  // namespace miletus::bench
