// The rare ways: new sessions, resends, ends.
#include "engine/sessions/sessions.hpp"

#include <algorithm>
#include <limits>

namespace miletus::sessions {

Sessions::Sessions(const Limits& limits)
    : sessions_(std::size_t{limits.sessions} + 1),
      answers_((std::size_t{limits.sessions} + 1) * limits.answers_per_session),
      by_id_(limits.sessions),
      answers_per_session_(limits.answers_per_session) {
    ASSERT(limits.answers_per_session != 0);
    ASSERT(limits.answers_per_session <= std::numeric_limits<std::uint16_t>::max());
}

std::span<Answer> Sessions::answers(std::uint32_t slot) {
    return answers_.items().subspan(place_of(slot, 0), answers_per_session_);
}

std::span<const Answer> Sessions::answers(std::uint32_t slot) const {
    return answers_.items().subspan(place_of(slot, 0), answers_per_session_);
}

// ---- Answers ----

Result<std::uint32_t> Sessions::add(SessionId session, AccountId account, Sequence now) {
    ASSERT(session != SessionId(0));
    std::uint32_t slot = count_ + 1;
    if (slot == sessions_.size()) {
        slot = least_recently_used();
        if (slot == 0) {
            return Refusal(Reject::sessions_full);
        }
        by_id_.erase(hash_of(sessions_[slot].id), slot);
        std::ranges::fill(answers(slot), Answer{});
    } else {
        ++count_;
    }
    sessions_[slot] = {.id = session,
                       .last = {},
                       .used = now,
                       .account = account,
                       .next_answer = 0,
                       .is_ended = 0,
                       .cancels_on_disconnect = 0,
                       .is_marked = 0};
    by_id_.insert(hash_of(session), slot);
    return slot;
}

// Among the ended ones; a marked one has to stay until its orders are gone. Each was used by a
// command of its own, so that no two are equally old.
std::uint32_t Sessions::least_recently_used() const {
    std::uint32_t oldest = 0;
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        const Session& session = sessions_[slot];
        const bool may_go = session.is_ended != 0 && session.is_marked == 0;
        if (may_go && (oldest == 0 || session.used < sessions_[oldest].used)) {
            oldest = slot;
        }
    }
    return oldest;
}

Result<Answer> Sessions::answer(std::uint32_t slot, ClientSequence number) const {
    const std::span<const Answer> kept = answers(slot);
    const auto found = std::ranges::find(kept, number, &Answer::client_sequence);
    if (found == kept.end()) {
        return Refusal(Reject::answer_forgotten);
    }
    return *found;
}

// ---- Ends ----

Result<void> Sessions::check_owner(SessionId session, AccountId account) const {
    const std::uint32_t slot = find(session);
    if (slot != 0 && sessions_[slot].account != account) {
        return Refusal(Reject::not_your_session);
    }
    return {};
}

void Sessions::set_cancel_on_disconnect(std::uint32_t slot, bool cancels) {
    sessions_[slot].cancels_on_disconnect = cancels ? 1 : 0;
}

bool Sessions::end(SessionId session) {
    const std::uint32_t slot = find(session);
    if (slot == 0) {
        return false;
    }
    sessions_[slot].is_ended = 1;
    return sessions_[slot].cancels_on_disconnect != 0;
}

bool Sessions::end_all() {
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        Session& session = sessions_[slot];
        session.is_ended = 1;
        if (session.cancels_on_disconnect != 0 && session.is_marked == 0) {
            session.is_marked = 1;
            ++marked_;
        }
    }
    return has_marked();
}

bool Sessions::is_marked(SessionId session, AccountId account) const {
    const std::uint32_t slot = find(session);
    return slot != 0 && sessions_[slot].is_marked != 0 && sessions_[slot].account == account;
}

void Sessions::unmark_all() {
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        sessions_[slot].is_marked = 0;
    }
    marked_ = 0;
}

// ---- State ----

// By slot, which nothing but this order ever shows.
void Sessions::encode(StateEncoder& encoder) const {
    encoder.add(count_);
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        const Session& session = sessions_[slot];
        encoder.add(session.id);
        encoder.add(session.account);
        encoder.add(session.last);
        encoder.add(session.used);
        encoder.add(std::uint8_t{session.is_ended});
        encoder.add(std::uint8_t{session.cancels_on_disconnect});
        encoder.add(std::uint8_t{session.is_marked});
        encode_answers(encoder, slot);
    }
}

// Oldest first: where in its ring an answer lies is no state.
void Sessions::encode_answers(StateEncoder& encoder, std::uint32_t slot) const {
    const std::span<const Answer> all = answers(slot);
    const std::uint32_t empty = static_cast<std::uint32_t>(
        std::ranges::count(all, ClientSequence(0), &Answer::client_sequence));
    encoder.add(answers_per_session_ - empty);
    std::uint32_t at = sessions_[slot].next_answer;
    for (std::uint32_t seen = 0; seen < answers_per_session_; ++seen) {
        const Answer& answer = all[at];
        if (answer.client_sequence != ClientSequence(0)) {
            encoder.add(answer.client_sequence);
            encoder.add(answer.sequence);
            encoder.add(answer.time);
            encoder.add(answer.result);
            encoder.add(answer.command);
            encoder.add(answer.reject);
        }
        at = at + 1 != answers_per_session_ ? at + 1 : 0;
    }
}

void Sessions::check_invariants() const {
    std::uint32_t marked = 0;
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        const Session& session = sessions_[slot];
        ASSERT(find(session.id) == slot);
        ASSERT(session.next_answer < answers_per_session_);
        ClientSequence last;
        std::uint32_t at = session.next_answer;
        for (std::uint32_t seen = 0; seen < answers_per_session_; ++seen) {
            const Answer& answer = answers(slot)[at];
            ASSERT(answer.client_sequence > last || last == ClientSequence(0));
            ASSERT(answer.sequence <= session.used);
            last = answer.client_sequence;
            at = at + 1 != answers_per_session_ ? at + 1 : 0;
        }
        ASSERT(last == session.last);
        marked += session.is_marked;
    }
    ASSERT(by_id_.count() == count_);
    ASSERT(marked == marked_);
}

}  // namespace miletus::sessions
