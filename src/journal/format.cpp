// Layout, checksums, digests.
#include "journal/format.hpp"

#include "base/block_digest.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace miletus::journal {

static_assert(host::disk_block == digest_block);

namespace {

constexpr std::uint64_t segment_magic = 0x314745535F4C494DU;  // "MIL_SEG1"
constexpr std::uint64_t record_magic = 0x314345525F4C494DU;   // "MIL_REC1"

// What a checksum covers begins right behind it.
constexpr std::size_t segment_crc_end = 12;
constexpr std::size_t header_crc_end = 12;

std::uint32_t crc_behind(std::span<const Unit> units, std::size_t begin) {
    return crc32c(std::as_bytes(units).subspan(begin));
}

std::span<const Unit> header_part(std::span<const Unit> record) {
    return record.first(record_header_units);
}

bool has_whole_header(std::span<const Unit> block) {
    const auto& header = view_as<RecordHeader>(block);
    return header.magic == record_magic &&
           header.header_crc == crc_behind(header_part(block), header_crc_end);
}

std::uint32_t payload_crc_of(std::span<const Unit> record) {
    return crc_behind(record, sizeof(RecordHeader));
}

}  // namespace

std::string segment_name(SegmentNumber number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%08u.segment", std::to_underlying(number));
    return text.data();
}

std::string_view sentence(Damage damage) {
    switch (damage) {
        case Damage::none:
            return "no damage";
        case Damage::empty:
            return "nothing but zeros";
        case Damage::bad_header:
            return "header checksum does not match";
        case Damage::unknown_version:
            return "written by a later version";
        case Damage::wrong_place:
            return "a record that belongs elsewhere";
        case Damage::out_of_sequence:
            return "a record that does not follow the last one";
        case Damage::broken_chain:
            return "chain broken: a record of another history";
        case Damage::bad_payload:
            return "payload checksum does not match";
        case Damage::unreadable:
            return "the disk refuses to read it";
        case Damage::missing:
            return "commands that were durable are missing";
        case Damage::not_zero:
            return "bytes behind the end";
    }
    return "?";
}

// ---- Writing ----

void write_segment_header(std::span<Unit> block, const SegmentHeader& header) {
    ASSERT(block.size() == segment_header_units);
    std::ranges::fill(block, Unit{});
    SegmentHeader& placed = place_in(block, header);
    placed.magic = segment_magic;
    placed.version = format_version;
    placed.crc = crc_behind(block, segment_crc_end);
}

void write_record_header(std::span<Unit> record, const RecordHeader& header) {
    ASSERT(record.size() == record_units(header.payload_units));
    RecordHeader& placed = place_in(record, header);
    placed.magic = record_magic;
    placed.version = format_version;
    placed.payload_crc = payload_crc_of(record);
    placed.header_crc = crc_behind(header_part(record), header_crc_end);
}

// ---- Checking ----

Damage check_segment_header(std::span<const Unit> block) {
    if (is_zero(block)) {
        return Damage::empty;
    }
    const auto& header = view_as<SegmentHeader>(block);
    if (header.magic != segment_magic || header.crc != crc_behind(block, segment_crc_end)) {
        return Damage::bad_header;
    }
    return header.version == format_version ? Damage::none : Damage::unknown_version;
}

Damage check_record_header(std::span<const Unit> block, const Expected& expected) {
    if (is_zero(block)) {
        return Damage::empty;
    }
    if (!has_whole_header(block)) {
        return Damage::bad_header;
    }
    const auto& header = view_as<RecordHeader>(block);
    if (header.version != format_version) {
        return Damage::unknown_version;
    }
    if (!is_record_of(block, expected)) {
        return Damage::wrong_place;
    }
    const bool follows =
        header.first == expected.first && header.last.value() + 1 >= header.first.value();
    return follows ? Damage::none : Damage::out_of_sequence;
}

Damage check_payload(std::span<const Unit> record) {
    const auto& header = view_as<RecordHeader>(record);
    return header.payload_crc == payload_crc_of(record) ? Damage::none : Damage::bad_payload;
}

bool is_record_of(std::span<const Unit> block, const Expected& expected) {
    const auto& header = view_as<RecordHeader>(block);
    return has_whole_header(block) && header.log == expected.log &&
           header.segment == expected.segment && header.offset == expected.offset;
}

bool is_zero(std::span<const Unit> units) {
    static constexpr Unit zero{};
    return std::ranges::all_of(units, [](const Unit& unit) { return unit.bytes == zero.bytes; });
}

Chain digest_of(std::span<const Unit> record) {
    static const DigestLanes lanes = widest_digest_lanes();
    const std::uint32_t filled = record_header_units + view_as<RecordHeader>(record).payload_units;
    const Sha256 digest = record.size() == host::units_per_block
                              ? sha256(std::as_bytes(record.first(filled)))
                              : block_digest(std::as_bytes(record), lanes);
    Chain chain{};
    std::ranges::transform(std::span(digest).first<16>(), chain.begin(),
                           [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    return chain;
}

}  // namespace miletus::journal
