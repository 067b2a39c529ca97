// Reading, fitting and telling, one after the other.
#include "surface_report/surface_report.hpp"

#include "surface_report/chain_file.hpp"
#include "surface_report/picture.hpp"
#include "surface_report/tables.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace miletus::surface_report {

namespace {

// Part by part: a stream that is asked for all at once takes an empty file for a failure.
std::optional<std::string> contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text;
    std::array<char, 65'536> part{};
    while (file) {
        file.read(part.data(), part.size());
        text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    }
    // A file that was never opened has failed without having come to an end.
    return file.eof() && !file.bad() ? std::optional(std::move(text)) : std::nullopt;
}

bool is_same_file(const std::string& path, const std::string& other) {
    std::error_code none_yet;
    return std::filesystem::equivalent(path, other, none_yet);
}

bool has_fitted_expiry(const FittedChain& chain) {
    return chain.fit && std::ranges::any_of(chain.fit->expiries, &pricing::ExpiryReport::is_fitted);
}

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
    if (std::ranges::none_of(chains, has_fitted_expiry)) {
        errors << "miletus: nothing is fitted, so " << path << " is not drawn\n";
        return false;
    }
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
    if (is_same_file(question.path, question.plot_path)) {
        errors << "miletus: " << question.plot_path
               << " holds the quotes; name another file for the picture\n";
        return false;
    }
    const std::optional<std::string> text = contents_of(question.path);
    if (!text) {
        errors << "miletus: cannot read " << question.path << "\n";
        return false;
    }
    auto chains = read_chains(*text);
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
