// HashIndex: from a 64-bit hash to a slot number, in a table of fixed size. It keeps no keys: the
// caller's records do, and `is_match` compares them. Linear probing; erasing closes the gap, so
// there are no tombstones and nothing degrades. Nothing ever iterates it: its layout is not state.
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
    // Half of the table or more stays empty, so that probes are short, and end.
    explicit HashIndex(std::uint32_t capacity)
        : entries_(std::bit_ceil(std::size_t{capacity} * 2)), capacity_(capacity) {}

    // The slot whose record matches, or 0.
    template <class IsMatch>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, IsMatch is_match) const {
        const std::uint32_t print = fingerprint(hash);
        for (std::size_t at = home(print);; at = next(at)) {
            const Entry& entry = entries_[at];
            if (entry.slot == 0) {
                return 0;
            }
            if (entry.fingerprint == print && is_match(entry.slot)) {
                return entry.slot;
            }
        }
    }

    void insert(std::uint64_t hash, std::uint32_t slot) {
        ASSERT(slot != 0);
        ASSERT(count_ < capacity_);
        const std::uint32_t print = fingerprint(hash);
        std::size_t at = home(print);
        while (entries_[at].slot != 0) {
            at = next(at);
        }
        entries_[at] = {.fingerprint = print, .slot = slot};
        ++count_;
    }

    void erase(std::uint64_t hash, std::uint32_t slot) {
        std::size_t gap = home(fingerprint(hash));
        while (entries_[gap].slot != slot) {
            ASSERT(entries_[gap].slot != 0);
            gap = next(gap);
        }
        close(gap);
        --count_;
    }

    void prefetch(std::uint64_t hash) const {
        __builtin_prefetch(&entries_[home(fingerprint(hash))]);
    }

    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] bool is_full() const { return count_ == capacity_; }

  private:
    struct Entry {
        std::uint32_t fingerprint;
        std::uint32_t slot;
    };

    static std::uint32_t fingerprint(std::uint64_t hash) {
        return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
    }
    [[nodiscard]] std::size_t home(std::uint32_t print) const {
        return print & (entries_.size() - 1);
    }
    [[nodiscard]] std::size_t next(std::size_t at) const {
        return (at + 1) & (entries_.size() - 1);
    }

    // Moves later entries of the run back into the gap, as long as that brings them no further than
    // home.
    void close(std::size_t gap) {
        for (std::size_t at = next(gap); entries_[at].slot != 0; at = next(at)) {
            const std::size_t from_home =
                (at - home(entries_[at].fingerprint)) & (entries_.size() - 1);
            const std::size_t from_gap = (at - gap) & (entries_.size() - 1);
            if (from_home >= from_gap) {
                entries_[gap] = entries_[at];
                gap = at;
            }
        }
        entries_[gap] = {.fingerprint = 0, .slot = 0};
    }

    Block<Entry> entries_;
    std::uint32_t capacity_;
    std::uint32_t count_ = 0;
};

}  // namespace miletus
