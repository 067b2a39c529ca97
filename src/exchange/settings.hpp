// What an exchange is made of, and how large it is.
#pragma once

#include "base/limits.hpp"
#include "host/clock.hpp"
#include "host/disk.hpp"
#include "journal/journal.hpp"

#include <functional>
#include <span>
#include <vector>

namespace miletus::exchange {

// The world around it. The second disk stands for the same folder, for the thread that makes
// segments.
struct Resources {
    host::Disk& disk;
    host::Disk& segments_disk;
    host::Clock& clock;
    journal::LogId fresh_log;  // of a new journal
    // Called with the events that tell what stands, as the snapshot has it, before anything is
    // carried out again; may be empty.
    std::function<void(std::span<const Unit> event)> on_standing{};
    // Called with each event of what the start carries out again; may be empty.
    std::function<void(std::span<const Unit> event)> on_replayed{};
};

// Of a seat: events are heard at each, and commands come in from each.
struct SeatSettings {
    bool hears_answers = false;  // of everybody's queries
};

struct Settings {
    Limits limits;
    journal::Options journal;
    // Of each ring; a power of two.
    std::uint32_t ring_units = 1U << 14U;
    std::uint32_t answer_units = 1U << 14U;
    // How many commands apart the log attests the digest of its events, and a shadow keeps
    // snapshots.
    std::uint64_t attest_interval = 65'536;
    std::uint64_t snapshot_interval = 1'000'000;
    // Who sits beside the engine, but for the native gateway. They must read on, or it waits.
    std::vector<SeatSettings> seats{};
    // Whether segments go that no start will need. An auditor keeps them all.
    bool trim = false;
};

}  // namespace miletus::exchange
