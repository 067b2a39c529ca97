// A client of the simulated venue: it numbers its commands, sends them again until it knows their
// answers, and remembers every answer it was ever told.
#pragma once

#include "protocol/codec.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace miletus::simulation {

using Message = std::vector<Unit>;

// What Completed told of a command.
struct Told {
    Sequence sequence;  // of the command that was carried out
    std::uint64_t result = 0;
    Reject reject{};
    friend constexpr bool operator==(const Told&, const Told&) = default;
};

class Client {
  public:
    Client(AccountId account, SessionId session) : account_(account), session_(session) {}

    // Numbers the message and keeps it until it is answered.
    template <class Body>
    std::uint64_t ask(Body body) {
        Message message(protocol::units_of<Body>(0));
        body.header.account = account_;
        body.header.session = session_;
        body.header.client_sequence = ClientSequence(next_);
        protocol::encode(body, message);
        waiting_[next_] = std::move(message);
        return next_++;
    }

    // Where it was asked before, the answer must be the one told first. Says what is wrong.
    [[nodiscard]] std::string hear(const protocol::Completed& completed) {
        const std::uint64_t number = completed.client_sequence.value();
        const bool is_repeat = completed.first != Sequence(0);
        const Told told{.sequence = is_repeat ? completed.first : completed.header.sequence,
                        .result = completed.result,
                        .reject = completed.reject};
        // Kept no longer: it was answered before, or the answer could not have been forgotten.
        if (told.reject == Reject::answer_forgotten) {
            return told_.contains(number) ? "" : "an answer was forgotten before it was heard";
        }
        waiting_.erase(number);
        const auto [known, is_new] = told_.emplace(number, told);
        return is_new || known->second == told ? "" : "a resend was told another answer";
    }

    // The venue keeps so many answers: a client must not run further ahead of what it waits for.
    [[nodiscard]] bool may_ask(std::uint64_t answers_kept) const {
        return waiting_.empty() || next_ - waiting_.begin()->first < answers_kept;
    }

    [[nodiscard]] SessionId session() const { return session_; }
    [[nodiscard]] const std::map<std::uint64_t, Message>& waiting() const LIFETIME_BOUND {
        return waiting_;
    }
    [[nodiscard]] const std::map<std::uint64_t, Told>& told() const LIFETIME_BOUND { return told_; }

  private:
    AccountId account_;
    SessionId session_;
    std::uint64_t next_ = 1;
    std::map<std::uint64_t, Message> waiting_;
    std::map<std::uint64_t, Told> told_;
};

}  // namespace miletus::simulation
