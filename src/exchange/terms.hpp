// Terms: the settings that decide where a log leads, kept with it in its superblock: under others,
// the same commands would be refused or pass that did not. Written once, when the log is made.
#pragma once

#include "exchange/settings.hpp"

namespace miletus::exchange {

[[nodiscard]] journal::Terms terms_of(const Settings& settings);

// What a log was written under; as by default where it does not say.
[[nodiscard]] journal::JournalResult<Settings> settings_of(host::Disk& disk);

// Fails where a log was written under other terms, and names the first that differs.
[[nodiscard]] journal::JournalResult<void> check_terms(host::Disk& disk, const Settings& settings);

}  // namespace miletus::exchange
