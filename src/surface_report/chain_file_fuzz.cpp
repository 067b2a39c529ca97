// Any text as a file of quotes: it is read, or a line is named.
#include "surface_report/chain_file.hpp"

#include "base/assert.hpp"
#include "fuzz/fuzz_one.hpp"

namespace miletus {

void fuzz_one(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        text.push_back(static_cast<char>(byte));
    }
    const auto chains = surface_report::read_chains(text);
    if (!chains) {
        ASSERT(chains.error().starts_with("line "));
        return;
    }
    for (const surface_report::NamedChain& chain : *chains) {
        ASSERT(!chain.quotes.empty());
        ASSERT(chain.quotes.size() == chain.labels.size());
        ASSERT(chain.spot >= 0);
    }
}

}  // namespace miletus
