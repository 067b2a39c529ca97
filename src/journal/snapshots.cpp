// One block of header, then the bytes, then zeros up to a whole block.
#include "journal/snapshots.hpp"

#include "base/memory.hpp"
#include "base/result.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

namespace miletus::journal {

namespace {

constexpr std::string_view suffix = ".snapshot";
constexpr std::string_view draft_name = "snapshot.new";
constexpr std::uint64_t magic = 0x31504E535F4C494DU;  // "MIL_SNP1"
constexpr std::size_t crc_end = 12;
constexpr std::size_t kept = 2;
constexpr std::size_t piece_units = std::size_t{1} << 14U;  // 1 MiB

struct Header {
    std::uint64_t magic{};
    std::uint32_t crc{};  // of all that follows in the block
    std::uint16_t version{};
    std::uint16_t reserved{};
    LogId log{};
    Sequence sequence{};
    std::uint64_t size{};  // of the bytes
    std::uint64_t state_high{};
    std::uint64_t state_low{};
    Sha256 digest{};  // of the bytes
    std::uint64_t events_high{};
    std::uint64_t events_low{};
};
static_assert(sizeof(Header) == 112);

std::uint32_t crc_of(std::span<const Unit> block) {
    return crc32c(std::as_bytes(block).subspan(crc_end));
}

std::uint64_t whole_blocks(std::uint64_t bytes) {
    return (bytes + host::disk_block - 1) / host::disk_block * host::disk_block;
}

// ---- Writing ----

JournalResult<void> write_header(host::Disk& disk, host::FileId file, LogId log,
                                 const Snapshot& snapshot) {
    Block<Unit> block(host::units_per_block);
    Header& header = place_in(block.items(), Header{.magic = magic,
                                                    .version = format_version,
                                                    .log = log,
                                                    .sequence = snapshot.sequence,
                                                    .size = snapshot.bytes.size(),
                                                    .state_high = snapshot.state.high,
                                                    .state_low = snapshot.state.low,
                                                    .digest = sha256(snapshot.bytes),
                                                    .events_high = snapshot.events.high,
                                                    .events_low = snapshot.events.low});
    header.crc = crc_of(block.items());
    TRY(disk.write({.file = file, .offset = 0}, block.items()));
    return {};
}

JournalResult<void> write_bytes(host::Disk& disk, host::FileId file,
                                std::span<const std::byte> bytes) {
    Block<Unit> piece(piece_units);
    std::uint64_t offset = host::disk_block;
    while (!bytes.empty()) {
        const std::size_t taken = std::min(bytes.size(), piece_units * sizeof(Unit));
        const std::span<Unit> units = piece.items().first(whole_blocks(taken) / sizeof(Unit));
        std::ranges::fill(units, Unit{});
        std::ranges::copy(bytes.first(taken), std::as_writable_bytes(units).begin());
        TRY(disk.write({.file = file, .offset = offset}, units));
        offset += units.size_bytes();
        bytes = bytes.subspan(taken);
    }
    return {};
}

JournalResult<void> write_draft(host::Disk& disk, LogId log, const Snapshot& snapshot) {
    const host::IoResult<void> removed = disk.remove(draft_name);
    if (!removed && removed.error().code != ENOENT) {
        return failure_of(removed);
    }
    const host::FileId file =
        TRY(disk.create(draft_name, host::disk_block + whole_blocks(snapshot.bytes.size())));
    JournalResult<void> written = write_bytes(disk, file, snapshot.bytes);
    if (written) {
        written = write_header(disk, file, log, snapshot);
    }
    disk.close(file);
    return written;
}

// ---- Reading ----

// The names rise with the sequence.
JournalResult<std::vector<std::string>> snapshot_names(host::Disk& disk, Age first) {
    std::vector<std::string> names;
    for (const host::FileInfo& file : TRY(disk.list())) {
        if (file.name.ends_with(suffix)) {
            names.push_back(file.name);
        }
    }
    std::ranges::sort(names);
    if (first == Age::youngest) {
        std::ranges::reverse(names);
    }
    return names;
}

JournalResult<std::vector<std::byte>> read_bytes(host::Disk& disk, host::FileId file,
                                                 std::uint64_t size) {
    std::vector<std::byte> bytes;
    bytes.reserve(size);
    Block<Unit> piece(piece_units);
    std::uint64_t offset = host::disk_block;
    while (bytes.size() < size) {
        const std::size_t wanted = std::min(size - bytes.size(), piece_units * sizeof(Unit));
        const std::span<Unit> units = piece.items().first(whole_blocks(wanted) / sizeof(Unit));
        TRY(disk.read({.file = file, .offset = offset}, units));
        const std::span<const std::byte> read = std::as_bytes(units).first(wanted);
        bytes.insert(bytes.end(), read.begin(), read.end());
        offset += units.size_bytes();
    }
    return bytes;
}

JournalResult<std::optional<Snapshot>> read_open(host::Disk& disk, host::FileId file, LogId log) {
    Block<Unit> block(host::units_per_block);
    TRY(disk.read({.file = file, .offset = 0}, block.items()));
    const auto& header = view_as<Header>(block.items());
    if (header.magic != magic || header.crc != crc_of(block.items()) ||
        header.version != format_version || header.log != log) {
        return std::optional<Snapshot>();
    }
    Snapshot snapshot{.sequence = header.sequence,
                      .state = {.high = header.state_high, .low = header.state_low},
                      .events = {.high = header.events_high, .low = header.events_low},
                      .bytes = TRY(read_bytes(disk, file, header.size))};
    const bool is_whole = sha256(snapshot.bytes) == header.digest;
    return is_whole ? std::optional(std::move(snapshot)) : std::nullopt;
}

// Empty where the file is not a whole snapshot of this log; whatever the cause, there is another.
JournalResult<std::optional<Snapshot>> read_snapshot(host::Disk& disk, std::string_view name,
                                                     LogId log) {
    const host::FileId file = TRY(disk.open(name));
    JournalResult<std::optional<Snapshot>> snapshot = read_open(disk, file, log);
    disk.close(file);
    return snapshot ? snapshot : std::optional<Snapshot>();
}

// The first of them that is whole.
JournalResult<FoundSnapshot> first_whole(host::Disk& disk, LogId log,
                                         const std::vector<std::string>& names) {
    FoundSnapshot found;
    for (const std::string& name : names) {
        found.whole = TRY(read_snapshot(disk, name, log));
        if (found.whole) {
            break;
        }
        found.bad.push_back(name);
    }
    return found;
}

}  // namespace

std::string snapshot_name(Sequence sequence) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%020lu.snapshot", sequence.value());
    return text.data();
}

