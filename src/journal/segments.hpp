// Segments: keeps files ready for the writer, written with zeros, and removes those that no restart
// will need; it therefore owns the superblock for as long as the process has the log. Its work
// waits for the disk, so it has a thread, or the simulator's turn, of its own; the writer only
// looks at how far it has come.
#pragma once

#include "host/disk.hpp"
#include "journal/failure.hpp"
#include "journal/options.hpp"
#include "journal/superblock.hpp"

#include <atomic>

namespace miletus::journal {

class Segments {
  public:
    // `current` is the segment that the writer is in; files with higher numbers are of no use to
    // anyone and are made anew.
    Segments(host::Disk& disk, const Options& options, const Superblock& superblock,
             SegmentNumber current);

    // ---- The writer's thread ----
    [[nodiscard]] bool is_ready(SegmentNumber segment) const {
        return segment <= ready_.load(std::memory_order_acquire);
    }
    // The writer went on to this segment.
    void entered(SegmentNumber segment) { current_.store(segment, std::memory_order_release); }
    // How many stand ready.
    [[nodiscard]] std::uint32_t spare() const;
    // Whether there was no room for the next one when it was last tried.
    [[nodiscard]] bool is_disk_full() const {
        return is_disk_full_.load(std::memory_order_acquire);
    }
    [[nodiscard]] std::uint64_t segment_bytes() const { return options_.segment_bytes; }

    // ---- Any thread ----
    // Segments wholly before this command are no longer needed.
    void keep_from(Sequence sequence) {
        kept_from_.store(sequence.value(), std::memory_order_release);
    }

    // ---- Its own thread ----
    // One step: makes one file, or removes what is no longer needed. Returns whether there was
    // anything to do. A full disk is no failure here: the next step tries again.
    [[nodiscard]] JournalResult<bool> do_work();
    // The superblock says so, before the process ends in good order.
    [[nodiscard]] JournalResult<void> end(Sequence durable);

  private:
    [[nodiscard]] JournalResult<bool> make_next();

    host::Disk& disk_;
    Options options_;
    Superblock superblock_;
    std::uint64_t trimmed_to_ = 0;
    std::atomic<SegmentNumber> ready_;
    std::atomic<SegmentNumber> current_;
    std::atomic<std::uint64_t> kept_from_ = 0;
    std::atomic<bool> is_disk_full_ = false;
};

}  // namespace miletus::journal
