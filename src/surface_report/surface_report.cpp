// Reading, fitting and telling, one after the other.
#include "surface_report/surface_report.hpp"

#include "surface_report/chain_file.hpp"
#include "surface_report/picture.hpp"
#include "surface_report/tables.hpp"

#include <fstream>
#include <sstream>

namespace miletus::surface_report {

namespace {

std::vector<FittedChain> fitted(std::vector<NamedChain> chains, const SurfaceQuestion& question) {
    std::vector<FittedChain> result;
    for (NamedChain& chain : chains) {
        auto fit = pricing::fit_surface(
            {.quotes = chain.quotes,
             .settlement = question.is_cash ? pricing::Settlement::cash : pricing::Settlement::coin,
             .spot = chain.spot,
             .discount = 1,
             .age_max = question.age_max});
        result.push_back({.chain = std::move(chain), .fit = std::move(fit)});
    }
    return result;
}

void tell(std::ostream& out, const std::vector<FittedChain>& chains, bool wants_json) {
    if (!wants_json) {
        for (std::size_t at = 0; at < chains.size(); ++at) {
            out << (at == 0 ? "" : "\n");
            tell_tables(out, chains[at]);
        }
        return;
    }
    out << "[";
    for (std::size_t at = 0; at < chains.size(); ++at) {
        out << (at == 0 ? "" : ",\n ");
        tell_json(out, chains[at]);
    }
    out << "]\n";
}

bool is_drawn(std::ostream& errors, const std::vector<FittedChain>& chains,
              const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    file << picture_of(chains);
    file.close();
    if (!file) {
        errors << "miletus: cannot write " << path << "\n";
    }
    return !file.fail();
}

}  // namespace

bool report(std::ostream& out, std::ostream& errors, const SurfaceQuestion& question) {
    std::ifstream file(question.path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file || text.fail()) {
        errors << "miletus: cannot read " << question.path << "\n";
        return false;
    }
    auto chains = read_chains(text.str());
    if (!chains) {
        errors << question.path << ": " << chains.error() << "\n";
        return false;
    }
    if (chains->empty()) {
        errors << question.path << ": line 2: there are no quotes\n";
        return false;
    }
    const std::vector<FittedChain> surfaces = fitted(std::move(*chains), question);
    tell(out, surfaces, question.wants_json);
    const bool has_picture =
        question.plot_path.empty() || is_drawn(errors, surfaces, question.plot_path);
    for (const FittedChain& surface : surfaces) {
        if (!surface.fit) {
            return false;
        }
    }
    return has_picture;
}

}  // namespace miletus::surface_report
