// The rare ways: new sessions, resends, ends.
#include "engine/sessions/sessions.hpp"

#include <algorithm>
#include <bit>

namespace miletus::sessions {

Sessions::Sessions(const Limits& limits)
    : sessions_(std::size_t{limits.sessions} + 1),
      answers_((std::size_t{limits.sessions} + 1) * limits.answers_per_session),
      by_id_(limits.sessions),
      counts_(limits.accounts),
      sessions_per_account_(limits.sessions_per_account),
      answers_per_session_(limits.answers_per_session) {
    ASSERT(std::has_single_bit(limits.answers_per_session));
    ASSERT(limits.sessions_per_account <= limits.sessions);
}

std::span<Answer> Sessions::answers(std::uint32_t slot) {
    return answers_.items().subspan(place_of(slot, ClientSequence(0)), answers_per_session_);
}

std::span<const Answer> Sessions::answers(std::uint32_t slot) const {
    return answers_.items().subspan(place_of(slot, ClientSequence(0)), answers_per_session_);
}

// ---- Answers ----

Result<std::uint32_t> Sessions::add(SessionId session, AccountId account, Sequence now) {
    ASSERT(session != SessionId(0));
    const bool has_as_many_as_it_may = counts_[account.value()] >= sessions_per_account_;
    std::uint32_t slot = count_ + 1;
    if (has_as_many_as_it_may || slot == sessions_.size()) {
        slot = least_recently_used([&](const Session& other) {
            return !has_as_many_as_it_may || other.account == account;
        });
        if (slot == 0) {
            return Refusal(Reject::sessions_full);
        }
        forget(slot);
    } else {
        ++count_;
    }
    ++counts_[account.value()];
    sessions_[slot] = {.id = session,
                       .last = {},
                       .used = now,
                       .account = account,
                       .is_ended = 0,
                       .cancels_on_disconnect = 0,
                       .is_marked = 0};
    by_id_.insert(hash_of(session, account), slot);
    return slot;
}

void Sessions::forget(std::uint32_t slot) {
    const Session& session = sessions_[slot];
    by_id_.erase(hash_of(session.id, session.account), slot);
    --counts_[session.account.value()];
    std::ranges::fill(answers(slot), Answer{});
}

// Among those chosen that have ended; a marked one has to stay until its orders are gone. Each was
// used by a command of its own, so that no two are equally old.
template <class IsChosen>
std::uint32_t Sessions::least_recently_used(IsChosen is_chosen) const {
    std::uint32_t oldest = 0;
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        const Session& session = sessions_[slot];
        const bool may_go = session.is_ended != 0 && session.is_marked == 0 && is_chosen(session);
        if (may_go && (oldest == 0 || session.used < sessions_[oldest].used)) {
            oldest = slot;
        }
    }
    return oldest;
}

// One of the last so many, up to the highest.
bool Sessions::is_recent(std::uint32_t slot, ClientSequence number) const {
    const ClientSequence last = sessions_[slot].last;
    return number <= last && last.value() - number.value() < answers_per_session_;
}

bool Sessions::is_late(std::uint32_t slot, ClientSequence number) const {
    return is_recent(slot, number) && !is_kept(slot, number);
}

// A place may still hold what is no longer recent, and then holds nothing.
bool Sessions::is_kept(std::uint32_t slot, ClientSequence number) const {
    return is_recent(slot, number) && answers_[place_of(slot, number)].client_sequence == number;
}

Result<Answer> Sessions::answer(std::uint32_t slot, ClientSequence number) const {
    if (!is_kept(slot, number)) {
        return Refusal(Reject::answer_forgotten);
    }
    return answers_[place_of(slot, number)];
}

// ---- Ends ----

void Sessions::set_cancel_on_disconnect(std::uint32_t slot, bool cancels) {
    sessions_[slot].cancels_on_disconnect = cancels ? 1 : 0;
}

bool Sessions::end(SessionId session, AccountId account) {
    const std::uint32_t slot = find(session, account);
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
    const std::uint32_t slot = find(session, account);
    return slot != 0 && sessions_[slot].is_marked != 0;
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
    encoder.add(answers_per_session_);
    encoder.add(count_);
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        const Session& session = sessions_[slot];
        encoder.add(session.id);
        encoder.add(session.account);
        encoder.add(session.last);
        encoder.add(session.used);
        encoder.add(session.is_ended != 0);
        encoder.add(session.cancels_on_disconnect != 0);
        encoder.add(session.is_marked != 0);
        encode_answers(encoder, slot);
    }
}

