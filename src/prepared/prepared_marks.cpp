// The digest of what goes in, and the call that makes what comes out.
#include "prepared/prepared_marks.hpp"

#include "base/division.hpp"

#include <array>

namespace miletus::prepared {

using pricing::MarkFault;
using pricing::usual_scenarios_count;

static_assert(std::has_unique_object_representations_v<pricing::Smile>);

// Both counts stand in front, so that no two inputs are the same bytes.
Hash128 key_of(const MarkInputs& inputs) {
    const std::array<std::uint64_t, 5> head{inputs.underlying.value(),
                                            static_cast<std::uint64_t>(inputs.now.value()),
                                            static_cast<std::uint64_t>(inputs.index.value()),
                                            inputs.smiles.size(), inputs.options.size()};
    Xxh3 hash;
    hash.update(std::as_bytes(std::span(head)));
    hash.update(std::as_bytes(inputs.smiles));
    hash.update(std::as_bytes(inputs.options));
    return hash.digest();
}

PreparedMarks::PreparedMarks(std::size_t options_max)
    : instruments_(options_max),
      options_(options_max),
      marks_(options_max),
      forwards_(options_max),
      entries_(options_max * usual_scenarios_count) {}

MarkFault PreparedMarks::prepare(const MarkInputs& inputs) {
    ASSERT(inputs.options.size() <= options_max());
    is_whole_ = false;
    underlying_ = inputs.underlying;
    key_ = key_of(inputs);
    count_ = inputs.options.size();
    for (std::size_t at = 0; at < count_; ++at) {
        const ListedOption& option = inputs.options[at];
        instruments_[at] = option.instrument;
        options_[at] = {.expiry = option.expiry,
                        .strike = option.strike,
                        .tick = option.tick,
                        .tick_value = option.tick_value,
                        .kind = option.kind == pricing::call ? pricing::call : pricing::put};
    }
    const pricing::Marks found{.marks = marks_.items().first(count_),
                               .entries = entries_.items().first(count_ * usual_scenarios_count)};
    const MarkFault fault =
        find_marks({.now = inputs.now, .index = inputs.index, .smiles = inputs.smiles},
                   options_.items().first(count_), found);
    if (fault != MarkFault::none) {
        return fault;
    }
    for (std::size_t at = 0; at < count_; ++at) {
        forwards_[at] =
            LotValue(share_floor(marks_[at].forward.value(), options_[at].tick_value.value(),
                                 options_[at].tick.value()));
    }
    digest_ = digest_of(found);
    is_whole_ = true;
    return fault;
}

}  // namespace miletus::prepared
