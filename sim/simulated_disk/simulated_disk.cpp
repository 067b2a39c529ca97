// Files as vectors of units; writes under way as a list from which completions are drawn.
#include "sim/simulated_disk/simulated_disk.hpp"

#include "base/assert.hpp"
#include "base/result.hpp"

#include <algorithm>
#include <cerrno>

namespace miletus::simulation {

namespace {

constexpr std::size_t units_per_sector = 512 / sizeof(Unit);

std::unexpected<host::IoError> failed(std::string_view operation, std::string_view subject,
                                      int code) {
    return std::unexpected(host::IoError{
        .operation = std::string(operation), .subject = std::string(subject), .code = code});
}

}  // namespace

// ---- What goes wrong ----

void SimulatedDisk::lose_power() {
    has_power_ = false;
    for (const Pending& write : pending_) {
        land_in_part(write);
    }
    pending_.clear();
}

void SimulatedDisk::restart() {
    ASSERT(!has_power_);
    has_power_ = true;
    changes_to_go_ = 0;
    misdirects_next_ = false;
    duplicates_next_ = false;
    fails_next_ = false;
    open_.clear();
}

void SimulatedDisk::flip_bit(std::string_view name, std::uint64_t bit) {
    Unit& unit = files_.find(name)->second[bit / (8 * sizeof(Unit))];
    unit.bytes[bit / 8 % sizeof(Unit)] ^= std::byte{1} << (bit % 8);
    went_astray_ = true;
}

const std::vector<Unit>& SimulatedDisk::bytes_of(std::string_view name) const {
    const auto file = files_.find(name);
    ASSERT(file != files_.end());
    return file->second;
}

bool SimulatedDisk::counts_to_the_end() {
    if (changes_to_go_ == 0) {
        return false;
    }
    --changes_to_go_;
    return changes_to_go_ == 0;
}

host::IoResult<void> SimulatedDisk::check_power(std::string_view operation) const {
    if (!has_power_) {
        return failed(operation, "a disk without power", EIO);
    }
    return {};
}

// ---- The folder ----

host::IoResult<std::vector<host::FileInfo>> SimulatedDisk::list() {
    TRY(check_power("list"));
    std::vector<host::FileInfo> files;
    for (const auto& [name, units] : files_) {
        files.push_back({.name = name, .size = units.size() * sizeof(Unit)});
    }
    return files;
}

std::uint64_t SimulatedDisk::bytes_used() const {
    std::uint64_t bytes = 0;
    for (const auto& [name, units] : files_) {
        bytes += units.size() * sizeof(Unit);
    }
    return bytes;
}

// Where the power goes, the name may be there or not.
host::IoResult<host::FileId> SimulatedDisk::create(std::string_view name, std::uint64_t size) {
    TRY(check_power("create"));
    if (files_.contains(name)) {
        return failed("create", name, EEXIST);
    }
    if (bytes_used() + size > bytes_max_) {
        return failed("reserve", name, ENOSPC);
    }
    const bool ends = counts_to_the_end();
    if (!ends || prng_.one_in(2)) {
        files_.emplace(name, std::vector<Unit>(size / sizeof(Unit)));
    }
    if (ends) {
        lose_power();
        TRY(check_power("create"));
    }
    return open(name);
}

host::IoResult<void> SimulatedDisk::rename(std::string_view from, std::string_view to) {
    TRY(check_power("rename"));
    const bool ends = counts_to_the_end();
    if (!ends || prng_.one_in(2)) {
        auto node = files_.extract(files_.find(from));
        node.key() = to;
        files_.erase(std::string(to));
        files_.insert(std::move(node));
    }
    if (ends) {
        lose_power();
    }
    return check_power("rename");
}

host::IoResult<void> SimulatedDisk::remove(std::string_view name) {
    TRY(check_power("remove"));
    const auto file = files_.find(name);
    if (file == files_.end()) {
        return failed("remove", name, ENOENT);
    }
    const bool ends = counts_to_the_end();
    if (!ends || prng_.one_in(2)) {
        files_.erase(file);
    }
    if (ends) {
        lose_power();
    }
    return check_power("remove");
}

// ---- Files ----

host::IoResult<host::FileId> SimulatedDisk::open(std::string_view name) {
    TRY(check_power("open"));
    if (!files_.contains(name)) {
        return failed("open", name, ENOENT);
    }
    const auto unused = std::ranges::find(open_, std::string());
    const auto index = static_cast<std::uint32_t>(unused - open_.begin());
    if (unused == open_.end()) {
        open_.emplace_back();
    }
    open_[index] = name;
    return host::FileId(index);
}

void SimulatedDisk::close(host::FileId file) {
    const auto index = static_cast<std::uint32_t>(file);
    if (index < open_.size()) {
        open_[index].clear();
    }
}

host::IoResult<void> SimulatedDisk::read(host::Place place, std::span<Unit> units) {
    TRY(check_power("read"));
    const std::string& name = open_[static_cast<std::uint32_t>(place.file)];
    const std::vector<Unit>& file = bytes_of(name);
    const std::size_t first = place.offset / sizeof(Unit);
    if (first + units.size() > file.size()) {
        return failed("read", name, ENODATA);
    }
    std::ranges::copy(std::span(file).subspan(first, units.size()), units.begin());
    return {};
}

host::IoResult<void> SimulatedDisk::write(host::Place place, std::span<const Unit> units) {
    TRY(check_power("write"));
    const std::string& name = open_[static_cast<std::uint32_t>(place.file)];
    const Pending write{.name = name, .first_unit = place.offset / sizeof(Unit), .units = units};
    if (counts_to_the_end()) {
        pending_.push_back(write);
        lose_power();
        return check_power("write");
    }
    if (std::exchange(fails_next_, false)) {
        return failed("write", name, EIO);
    }
    land(write);
    return {};
}

void SimulatedDisk::submit(host::Place place, std::span<const Unit> units, std::uint64_t token) {
    if (!has_power_) {
        return;
    }
    pending_.push_back({.name = open_[static_cast<std::uint32_t>(place.file)],
                        .first_unit = place.offset / sizeof(Unit),
                        .units = units,
                        .token = token,
                        .fails = std::exchange(fails_next_, false)});
    if (counts_to_the_end()) {
        lose_power();
    }
}

// Any of them, or none yet.
std::optional<host::Completion> SimulatedDisk::completed() {
    if (!has_power_) {
        return host::Completion{.token = 0, .result = check_power("write")};
    }
    if (pending_.empty() || !prng_.one_in(4)) {
        return std::nullopt;
    }
    const auto chosen =
        pending_.begin() + static_cast<std::ptrdiff_t>(prng_.below(pending_.size()));
    const Pending write = *chosen;
    pending_.erase(chosen);
    if (write.fails) {
        land_in_part(write);
        return host::Completion{.token = write.token, .result = failed("write", write.name, EIO)};
    }
    land(write);
    return host::Completion{.token = write.token, .result = {}};
}

// ---- Landing ----

std::uint64_t SimulatedDisk::landing_of(const Pending& write) {
    if (!std::exchange(misdirects_next_, false)) {
        return write.first_unit;
    }
    went_astray_ = true;
    const std::uint64_t blocks =
        (files_[write.name].size() - write.units.size()) / host::units_per_block + 1;
    return prng_.below(blocks) * host::units_per_block;
}

void SimulatedDisk::land(const Pending& write) {
    std::vector<Unit>& file = files_[write.name];
    if (std::exchange(duplicates_next_, false)) {
        misdirects_next_ = true;
        std::ranges::copy(write.units,
                          file.begin() + static_cast<std::ptrdiff_t>(landing_of(write)));
    }
    ASSERT(write.first_unit + write.units.size() <= file.size());
    std::ranges::copy(write.units, file.begin() + static_cast<std::ptrdiff_t>(landing_of(write)));
}

// The sectors up to a point, those from a point on, or some.
void SimulatedDisk::land_in_part(const Pending& write) {
    std::vector<Unit>& file = files_[write.name];
    const std::uint64_t sectors = write.units.size() / units_per_sector;
    const std::uint64_t manner = prng_.below(3);
    const std::uint64_t point = prng_.below(sectors + 1);
    for (std::uint64_t sector = 0; sector < sectors; ++sector) {
        const std::array<bool, 3> lands = {sector < point, sector >= point, prng_.one_in(2)};
        if (lands[manner]) {
            const std::uint64_t unit = sector * units_per_sector;
            std::ranges::copy(write.units.subspan(unit, units_per_sector),
                              file.begin() + static_cast<std::ptrdiff_t>(write.first_unit + unit));
        }
    }
}

}  // namespace miletus::simulation