// Those that can still be asked for, by number.
void Sessions::encode_answers(StateEncoder& encoder, std::uint32_t slot) const {
    std::uint32_t count = 0;
    visit_answers(slot, [&count](const Answer&) { ++count; });
    encoder.add(count);
    visit_answers(slot, [&encoder](const Answer& answer) {
        encoder.add(answer.client_sequence);
        encoder.add(answer.sequence);
        encoder.add(answer.time);
        encoder.add(answer.result);
        encoder.add(answer.command);
        encoder.add(answer.reject);
    });
}

template <class Visit>
void Sessions::visit_answers(std::uint32_t slot, Visit visit) const {
    const std::uint64_t last = sessions_[slot].last.value();
    for (std::uint64_t age = std::min<std::uint64_t>(last, answers_per_session_); age != 0; --age) {
        const ClientSequence number(last - (age - 1));
        if (is_kept(slot, number)) {
            visit(answers_[place_of(slot, number)]);
        }
    }
}

// With more places than before, a number that was forgotten would be taken for one that comes late.
void Sessions::decode(StateDecoder& decoder) {
    decoder.require(decoder.take<std::uint32_t>() == answers_per_session_,
                    "limits.answers_per_session is another");
    const std::uint32_t count =
        decoder.take_count(sessions_.size() - 1, "limits.sessions is too small");
    for (std::uint32_t slot = 1; slot <= count && decoder.is_sound(); ++slot) {
        Session& session = sessions_[slot];
        session.id = decoder.take<SessionId>();
        session.account = decoder.take<AccountId>();
        session.last = decoder.take<ClientSequence>();
        session.used = decoder.take<Sequence>();
        session.is_ended = decoder.take<bool>() ? 1 : 0;
        session.cancels_on_disconnect = decoder.take<bool>() ? 1 : 0;
        session.is_marked = decoder.take<bool>() ? 1 : 0;
        if (!check_new(decoder, session)) {
            return;
        }
        decode_answers(decoder, slot);
        by_id_.insert(hash_of(session.id, session.account), slot);
        ++counts_[session.account.value()];
        marked_ += session.is_marked;
        count_ = slot;
    }
}

bool Sessions::check_new(StateDecoder& decoder, const Session& session) const {
    return decoder.require(session.account.value() < counts_.size(),
                           "limits.accounts is too small") &&
           decoder.require(counts_[session.account.value()] < sessions_per_account_,
                           "limits.sessions_per_account is too small") &&
           decoder.require(session.id != SessionId(0), "a session has no id") &&
           decoder.require(find(session.id, session.account) == 0,
                           "two sessions of an account have one id");
}

void Sessions::decode_answers(StateDecoder& decoder, std::uint32_t slot) {
    const std::uint32_t count =
        decoder.take_count(answers_per_session_, "limits.answers_per_session is too small");
    ClientSequence before;
    for (std::uint32_t at = 0; at < count; ++at) {
        const Answer answer{.client_sequence = decoder.take<ClientSequence>(),
                            .sequence = decoder.take<Sequence>(),
                            .time = decoder.take<UnixNanos>(),
                            .result = decoder.take<std::uint64_t>(),
                            .command = decoder.take<std::uint16_t>(),
                            .reject = decoder.take<Reject>(),
                            .reserved = 0};
        if (!decoder.require(is_recent(slot, answer.client_sequence),
                             "an answer is no longer to be asked for") ||
            !decoder.require(answer.client_sequence > before, "answers are not in order") ||
            !decoder.require(answer.sequence <= sessions_[slot].used,
                             "an answer is younger than its session")) {
            return;
        }
        answers_[place_of(slot, answer.client_sequence)] = answer;
        before = answer.client_sequence;
    }
    decoder.require(before == sessions_[slot].last, "a session's last answer is missing");
}

void Sessions::check_invariants() const {
    std::uint32_t marked = 0;
    std::uint64_t counted = 0;
    for (const std::uint32_t count : counts_.items()) {
        ASSERT(count <= sessions_per_account_);
        counted += count;
    }
    ASSERT(counted == count_);
    for (std::uint32_t slot = 1; slot <= count_; ++slot) {
        const Session& session = sessions_[slot];
        ASSERT(find(session.id, session.account) == slot);
        ASSERT(counts_[session.account.value()] != 0);
        ASSERT(is_kept(slot, session.last));
        visit_answers(slot, [&](const Answer& answer) { ASSERT(answer.sequence <= session.used); });
        marked += session.is_marked;
    }
    ASSERT(by_id_.count() == count_);
    ASSERT(marked == marked_);
}

}  // namespace miletus::sessions
