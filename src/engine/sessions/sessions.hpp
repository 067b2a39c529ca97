// Sessions: what each client's session was answered last, so that a command sent again is answered
// again and not carried out again. Numbers may come late, as networks have it: each has a place of
// its own among the answers kept, for as long as it is among the last so many. A session is known
// by its account and its number, so that no account notices another's. It ends by a disconnect or a
// start, keeps its answers, and lives on with its next command. It knows nothing of what commands
// do. Called by the engine thread only.
#pragma once

#include "base/decoder.hpp"
#include "base/encoder.hpp"
#include "base/hash_index.hpp"
#include "base/limits.hpp"
#include "base/memory.hpp"
#include "base/result.hpp"
#include "protocol/messages.hpp"

#include <algorithm>
#include <cstdint>

namespace miletus::sessions {

// What `Completed` told.
struct Answer {
    ClientSequence client_sequence;  // 0 where none was kept here yet
    Sequence sequence;
    UnixNanos time;
    std::uint64_t result;
    std::uint16_t command;
    Reject reject;
    std::uint32_t reserved;
};
static_assert(sizeof(Answer) == 40);

class Sessions {
  public:
    explicit Sessions(const Limits& limits);

    // ---- Answers ----
    // The session's slot. A new session takes a free one, or that of the ended session which was
    // used least recently: of the account's own where it has as many as it may, else of all.
    // Refused where none has ended.
    [[nodiscard]] Result<std::uint32_t> open(SessionId session, AccountId account, Sequence now);
    // Whether this number was carried out, or might have been: so long ago that nobody knows.
    [[nodiscard]] bool has_seen(std::uint32_t slot, ClientSequence number) const {
        return number <= sessions_[slot].last && !is_late(slot, number);
    }
    // The answer to a number that was seen; a refusal where it is no longer kept.
    [[nodiscard]] Result<Answer> answer(std::uint32_t slot, ClientSequence number) const;
    // A new number: the session lives, and is about to be answered.
    void begin(std::uint32_t slot, ClientSequence number, Sequence now);
    // The command's answer, whatever it is.
    void keep(std::uint32_t slot, const protocol::CommandHeader& command,
              const Result<std::uint64_t>& outcome);

    // ---- Ends ----
    void set_cancel_on_disconnect(std::uint32_t slot, bool cancels);
    // Ends the session, where it is known; whether it asked for its orders to be canceled.
    bool end(SessionId session, AccountId account);
    // Ends all. Marks those that asked for their orders to be canceled; whether there are any.
    bool end_all();
    // Whether the session's orders are to be canceled.
    [[nodiscard]] bool is_marked(SessionId session, AccountId account) const;
    // The marked sessions' orders are gone.
    void unmark_all();
    [[nodiscard]] bool has_marked() const { return marked_ != 0; }

    void encode(StateEncoder& encoder) const;
    void decode(StateDecoder& decoder);
    void check_invariants() const;

  private:
    struct alignas(32) Session {
        SessionId id;
        ClientSequence last;  // the highest
        Sequence used;        // by which command last
        AccountId account;
        std::uint8_t is_ended : 1;
        std::uint8_t cancels_on_disconnect : 1;
        std::uint8_t is_marked : 1;
    };
    static_assert(sizeof(Session) == 32);

    [[nodiscard]] static std::uint64_t hash_of(SessionId session, AccountId account);
    [[nodiscard]] std::uint32_t find(SessionId session, AccountId account) const;
    [[nodiscard]] Result<std::uint32_t> add(SessionId session, AccountId account, Sequence now);
    void forget(std::uint32_t slot);
    template <class IsChosen>
    [[nodiscard]] std::uint32_t least_recently_used(IsChosen is_chosen) const;
    [[nodiscard]] bool is_recent(std::uint32_t slot, ClientSequence number) const;
    [[nodiscard]] bool is_late(std::uint32_t slot, ClientSequence number) const;
    [[nodiscard]] bool is_kept(std::uint32_t slot, ClientSequence number) const;
    // Neighbouring numbers have neighbouring places.
    [[nodiscard]] std::size_t place_of(std::uint32_t slot, ClientSequence number) const {
        const std::size_t place = number.value() & (answers_per_session_ - 1);
        return std::size_t{slot} * answers_per_session_ + place;
    }
    [[nodiscard]] std::span<Answer> answers(std::uint32_t slot) LIFETIME_BOUND;
    [[nodiscard]] std::span<const Answer> answers(std::uint32_t slot) const LIFETIME_BOUND;
    template <class Visit>
    void visit_answers(std::uint32_t slot, Visit visit) const;
    void encode_answers(StateEncoder& encoder, std::uint32_t slot) const;
    [[nodiscard]] bool check_new(StateDecoder& decoder, const Session& session) const;
    void decode_answers(StateDecoder& decoder, std::uint32_t slot);

    Block<Session> sessions_;  // from 1 on
    Block<Answer> answers_;    // of each slot, in turn
    HashIndex by_id_;
    Block<std::uint32_t> counts_;  // of each account's sessions
    std::uint32_t sessions_per_account_;
    std::uint32_t answers_per_session_;
    std::uint32_t count_ = 0;
    std::uint32_t marked_ = 0;
};

// ---- On the way of every command, and so inline ----

[[gnu::always_inline]] inline std::uint32_t Sessions::find(SessionId session,
                                                           AccountId account) const {
    return by_id_.find(hash_of(session, account), [&](std::uint32_t slot) {
        return sessions_[slot].id == session && sessions_[slot].account == account;
    });
}

// Sessions are numbered as they come: 64 neighbours of an account share a stretch of the index.
inline std::uint64_t Sessions::hash_of(SessionId session, AccountId account) {
    constexpr std::uint64_t low_bits = 63;
    const std::uint64_t id = session.value();
    const std::uint64_t stretch = (id & ~low_bits) ^ (std::uint64_t{account.value()} << 32U);
    return (mixed(stretch) & ~low_bits) | (id & low_bits);
}

[[gnu::always_inline]] inline Result<std::uint32_t> Sessions::open(SessionId session,
                                                                   AccountId account,
                                                                   Sequence now) {
    const std::uint32_t slot = find(session, account);
    if (slot == 0) [[unlikely]] {
        return add(session, account, now);
    }
    return slot;
}

[[gnu::always_inline]] inline void Sessions::begin(std::uint32_t slot, ClientSequence number,
                                                   Sequence now) {
    Session& session = sessions_[slot];
    session.last = std::max(session.last, number);
    session.used = now;
    session.is_ended = 0;
    // Long out of cache, and written once the command is carried out.
    __builtin_prefetch(&answers_[place_of(slot, number)], 1);
}

[[gnu::always_inline]] inline void Sessions::keep(std::uint32_t slot,
                                                  const protocol::CommandHeader& command,
                                                  const Result<std::uint64_t>& outcome) {
    Answer& answer = answers_[place_of(slot, command.client_sequence)];
    answer.client_sequence = command.client_sequence;
    answer.sequence = command.sequence;
    answer.time = command.time;
    answer.result = outcome ? *outcome : 0;
    answer.command = command.type;
    answer.reject = outcome.error();
    // The session's next answer, which may end in another line.
    const ClientSequence next(command.client_sequence.value() + 1);
    __builtin_prefetch(&answers_[place_of(slot, next)].reserved, 1);
}

}  // namespace miletus::sessions
