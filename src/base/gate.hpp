// Gate: how far one writer and its readers have come in a ring. Positions only grow. The writer
// publishes many messages with one store, each reader gives back many with one; neither waits, and
// a writer that would overtake its slowest reader is told so. Every index has cache lines to
// itself.
#pragma once

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace miletus {

class Gate {
  public:
    static constexpr std::uint32_t readers_max = 8;

    // Readers are numbered from 0.
    explicit Gate(std::uint32_t readers) : readers_(readers) { ASSERT(readers <= readers_max); }

    // ---- The writer's thread ----
    // Everything before this position may be read.
    void publish(std::uint64_t position) {
        published_.position.store(position, std::memory_order_release);
    }
    // Whether all readers have given back everything before the position: what lies there may be
    // overwritten. They are only asked where what they said last is not enough.
    [[nodiscard]] bool is_free_before(std::uint64_t position) {
        if (position > slowest_) {
            slowest_ = slowest();
        }
        return position <= slowest_;
    }

    // ---- A reader's thread ----
    [[nodiscard]] std::uint64_t published() const {
        return published_.position.load(std::memory_order_acquire);
    }
    // The reader needs nothing before this position any more.
    void give_back(std::uint32_t reader, std::uint64_t position) {
        ASSERT(reader < readers_);
        consumed_[reader].position.store(position, std::memory_order_release);
    }

    // ---- Any thread ----
    // How many units wait for this reader.
    [[nodiscard]] std::uint64_t backlog(std::uint32_t reader) const {
        const std::uint64_t consumed = consumed_[reader].position.load(std::memory_order_acquire);
        return published() - consumed;
    }

  private:
    // Two lines: processors fetch them in pairs.
    struct alignas(128) Index {
        std::atomic<std::uint64_t> position = 0;
    };

    [[nodiscard]] std::uint64_t slowest() const {
        std::uint64_t position = published_.position.load(std::memory_order_relaxed);
        for (std::uint32_t reader = 0; reader < readers_; ++reader) {
            position =
                std::min(position, consumed_[reader].position.load(std::memory_order_acquire));
        }
        return position;
    }

    Index published_;
    std::array<Index, readers_max> consumed_;
    alignas(128) std::uint64_t slowest_ = 0;  // the writer's own
    std::uint32_t readers_;
};

}  // namespace miletus
