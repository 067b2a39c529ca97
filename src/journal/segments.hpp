// Segments: keeps files ready for the writer, written with zeros, and removes those that no restart
// will need. Its work waits for the disk, so it has a thread, or the simulator's turn, of its own;
// the writer only looks at how far it has come.
#pragma once

#include "host/disk.hpp"
#include "journal/failure.hpp"
#include "journal/options.hpp"

#include <atomic>
#include <optional>

namespace miletus::journal {

class Segments {
  public:
    // `current` is the segment that the writer is in; files with higher numbers are of no use to
    // anyone and are made anew.
    Segments(host::Disk& disk, const Options& options, SegmentNumber first, SegmentNumber current);

    // ---- The writer's thread ----
    [[nodiscard]] bool is_ready(SegmentNumber segment) const {
        return segment <= ready_.load(std::memory_order_acquire);
    }
    // The writer went on to this segment.
    void entered(SegmentNumber segment) { current_.store(segment, std::memory_order_release); }
    // Segments before this one are no longer needed.
    void trim(SegmentNumber before) { kept_from_.store(before, std::memory_order_release); }
    // How many stand ready.
    [[nodiscard]] std::uint32_t spare() const;
    // Whether there was no room for the next one when it was last tried.
    [[nodiscard]] bool is_disk_full() const {
        return is_disk_full_.load(std::memory_order_acquire);
    }
    [[nodiscard]] std::uint64_t segment_bytes() const { return options_.segment_bytes; }

    // ---- Its own thread ----
    // One step: makes or removes one file. Returns whether there was anything to do. A full disk is
    // no failure here: the next step tries again.
    [[nodiscard]] JournalResult<bool> do_work();

  private:
    [[nodiscard]] JournalResult<bool> remove_oldest();
    [[nodiscard]] JournalResult<bool> make_next();

    host::Disk& disk_;
    Options options_;
    SegmentNumber oldest_;  // on the disk
    std::atomic<SegmentNumber> ready_;
    std::atomic<SegmentNumber> current_;
    std::atomic<SegmentNumber> kept_from_;
    std::atomic<bool> is_disk_full_ = false;
};

}  // namespace miletus::journal
