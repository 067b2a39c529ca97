// Making files; trimming is journal/trim's.
#include "journal/segments.hpp"

#include "base/result.hpp"
#include "journal/trim.hpp"

#include <cerrno>
#include <utility>

namespace miletus::journal {

Segments::Segments(host::Disk& disk, const Options& options, const Superblock& superblock,
                   SegmentNumber current)
    : disk_(disk), options_(options), superblock_(superblock), ready_(current), current_(current) {}

std::uint32_t Segments::spare() const {
    return std::to_underlying(ready_.load(std::memory_order_acquire)) -
           std::to_underlying(current_.load(std::memory_order_acquire));
}

JournalResult<bool> Segments::do_work() {
    const std::uint64_t kept_from = kept_from_.load(std::memory_order_acquire);
    if (kept_from != trimmed_to_) {
        trimmed_to_ = kept_from;
        if (TRY(trim(disk_, superblock_, Sequence(kept_from))) != 0) {
            return true;
        }
    }
    if (spare() < options_.spare_segments) {
        return make_next();
    }
    return false;
}

JournalResult<void> Segments::end(Sequence durable) {
    superblock_.durable = durable;
    ++superblock_.writes;
    return write_superblock(disk_, superblock_);
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
        static_cast<void>(disk_.remove(name));
        is_disk_full_.store(file.error().is_disk_full(), std::memory_order_release);
        if (file.error().is_disk_full()) {
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
