// The table [deribit] of the configuration.
#pragma once

#include "serve/config.hpp"
#include "serve/config_section.hpp"

namespace miletus::serve {

// In `folder` lie the files that are not named.
void read_deribit(Section& root, const std::string& folder, std::optional<DeribitConfig>& found);
// Listens on loopback, without TLS.
[[nodiscard]] DeribitConfig default_deribit(const std::string& folder);

}  // namespace miletus::serve
