// Four copies, each with its checksum.
#include "journal/superblock.hpp"

#include "base/memory.hpp"
#include "base/result.hpp"

namespace miletus::journal {

namespace {

constexpr std::uint32_t copies = 4;
constexpr std::uint64_t magic = 0x315055535F4C494DU;  // "MIL_SUP1"
constexpr std::size_t crc_end = 12;

struct Copy {
    std::uint64_t magic{};
    std::uint32_t crc{};  // of all that follows in the block
    std::uint16_t version{};
    std::uint16_t reserved{};
    LogId log{};
    std::uint64_t writes{};
    Sequence durable{};
    SegmentNumber first_segment{};
    std::uint32_t epoch{};
    Terms terms{};
};
static_assert(sizeof(Copy) == 312);

std::uint32_t crc_of(std::span<const Unit> block) {
    return crc32c(std::as_bytes(block).subspan(crc_end));
}

void lay_out(std::span<Unit> block, const Superblock& superblock) {
    Copy& copy = place_in(block, Copy{.magic = magic,
                                      .version = format_version,
                                      .log = superblock.log,
                                      .writes = superblock.writes,
                                      .durable = superblock.durable,
                                      .first_segment = superblock.first_segment,
                                      .epoch = superblock.epoch,
                                      .terms = superblock.terms});
    copy.crc = crc_of(block);
}

JournalResult<void> write_copies(host::Disk& disk, host::FileId file,
                                 const Superblock& superblock) {
    Block<Unit> block(host::units_per_block);
    lay_out(block.items(), superblock);
    for (std::uint64_t at = 0; at < copies; ++at) {
        TRY(disk.write({.file = file, .offset = at * host::disk_block}, block.items()));
    }
    return {};
}

Damage check(std::span<const Unit> block) {
    const auto& copy = view_as<Copy>(block);
    if (copy.magic != magic || copy.crc != crc_of(block)) {
        return Damage::bad_header;
    }
    return copy.version == format_version ? Damage::none : Damage::unknown_version;
}

JournalResult<FoundSuperblock> read_copies(host::Disk& disk, host::FileId file) {
    Block<Unit> block(host::units_per_block);
    FoundSuperblock found;
    Damage damage = Damage::none;
    for (std::uint64_t at = 0; at < copies; ++at) {
        const auto read = disk.read({.file = file, .offset = at * host::disk_block}, block.items());
        const Damage bad = read ? check(block.items()) : Damage::unreadable;
        if (bad != Damage::none) {
            damage = bad;
            ++found.bad_copies;
            continue;
        }
        const auto& copy = view_as<Copy>(block.items());
        if (copy.writes > found.superblock.writes) {
            found.superblock = {.log = copy.log,
                                .writes = copy.writes,
                                .durable = copy.durable,
                                .first_segment = copy.first_segment,
                                .epoch = copy.epoch,
                                .terms = copy.terms};
        }
    }
    if (found.bad_copies == copies) {
        return std::unexpected(Failure(damage, superblock_name, 0, Sequence(0)));
    }
    return found;
}

}  // namespace

JournalResult<void> create_superblock(host::Disk& disk, const Superblock& first) {
    const host::FileId file =
        TRY(disk.create(superblock_draft_name, std::uint64_t{copies} * host::disk_block));
    const JournalResult<void> written = write_copies(disk, file, first);
    disk.close(file);
    TRY(written);
    TRY(disk.rename(superblock_draft_name, superblock_name));
    return {};
}

JournalResult<FoundSuperblock> read_superblock(host::Disk& disk) {
    const host::FileId file = TRY(disk.open(superblock_name));
    JournalResult<FoundSuperblock> found = read_copies(disk, file);
    disk.close(file);
    return found;
}

JournalResult<void> write_superblock(host::Disk& disk, const Superblock& superblock) {
    const host::FileId file = TRY(disk.open(superblock_name));
    JournalResult<void> written = write_copies(disk, file, superblock);
    disk.close(file);
    return written;
}

}  // namespace miletus::journal
