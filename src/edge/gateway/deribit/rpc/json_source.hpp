// A JSON text that is walked over once, with buffers that stay.
#pragma once

#include "base/annotations.hpp"

#include <simdjson.h>

#include <string>
#include <string_view>

namespace miletus::deribit {

class JsonSource {
  public:
    // Copies the text. False where it is not even words of JSON, or not valid UTF-8. The document
    // lives until the next is opened.
    [[nodiscard]] bool open(std::string_view text, simdjson::ondemand::document& document);

  private:
    simdjson::ondemand::parser parser_;
    std::string padded_;
};

// Whether nothing stands behind what was walked over.
[[nodiscard]] inline bool is_over(simdjson::ondemand::document& document) {
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

// The token of a number or a text, without the space behind it.
[[nodiscard]] inline std::string_view token_of(simdjson::ondemand::value& value) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') {
        token.remove_suffix(1);
    }
    return token;
}

}  // namespace miletus::deribit
