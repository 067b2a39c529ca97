// The sizes of a journal. Tests and the simulator run with tiny ones.
#pragma once

#include <array>
#include <cstdint>

namespace miletus::journal {

// What a log was written under, in numbers that mean nothing here.
using Terms = std::array<std::uint64_t, 32>;

struct Options {
    std::uint64_t segment_bytes = std::uint64_t{256} << 20U;
    // The first is small, so that a new venue starts at once.
    std::uint64_t first_segment_bytes = std::uint64_t{16} << 20U;
    // Payload of one record: what one write commits at most.
    std::uint32_t record_units = 1022;
    // Segments kept ready, written with zeros: one more than the fewest with which the venue takes
    // orders, so that entering one is no alarm while the next is being made.
    std::uint32_t spare_segments = 3;
    // Whether a command counts only once the disk says itself that it is durable: no bit that flips
    // can then take an acknowledged command for one that was never written. Each acknowledgement
    // waits for a second write.
    bool strict = false;
    // Of a new log.
    Terms terms{};
};

// Writes that may be under way at once. What was not yet acknowledged lies in as many records.
constexpr std::uint32_t writes_in_flight = 2;

}  // namespace miletus::journal
