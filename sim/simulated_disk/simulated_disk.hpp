// SimulatedDisk: a disk in memory that behaves as badly as real ones do, from a seed. Writes finish
// late and in any order; the power goes at a chosen step, and then what was under way is there by
// sectors, or not at all; blocks go astray, bits flip, the disk fills up. One thread.
#pragma once

#include "base/prng.hpp"
#include "host/disk.hpp"

#include <map>
#include <string>
#include <vector>

namespace miletus::simulation {

class SimulatedDisk final : public host::Disk {
  public:
    explicit SimulatedDisk(std::uint64_t seed) : prng_(seed) {}

    // ---- What goes wrong ----
    // The power goes in the middle of the n-th change from now on, 1 being the next. Until
    // restart(), everything fails.
    void lose_power_at(std::uint64_t changes) { changes_to_go_ = changes; }
    void keep_power() { changes_to_go_ = 0; }
    [[nodiscard]] bool has_power() const { return has_power_; }
    void lose_power();
    void restart();
    // The next write lands elsewhere in its file; or as well in its place.
    void misdirect_next_write() { misdirects_next_ = true; }
    void duplicate_next_write() { duplicates_next_ = true; }
    void fail_next_write() { fails_next_ = true; }
    void limit_bytes(std::uint64_t bytes) { bytes_max_ = bytes; }
    void flip_bit(std::string_view name, std::uint64_t bit);
    [[nodiscard]] const std::vector<Unit>& bytes_of(std::string_view name) const;
    // Whether a fault was played that no journal can make good: all but the loss of power.
    [[nodiscard]] bool went_astray() const { return went_astray_; }

    // ---- Disk ----
    host::IoResult<std::vector<host::FileInfo>> list() override;
    host::IoResult<host::FileId> create(std::string_view name, std::uint64_t size) override;
    host::IoResult<host::FileId> open(std::string_view name) override;
    void close(host::FileId file) override;
    host::IoResult<void> rename(std::string_view from, std::string_view to) override;
    host::IoResult<void> remove(std::string_view name) override;
    host::IoResult<void> read(host::Place place, std::span<Unit> units) override;
    host::IoResult<void> write(host::Place place, std::span<const Unit> units) override;
    void submit(host::Place place, std::span<const Unit> units, std::uint64_t token) override;
    std::optional<host::Completion> completed() override;

  private:
    // The units are copied: what the caller does with them while they are under way is its bug, and
    // shows as a checksum that does not match.
    struct Pending {
        std::string name;
        std::uint64_t first_unit = 0;
        std::span<const Unit> units;
        std::uint64_t token = 0;
        bool fails = false;
    };

    [[nodiscard]] bool counts_to_the_end();
    [[nodiscard]] host::IoResult<void> check_power(std::string_view operation) const;
    [[nodiscard]] std::uint64_t bytes_used() const;
    [[nodiscard]] std::uint64_t landing_of(const Pending& write);
    void land(const Pending& write);
    void land_in_part(const Pending& write);

    Prng prng_;
    std::map<std::string, std::vector<Unit>, std::less<>> files_;
    std::vector<std::string> open_;  // by FileId; empty where closed
    std::vector<Pending> pending_;
    std::uint64_t changes_to_go_ = 0;
    std::uint64_t bytes_max_ = std::uint64_t{1} << 40U;
    bool has_power_ = true;
    bool misdirects_next_ = false;
    bool duplicates_next_ = false;
    bool fails_next_ = false;
    bool went_astray_ = false;
};

}  // namespace miletus::simulation
