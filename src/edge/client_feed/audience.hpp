// Audience: who listens, and to whom an event is addressed. Accounts see what happens to them;
// nobody but the operator sees whom they traded with.
#pragma once

#include "base/hash_index.hpp"
#include "base/unit_buffer.hpp"
#include "edge/native/native.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace miletus::client_feed {

// One that listens. Slots are small numbers given by whoever holds the connections.
struct Listener {
    SessionId session{};
    AccountId account{};
    native::Feed feed{};
};

// To whom an event is addressed.
struct Addressees {
    bool is_public = false;
    std::optional<SessionId> session{};  // whose command it answers, and
    AccountId asker{};                   // whose session that is
    std::array<std::optional<AccountId>, 2> accounts{};
};
[[nodiscard]] Addressees addressees_of(std::span<const Unit> event);
[[nodiscard]] bool may_hear(const Listener& listener, const Addressees& addressees);

// The event as this listener may see it: itself, or a copy in `room` without the other side.
[[nodiscard]] std::span<const Unit> as_seen_by(const Listener& listener,
                                               std::span<const Unit> event LIFETIME_BOUND,
                                               std::span<Unit> room LIFETIME_BOUND);

class Audience {
  public:
    void add(std::uint32_t slot, const Listener& listener);
    void remove(std::uint32_t slot, const Listener& listener);
    [[nodiscard]] std::optional<std::uint32_t> slot_of(SessionId session, AccountId account) const;

    // Calls visit(slot) once for each that may hear it.
    template <class Visit>
    void visit(const Addressees& addressees, Visit visit) const {
        for (const std::uint32_t slot : everything_) {
            visit(slot);
        }
        if (addressees.is_public) {
            visit_all(visit);
        }
        if (addressees.session) {
            visit_session(*addressees.session, addressees.asker, visit);
        }
        const auto& [first, second] = addressees.accounts;
        if (first) {
            visit_account(*first, visit);
        }
        if (second && second != first) {
            visit_account(*second, visit);
        }
    }

  private:
    // Without those that hear everything.
    template <class Visit>
    void visit_all(Visit visit) const {
        for (const auto& [account, slots] : by_account_) {
            for (const std::uint32_t slot : slots) {
                visit(slot);
            }
        }
    }
    template <class Visit>
    void visit_session(SessionId session, AccountId asker, Visit visit) const {
        const auto found = by_session_.find({.account = asker, .session = session});
        if (found != by_session_.end() && !found->second.hears_everything) {
            visit(found->second.slot);
        }
    }
    template <class Visit>
    void visit_account(AccountId account, Visit visit) const {
        const auto found = by_account_.find(account.value());
        if (found != by_account_.end()) {
            for (const std::uint32_t slot : found->second) {
                visit(slot);
            }
        }
    }

    // Each account numbers its own.
    struct Key {
        AccountId account;
        SessionId session;
        friend constexpr bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            return mixed(key.account.value(), key.session.value());
        }
    };
    struct Seat {
        std::uint32_t slot;
        bool hears_everything;
    };
    [[nodiscard]] static Key key_of(const Listener& listener) {
        return {.account = listener.account, .session = listener.session};
    }

    std::unordered_map<Key, Seat, KeyHash> by_session_;
    std::unordered_map<AccountId::Value, std::vector<std::uint32_t>> by_account_;
    std::vector<std::uint32_t> everything_;
};

}  // namespace miletus::client_feed
