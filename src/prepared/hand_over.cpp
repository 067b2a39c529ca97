// Two lanes of as many places as may be away: neither can be full.
#include "prepared/hand_over.hpp"

#include "base/assert.hpp"

#include <utility>

namespace miletus::prepared {

HandOver::HandOver(std::uint32_t places) : there_(places), back_(places), places_(places) {
    ASSERT(places != 0);
}

bool HandOver::offer(std::unique_ptr<PreparedMarks>& marks) {
    ASSERT(marks != nullptr);
    if (away_ == places_) {
        return false;
    }
    ++away_;
    there_.put(std::move(marks));
    return true;
}

std::unique_ptr<PreparedMarks> HandOver::take_back() {
    std::unique_ptr<PreparedMarks> marks = back_.take();
    away_ -= marks != nullptr ? 1U : 0U;
    return marks;
}

std::unique_ptr<PreparedMarks> HandOver::take() {
    return there_.take();
}

void HandOver::give_back(std::unique_ptr<PreparedMarks> marks) {
    back_.put(std::move(marks));
}

void HandOver::Lane::put(std::unique_ptr<PreparedMarks> marks) {
    ASSERT(marks != nullptr);
    ASSERT(written_ < places_.size() || gate_.is_free_before(written_ + 1 - places_.size()));
    place(written_) = std::move(marks);
    gate_.publish(++written_);
}

std::unique_ptr<PreparedMarks> HandOver::Lane::take() {
    if (gate_.published() == read_) {
        return nullptr;
    }
    std::unique_ptr<PreparedMarks> marks = std::move(place(read_));
    gate_.give_back(0, ++read_);
    return marks;
}

}  // namespace miletus::prepared
