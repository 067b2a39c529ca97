// Reading ahead in large pieces, checking record by record.
#include "journal/reader.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <utility>

namespace miletus::journal {

namespace {

constexpr std::uint32_t buffer_units = record_units(payload_units_max);

// Close behind a writer, most of what is read ahead is not yet there: the pieces begin small.
constexpr std::uint32_t ahead_units_min = 16 * host::units_per_block;

}  // namespace

JournalResult<SegmentHeader> read_segment_header(host::Disk& disk, SegmentNumber segment) {
    Block<Unit> block(segment_header_units);
    const host::FileId file = TRY(disk.open(segment_name(segment)));
    const auto read = disk.read({.file = file, .offset = 0}, block.items());
    disk.close(file);
    TRY(read);
    const Damage damage = check_segment_header(block.items());
    if (damage != Damage::none) {
        return std::unexpected(Failure(damage, segment_name(segment), 0, Sequence(0)));
    }
    return view_as<SegmentHeader>(block.items());
}

JournalResult<SegmentNumber> segment_holding(host::Disk& disk, SegmentNumber first,
                                             Sequence sequence) {
    const SegmentHeader header = TRY(read_segment_header(disk, first));
    if (header.first > sequence) {
        return std::unexpected(Failure(Damage::missing, segment_name(first), 0, sequence));
    }
    SegmentNumber holding = first;
    while (true) {
        const JournalResult<SegmentHeader> later = read_segment_header(disk, next(holding));
        if (!later || later->first > sequence) {
            return holding;
        }
        holding = next(holding);
    }
}

Reader::Reader(host::Disk& disk, LogId log, Depth depth)
    : disk_(disk),
      depth_(depth),
      buffer_(buffer_units),
      ahead_units_(buffer_units),
      expected_{.log = log} {}

Reader::Reader(Reader&& other) noexcept
    : disk_(other.disk_),
      depth_(other.depth_),
      buffer_(std::move(other.buffer_)),
      buffered_from_(other.buffered_from_),
      buffered_to_(other.buffered_to_),
      ahead_units_(other.ahead_units_),
      expected_(other.expected_),
      chain_(other.chain_),
      last_offset_(other.last_offset_),
      file_(std::exchange(other.file_, std::nullopt)),
      size_(other.size_),
      damage_(other.damage_),
      fault_segment_(other.fault_segment_),
      fault_offset_(other.fault_offset_) {}

Reader::~Reader() {
    close();
}

JournalResult<Reader> Reader::open(host::Disk& disk, LogId log, SegmentNumber segment,
                                   Depth depth) {
    Reader reader(disk, log, depth);
    TRY(reader.enter(segment));
    return reader;
}

// ---- Segments ----

JournalResult<void> Reader::enter(SegmentNumber segment) {
    const std::string name = segment_name(segment);
    close();
    file_ = TRY(disk_.open(name));
    // Its size is in its header, which lies in the first block.
    size_ = host::disk_block;
    buffered_to_ = 0;
    const std::span<const Unit> block = units_at(0, segment_header_units);
    if (block.empty()) {
        return std::unexpected(Failure(Damage::unreadable, name, 0, expected_.first));
    }
    const Damage damage = check_segment_header(block);
    if (damage != Damage::none) {
        return std::unexpected(Failure(damage, name, 0, expected_.first));
    }
    const auto& header = view_as<SegmentHeader>(block);
    if (header.log != expected_.log || header.segment != segment) {
        return std::unexpected(Failure(Damage::wrong_place, name, 0, expected_.first));
    }
    size_ = header.size;
    buffered_to_ = 0;
    chain_ = header.chain;
    last_offset_ = 0;
    expected_.segment = segment;
    expected_.offset = host::disk_block;
    expected_.first = header.first;
    return {};
}

void Reader::close() {
    if (file_) {
        disk_.close(*file_);
        file_.reset();
    }
}

// The next segment, where it is in use: its header says what came before it.
Damage Reader::go_on() {
    const SegmentNumber after = journal::next(expected_.segment);
    const std::string name = segment_name(after);
    const auto file = disk_.open(name);
    if (!file) {
        return Damage::empty;
    }
    Block<Unit> block(segment_header_units);
    const auto read = disk_.read({.file = *file, .offset = 0}, block.items());
    disk_.close(*file);
    const Damage damage = read ? check_segment_header(block.items()) : Damage::unreadable;
    if (damage == Damage::empty) {
        return damage;
    }
    const auto& header = view_as<SegmentHeader>(block.items());
    if (damage == Damage::none && header.first != expected_.first) {
        return Damage::missing;
    }
    fault_segment_ = after;
    fault_offset_ = 0;
    if (damage != Damage::none) {
        return damage;
    }
    if (depth_ == Depth::chain && header.chain != chain_) {
        return Damage::broken_chain;
    }
    const JournalResult<void> entered = enter(after);
    return entered ? Damage::none : entered.error().damage;
}

// ---- Records ----

std::optional<Record> Reader::next() {
    damage_ = check_here();
    while (damage_ == Damage::empty) {
        damage_ = go_on();
        if (damage_ != Damage::none) {
            return std::nullopt;
        }
        damage_ = check_here();
    }
    if (damage_ != Damage::none) {
        return std::nullopt;
    }
    return accept();
}

Damage Reader::check_here() {
    fault_segment_ = expected_.segment;
    fault_offset_ = expected_.offset;
    if (expected_.offset == size_) {
        return Damage::empty;
    }
    const std::span<const Unit> block = units_at(expected_.offset, host::units_per_block);
    if (block.empty()) {
        return Damage::unreadable;
    }
    const Damage header_damage = check_record_header(block, expected_);
    if (header_damage != Damage::none) {
        return header_damage;
    }
    const auto& header = view_as<RecordHeader>(block);
    if (depth_ == Depth::chain && header.chain != chain_) {
        return Damage::broken_chain;
    }
    if (header.payload_units > payload_units_max ||
        record_units(header.payload_units) > (size_ - expected_.offset) / sizeof(Unit)) {
        return Damage::bad_header;
    }
    const std::span<const Unit> record =
        units_at(expected_.offset, record_units(header.payload_units));
    return record.empty() ? Damage::unreadable : check_payload(record);
}

// It was checked, and is in the buffer.
Record Reader::accept() {
    const auto& first_look =
        view_as<RecordHeader>(units_at(expected_.offset, host::units_per_block));
    const std::uint32_t units = record_units(first_look.payload_units);
    const std::span<const Unit> record = units_at(expected_.offset, units);
    const auto& header = view_as<RecordHeader>(record);
    if (depth_ == Depth::chain) {
        chain_ = digest_of(record);
    }
    last_offset_ = expected_.offset;
    expected_.offset += record.size_bytes();
    expected_.first = Sequence(header.last.value() + 1);
    return {.header = header, .payload = record.subspan(record_header_units, header.payload_units)};
}

void Reader::look_again() {
    buffered_to_ = 0;
    ahead_units_ = ahead_units_min;
}

JournalResult<Chain> Reader::chain() {
    if (depth_ == Depth::checksums && last_offset_ != 0) {
        const std::span<const Unit> block = units_at(last_offset_, host::units_per_block);
        const std::uint32_t units =
            block.empty() ? 0 : record_units(view_as<RecordHeader>(block).payload_units);
        const std::span<const Unit> record = units_at(last_offset_, units);
        if (record.empty()) {
            return std::unexpected(Failure(Damage::unreadable, segment_name(expected_.segment),
                                           last_offset_, expected_.first));
        }
        return digest_of(record);
    }
    return chain_;
}

std::span<const Unit> Reader::units_at(std::uint64_t offset, std::uint32_t units) {
    const std::uint64_t end = offset + std::uint64_t{units} * sizeof(Unit);
    if (end > size_) {
        return {};
    }
    if (offset < buffered_from_ || end > buffered_to_) {
        const std::uint64_t wanted = std::min<std::uint64_t>(
            size_ - offset, std::uint64_t{std::max(units, ahead_units_)} * sizeof(Unit));
        ahead_units_ = std::min(2 * ahead_units_, buffer_units);
        buffered_to_ = 0;
        ASSERT(file_.has_value());
        if (!disk_.read({.file = *file_, .offset = offset},
                        buffer_.items().first(wanted / sizeof(Unit)))) {
            return {};
        }
        buffered_from_ = offset;
        buffered_to_ = offset + wanted;
    }
    return buffer_.items().subspan((offset - buffered_from_) / sizeof(Unit), units);
}

Failure Reader::failure() const {
    return {damage_, segment_name(fault_segment_), fault_offset_, expected_.first};
}

}  // namespace miletus::journal
