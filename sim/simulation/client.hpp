// The clients of the simulated venue. They remember every answer they were ever told, and say so
// where a later one differs.
#pragma once

#include "client/client.hpp"
#include "protocol/codec.hpp"

#include <cstdint>
#include <map>
#include <optional>
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

// All that one session was told, by number.
class Answers {
  public:
    // What is wrong with it, or nothing.
    [[nodiscard]] std::string note(const protocol::Completed& completed) {
        const std::uint64_t number = completed.client_sequence.value();
        const bool is_repeat = completed.first != Sequence(0);
        const Told told{.sequence = is_repeat ? completed.first : completed.header.sequence,
                        .result = completed.result,
                        .reject = completed.reject};
        // Kept no longer: it was answered before, or the answer could not have been forgotten.
        if (told.reject == Reject::answer_forgotten) {
            return told_.contains(number) ? "" : "an answer was forgotten before it was heard";
        }
        const auto [known, is_new] = told_.emplace(number, told);
        return is_new || known->second == told ? "" : "a resend was told another answer";
    }
    [[nodiscard]] std::size_t size() const { return told_.size(); }

  private:
    std::map<std::uint64_t, Told> told_;
};

// One that speaks to the intake itself, over a network without any order: its messages come late,
// twice, or not at all, until they are answered.
class StrayClient {
  public:
    StrayClient(AccountId account, SessionId session) : account_(account), session_(session) {}

    // Numbers the message and keeps it until it is answered.
    template <class Body>
    void ask(Body body) {
        Message message(protocol::units_of<Body>(0));
        body.header.account = account_;
        body.header.session = session_;
        body.header.client_sequence = ClientSequence(next_);
        protocol::encode(body, message);
        waiting_[next_] = std::move(message);
        ++next_;
    }
    [[nodiscard]] std::string hear(const protocol::Completed& completed) {
        std::string wrong = answers_.note(completed);
        if (completed.reject != Reject::answer_forgotten) {
            waiting_.erase(completed.client_sequence.value());
        }
        return wrong;
    }

    // The venue keeps so many answers: a client must not run further ahead of what it waits for.
    [[nodiscard]] bool may_ask(std::uint64_t answers_kept) const {
        return waiting_.empty() || next_ - waiting_.begin()->first < answers_kept;
    }

    [[nodiscard]] bool is_told(const protocol::Completed& completed) const {
        return completed.session == session_ && completed.account == account_;
    }
    [[nodiscard]] const std::map<std::uint64_t, Message>& waiting() const LIFETIME_BOUND {
        return waiting_;
    }

  private:
    AccountId account_;
    SessionId session_;
    std::uint64_t next_ = 1;
    std::map<std::uint64_t, Message> waiting_;
    Answers answers_;
};

// One that uses the client library, over connections that are cut.
class ConnectedClient {
  public:
    ConnectedClient(host::Network& network, const std::string& door,
                    const client::Identity& identity)
        : client_(network, door, identity) {}

    template <class Body, class... Entries>
    void ask(const Body& body, const Entries&... entries) {
        client_.session().submit(body, entries...);
    }
    // Connects where it must; sends, receives and understands. What is wrong, or nothing.
    [[nodiscard]] std::string take_turn();

    [[nodiscard]] bool may_ask() { return client_.session().may_submit(); }
    [[nodiscard]] std::size_t waiting() { return client_.session().waiting().size(); }
    [[nodiscard]] std::size_t answered() const { return answers_.size(); }
    [[nodiscard]] std::uint64_t resends() const { return resends_; }
    [[nodiscard]] std::uint64_t resumes() const { return resumes_; }

  private:
    [[nodiscard]] std::string understand(const client::Heard& heard);
    [[nodiscard]] std::string understand_event(std::span<const Unit> event);
    [[nodiscard]] std::string check_order(const protocol::EventHeader& header);

    client::Client client_;
    Answers answers_;
    std::optional<native::EventPlace> last_;  // that was heard
    std::uint64_t resends_ = 0;
    std::uint64_t resumes_ = 0;
};

}  // namespace miletus::simulation
