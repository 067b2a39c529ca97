// A fitted chain in words and numbers.
#pragma once

#include "surface_report/chain_file.hpp"

#include <ostream>

namespace miletus::surface_report {

struct FittedChain {
    NamedChain chain;
    std::expected<pricing::SurfaceFit, pricing::FitError> fit;

    // Of an expiry: its date, or the days that are left.
    [[nodiscard]] std::string label_of(std::size_t expiry) const;
};

void tell_tables(std::ostream& out, const FittedChain& fitted);
void tell_json(std::ostream& out, const FittedChain& fitted);

// With so many digits after the point; "-" where there is no number.
[[nodiscard]] std::string fixed(double value, int digits);
// So that it reads back as the same bits; null where it is no number.
[[nodiscard]] std::string exact(double value);
// As a string of JSON, or as text of XML.
[[nodiscard]] std::string json_text(std::string_view text);
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace miletus::surface_report
