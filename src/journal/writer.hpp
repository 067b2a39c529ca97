// Writer: numbered commands become records on the disk. What arrives while two writes are under way
// is gathered and written as one; commands are durable in their order, whatever order the disk
// finishes in. Any failure is final: a page whose write failed may be gone, so nothing is retried.
// Owned by the journal's thread.
#pragma once

#include "base/memory.hpp"
#include "journal/recovery.hpp"
#include "journal/segments.hpp"

#include <array>

namespace miletus::journal {

class Writer {
  public:
    Writer(host::Disk& disk, Segments& segments, const Options& options,
           const Recovered& recovered);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Whether this many more units can be gathered now.
    [[nodiscard]] bool has_room(std::size_t units) const;
    // The next command, whole, as the sequencer numbered it.
    void append(std::span<const Unit> command);
    // Takes in what the disk has done, starts what can be started. Never waits.
    [[nodiscard]] JournalResult<void> do_work();

    // Everything up to here survives the loss of power.
    [[nodiscard]] Sequence durable() const { return durable_; }
    // The last command appended.
    [[nodiscard]] Sequence last() const { return Sequence(next_.value() - 1); }
    [[nodiscard]] bool is_idle() const { return in_flight_ == 0 && !has_something_to_write(); }
    // Up to here the disk itself says so. Behind it, a flipped bit in the last record cannot be
    // told from a write that the power cut.
    [[nodiscard]] Sequence confirmed() const { return confirmed_; }
    [[nodiscard]] bool is_confirmed() const { return confirmed_ == last(); }
    // Writes a record without commands that says so; only when idle.
    void confirm();
    [[nodiscard]] bool has_place_to_confirm() const {
        return fits_segment() || segments_.is_ready(next(segment_));
    }

    [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }

  private:
    // Commands on their way to the disk, behind room for the record's header.
    struct Batch {
        Block<Unit> record;
        std::uint32_t units = 0;  // of payload
        Sequence last{};
        UnixNanos time{};
        Sequence durable{};  // what its record says of those before
        bool is_confirmation = false;
        bool is_written = false;
    };
    static constexpr std::uint32_t batch_count = writes_in_flight + 1;

    [[nodiscard]] Batch& filling() { return batches_[filling_]; }
    [[nodiscard]] const Batch& filling() const { return batches_[filling_]; }
    // Whether there were any.
    [[nodiscard]] JournalResult<bool> take_completions();
    void retire_written();
    [[nodiscard]] JournalResult<bool> begin_writes();
    [[nodiscard]] bool has_something_to_write() const;
    [[nodiscard]] bool fits_segment() const;
    [[nodiscard]] JournalResult<void> enter_segment(SegmentNumber segment);
    [[nodiscard]] host::FileId file() const {
        ASSERT(file_.has_value());
        return *file_;
    }
    void write_filling();
    void digest_last();

    host::Disk& disk_;
    Segments& segments_;
    std::uint32_t payload_max_;
    LogId log_;
    std::uint32_t epoch_;
    SegmentNumber segment_;
    std::uint64_t offset_;
    std::uint64_t segment_size_;
    std::optional<host::FileId> file_;
    Chain chain_;  // without the record that is not digested yet
    std::span<const Unit> undigested_;
    Sequence written_;  // the last command of the last record
    Sequence next_;     // the next command
    Sequence durable_;
    Sequence confirmed_;
    std::uint64_t bytes_written_ = 0;
    std::array<Batch, batch_count> batches_;
    std::uint32_t filling_ = 0;
    std::uint32_t in_flight_ = 0;  // those before it
};

}  // namespace miletus::journal
