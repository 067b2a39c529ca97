// Replay against the engine alone, with the same commands: what reading and checking the log adds.
// And the start of a venue whose log is long, from its newest snapshot.
#include "bench/engine_market.hpp"
#include "bench/journal_bench.hpp"
#include "exchange/exchange.hpp"
#include "host/folder_disk.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace miletus::bench {

namespace {

constexpr double replay_ratio_min = 0.9;
constexpr double recovery_seconds_max = 5;
constexpr std::uint64_t long_log = 10'000'000;  // commands
constexpr std::uint64_t between_snapshots = 1'000'000;
constexpr std::size_t batch_units = 1024;

const std::string folder = "build/bench_replay";

std::unique_ptr<host::FolderDisk> disk_in(const std::string& name) {
    auto disk = host::FolderDisk::make(folder + "/" + name);
    ASSERT(disk.has_value());
    return std::move(*disk);
}

// A journal that is written without anyone waiting for it.
class LogFile {
  public:
    explicit LogFile(host::Disk& disk)
        : log_(std::move(*journal::LocalLog::open({.writing = disk, .waiting = disk}, options(),
                                                  journal::LogId{1}, Sequence(1),
                                                  [](std::span<const Unit>) {}))) {}

    void append(std::span<const Unit> command) {
        while (!log_->has_room(command.size())) {
            work();
        }
        log_->append(command);
    }
    void finish() {
        while (!log_->is_idle()) {
            work();
        }
    }
    [[nodiscard]] journal::LogId log() const { return log_->recovered().superblock.log; }

  private:
    static journal::Options options() {
        return {.segment_bytes = std::uint64_t{256} << 20U,
                .first_segment_bytes = std::uint64_t{256} << 20U};
    }
    void work() {
        ASSERT(log_->do_work().has_value());
        static_cast<void>(*log_->make_room());
    }

    std::unique_ptr<journal::Log> log_;
};

template <class Visit>
void visit_commands(std::span<const Unit> units, Visit visit) {
    while (!units.empty()) {
        const std::size_t length = protocol::view<protocol::CommandHeader>(units).units;
        visit(units.first(length));
        units = units.subspan(length);
    }
}

// ---- Replay ----

std::vector<Unit> whole_log(const Flow& flow) {
    Answers answers(flow);
    EngineMarket learner;
    learner.learn(flow.prefill, answers);
    learner.learn(flow.commands, answers);
    EngineMarket market;
    std::vector<Unit> units(market.opening().begin(), market.opening().end());
    for (const auto& commands : {flow.prefill, flow.commands}) {
        const std::span<const Unit> encoded = market.encode(commands, answers);
        units.insert(units.end(), encoded.begin(), encoded.end());
    }
    return units;
}

struct Played {
    double ns = 0;
    std::uint64_t commands = 0;
    Hash128 state;
};

// As replay gives them to the engine, but from memory.
Played play_from_memory(std::span<const Unit> units) {
    const auto engine = std::make_unique<engine::Engine>(engine_limits());
    const double ns = time_ns([&] {
        std::size_t start = 0;
        std::size_t end = 0;
        visit_commands(units, [&](std::span<const Unit> command) {
            end += command.size();
            if (end - start >= batch_units || end == units.size()) {
                engine->apply_all(units.subspan(start, end - start));
                start = end;
            }
        });
    });
    return {
        .ns = ns, .commands = engine->events().sequence().value(), .state = engine->state_hash()};
}

Played play_from_disk(host::Disk& disk, journal::LogId log) {
    const auto engine = std::make_unique<engine::Engine>(engine_limits());
    const exchange::Vetoes vetoes;
    exchange::Replayer replayer(*engine, vetoes, std::nullopt);
    const double ns = time_ns([&] {
        auto reader =
            journal::Reader::open(disk, log, journal::SegmentNumber{1}, journal::Depth::checksums);
        ASSERT(reader.has_value());
        while (const auto record = reader->next()) {
            replayer.play(record->payload, exchange::Replayer::to_the_end);
        }
    });
    return {.ns = ns, .commands = replayer.commands(), .state = engine->state_hash()};
}

// ---- A long log ----

// Orders that rest and are canceled a thousand commands later; a few of them trade.
class LongLog {
  public:
    explicit LongLog(host::Disk& disk) : disk_(disk), log_(disk) {}

    void write(std::uint64_t commands) {
        const EngineMarket market;
        visit_commands(market.opening(), [this](std::span<const Unit> command) { apply(command); });
        while (sequence_ < commands) {
            place_or_cancel();
            if (sequence_ % between_snapshots == 0) {
                log_.finish();
                ASSERT(journal::put_snapshot(disk_, log_.log(),
                                             exchange::snapshot_of(*engine_, chain_.last().digest))
                           .has_value());
            }
        }
        log_.finish();
        ASSERT(trades_ > commands / 100 && cancels_ > commands / 100);
    }
    [[nodiscard]] Hash128 state() const { return engine_->state_hash(); }

