// Surface report: reads a file of quotes, fits a surface for each currency in it, and tells it in
// tables, in JSON, or as a picture. It computes nothing that pricing does not.
#pragma once

#include <ostream>
#include <string>

namespace miletus::surface_report {

struct SurfaceQuestion {
    std::string path{};       // of a file of docs/formats/option-chain.md
    std::string plot_path{};  // where a picture is wanted; empty: nowhere
    double age_max = 1e9;     // seconds; older quotes are stale
    bool is_cash = false;     // prices are in the unit of strikes, not in coin
    bool wants_json = false;
};

// Whether every currency has a surface. What is wrong with the file is told to `errors`.
bool report(std::ostream& out, std::ostream& errors, const SurfaceQuestion& question);

}  // namespace miletus::surface_report
