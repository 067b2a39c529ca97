// The upper bitmaps: a bit in layer 1 stands for an occupied page, in layer 2 for 64 of those, in
// layer 3 for 4096. Three layers cover 2^24 ranks.
#include "engine/matching/ladders.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>

namespace miletus::matching {

namespace {

constexpr std::size_t layer_count = 3;

constexpr std::uint32_t words_for(std::uint32_t bits) {
    return (bits + 63) / 64;
}

constexpr std::uint32_t summary_words(std::uint32_t pages) {
    const std::uint32_t first = words_for(pages);
    return first + words_for(first) + words_for(words_for(first));
}

// Where each layer begins among a ladder's summary words.
std::array<std::uint32_t, layer_count> layers_of(const Ladder& ladder) {
    const std::uint32_t first = words_for(ladder.pages);
    const std::uint32_t second = words_for(first);
    return {ladder.summary, ladder.summary + first, ladder.summary + first + second};
}

// The bits of a word above this one.
constexpr std::uint64_t above(std::uint32_t bit) {
    return ~std::uint64_t{1} << bit;
}

}  // namespace

Ladders::Ladders(const Limits& limits)
    : directory_(limits.directory_entries),
      // The largest ladders need 1/63 of a word a page; the smallest, of one page, three words.
      summaries_(std::size_t{limits.directory_entries} / 32 + std::size_t{limits.instruments} * 6),
      levels_((std::size_t{limits.level_pages} + 1) * 64),
      pages_(limits.level_pages) {}

bool Ladders::has_room_for(std::uint32_t ladders, std::uint32_t ranks) const {
    const std::uint64_t pages = words_for(ranks);
    const std::uint64_t words = summary_words(words_for(ranks));
    return directory_used_ + ladders * pages <= directory_.size() &&
           summaries_used_ + ladders * words <= summaries_.size();
}

Ladder Ladders::make(std::uint32_t ranks, std::int32_t origin, std::int32_t direction) {
    ASSERT(has_room_for(1, ranks));
    const Ladder ladder{.best = no_rank,
                        .origin = origin,
                        .directory = directory_used_,
                        .pages = words_for(ranks),
                        .summary = summaries_used_,
                        .direction = direction};
    directory_used_ += ladder.pages;
    summaries_used_ += summary_words(ladder.pages);
    return ladder;
}

void Ladders::mark_page(const Ladder& ladder, std::uint32_t page) {
    ++pages_in_use_;
    std::uint32_t bit = page;
    for (const std::uint32_t layer : layers_of(ladder)) {
        std::uint64_t& word = summaries_[layer + (bit >> 6U)];
        const bool was_empty = word == 0;
        word |= std::uint64_t{1} << (bit & 63U);
        if (!was_empty) {
            return;
        }
        bit >>= 6U;
    }
}

void Ladders::release_page(const Ladder& ladder, std::uint32_t page, Entry& entry) {
    --pages_in_use_;
    pages_.release(entry.page);
    entry.page = 0;
    std::uint32_t bit = page;
    for (const std::uint32_t layer : layers_of(ladder)) {
        std::uint64_t& word = summaries_[layer + (bit >> 6U)];
        word &= ~(std::uint64_t{1} << (bit & 63U));
        if (word != 0) {
            return;
        }
        bit >>= 6U;
    }
}

// The smallest occupied rank in the pages after this one. Climbs until a layer has a later bit,
// then descends along the lowest bits.
std::uint32_t Ladders::first_beyond(const Ladder& ladder, std::uint32_t page) const {
    const std::array<std::uint32_t, layer_count> layers = layers_of(ladder);
    std::uint32_t bit = page;
    std::size_t layer = 0;
    std::uint64_t later = 0;
    for (; layer < layer_count; ++layer, bit >>= 6U) {
        later = summaries_[layers[layer] + (bit >> 6U)] & above(bit & 63U);
        if (later != 0) {
            break;
        }
    }
    if (later == 0) {
        return no_rank;
    }
    std::uint32_t found = (bit & ~63U) | lowest(later);
    while (layer-- != 0) {
        found = found * 64 + lowest(summaries_[layers[layer] + found]);
    }
    return found * 64 + lowest(directory_[ladder.directory + found].occupied);
}

std::uint32_t Ladders::next(const Ladder& ladder, std::uint32_t rank) const {
    const std::uint64_t later = entry(ladder, rank).occupied & above(rank & 63U);
    return later != 0 ? (rank & ~63U) | lowest(later) : first_beyond(ladder, rank >> 6U);
}

void Ladders::check_invariants(const Ladder& ladder) const {
    std::uint32_t best = no_rank;
    for (std::uint32_t page = ladder.pages; page-- != 0;) {
        const Entry& entry = directory_[ladder.directory + page];
        ASSERT((entry.occupied != 0) == (entry.page != 0));
        const std::uint64_t word = summaries_[ladder.summary + (page >> 6U)];
        ASSERT(((word >> (page & 63U)) & 1U) == (entry.occupied != 0 ? 1U : 0U));
        for (std::uint64_t bits = entry.occupied; bits != 0; bits &= bits - 1) {
            const Level& level = levels_[entry.page * 64 + lowest(bits)];
            ASSERT(level.head != 0 && level.tail != 0 && level.total > 0);
        }
        best = entry.occupied != 0 ? page * 64 + lowest(entry.occupied) : best;
    }
    ASSERT(best == ladder.best);
}

}  // namespace miletus::matching
