// A live venue at its smallest, and the folder that its journal lies in.
#pragma once

#include "engine/engine.hpp"
#include "exchange/exchange.hpp"
#include "host/folder_disk.hpp"
#include "journal/journal.hpp"
#include "protocol/codec.hpp"
#include "protocol/event_chain.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace miletus::audit {

constexpr std::int64_t start_ns = 1'767'254'400'000'000'000;  // 2026-01-01 08:00 UTC
constexpr std::uint64_t attested = 65'536;

// An engine, its log, and the digest of its events.
class Venue {
  public:
    explicit Venue(const std::string& folder)
        : disk_(*host::FolderDisk::make(folder)),
          log_(std::move(*journal::LocalLog::open({.writing = *disk_, .waiting = *disk_}, options(),
                                                  journal::LogId{9}, Sequence(1),
                                                  [](std::span<const Unit>) {}))),
          engine_(Limits{}),
          chain_(attested, {}) {}

    ~Venue() {
        drain();
        EXPECT_TRUE(log_->close().has_value());
    }

    template <class Message>
    void submit(Message message) {
        message.header.sequence = Sequence(++sequence_);
        message.header.time = UnixNanos(start_ns + static_cast<std::int64_t>(sequence_));
        std::vector<Unit> units(protocol::units_of<Message>(0));
        protocol::encode(message, units);
        apply(units);
    }
    template <class Message>
    void submit(Message message, std::span<const typename Message::Entry> entries) {
        message.header.sequence = Sequence(++sequence_);
        message.header.time = UnixNanos(start_ns + static_cast<std::int64_t>(sequence_));
        std::vector<Unit> units(
            protocol::units_of<Message>(static_cast<std::uint32_t>(entries.size())));
        protocol::encode(message, entries, units);
        apply(units);
    }

    void let_time_pass(std::uint64_t commands) {
        for (std::uint64_t command = 0; command < commands; ++command) {
            submit(protocol::Tick{});
        }
    }
    void keep_snapshot() {
        drain();
        ASSERT_TRUE(log_->put_snapshot(*disk_, exchange::snapshot_of(engine_, chain_.last().digest))
                        .has_value());
    }

    // Whole, and of another sequence's state.
    void keep_false_snapshot(Sequence sequence) {
        drain();
        journal::Snapshot snapshot = exchange::snapshot_of(engine_, chain_.last().digest);
        snapshot.sequence = sequence;
        ASSERT_TRUE(log_->put_snapshot(*disk_, snapshot).has_value());
    }

    [[nodiscard]] const protocol::EventChain& chain() const { return chain_; }
    [[nodiscard]] std::string state() const { return hex(engine_.state_hash()); }

  private:
    void apply(std::span<const Unit> units) {
        engine_.apply(units);
        engine_.events().visit_from(engine_.events().start(), [&](std::span<const Unit> event) {
            static_cast<void>(chain_.read(event));
        });
        while (!log_->has_room(units.size())) {
            work();
        }
        log_->append(units);
    }
    static journal::Options options() {
        return {.segment_bytes = 4U << 20U, .first_segment_bytes = 1U << 20U};
    }
    void work() {
        EXPECT_TRUE(log_->do_work().has_value());
        EXPECT_TRUE(log_->make_room().has_value());
    }
    void drain() {
        while (!log_->is_idle()) {
            work();
        }
    }

    std::unique_ptr<host::FolderDisk> disk_;
    std::unique_ptr<journal::Log> log_;
    engine::Engine engine_;
    protocol::EventChain chain_;
    std::uint64_t sequence_ = 0;
};

class Audit : public testing::Test {
  protected:
    void SetUp() override {
        folder = testing::TempDir() + "miletus_audit_" +
                 testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove_all(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void flip_byte(std::string_view name, std::int64_t offset) const {
        std::fstream file(folder + "/" + std::string(name),
                          std::ios::binary | std::ios::in | std::ios::out);
        file.seekg(offset);
        const int byte = file.get();
        file.seekp(offset);
        file.put(static_cast<char>(byte ^ 1));
    }
    [[nodiscard]] bool says(std::string_view words) const {
        return told.str().find(words) != std::string::npos;
    }

    std::string folder;
    std::ostringstream told;
};

}  // namespace miletus::audit
