// Reader: the records of a journal one after the other, from the start of a segment, across
// segments. It checks what a record says of itself and of its place, and stops where something else
// stands; what that means is for recovery and for verification to say. It never writes.
#pragma once

#include "base/memory.hpp"
#include "host/disk.hpp"
#include "journal/failure.hpp"

#include <optional>

namespace miletus::journal {

// A record that passed every check; valid until the next one is read.
struct Record {
    const RecordHeader& header;
    std::span<const Unit> payload;
};

// How much of it is checked: the chain is as slow as its digests, and says nothing of disks that
// the checksums do not say.
enum class Depth : std::uint8_t { checksums, chain };

[[nodiscard]] JournalResult<SegmentHeader> read_segment_header(host::Disk& disk,
                                                               SegmentNumber segment);
// The last segment in use that begins at or before the sequence.
[[nodiscard]] JournalResult<SegmentNumber> segment_holding(host::Disk& disk, SegmentNumber first,
                                                           Sequence sequence);

class Reader {
  public:
    // The segment is in use: its header says what its first record follows.
    static JournalResult<Reader> open(host::Disk& disk, LogId log, SegmentNumber segment,
                                      Depth depth);
    ~Reader();
    Reader(Reader&& other) noexcept;
    Reader& operator=(Reader&&) = delete;

    // The next record. Without one, damage() says what stands at position() in its place: `empty`
    // where the journal may simply end.
    [[nodiscard]] std::optional<Record> next();
    [[nodiscard]] Damage damage() const { return damage_; }
    // Forgets what was read ahead, for next() to look again: a writer beside it may have come on.
    void look_again();
    // Where the next record must stand.
    [[nodiscard]] const Expected& position() const { return expected_; }
    [[nodiscard]] std::uint64_t segment_size() const { return size_; }
    // What the next record must carry: the digest of the last.
    [[nodiscard]] JournalResult<Chain> chain();
    [[nodiscard]] Failure failure() const;

  private:
    Reader(host::Disk& disk, LogId log, Depth depth);
    [[nodiscard]] JournalResult<void> enter(SegmentNumber segment);
    // These units from an offset on, or none where the file ends or the disk refuses.
    [[nodiscard]] std::span<const Unit> units_at(std::uint64_t offset, std::uint32_t units);
    [[nodiscard]] Damage check_here();
    [[nodiscard]] Damage go_on();
    [[nodiscard]] Record accept();
    void close();

    host::Disk& disk_;
    Depth depth_;
    Block<Unit> buffer_;
    std::uint64_t buffered_from_ = 0;  // offsets in the file, in bytes
    std::uint64_t buffered_to_ = 0;
    std::uint32_t ahead_units_;
    Expected expected_;
    Chain chain_{};                  // at depth `chain`, or at a segment's start
    std::uint64_t last_offset_ = 0;  // of the last record of this segment, or 0
    std::optional<host::FileId> file_;
    std::uint64_t size_ = 0;
    Damage damage_ = Damage::none;
    SegmentNumber fault_segment_{};
    std::uint64_t fault_offset_ = 0;
};

}  // namespace miletus::journal
