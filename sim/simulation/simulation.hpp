// Simulation: the whole exchange from one seed, on one thread: production code of sequencer,
// journal, engine, gateway and desk on a disk that loses power, clients behind a network that
// loses, repeats and reorders. Prices move, instruments are listed and expire, accounts are
// liquidated. Nothing acknowledged may be lost, nothing may happen twice, money must add up, and
// every restart and the shadow must lead to the state that was there before.
#pragma once

#include <cstdint>
#include <string>

namespace miletus::simulation {

// How often each rare path was reached.
struct Probes {
    std::uint64_t commands = 0;
    std::uint64_t power_losses = 0;
    std::uint64_t starts_interrupted = 0;
    std::uint64_t torn_tails = 0;
    std::uint64_t resends = 0;
    std::uint64_t answered_again = 0;
    std::uint64_t lost_messages = 0;
    std::uint64_t cuts = 0;
    std::uint64_t resumes = 0;
    std::uint64_t trades = 0;
    std::uint64_t sweeps = 0;
    std::uint64_t disk_warnings = 0;
    std::uint64_t listings = 0;
    std::uint64_t archived = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t marks = 0;  // installed, of a surface
    std::uint64_t fundings = 0;
    std::uint64_t settlements = 0;  // of sessions
    std::uint64_t margin_calls = 0;
    std::uint64_t liquidations = 0;
    std::uint64_t reassignments = 0;
    std::uint64_t full_of_instruments = 0;  // what the desk asked for
    std::uint64_t attestations = 0;         // that the shadow agreed with
    std::uint64_t snapshots = 0;
    std::uint64_t damaged_snapshots = 0;
    std::uint64_t segments = 0;  // the most at a time
    std::uint64_t trimmed = 0;   // the most of one log

    void add(const Probes& other);
};

struct Outcome {
    std::string failure;  // empty where all went well
    Probes probes;
};

[[nodiscard]] Outcome simulate(std::uint64_t seed);

}  // namespace miletus::simulation
