// Answers are kept in a ring, sessions make room in the order of their use, and what a slower and
// plainer table would say is what these say, over generated streams.
#include "engine/sessions/sessions.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace miletus::sessions {
namespace {

constexpr std::uint32_t slots = 3;
constexpr std::uint32_t slots_each = 2;  // where accounts compete for them
constexpr std::uint32_t answers_kept = 2;
constexpr AccountId alice{1};
constexpr AccountId bob{2};

Limits tiny(std::uint32_t sessions_per_account) {
    Limits limits;
    limits.accounts = 4;
    limits.sessions = slots;
    limits.sessions_per_account = sessions_per_account;
    limits.answers_per_session = answers_kept;
    return limits;
}

Hash128 hash_of(const Sessions& sessions) {
    Xxh3 hash;
    {
        StateEncoder encoder(hash);
        sessions.encode(encoder);
    }
    return hash.digest();
}

// Commands of sessions, as the engine would carry them out.
struct Desk {
    explicit Desk(std::uint32_t sessions_per_account = slots)
        : sessions(tiny(sessions_per_account)) {}

    Sessions sessions;
    std::uint64_t sequence = 0;

    // The reject, or none where the number is new and was answered with its command's number.
    Reject use(std::uint64_t session, AccountId account, std::uint64_t number) {
        const Sequence now(++sequence);
        const Result<std::uint32_t> slot = sessions.open(SessionId(session), account, now);
        if (!slot) {
            return slot.error();
        }
        if (sessions.has_seen(*slot, ClientSequence(number))) {
            return sessions.answer(*slot, ClientSequence(number)).error();
        }
        sessions.begin(*slot, ClientSequence(number), now);
        sessions.keep(*slot,
                      {.type = 60,
                       .client_sequence = ClientSequence(number),
                       .sequence = now,
                       .time = UnixNanos(5)},
                      sequence * 10);
        sessions.check_invariants();
        return Reject::none;
    }
    // The command that this number was answered for, or 0.
    [[nodiscard]] std::uint64_t told(std::uint64_t session, AccountId account,
                                     std::uint64_t number) {
        const auto slot = sessions.open(SessionId(session), account, Sequence(sequence));
        const auto answer = sessions.answer(*slot, ClientSequence(number));
        return answer ? answer->sequence.value() : 0;
    }
};

// ---- Answers ----

TEST(Sessions, a_number_that_was_seen_is_told_its_first_answer) {
    Desk desk;
    EXPECT_EQ(desk.use(7, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(7, alice, 2), Reject::none);
    const Hash128 before = hash_of(desk.sessions);
    EXPECT_EQ(desk.told(7, alice, 1), 1U);
    EXPECT_EQ(desk.told(7, alice, 2), 2U);
    EXPECT_EQ(hash_of(desk.sessions), before);
}

TEST(Sessions, numbers_may_leave_gaps_and_what_was_passed_over_is_gone) {
    Desk desk;
    EXPECT_EQ(desk.use(7, alice, 5), Reject::none);
    EXPECT_EQ(desk.use(7, alice, 1'000'000), Reject::none);
    EXPECT_EQ(desk.use(7, alice, 6), Reject::answer_forgotten);
    EXPECT_EQ(desk.told(7, alice, 5), 0U);
    EXPECT_EQ(desk.use(7, alice, std::numeric_limits<std::uint64_t>::max()), Reject::none);
}

TEST(Sessions, a_number_that_comes_late_is_carried_out_once) {
    Desk desk;
    EXPECT_EQ(desk.use(7, alice, 2), Reject::none);
    EXPECT_EQ(desk.told(7, alice, 1), 0U);
    EXPECT_EQ(desk.use(7, alice, 1), Reject::none);
    EXPECT_EQ(desk.told(7, alice, 1), 2U);
    EXPECT_EQ(desk.use(7, alice, 1), Reject::none);
    EXPECT_EQ(desk.told(7, alice, 1), 2U);
    EXPECT_EQ(desk.told(7, alice, 2), 1U);
}

TEST(Sessions, only_the_last_answers_are_kept) {
    Desk desk;
    for (std::uint64_t number = 1; number <= 5; ++number) {
        EXPECT_EQ(desk.use(7, alice, number), Reject::none);
    }
    EXPECT_EQ(desk.told(7, alice, 5), 5U);
    EXPECT_EQ(desk.told(7, alice, 4), 4U);
    EXPECT_EQ(desk.use(7, alice, 3), Reject::answer_forgotten);
}

// ---- Whose, and for how long ----

TEST(Sessions, two_accounts_use_one_number_and_notice_nothing) {
    Desk desk;
    EXPECT_EQ(desk.use(7, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(7, bob, 1), Reject::none);
    EXPECT_EQ(desk.told(7, alice, 1), 1U);
    EXPECT_EQ(desk.told(7, bob, 1), 2U);
    const auto slot = desk.sessions.open(SessionId(7), alice, Sequence(9));
    desk.sessions.set_cancel_on_disconnect(*slot, true);
    EXPECT_FALSE(desk.sessions.end(SessionId(7), bob));
    EXPECT_EQ(desk.use(1, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(2, alice, 1), Reject::none);  // bob's makes room, and alice's lives
    EXPECT_EQ(desk.told(7, alice, 1), 1U);
    EXPECT_TRUE(desk.sessions.end(SessionId(7), alice));
}

TEST(Sessions, an_account_with_as_many_as_it_may_loses_its_own) {
    Desk desk(slots_each);
    EXPECT_EQ(desk.use(1, bob, 1), Reject::none);
    desk.sessions.end(SessionId(1), bob);
    EXPECT_EQ(desk.use(1, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(2, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(3, alice, 1), Reject::sessions_full);  // though bob's has ended
    desk.sessions.end(SessionId(1), alice);
    for (std::uint64_t session = 3; session < 20; ++session) {
        EXPECT_EQ(desk.use(session, alice, 1), Reject::none);
        desk.sessions.end(SessionId(session), alice);
    }
    EXPECT_EQ(desk.told(1, bob, 1), 1U);
    EXPECT_EQ(desk.told(2, alice, 1), 3U);
}

TEST(Sessions, what_made_room_counts_no_more) {
    Desk desk(slots_each);
    EXPECT_EQ(desk.use(1, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(2, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(1, bob, 1), Reject::none);
    desk.sessions.end(SessionId(1), alice);
    EXPECT_EQ(desk.use(2, bob, 1), Reject::none);  // in the place of alice's
    desk.sessions.end(SessionId(1), bob);
    EXPECT_EQ(desk.use(3, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(4, alice, 1), Reject::sessions_full);
}

TEST(Sessions, an_ended_session_keeps_its_answers_and_lives_on) {
    Desk desk;
    EXPECT_EQ(desk.use(7, alice, 1), Reject::none);
    EXPECT_FALSE(desk.sessions.end(SessionId(7), alice));
    EXPECT_EQ(desk.told(7, alice, 1), 1U);
    EXPECT_EQ(desk.use(7, alice, 2), Reject::none);
    EXPECT_FALSE(desk.sessions.end(SessionId(99), alice));
}

TEST(Sessions, the_ended_one_used_least_recently_makes_room) {
    Desk desk;
    for (std::uint64_t session = 1; session <= slots; ++session) {
        EXPECT_EQ(desk.use(session, alice, 1), Reject::none);
    }
    EXPECT_EQ(desk.use(4, alice, 1), Reject::sessions_full);
    EXPECT_EQ(desk.use(1, alice, 2), Reject::none);  // 2 is now the one unused for longest
    EXPECT_FALSE(desk.sessions.end(SessionId(1), alice));
    EXPECT_FALSE(desk.sessions.end(SessionId(3), alice));
    EXPECT_EQ(desk.use(4, alice, 1), Reject::none);  // 2 lives, so 3 goes
    EXPECT_EQ(desk.told(1, alice, 2), 5U);
    EXPECT_EQ(desk.told(4, alice, 1), 6U);
    EXPECT_EQ(desk.use(3, alice, 1), Reject::none);  // and now 1
    EXPECT_EQ(desk.told(3, alice, 1), 7U);
    EXPECT_EQ(desk.use(1, alice, 2), Reject::sessions_full);
}

TEST(Sessions, a_slot_that_changes_hands_forgets_everything) {
    Desk desk;
    for (std::uint64_t session = 1; session <= slots; ++session) {
        EXPECT_EQ(desk.use(session, alice, 1), Reject::none);
    }
    const auto slot = desk.sessions.open(SessionId(1), alice, Sequence(9));
    desk.sessions.set_cancel_on_disconnect(*slot, true);
    EXPECT_TRUE(desk.sessions.end(SessionId(1), alice));
    EXPECT_EQ(desk.use(4, bob, 9), Reject::none);
    EXPECT_EQ(desk.use(4, bob, 1), Reject::answer_forgotten);
    EXPECT_FALSE(desk.sessions.end(SessionId(4), bob));
}

// ---- Starts ----

TEST(Sessions, a_start_ends_all_and_marks_those_that_asked_for_it) {
    Desk desk;
    for (std::uint64_t session = 1; session <= slots; ++session) {
        EXPECT_EQ(desk.use(session, alice, 1), Reject::none);
    }
    EXPECT_FALSE(desk.sessions.end_all());
    const auto slot = desk.sessions.open(SessionId(1), alice, Sequence(9));
    desk.sessions.set_cancel_on_disconnect(*slot, true);
    EXPECT_TRUE(desk.sessions.end_all());
    EXPECT_TRUE(desk.sessions.end_all());
    desk.sessions.check_invariants();
    EXPECT_TRUE(desk.sessions.is_marked(SessionId(1), alice));
    EXPECT_FALSE(desk.sessions.is_marked(SessionId(1), bob));
    EXPECT_FALSE(desk.sessions.is_marked(SessionId(2), alice));
    EXPECT_FALSE(desk.sessions.is_marked(SessionId(9), alice));
    // The mark stays, whatever the session asks for or does since; and so does its slot.
    desk.sessions.set_cancel_on_disconnect(*slot, false);
    EXPECT_TRUE(desk.sessions.is_marked(SessionId(1), alice));
    EXPECT_EQ(desk.use(4, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(5, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(6, alice, 1), Reject::sessions_full);
    desk.sessions.unmark_all();
    EXPECT_FALSE(desk.sessions.is_marked(SessionId(1), alice));
    EXPECT_EQ(desk.use(6, alice, 1), Reject::none);
}

TEST(Sessions, every_part_of_the_state_is_hashed) {
    const auto played = [](auto change) {
        Desk desk;
        EXPECT_EQ(desk.use(1, alice, 1), Reject::none);
        EXPECT_EQ(desk.use(1, alice, 2), Reject::none);
        change(desk);
        return hash_of(desk.sessions);
    };
    const std::vector<Hash128> hashes = {
        played([](Desk&) {}),
        played([](Desk& desk) { desk.sessions.end(SessionId(1), alice); }),
        played([](Desk& desk) { desk.sessions.set_cancel_on_disconnect(1, true); }),
        played([](Desk& desk) {
            desk.sessions.set_cancel_on_disconnect(1, true);
            EXPECT_TRUE(desk.sessions.end_all());
        }),
        played([](Desk& desk) {
            desk.sessions.set_cancel_on_disconnect(1, true);
            desk.sessions.end(SessionId(1), alice);
        }),
        played([](Desk& desk) { EXPECT_EQ(desk.use(1, alice, 3), Reject::none); }),
        played([](Desk& desk) { EXPECT_EQ(desk.use(2, alice, 3), Reject::none); }),
        played([](Desk& desk) { EXPECT_EQ(desk.use(2, bob, 3), Reject::none); }),
        played([](Desk& desk) {
            ++desk.sequence;
            EXPECT_EQ(desk.use(2, bob, 3), Reject::none);
        }),
    };
    for (std::size_t at = 0; at < hashes.size(); ++at) {
        EXPECT_EQ(std::ranges::count(hashes, hashes[at]), 1) << at;
    }
}

// ---- Kept and read again ----

using Bytes = std::vector<std::byte>;

struct Collector final : ByteSink {
    Bytes bytes;
    void update(std::span<const std::byte> added) override {
        bytes.insert(bytes.end(), added.begin(), added.end());
    }
};

Bytes encoded(const Sessions& sessions) {
    Collector collector;
    {
        StateEncoder encoder(collector);
        sessions.encode(encoder);
    }
    return collector.bytes;
}

// What is wrong with these bytes, where an account may have so many.
std::string fault_of(const Bytes& bytes, std::uint32_t sessions_per_account) {
    Sessions sessions(tiny(sessions_per_account));
    StateDecoder decoder(bytes);
    sessions.decode(decoder);
    if (decoder.is_sound()) {
        sessions.check_invariants();
        EXPECT_EQ(encoded(sessions), bytes);
    }
    return std::string(decoder.fault());
}

constexpr std::size_t first_id = 8;  // where they stand
constexpr std::size_t first_account = 16;

TEST(Sessions, two_of_an_account_with_one_id_are_not_restored) {
    Desk desk;
    EXPECT_EQ(desk.use(1, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(2, alice, 1), Reject::none);
    Bytes bytes = encoded(desk.sessions);
    EXPECT_EQ(fault_of(bytes, slots), "");
    bytes[first_id] = std::byte{2};
    EXPECT_EQ(fault_of(bytes, slots), "two sessions of an account have one id");
    bytes[first_account] = std::byte{2};
    EXPECT_EQ(fault_of(bytes, slots), "");
    bytes[first_id] = std::byte{0};
    EXPECT_EQ(fault_of(bytes, slots), "a session has no id");
    bytes[first_account] = std::byte{4};
    EXPECT_EQ(fault_of(bytes, slots), "limits.accounts is too small");
}

TEST(Sessions, more_of_an_account_than_it_may_have_are_not_restored) {
    Desk desk;
    EXPECT_EQ(desk.use(1, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(1, bob, 1), Reject::none);
    EXPECT_EQ(fault_of(encoded(desk.sessions), 1), "");
    EXPECT_EQ(desk.use(2, alice, 1), Reject::none);
    EXPECT_EQ(fault_of(encoded(desk.sessions), 1), "limits.sessions_per_account is too small");
    EXPECT_EQ(fault_of(encoded(desk.sessions), 2), "");
}

// ---- Against a plain table ----

// The same promises, kept by searching lists.
class NaiveSessions {
  public:
    Reject use(std::uint64_t session, AccountId account, std::uint64_t number) {
        ++sequence_;
        auto known = find(session, account);
        if (known == table_.end()) {
            if (!has_room(account)) {
                return Reject::sessions_full;
            }
            table_.push_back({.id = session, .account = account, .kept = {}});
            known = table_.end() - 1;
        }
        if (number + answers_kept <= known->last) {
            return Reject::answer_forgotten;
        }
        if (known->kept.contains(number)) {
            return Reject::none;
        }
        known->last = std::max(known->last, number);
        known->used = sequence_;
        known->is_ended = false;
        known->kept[number] = sequence_;
        return Reject::none;
    }
    void end(std::uint64_t session, AccountId account) {
        const auto known = find(session, account);
        if (known != table_.end()) {
            known->is_ended = true;
        }
    }
    [[nodiscard]] std::uint64_t told(std::uint64_t session, AccountId account,
                                     std::uint64_t number) {
        const auto known = find(session, account);
        return number + answers_kept > known->last ? known->kept.at(number) : 0;
    }

  private:
    struct Known {
        std::uint64_t id = 0;
        AccountId account;
        std::uint64_t last = 0;
        std::uint64_t used = 0;
        bool is_ended = false;
        std::map<std::uint64_t, std::uint64_t> kept;  // the command of each number
    };

    [[nodiscard]] std::vector<Known>::iterator find(std::uint64_t session, AccountId account) {
        return std::ranges::find_if(table_, [&](const Known& known) {
            return known.id == session && known.account == account;
        });
    }
    [[nodiscard]] bool has_room(AccountId account) {
        if (std::ranges::count(table_, account, &Known::account) == slots_each) {
            return make_room([&](const Known& known) { return known.account == account; });
        }
        return table_.size() < slots || make_room([](const Known&) { return true; });
    }
    template <class IsChosen>
    bool make_room(IsChosen is_chosen) {
        auto oldest = table_.end();
        for (auto at = table_.begin(); at != table_.end(); ++at) {
            const bool may_go = at->is_ended && is_chosen(*at);
            if (may_go && (oldest == table_.end() || at->used < oldest->used)) {
                oldest = at;
            }
        }
        if (oldest == table_.end()) {
            return false;
        }
        table_.erase(oldest);
        return true;
    }

    std::vector<Known> table_;
    std::uint64_t sequence_ = 0;
};

TEST(Sessions, a_plain_table_says_the_same) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Prng prng(seed);
        Desk desk(slots_each);
        NaiveSessions naive;
        for (std::uint32_t at = 0; at < 2000; ++at) {
            const std::uint64_t session = 1 + prng.below(3);
            const AccountId account = prng.one_in(3) ? bob : alice;
            const std::uint64_t number = 1 + at / 8 + prng.below(6);
            const Reject expected = naive.use(session, account, number);
            ASSERT_EQ(desk.use(session, account, number), expected) << seed << " " << at;
            if (expected == Reject::none) {
                ASSERT_EQ(desk.told(session, account, number),
                          naive.told(session, account, number));
            }
            if (prng.one_in(4)) {
                const std::uint64_t ended = 1 + prng.below(3);
                const AccountId whose = prng.one_in(2) ? bob : alice;
                desk.sessions.end(SessionId(ended), whose);
                naive.end(ended, whose);
            }
        }
    }
}

}  // namespace
}  // namespace miletus::sessions
