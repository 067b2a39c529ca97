// Chain file: quotes as text, columns told apart by their names (docs/formats/option-chain.md).
#pragma once

#include "pricing/pricing.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace miletus::surface_report {

struct NamedChain {
    std::string name;  // the currency, or nothing where the file has no such column
    std::vector<pricing::Quote> quotes;
    std::vector<std::string> labels;  // of each quote's expiry: its date, or empty
    double spot = 0;
};

// Chains in the order in which they begin, or what is wrong and where: "line 3, column strike: …".
[[nodiscard]] std::expected<std::vector<NamedChain>, std::string> read_chains(
    std::string_view text);

}  // namespace miletus::surface_report
