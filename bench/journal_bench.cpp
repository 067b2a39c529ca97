// The writer against plain writes of the same size and number under way, turn by turn in one folder
// of this machine's disk. Nothing else runs; what the disk does from one second to the next differs
// more than the two do, so each round compares neighbours, and the median of the ratios counts.
#include "bench/journal_bench.hpp"

#include "base/memory.hpp"
#include "exchange/exchange.hpp"
#include "host/folder_disk.hpp"
#include "host/threads.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <thread>

namespace miletus::bench {

namespace {

constexpr std::uint64_t round_bytes = std::uint64_t{128} << 20U;
constexpr std::uint32_t record_units = 1024;  // 64 KiB
constexpr std::uint32_t command_units = 2;
constexpr double throughput_ratio_min = 0.75;
constexpr double commands_per_second_min = 2e6;
constexpr double core_share_max = 0.2;
constexpr std::chrono::milliseconds paced_span{400};
constexpr double cold_start_ms_max = 150;

const std::string folder = "build/bench_journal";

std::unique_ptr<host::FolderDisk> disk_in(const std::string& name) {
    auto disk = host::FolderDisk::make(folder + "/" + name);
    ASSERT(disk.has_value());
    return std::move(*disk);
}

// ---- The raw disk ----

class RawWriter {
  public:
    RawWriter()
        : disk_(disk_in("raw")),
          file_(*disk_->create("file", round_bytes)),
          record_(record_units) {}

    // Two writes under way at any time; seconds.
    double write_round() {
        return time_ns([this] {
                   std::uint64_t offset = 0;
                   std::uint32_t under_way = 0;
                   while (offset != round_bytes || under_way != 0) {
                       for (; under_way < journal::writes_in_flight && offset != round_bytes;
                            ++under_way) {
                           disk_->submit({.file = file_, .offset = offset}, record_.items(), 0);
                           offset += record_.items().size_bytes();
                       }
                       under_way -= disk_->completed() ? 1U : 0U;
                   }
               }) /
               1e9;
    }

  private:
    std::unique_ptr<host::FolderDisk> disk_;
    host::FileId file_;
    Block<Unit> record_;
};

// ---- The journal ----

class JournalWriter {
  public:
    JournalWriter()
        : disk_(disk_in("journal")),
          recovered_(*journal::recover(*disk_, options(), journal::LogId{1}, Sequence(1),
                                       [](std::span<const Unit>) {})),
          segments_(*disk_, options(), recovered_.superblock, recovered_.tail.place.segment),
          writer_(*disk_, segments_, options(), recovered_) {}

    struct Round {
        double seconds = 0;
        std::uint64_t commands = 0;
    };

    // As many bytes, as commands of two units each.
    Round write_round() {
        while (*segments_.do_work()) {
        }
        const std::uint64_t end = writer_.bytes_written() + round_bytes;
        const std::uint64_t before = sequence_;
        const double ns = time_ns([&] {
            while (writer_.bytes_written() < end || !writer_.is_idle()) {
                while (writer_.bytes_written() < end && writer_.has_room(command_units)) {
                    append();
                }
                ASSERT(writer_.do_work().has_value());
            }
        });
        return {.seconds = ns / 1e9, .commands = sequence_ - before};
    }

    // The processor's time for commands that come at a steady pace, as a fraction of one core.
    double core_share(double commands_per_second, std::chrono::milliseconds span) {
        while (*segments_.do_work() == true) {
        }
        constexpr std::chrono::microseconds interval{250};  // they fill a record
        constexpr std::chrono::microseconds while_disk_works{20};
        const auto commands = static_cast<std::uint64_t>(
            commands_per_second * std::chrono::duration<double>(interval).count());
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t busy_before = std::clock();
        for (auto due = start; due < start + span; due += interval) {
            std::this_thread::sleep_until(due);
            for (std::uint64_t count = 0; count < commands; ++count) {
                while (!writer_.has_room(command_units)) {
                    host::rest(while_disk_works);
                    ASSERT(writer_.do_work().has_value());
                }
                append();
            }
            ASSERT(writer_.do_work().has_value());
        }
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        const double busy =
            static_cast<double>(std::clock() - busy_before) / static_cast<double>(CLOCKS_PER_SEC);
        while (!writer_.is_idle()) {
            ASSERT(writer_.do_work().has_value());
        }
        return busy / taken.count();
    }

  private:
    static journal::Options options() {
        return {.segment_bytes = 2 * round_bytes,
                .first_segment_bytes = 2 * round_bytes,
                .record_units = record_units - journal::record_header_units};
    }

