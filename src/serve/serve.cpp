// Start, watch, end.
#include "serve/serve.hpp"

#include "host/signals.hpp"
#include "host/threads.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace miletus::serve {

using host::Log;
using host::LogLevel;

namespace {

constexpr std::chrono::milliseconds between_looks{20};

void tell_start(const Venue& venue, Log& log) {
    const journal::Recovered& found = venue.exchange().recovered();
    log.write(LogLevel::info, "recovered",
              {{"new", found.is_new ? "yes" : "no"},
               {"epoch", found.superblock.epoch},
               {"sequence", found.tail.place.first.value() - 1}});
    if (found.torn) {
        const journal::Failure torn(found.torn->damage, found.torn->file, found.torn->offset,
                                    found.torn->sequence);
        log.write(LogLevel::warning, "torn_tail",
                  {{"what", torn.sentence()}, {"meaning", "never acknowledged; thrown away"}});
    }
    if (found.bad_superblocks != 0) {
        log.write(LogLevel::warning, "superblock_repaired", {{"copies", found.bad_superblocks}});
    }
}

void tell_end(const Venue& venue, Log& log) {
    const native_gateway::Counters& counters = venue.counters();
    log.write(LogLevel::info, "counted",
              {{"arrivals", counters.arrivals},
               {"commands", counters.commands},
               {"queries", counters.queries},
               {"refused", counters.refused},
               {"held_back", counters.held_back},
               {"fell_behind", counters.fell_behind},
               {"resumed", counters.resumed},
               {"sent_away", counters.sent_away}});
    if (const deribit::Counters* front = venue.front_counters()) {
        log.write(LogLevel::info, "counted_front",
                  {{"calls", front->calls},
                   {"failures", front->failures},
                   {"commands", front->commands},
                   {"queries", front->queries},
                   {"too_many", front->too_many},
                   {"not_admitted", front->not_admitted},
                   {"silent", front->silent}});
    }
    const auto marked = venue.desk() != nullptr ? venue.desk()->marker_counts() : std::nullopt;
    if (marked) {
        log.write(LogLevel::info, "marked",
                  {{"surfaces", marked->surfaces},
                   {"refused", marked->refused},
                   {"installed", marked->installed},
                   {"dropped_smiles", marked->dropped_smiles}});
    }
}

void tell_doors(std::span<const OpenDoor> doors, Log& log) {
    for (const OpenDoor& door : doors) {
        log.write(LogLevel::info, door.event, {{"address", door.address}});
        if (door.was_taken) {
            log.write(LogLevel::warning, "port_taken",
                      {{"what", "the address asked for is somebody else's: it is " + door.address +
                                    " instead"}});
        }
    }
    log.write(LogLevel::info, "ready", {});
}

// Until the end is asked for, or comes by itself.
void watch(Venue& venue, Crew& crew, Log& log, const Witness& witness) {
    bool has_told = false;
    bool was_alive = false;
    std::uint32_t acceptances = host::clock_acceptances();
    while (host::stop_requests() == 0 && !crew.failure()) {
        host::rest(between_looks);
        if (venue.waits_for_clock() != has_told) {
            has_told = !has_told;
            log.write(has_told ? LogLevel::error : LogLevel::info,
                      has_told ? "clock_jumped" : "clock_accepted",
                      {{"what", has_told ? "nothing is numbered: send SIGHUP once the clock "
                                           "is right"
                                         : "numbering goes on"}});
        }
        if (!was_alive && venue.is_alive()) {
            was_alive = true;
            log.write(LogLevel::info, "alive", {});
            if (witness.on_alive) {
                witness.on_alive();
            }
        }
        if (host::clock_acceptances() != acceptances) {
            acceptances = host::clock_acceptances();
            venue.accept_clock();
        }
    }
}

ExitCode end(Venue& venue, Crew& crew, Log& log) {
    crew.stop();
    if (const auto failure = crew.failure()) {
        log.write(LogLevel::error, "failed", {{"why", *failure}});
        return ExitCode::failed;
    }
    log.write(LogLevel::info, "draining", {});
    const auto drained = venue.drain();
    tell_end(venue, log);
    if (!drained) {
        log.write(LogLevel::error, "failed", {{"why", drained.error().sentence()}});
        return ExitCode::failed;
    }
    log.write(LogLevel::info, "stopped",
              {{"sequence", venue.exchange().engine().events().sequence().value()}});
    return ExitCode::stopped;
}

}  // namespace

ExitCode run(const Config& config, Log& log) {
    return run(config, log, Witness());
}

ExitCode run(const Config& config, Log& log, const Witness& witness) {
    host::watch_signals();
    log.write(LogLevel::info, "starting", {{"data", config.folder}});
    auto premises = enter_folder(config.folder);
    if (!premises) {
        log.write(LogLevel::error, "not_available", {{"why", premises.error().sentence()}});
        return ExitCode::not_available;
    }
    std::unique_ptr<FrontDoor> front_door;
    if (config.deribit) {
        auto made = FrontDoor::make(*config.deribit, config.exchange.limits);
        if (!made) {
            log.write(LogLevel::error, "not_available", {{"why", made.error()}});
            return ExitCode::not_available;
        }
        front_door = std::move(*made);
    }
    const auto opened = Venue::open(config, *premises, log, std::move(front_door));
    if (!opened) {
        log.write(LogLevel::error, "journal_refused", {{"why", opened.error().sentence()}});
        return ExitCode::journal_refused;
    }
    Venue& venue = **opened;
    tell_start(venue, log);
    const auto doors = venue.open_doors();
    if (!doors) {
        log.write(LogLevel::error, "not_available", {{"why", doors.error().sentence()}});
        return ExitCode::not_available;
    }
    Crew crew;
    crew.begin(venue.duties());
    tell_doors(*doors, log);
    if (witness.on_ready) {
        witness.on_ready(*doors);
    }
    watch(venue, crew, log, witness);
    return end(venue, crew, log);
}

}  // namespace miletus::serve
