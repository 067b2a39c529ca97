// The bits of ten million numbers of marks, as they were when they were written down, by every kind
// of lanes.
#include "pricing/marks/made_up_smiles_test.hpp"

#include <gtest/gtest.h>

namespace miletus::pricing {
namespace {

constexpr std::size_t options_at_once = 509;  // the last few fill no batch
constexpr int surfaces = 520;

// Options on the expiries of a surface, between, before and after them.
std::vector<MarkOption> options_from(Prng& prng) {
    std::vector<MarkOption> options;
    for (std::size_t at = 0; at < options_at_once; ++at) {
        const std::int64_t days = prng.between(1, 100);
        const std::int64_t nanos =
            prng.one_in(3) ? prng.between(0, 100 * day_nanos) : days * day_nanos;
        const std::int64_t strike = prng.between(20'000, 300'000) * 1'000'000;
        const std::int8_t kind = prng.one_in(2) ? call : put;
        options.push_back(made_up_option(after(nanos), strike, kind));
    }
    return options;
}

Hash128 digest_of_marks() {
    Prng prng(1857);
    Xxh3 hash;
    for (int count = 0; count < surfaces; ++count) {
        const std::vector<Smile> smiles = made_up_smiles(between(prng, 0.1, 1.5));
        const IndexPrice index(prng.between(90'000'000'000, 110'000'000'000));
        const std::vector<MarkOption> options = options_from(prng);
        MarksFound found =
            marks_of({.now = made_up_now, .index = index, .smiles = smiles}, options);
        EXPECT_EQ(found.fault, MarkFault::none);
        const Hash128 digest = digest_of(found.columns());
        hash.update(std::as_bytes(std::span(&digest, 1)));
    }
    return hash.digest();
}

TEST(Bits, of_marks_are_those_written_down) {
    expect_everywhere("942839f4c4955d761c5570c035ec41d1", digest_of_marks);
}

}  // namespace
}  // namespace miletus::pricing
