// The library reads some bytes past the end of the text, so that it needs a copy with room behind.
#include "edge/gateway/deribit/rpc/json_source.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace miletus::deribit {

namespace ondemand = simdjson::ondemand;

bool JsonSource::open(std::string_view text, ondemand::document& document) {
    constexpr std::size_t capacity_min = 4096;
    const std::size_t wanted = std::max(std::bit_ceil(text.size() + 1), capacity_min);
    if (parser_.capacity() < wanted && parser_.allocate(wanted) != simdjson::SUCCESS) {
        return false;
    }
    padded_.assign(text);
    padded_.append(simdjson::SIMDJSON_PADDING, ' ');
    const simdjson::padded_string_view view(padded_.data(), text.size(), padded_.size());
    return parser_.iterate(view).get(document) == simdjson::SUCCESS;
}

}  // namespace miletus::deribit
