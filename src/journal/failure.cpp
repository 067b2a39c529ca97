// The sentence of a failure.
#include "journal/failure.hpp"

namespace miletus::journal {

std::string Failure::sentence() const {
    if (damage == Damage::none) {
        return detail;
    }
    const std::string place = file + ", byte " + std::to_string(offset) + ", sequence " +
                              std::to_string(sequence.value()) + ": ";
    const std::string reason = detail.empty() ? "" : " (" + detail + ")";
    return place + std::string(journal::sentence(damage)) + reason;
}

}  // namespace miletus::journal
