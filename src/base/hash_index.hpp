// HashIndex: from a 64-bit hash to a slot number, in tables of fixed size. It keeps no keys: the
// caller's records do, and `is_match` compares them. Each bucket is a chain of slots, newest first,
// linked by slot: nothing is ever moved, and adding or taking the newest takes no guess.
// Nothing ever iterates it: its layout is not state.
#pragma once

#include "base/assert.hpp"
#include "base/memory.hpp"

#include <bit>
#include <cstdint>

namespace miletus {

// A mixer of full avalanche for keys that are small integers (the finaliser of SplitMix64).
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t key) {
    key ^= key >> 30U;
    key *= 0xBF58476D1CE4E5B9U;
    key ^= key >> 27U;
    key *= 0x94D049BB133111EBU;
    return key ^ (key >> 31U);
}
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t first, std::uint64_t second) {
    return mixed(mixed(first + 0x9E3779B97F4A7C15U) ^ second);
}

class HashIndex {
  public:
    // Slots are 1..capacity. There are twice as many buckets, so that chains are short.
    explicit HashIndex(std::uint32_t capacity)
        : buckets_(std::bit_ceil(std::size_t{capacity} * 2)),
          older_(std::size_t{capacity} + 1),
          capacity_(capacity) {}

    // The slot whose record matches, or 0.
    template <class IsMatch>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, IsMatch is_match) const {
        std::uint32_t slot = buckets_[bucket_of(hash)];
        while (slot != 0 && !is_match(slot)) {
            slot = older_[slot];
        }
        return slot;
    }

    void insert(std::uint64_t hash, std::uint32_t slot) {
        ASSERT(slot != 0);
        ASSERT(count_ < capacity_);
        std::uint32_t& newest = buckets_[bucket_of(hash)];
        older_[slot] = newest;
        newest = slot;
        ++count_;
    }

    void erase(std::uint64_t hash, std::uint32_t slot) {
        std::uint32_t* link = &buckets_[bucket_of(hash)];
        while (*link != slot) {
            ASSERT(*link != 0);
            link = &older_[*link];
        }
        *link = older_[slot];
        --count_;
    }

    void prefetch(std::uint64_t hash) const { __builtin_prefetch(&buckets_[bucket_of(hash)]); }

    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] bool is_full() const { return count_ == capacity_; }

  private:
    [[nodiscard]] std::size_t bucket_of(std::uint64_t hash) const {
        return (hash ^ (hash >> 32U)) & (buckets_.size() - 1);
    }

    Block<std::uint32_t> buckets_;  // the newest slot of each
    Block<std::uint32_t> older_;    // by slot: the next of its bucket
    std::uint32_t capacity_;
    std::uint32_t count_ = 0;
};

}  // namespace miletus
