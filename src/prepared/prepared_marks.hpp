// Marks and risk arrays of an underlying's options, with the digest of what they were made from.
// Owned by one thread at a time; only its constructor allocates.
#pragma once

#include "base/hash.hpp"
#include "base/memory.hpp"
#include "base/units.hpp"
#include "pricing/pricing.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace miletus::prepared {

// An instrument that wants a mark. Every byte counts for the digest, so none is padding.
struct ListedOption {
    UnixNanos expiry;
    IndexPrice strike;
    IndexPrice tick;
    LotValue tick_value;
    InstrumentId instrument;
    std::int32_t kind = pricing::call;  // or put
};
static_assert(std::has_unique_object_representations_v<ListedOption>);

// All that marks are made from: a surface, the index of the moment when it was taken, and what was
// listed then, by number.
struct MarkInputs {
    UnderlyingId underlying;
    UnixNanos now;
    IndexPrice index;
    std::span<const pricing::Smile> smiles;
    std::span<const ListedOption> options;
};
[[nodiscard]] Hash128 key_of(const MarkInputs& inputs);

class PreparedMarks {
  public:
    explicit PreparedMarks(std::size_t options_max);

    // The only way to anything that stands here: so the key never says other than what the marks
    // were made from.
    [[nodiscard]] pricing::MarkFault prepare(const MarkInputs& inputs);

    [[nodiscard]] std::size_t options_max() const { return options_.size(); }
    // Whether this is what those inputs come to.
    [[nodiscard]] bool is_of(const Hash128& key) const { return is_whole_ && key_ == key; }
    [[nodiscard]] UnderlyingId underlying() const { return underlying_; }
    // Of marks and arrays, as InstallMarks names them.
    [[nodiscard]] const Hash128& digest() const LIFETIME_BOUND { return digest_; }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] InstrumentId instrument(std::size_t at) const { return instruments_[at]; }
    [[nodiscard]] const pricing::Mark& mark(std::size_t at) const LIFETIME_BOUND {
        return marks_[at];
    }
    // What a lot of the underlying is worth at the mark's forward, rounded down.
    [[nodiscard]] LotValue forward(std::size_t at) const { return forwards_[at]; }
    [[nodiscard]] std::span<const std::int64_t> risk_array(std::size_t at) const LIFETIME_BOUND {
        return entries_.items().subspan(at * pricing::usual_scenarios_count,
                                        pricing::usual_scenarios_count);
    }

  private:
    bool is_whole_ = false;
    UnderlyingId underlying_;
    Hash128 key_;
    Hash128 digest_;
    std::size_t count_ = 0;
    Block<InstrumentId> instruments_;
    Block<pricing::MarkOption> options_;
    Block<pricing::Mark> marks_;
    Block<LotValue> forwards_;
    Block<std::int64_t> entries_;
};

}  // namespace miletus::prepared
