// Settings as a row of numbers, and back.
#include "exchange/terms.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace miletus::exchange {

using journal::JournalResult;
using journal::Terms;

namespace {

// The order is part of the superblock's format: new ones come last.
template <class AnySettings, class Visit>
void visit_terms(AnySettings& settings, Visit visit) {
    visit("attest_interval", settings.attest_interval);
    visit_deciding_limits(settings.limits, visit);
}

JournalResult<std::optional<Terms>> read_terms(host::Disk& disk) {
    const std::vector<host::FileInfo> files = TRY(disk.list());
    if (std::ranges::find(files, journal::superblock_name, &host::FileInfo::name) == files.end()) {
        return std::optional<Terms>();
    }
    const journal::FoundSuperblock found = TRY(journal::read_superblock(disk));
    const bool says_so = found.superblock.terms != Terms();
    return says_so ? std::optional(found.superblock.terms) : std::nullopt;
}

}  // namespace

Terms terms_of(const Settings& settings) {
    Terms terms{};
    std::size_t place = 0;
    visit_terms(settings, [&](std::string_view, const auto& value) {
        terms[place] = static_cast<std::uint64_t>(value);
        ++place;
    });
    return terms;
}

JournalResult<Settings> settings_of(host::Disk& disk) {
    const std::optional<Terms> terms = TRY(read_terms(disk));
    Settings settings;
    std::size_t place = 0;
    if (terms) {
        visit_terms(settings, [&](std::string_view, auto& value) {
            value = static_cast<std::remove_cvref_t<decltype(value)>>((*terms)[place]);
            ++place;
        });
    }
    return settings;
}

JournalResult<void> check_terms(host::Disk& disk, const Settings& settings) {
    const std::optional<Terms> terms = TRY(read_terms(disk));
    if (!terms) {
        return {};
    }
    journal::Failure failure;
    std::size_t place = 0;
    visit_terms(settings, [&](std::string_view name, const auto& value) {
        const std::uint64_t written = (*terms)[place];
        if (failure.detail.empty() && written != static_cast<std::uint64_t>(value)) {
            failure.detail = "the log was written with " + std::string(name) + " = " +
                             std::to_string(written) + " and leads elsewhere with " +
                             std::to_string(value) + ": set it back, or begin a new log";
        }
        ++place;
    });
    if (!failure.detail.empty()) {
        return std::unexpected(failure);
    }
    return {};
}

}  // namespace miletus::exchange
