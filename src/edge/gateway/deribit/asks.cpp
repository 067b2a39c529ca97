// Sending, and finding again.
#include "edge/gateway/deribit/asks.hpp"

namespace miletus::deribit {

bool Asks::try_submit(std::span<const Unit> message, bool is_query) {
    return is_query ? intake_.submit_query(message) : intake_.submit_command(message);
}

void Asks::submit(std::span<const Unit> message, bool is_query) {
    if (delayed_.empty() && try_submit(message, is_query)) {
        return;
    }
    delayed_.push_back(
        {.is_query = is_query, .message = std::vector<Unit>(message.begin(), message.end())});
}

bool Asks::send_delayed() {
    std::size_t sent = 0;
    while (sent < delayed_.size() && try_submit(delayed_[sent].message, delayed_[sent].is_query)) {
        ++sent;
    }
    delayed_.erase(delayed_.begin(), delayed_.begin() + static_cast<std::ptrdiff_t>(sent));
    return sent != 0;
}

Ask* Asks::front_of(Line<Ask>& line, const Identity& identity) {
    if (line.is_empty()) {
        return nullptr;
    }
    Ask& first = line.front();
    const bool is_it = first.account == identity.account && first.session == identity.session &&
                       first.number == identity.number;
    return is_it ? &first : nullptr;
}

}  // namespace miletus::deribit
