// Making and removing files.
#include "journal/segments.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace miletus::journal {

Segments::Segments(host::Disk& disk, const Options& options, SegmentNumber first,
                   SegmentNumber current)
    : disk_(disk),
      options_(options),
      oldest_(first),
      ready_(current),
      current_(current),
      kept_from_(first) {}

std::uint32_t Segments::spare() const {
    return std::to_underlying(ready_.load(std::memory_order_acquire)) -
           std::to_underlying(current_.load(std::memory_order_acquire));
}

JournalResult<bool> Segments::do_work() {
    if (oldest_ < kept_from_.load(std::memory_order_acquire)) {
        return remove_oldest();
    }
    if (spare() < options_.spare_segments) {
        return make_next();
    }
    return false;
}

JournalResult<bool> Segments::remove_oldest() {
    TRY(disk_.remove(segment_name(oldest_)));
    oldest_ = next(oldest_);
    return true;
}

JournalResult<bool> Segments::make_next() {
    const SegmentNumber made = next(ready_.load(std::memory_order_relaxed));
    const std::string name = segment_name(made);
    // One that a process left unfinished may hold anything.
    const host::IoResult<void> removed = disk_.remove(name);
    if (!removed && removed.error().code != ENOENT) {
        return failure_of(removed);
    }
    const host::IoResult<host::FileId> file = disk_.create(name, options_.segment_bytes);
    if (!file) {
        const bool is_full = file.error().code == ENOSPC || file.error().code == EDQUOT;
        static_cast<void>(disk_.remove(name));
        is_disk_full_.store(is_full, std::memory_order_release);
        if (is_full) {
            return false;
        }
        return failure_of(file);
    }
    disk_.close(*file);
    is_disk_full_.store(false, std::memory_order_release);
    ready_.store(made, std::memory_order_release);
    return true;
}

}  // namespace miletus::journal