JournalResult<FoundSnapshot> find_snapshot(host::Disk& disk, LogId log, Age age) {
    return first_whole(disk, log, TRY(snapshot_names(disk, age)));
}

JournalResult<FoundSnapshot> find_snapshot_upto(host::Disk& disk, LogId log, Sequence upto) {
    std::vector<std::string> names = TRY(snapshot_names(disk, Age::youngest));
    std::erase_if(names, [&](const std::string& name) { return name > snapshot_name(upto); });
    return first_whole(disk, log, names);
}

JournalResult<FoundSnapshots> find_all_snapshots(host::Disk& disk, LogId log) {
    FoundSnapshots found;
    for (const std::string& name : TRY(snapshot_names(disk, Age::oldest))) {
        std::optional<Snapshot> snapshot = TRY(read_snapshot(disk, name, log));
        if (snapshot) {
            snapshot->bytes.clear();
            snapshot->bytes.shrink_to_fit();
            found.whole.push_back(std::move(*snapshot));
        } else {
            found.bad.push_back(name);
        }
    }
    return found;
}

JournalResult<std::vector<Sequence>> put_snapshot(host::Disk& disk, LogId log,
                                                  const Snapshot& snapshot) {
    const std::string name = snapshot_name(snapshot.sequence);
    const JournalResult<void> written = write_draft(disk, log, snapshot);
    if (!written) {
        // The room that it took is needed more than its part.
        static_cast<void>(disk.remove(draft_name));
        return failure_of(written);
    }
    TRY(disk.rename(draft_name, name));
    std::vector<Sequence> whole = TRY(prune_snapshots(disk, log));
    if (std::ranges::find(whole, snapshot.sequence) == whole.end()) {
        return std::unexpected(Failure(Damage::bad_payload, name, 0, snapshot.sequence));
    }
    return whole;
}

JournalResult<std::vector<Sequence>> prune_snapshots(host::Disk& disk, LogId log) {
    std::vector<Sequence> whole;
    for (const std::string& name : TRY(snapshot_names(disk, Age::youngest))) {
        const std::optional<Snapshot> snapshot =
            whole.size() < kept ? TRY(read_snapshot(disk, name, log)) : std::nullopt;
        if (snapshot) {
            whole.push_back(snapshot->sequence);
        } else {
            TRY(disk.remove(name));
        }
    }
    return whole;
}

}  // namespace miletus::journal
