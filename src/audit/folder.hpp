// A journal's folder, as every question begins to read it. Private to the audit.
#pragma once

#include "exchange/exchange.hpp"
#include "journal/journal.hpp"

#include <string>

namespace miletus::audit {

// Reads the whole journal of a folder, checking all of it.
[[nodiscard]] journal::JournalResult<journal::Inspection> inspect_folder(
    const std::string& folder, const journal::VisitRecord& visit);

// What the folder's log was written under.
[[nodiscard]] journal::JournalResult<exchange::Settings> settings_of(const std::string& folder);

// What replay must know before it begins.
struct Outline {
    journal::Inspection inspection;
    exchange::Vetoes vetoes;
};
[[nodiscard]] journal::JournalResult<Outline> outline(const std::string& folder);

}  // namespace miletus::audit
