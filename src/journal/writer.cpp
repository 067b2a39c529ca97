// Gathering, sealing, writing two at a time, retiring in order.
#include "journal/writer.hpp"

#include "base/result.hpp"
#include "protocol/records.hpp"

#include <algorithm>

namespace miletus::journal {

Writer::Writer(host::Disk& disk, Segments& segments, const Options& options,
               const Recovered& recovered)
    : disk_(disk),
      segments_(segments),
      payload_max_(options.record_units),
      log_(recovered.superblock.log),
      epoch_(recovered.superblock.epoch),
      segment_(recovered.tail.place.segment),
      offset_(recovered.tail.place.offset),
      segment_size_(recovered.tail.segment_size),
      chain_(recovered.tail.chain),
      written_(recovered.tail.place.first.value() - 1),
      next_(recovered.tail.place.first),
      durable_(written_),
      confirmed_(written_),
      batches_{Batch{.record = Block<Unit>(record_units(payload_max_))},
               Batch{.record = Block<Unit>(record_units(payload_max_))},
               Batch{.record = Block<Unit>(record_units(payload_max_))}} {
    ASSERT(payload_max_ <= payload_units_max);
    ASSERT(host::disk_block + std::uint64_t{record_units(payload_max_)} * sizeof(Unit) <=
           segments.segment_bytes());
}

Writer::~Writer() {
    if (file_) {
        disk_.close(*file_);
    }
}

// ---- Gathering ----

bool Writer::has_room(std::size_t units) const {
    return filling().units + units <= payload_max_;
}

void Writer::append(std::span<const Unit> command) {
    ASSERT(has_room(command.size()));
    const auto& header = view_as<protocol::CommandHeader>(command);
    ASSERT(header.sequence == next_);
    Batch& batch = filling();
    std::ranges::copy(command,
                      batch.record.items().subspan(record_header_units + batch.units).begin());
    batch.units += static_cast<std::uint32_t>(command.size());
    batch.last = next_;
    batch.time = header.time;
    next_ = Sequence(next_.value() + 1);
}

void Writer::confirm() {
    ASSERT(is_idle());
    filling().is_confirmation = true;
    filling().last = last();
    filling().time = UnixNanos(0);
}

// ---- Writing ----

JournalResult<void> Writer::do_work() {
    const bool has_ended_any = TRY(take_completions());
    const bool has_begun_any = TRY(begin_writes());
    if (has_begun_any) {
        static_cast<void>(TRY(take_completions()));  // some disks are done at once
    }
    // It takes its time: news of what is durable goes on first, and so does what can be written.
    if (!has_ended_any && !has_begun_any) {
        digest_last();
    }
    return {};
}

// As many as there may be; whether there are any.
JournalResult<bool> Writer::begin_writes() {
    bool has_any = false;
    while (in_flight_ < writes_in_flight && has_something_to_write()) {
        if (!file_) {
            file_ = TRY(disk_.open(segment_name(segment_)));
        }
        if (!fits_segment()) {
            // Nothing of the next segment is under way before all of this one is on the disk.
            if (in_flight_ != 0 || !segments_.is_ready(next(segment_))) {
                break;
            }
            TRY(enter_segment(next(segment_)));
        }
        write_filling();
        has_any = true;
    }
    return has_any;
}

bool Writer::has_something_to_write() const {
    return filling().units != 0 || filling().is_confirmation;
}

bool Writer::fits_segment() const {
    const std::uint64_t bytes = std::uint64_t{record_units(filling().units)} * sizeof(Unit);
    return offset_ + bytes <= segment_size_;
}

JournalResult<void> Writer::enter_segment(SegmentNumber segment) {
    digest_last();
    disk_.close(file());
    file_.reset();
    file_ = TRY(disk_.open(segment_name(segment)));
    segment_ = segment;
    segment_size_ = segments_.segment_bytes();
    Block<Unit> block(segment_header_units);
    write_segment_header(block.items(), {.log = log_,
                                         .size = segment_size_,
                                         .segment = segment,
                                         .epoch = epoch_,
                                         .first = Sequence(written_.value() + 1),
                                         .chain = chain_});
    TRY(disk_.write({.file = file(), .offset = 0}, block.items()));
    offset_ = host::disk_block;
    segments_.entered(segment);
    return {};
}

void Writer::write_filling() {
    digest_last();
    Batch& batch = filling();
    const std::span<Unit> record = batch.record.items().first(record_units(batch.units));
    std::ranges::fill(record.subspan(record_header_units + batch.units), Unit{});
    batch.durable = durable_;
    write_record_header(record, {.payload_units = batch.units,
                                 .segment = segment_,
                                 .epoch = epoch_,
                                 .offset = offset_,
                                 .first = Sequence(written_.value() + 1),
                                 .last = batch.last,
                                 .durable = batch.durable,
                                 .time = batch.time,
                                 .log = log_,
                                 .chain = chain_});
    disk_.submit({.file = file(), .offset = offset_}, record, filling_);
    offset_ += record.size_bytes();
    bytes_written_ += record.size_bytes();
    written_ = batch.last;
    undigested_ = record;
    ++in_flight_;
    filling_ = (filling_ + 1) % batch_count;
}

// The record stays as it is until then, since others are filled before it is filled again.
void Writer::digest_last() {
    if (!undigested_.empty()) {
        chain_ = digest_of(undigested_);
        undigested_ = {};
    }
}

// ---- Acknowledging ----

JournalResult<bool> Writer::take_completions() {
    bool has_any = false;
    while (const std::optional<host::Completion> done = disk_.completed()) {
        TRY(done->result);
        batches_[done->token].is_written = true;
        has_any = true;
    }
    retire_written();
    return has_any;
}

// In order: a record is durable once it and all before it are.
void Writer::retire_written() {
    while (in_flight_ != 0) {
        Batch& oldest = batches_[(filling_ + batch_count - in_flight_) % batch_count];
        if (!oldest.is_written) {
            return;
        }
        durable_ = oldest.last;
        confirmed_ = oldest.durable;
        oldest.units = 0;
        oldest.is_confirmation = false;
        oldest.is_written = false;
        --in_flight_;
    }
}

}  // namespace miletus::journal
