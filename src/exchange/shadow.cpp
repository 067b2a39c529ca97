// Following record by record, stopping where a snapshot falls due.
#include "exchange/shadow.hpp"

#include "base/result.hpp"
#include "exchange/exchange.hpp"
#include "exchange/snapshots.hpp"

#include <algorithm>

namespace miletus::exchange {

using protocol::EventChain;

JournalResult<std::unique_ptr<Shadow>> Shadow::open(Exchange& exchange, host::Disk& disk,
                                                    const Settings& settings) {
    auto engine = std::make_unique<engine::Engine>(settings.limits);
    const journal::Log& log = exchange.log();
    const journal::FoundSnapshot newest = TRY(log.get_snapshot(disk, journal::Age::youngest));
    const EventChain::Point point = TRY(restore(*engine, newest));
    JournalResult<journal::Reader> reader = log.read(disk, Sequence(point.upto.value() + 1));
    if (!reader) {
        return failure_of(reader);
    }
    return std::make_unique<Shadow>(exchange, disk, settings, std::move(engine),
                                    EventChain(settings.attest_interval, point),
                                    std::move(*reader));
}

Shadow::Shadow(Exchange& exchange, host::Disk& disk, const Settings& settings,
               std::unique_ptr<engine::Engine> engine, const EventChain& chain,
               journal::Reader reader)
    : exchange_(exchange),
      disk_(disk),
      snapshot_interval_(settings.snapshot_interval),
      trims_(settings.trim),
      engine_(std::move(engine)),
      replayer_(*engine_, exchange.vetoes(), chain),
      reader_(std::move(reader)) {
    ASSERT(snapshot_interval_ != 0);
}

JournalResult<Progress> Shadow::do_work() {
    if (reader_.position().first > exchange_.durable()) {
        return Progress::none;
    }
    const std::optional<journal::Record> record = next_record();
    if (!record) {
        return std::unexpected(reader_.failure());
    }
    TRY(play(*record));
    return Progress::made;
}

// It is durable, and so whole on the disk; what was read ahead may be older than that.
std::optional<journal::Record> Shadow::next_record() {
    std::optional<journal::Record> record = reader_.next();
    if (record) {
        return record;
    }
    reader_.look_again();
    return reader_.next();
}

JournalResult<void> Shadow::play(const journal::Record& record) {
    while (last() < record.header.last) {
        const Sequence due((last().value() / snapshot_interval_ + 1) * snapshot_interval_);
        replayer_.play(record.payload, std::min(due, record.header.last));
        TRY(replayer_.check_attestations());
        if (last() == due) {
            TRY(keep_snapshot());
        }
    }
    return {};
}

JournalResult<void> Shadow::keep_snapshot() {
    const JournalResult<std::vector<Sequence>> kept =
        exchange_.log().put_snapshot(disk_, snapshot_of(*engine_, replayer_.chain().last().digest));
    if (!kept && kept.error().is_disk_full) {
        return {};  // a start then goes on from an older one, as long as there is no room
    }
    const std::vector<Sequence> whole = TRY(kept);
    ++snapshots_;
    if (trims_ && whole.size() > 1) {
        exchange_.log().trim(Sequence(whole.back().value() + 1));
    }
    return {};
}

}  // namespace miletus::exchange