    void append() {
        ++sequence_;
        place_in(std::span(command_),
                 protocol::CommandHeader{.units = command_units,
                                         .sequence = Sequence(sequence_),
                                         .time = UnixNanos(static_cast<std::int64_t>(sequence_))});
        writer_.append(command_);
    }

    std::unique_ptr<host::FolderDisk> disk_;
    journal::Recovered recovered_;
    journal::Segments segments_;
    journal::Writer writer_;
    std::array<Unit, command_units> command_{};
    std::uint64_t sequence_ = 0;
};

// The paced writer's share, the smallest of all rounds: the rest is what others take.
double measure_core_share(std::uint32_t rounds) {
    JournalWriter journal;
    double least = 1;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        least = std::min(least, journal.core_share(commands_per_second_min, paced_span));
    }
    return least;
}

struct Throughput {
    double ratio = 0;
    double journal_bytes_per_second = 0;
    double commands_per_second = 0;
};

// Of the round with the median ratio.
Throughput measure_throughput(std::uint32_t rounds) {
    RawWriter raw;
    JournalWriter journal;
    std::vector<Throughput> all;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        const double raw_speed = static_cast<double>(round_bytes) / raw.write_round();
        const JournalWriter::Round written = journal.write_round();
        const double speed = static_cast<double>(round_bytes) / written.seconds;
        all.push_back(
            {.ratio = speed / raw_speed,
             .journal_bytes_per_second = speed,
             .commands_per_second = static_cast<double>(written.commands) / written.seconds});
    }
    std::ranges::sort(all, {}, &Throughput::ratio);
    return all[all.size() / 2];
}

// ---- Starting ----

// From nothing to the first command on the disk; milliseconds.
double measure_cold_start() {
    std::filesystem::remove_all(folder + "/start");
    const double ns = time_ns([] {
        const auto disk = disk_in("start");
        host::SystemClock clock;
        auto opened = exchange::Exchange::open(
            {.disk = *disk, .segments_disk = *disk, .clock = clock, .fresh_log = journal::LogId{1}},
            {});
        ASSERT(opened.has_value());
        exchange::Exchange& exchange = **opened;
        while (exchange.events().durable() == Sequence(0)) {
            exchange.sequence();
            exchange.execute();
            ASSERT(exchange.write().has_value());
        }
    });
    return ns / 1e6;
}

}  // namespace

void bench_journal(const Options& options, Report& report) {
    std::filesystem::remove_all(folder);
    const Throughput throughput = measure_throughput(options.rounds);
    std::filesystem::remove_all(folder);
    const double share = measure_core_share(options.rounds);
    std::filesystem::remove_all(folder);
    const double megabytes = throughput.journal_bytes_per_second / 1e6;
    std::vector<double> starts;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        starts.push_back(measure_cold_start());
    }
    std::filesystem::remove_all(folder);

    std::printf("\njournal: records of 64 KiB, two under way; median of %u rounds\n",
                options.rounds);
    std::printf("throughput %8.0f MB/s   %.2f of the raw disk   >= %.2f %s\n", megabytes,
                throughput.ratio, throughput_ratio_min,
                throughput.ratio >= throughput_ratio_min ? "met" : "MISSED");
    std::printf("commands   %8.2f M/s   >= %.2f %s\n", throughput.commands_per_second / 1e6,
                commands_per_second_min / 1e6,
                throughput.commands_per_second >= commands_per_second_min ? "met" : "MISSED");
    std::printf("core share %8.2f        <= %.2f %s at %.0f M/s\n", share, core_share_max,
                share <= core_share_max ? "met" : "MISSED", commands_per_second_min / 1e6);
    std::printf("cold start %8.1f ms    <= %.0f %s\n", median(starts), cold_start_ms_max,
                median(starts) <= cold_start_ms_max ? "met" : "MISSED");
    report.add({.name = "journal/throughput",
                .value = megabytes,
                .unit = "MB/s",
                .baseline = megabytes / throughput.ratio,
                .baseline_name = "raw 64K, two under way"});
    report.add({.name = "journal/commands",
                .value = throughput.commands_per_second,
                .unit = "1/s",
                .baseline = commands_per_second_min,
                .baseline_name = "target"});
    report.add({.name = "journal/core_share",
                .value = share,
                .unit = "of a core",
                .baseline = core_share_max,
                .baseline_name = "target"});
    report.add({.name = "start/cold",
                .value = median(starts),
                .unit = "ms",
                .baseline = cold_start_ms_max,
                .baseline_name = "target"});
}

}  // namespace miletus::bench
