// The journal's bytes on disk, as docs/formats/journal.md describes them: segments of records, each
// record a run of numbered commands behind a header that says where it lies and what came before.
// Everything is little-endian and without padding: what lies in memory is the format.
#pragma once

#include "base/hash.hpp"
#include "base/unit_buffer.hpp"
#include "base/units.hpp"
#include "host/disk.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace miletus::journal {

constexpr std::uint16_t format_version = 1;

using Bytes16 = std::array<std::uint8_t, 16>;
using LogId = Bytes16;  // drawn once, when a journal is made
using Chain = Bytes16;  // the digest of a record, carried by the next

// A file of the journal, by number from 1.
enum class SegmentNumber : std::uint32_t {};
[[nodiscard]] std::string segment_name(SegmentNumber number);
[[nodiscard]] constexpr SegmentNumber next(SegmentNumber number) {
    return SegmentNumber(static_cast<std::uint32_t>(number) + 1);
}

// The first block of a segment. Zeros, as the whole file, until the segment is taken into use.
struct SegmentHeader {
    std::uint64_t magic{};
    std::uint32_t crc{};  // of all that follows in the block
    std::uint16_t version{};
    std::uint16_t reserved{};
    LogId log{};
    std::uint64_t size{};  // of the file, in bytes
    SegmentNumber segment{};
    std::uint32_t epoch{};
    Sequence first{};  // of the segment's first record
    Chain chain{};     // of the record before it
};
static_assert(sizeof(SegmentHeader) == 72);

// The first two units of a record; its commands follow, then zeros up to a whole block.
struct RecordHeader {
    std::uint64_t magic{};
    std::uint32_t header_crc{};   // of the rest of the header
    std::uint32_t payload_crc{};  // of all that follows it, zeros included
    std::uint16_t version{};
    std::uint16_t reserved{};
    std::uint32_t payload_units{};
    SegmentNumber segment{};
    std::uint32_t epoch{};
    std::uint64_t offset{};  // within the file
    Sequence first{};        // of its commands
    Sequence last{};         // first - 1 where it has none
    Sequence durable{};      // known to be on the disk when this was written
    UnixNanos time{};        // of the last command; 0 where it has none
    LogId log{};
    Chain chain{};  // of the record before it
    std::array<std::uint8_t, 24> reserved_too{};
};
static_assert(sizeof(RecordHeader) == 128);

constexpr std::uint32_t record_header_units = sizeof(RecordHeader) / sizeof(Unit);
constexpr std::uint32_t segment_header_units = host::units_per_block;

constexpr std::uint32_t payload_units_max = 16'384 - record_header_units;

// Whole blocks.
[[nodiscard]] constexpr std::uint32_t record_units(std::uint32_t payload_units) {
    const std::uint32_t units = record_header_units + payload_units;
    return (units + host::units_per_block - 1) / host::units_per_block * host::units_per_block;
}

// Where a record lies and which command it must begin with: what its header repeats.
struct Expected {
    LogId log{};
    SegmentNumber segment{};
    std::uint64_t offset = 0;
    Sequence first{1};
};

// What is wrong with the bytes where a record should be.
enum class Damage : std::uint8_t {
    none,
    empty,            // nothing but zeros: the end, or a loss
    bad_header,       // no record's magic, or a header that does not match its checksum
    unknown_version,  // a later format
    wrong_place,      // a whole record that belongs elsewhere
    out_of_sequence,  // a whole record that does not follow the last one
    broken_chain,     // a whole record that follows another history
    bad_payload,      // a payload that does not match its checksum
    unreadable,       // the disk refuses to read it
    missing,          // less than the journal says it holds
    not_zero,         // bytes behind the end
};
[[nodiscard]] std::string_view sentence(Damage damage);

// With their checksums: that of a record covers the payload, which stands there already.
void write_segment_header(std::span<Unit> block, const SegmentHeader& header);
void write_record_header(std::span<Unit> record, const RecordHeader& header);

[[nodiscard]] Damage check_segment_header(std::span<const Unit> block);
// Checks all but the chain, in the order of the damages above. One block of the record suffices.
[[nodiscard]] Damage check_record_header(std::span<const Unit> block, const Expected& expected);
[[nodiscard]] Damage check_payload(std::span<const Unit> record);
// Whether a record of this log starts here, whatever it follows: what a search for survivors asks.
[[nodiscard]] bool is_record_of(std::span<const Unit> block, const Expected& expected);

[[nodiscard]] bool is_zero(std::span<const Unit> units);

// A record's digest, cut to 128 bits: SHA-256 of its header and commands where it is one block, and
// else SHA-256 over the SHA-256 of each of its blocks, which can be digested side by side.
[[nodiscard]] Chain digest_of(std::span<const Unit> record);

}  // namespace miletus::journal
