// LocalLog: the log of a venue that stands alone: a command counts once it is on this disk.
#pragma once

#include "journal/log.hpp"
#include "journal/segments.hpp"
#include "journal/writer.hpp"

#include <memory>

namespace miletus::journal {

// The second disk stands for the same folder, for the thread that may wait.
struct LogDisks {
    host::Disk& writing;
    host::Disk& waiting;
};

class LocalLog final : public Log {
  public:
    // Reads what is there from a sequence on, as recover() does, and takes the log over.
    static JournalResult<std::unique_ptr<Log>> open(const LogDisks& disks, const Options& options,
                                                    LogId fresh, Sequence from,
                                                    const VisitCommands& visit);
    LocalLog(const LogDisks& disks, const Options& options, const Recovered& recovered);

    [[nodiscard]] bool has_room(std::size_t units) const override {
        return writer_.has_room(units);
    }
    void append(std::span<const Unit> command) override { writer_.append(command); }
    [[nodiscard]] JournalResult<Progress> do_work() override;
    [[nodiscard]] Sequence committed() const override {
        return is_strict_ ? writer_.confirmed() : writer_.durable();
    }
    [[nodiscard]] bool is_idle() const override {
        return writer_.is_idle() && committed() == writer_.last();
    }
    [[nodiscard]] Role role() const override { return Role::leader; }
    [[nodiscard]] std::uint32_t epoch() const override { return recovered_.superblock.epoch; }
    [[nodiscard]] JournalResult<void> close() override;
    [[nodiscard]] JournalResult<Progress> make_room() override;
    [[nodiscard]] bool is_full() const override { return segments_.is_disk_full(); }
    void trim(Sequence before) override { segments_.keep_from(before); }
    [[nodiscard]] const Recovered& recovered() const override { return recovered_; }
    [[nodiscard]] JournalResult<Reader> read(host::Disk& disk, Sequence from) const override;
    [[nodiscard]] JournalResult<FoundSnapshot> get_snapshot(host::Disk& disk,
                                                            Age age) const override;
    [[nodiscard]] JournalResult<std::vector<Sequence>> put_snapshot(
        host::Disk& disk, const Snapshot& snapshot) const override;

  private:
    [[nodiscard]] bool is_time_to_confirm() const;

    const Recovered recovered_;
    bool is_strict_;
    Segments segments_;
    Writer writer_;
    std::uint32_t idle_steps_ = 0;
};

}  // namespace miletus::journal