  private:
    void place_or_cancel() {
        ++count_;
        const AccountId account(1 + static_cast<std::uint32_t>(count_ / 2 % 200));
        const protocol::CommandHeader header{.account = account,
                                             .session = SessionId(account.value()),
                                             .client_sequence = ClientSequence(sequence_ + 1),
                                             .sequence = Sequence(sequence_ + 1),
                                             .time = engine_->events().time() + Nanos(500)};
        std::array<Unit, 4> room{};
        if (count_ % 2 == 0) {
            const std::uint64_t step = count_ * 2654435761U % 100;
            apply(protocol::encode(
                protocol::PlaceOrder{
                    .header = header,
                    .price = Ticks(30'000 + static_cast<std::int64_t>(step % 50)),
                    .quantity = Lots(1),
                    .client_order = ClientOrderId(count_),
                    .instrument = InstrumentId(0),
                    .side = step < 52 ? protocol::Side::buy : protocol::Side::sell},
                room));
        } else {
            const std::uint64_t old = count_ > 2000 ? count_ - 2001 : 2;
            apply(protocol::encode(
                protocol::CancelByClientId{.header = header, .client_order = ClientOrderId(old)},
                room));
        }
    }

    void apply(std::span<const Unit> command) {
        engine_->apply(command);
        engine_->events().visit_from(engine_->events().start(), [&](std::span<const Unit> event) {
            static_cast<void>(chain_.read(event));
            const auto type =
                static_cast<protocol::EventType>(protocol::view<protocol::EventHeader>(event).type);
            trades_ += type == protocol::EventType::trade ? 1U : 0U;
            cancels_ += type == protocol::EventType::order_removed ? 1U : 0U;
        });
        log_.append(command);
        sequence_ = engine_->events().sequence().value();
    }

    host::Disk& disk_;
    LogFile log_;
    std::unique_ptr<engine::Engine> engine_ = std::make_unique<engine::Engine>(Limits{});
    protocol::EventChain chain_{exchange::Settings{}.attest_interval, {}};
    std::uint64_t sequence_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t trades_ = 0;
    std::uint64_t cancels_ = 0;
};

double measure_recovery(Report& report) {
    const auto disk = disk_in("long");
    Hash128 state;
    {
        LongLog log(*disk);
        // A tail as long as it can be.
        log.write(long_log + between_snapshots - 1);
        state = log.state();
    }
    const auto segments_disk = disk_in("long");
    host::SystemClock clock;
    const double seconds =
        time_ns([&] {
            const auto opened = exchange::Exchange::open(
                {.disk = *disk, .segments_disk = *segments_disk, .clock = clock, .fresh_log = {}},
                {});
            ASSERT(opened.has_value());
            if ((*opened)->engine().state_hash() != state) {
                report.fail("the start of a long log leads to another state");
            }
        }) /
        1e9;
    return seconds;
}

}  // namespace

void bench_replay(const Options& options, Report& report) {
    std::filesystem::remove_all(folder);
    const std::vector<Unit> units = whole_log(make_flow(flows.front()));
    const auto disk = disk_in("flow");
    journal::LogId log{};
    {
        LogFile file(*disk);
        visit_commands(units, [&](std::span<const Unit> command) { file.append(command); });
        file.finish();
        log = file.log();
    }
    std::vector<double> ratios;
    std::vector<double> speeds;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        const Played memory = play_from_memory(units);
        const Played replayed = play_from_disk(*disk, log);
        if (memory.state != replayed.state || memory.commands != replayed.commands) {
            report.fail("replay leads to another state than the engine alone");
            return;
        }
        ratios.push_back(memory.ns / replayed.ns);
        speeds.push_back(static_cast<double>(replayed.commands) / replayed.ns * 1e9);
    }
    const double ratio = median(ratios);
    const double speed = median(speeds);
    std::printf("\nreplay     %8.2f M/s      %.2f of the engine alone   >= %.2f %s\n", speed / 1e6,
                ratio, replay_ratio_min, ratio >= replay_ratio_min ? "met" : "MISSED");
    report.add({.name = "journal/replay",
                .value = speed,
                .unit = "1/s",
                .baseline = speed / ratio,
                .baseline_name = "engine alone"});
    const double seconds = measure_recovery(report);
    std::printf(
        "start      %8.2f s        <= %.0f %s, %.0f M commands and a snapshot each %.0f M\n",
        seconds, recovery_seconds_max, seconds <= recovery_seconds_max ? "met" : "MISSED",
        static_cast<double>(long_log) / 1e6, static_cast<double>(between_snapshots) / 1e6);
    report.add({.name = "start/recover_10m",
                .value = seconds,
                .unit = "s",
                .baseline = recovery_seconds_max,
                .baseline_name = "target"});
    std::filesystem::remove_all(folder);
}

}  // namespace miletus::bench
