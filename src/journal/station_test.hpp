// A journal at work on a simulated disk, and all that was ever asked of it: what tests start, feed,
// break and start again.
#pragma once

#include "base/prng.hpp"
#include "journal/journal.hpp"
#include "protocol/records.hpp"
#include "sim/simulated_disk/simulated_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace miletus::journal {

// Records of one block, segments of eight.
inline Options tiny_options() {
    return {.segment_bytes = 8 * host::disk_block,
            .first_segment_bytes = 6 * host::disk_block,
            .record_units = host::units_per_block - record_header_units,
            .spare_segments = 2};
}

constexpr LogId test_log{7, 7, 7};

class Station {
  public:
    explicit Station(std::uint64_t seed) : Station(seed, tiny_options()) {}
    Station(std::uint64_t seed, const Options& options)
        : disk(seed), prng(seed), options_(options) {}

    // Whether the journal came up. What it recovered stands in `found`.
    bool start() {
        stop();
        found.clear();
        JournalResult<Recovered> result =
            recover(disk, options_, test_log, Sequence(1),
                    [this](std::span<const Unit> commands) { take(commands); });
        failure = result ? "" : result.error().sentence();
        if (!result) {
            return false;
        }
        recovered = *result;
        segments = std::make_unique<Segments>(disk, options_, recovered.superblock,
                                              recovered.tail.place.segment);
        writer = std::make_unique<Writer>(disk, *segments, options_, recovered);
        // What was never acknowledged may be gone: the log goes on from what is there.
        appended.resize(found.size());
        return true;
    }

    void stop() {
        writer.reset();
        segments.reset();
    }

    // One command of one to five units, if there is room for it.
    bool append() {
        const std::uint64_t units = 1 + prng.below(5);
        if (!writer->has_room(units)) {
            return false;
        }
        std::vector<Unit> command(units);
        for (Unit& unit : command) {
            unit.bytes.fill(static_cast<std::byte>(prng.next()));
        }
        const std::uint64_t sequence = appended.size() + 1;
        place_in(std::span(command),
                 protocol::CommandHeader{.type = 1,
                                         .units = static_cast<std::uint16_t>(units),
                                         .sequence = Sequence(sequence),
                                         .time = UnixNanos(static_cast<std::int64_t>(sequence))});
        writer->append(command);
        appended.push_back(std::move(command));
        return true;
    }

    // One turn of the journal's two threads; false once its disk has refused.
    bool work() {
        const JournalResult<void> written = writer->do_work();
        const JournalResult<bool> made = segments->do_work();
        acknowledged = std::max(acknowledged, written ? writer->durable().value() : 0);
        return written && made;
    }

    // Until all is durable, or nothing moves any more.
    bool drain() {
        for (int turn = 0; turn < 10'000 && !writer->is_idle(); ++turn) {
            if (!work()) {
                return false;
            }
        }
        return writer->is_idle();
    }

    // As a process ends in good order: the disk itself says that everything is on it.
    bool confirm() {
        writer->confirm();
        return drain();
    }

    void append_all(int count) {
        for (int left = count; left != 0;) {
            left -= append() ? 1 : 0;
            ASSERT_TRUE(work());
        }
        ASSERT_TRUE(drain());
    }

    // Everything acknowledged is there, and nothing but what was asked for.
    [[nodiscard]] bool has_lost_nothing() const {
        return found.size() >= acknowledged && found.size() <= was_appended.size() &&
               std::equal(found.begin(), found.end(), was_appended.begin(), is_same);
    }
    // Before a start takes away what was not acknowledged.
    void remember() { was_appended = appended; }

    simulation::SimulatedDisk disk;
    Prng prng;
    std::vector<std::vector<Unit>> appended;
    std::vector<std::vector<Unit>> was_appended;
    std::vector<std::vector<Unit>> found;
    std::uint64_t acknowledged = 0;
    std::string failure;
    Recovered recovered;
    std::unique_ptr<Segments> segments;
    std::unique_ptr<Writer> writer;

  private:
    static bool is_same(const std::vector<Unit>& one, const std::vector<Unit>& other) {
        return std::ranges::equal(one, other, {}, &Unit::bytes, &Unit::bytes);
    }

    void take(std::span<const Unit> commands) {
        while (!commands.empty()) {
            const std::size_t units = view_as<protocol::CommandHeader>(commands).units;
            found.emplace_back(commands.begin(),
                               commands.begin() + static_cast<std::ptrdiff_t>(units));
            commands = commands.subspan(units);
        }
    }

    Options options_;
};

}  // namespace miletus::journal
