// Answers are kept in a ring, sessions make room in the order of their use, and what a slower and
// plainer table would say is what these say, over generated streams.
#include "engine/sessions/sessions.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace miletus::sessions {
namespace {

constexpr std::uint32_t slots = 3;
constexpr std::uint32_t answers_kept = 2;
constexpr AccountId alice{1};
constexpr AccountId bob{2};

Limits tiny() {
    Limits limits;
    limits.sessions = slots;
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
    Sessions sessions{tiny()};
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

TEST(Sessions, a_session_is_the_account_s_that_used_it_first) {
    Desk desk;
    EXPECT_EQ(desk.use(7, alice, 1), Reject::none);
    EXPECT_EQ(desk.use(7, bob, 2), Reject::not_your_session);
    EXPECT_EQ(desk.sessions.check_owner(SessionId(7), bob).error(), Reject::not_your_session);
    EXPECT_TRUE(desk.sessions.check_owner(SessionId(7), alice).has_value());
    EXPECT_TRUE(desk.sessions.check_owner(SessionId(8), bob).has_value());
}

TEST(Sessions, an_ended_session_keeps_its_answers_and_lives_on) {
    Desk desk;
    EXPECT_EQ(desk.use(7, alice, 1), Reject::none);
    EXPECT_FALSE(desk.sessions.end(SessionId(7)));
    EXPECT_EQ(desk.told(7, alice, 1), 1U);
    EXPECT_EQ(desk.use(7, alice, 2), Reject::none);
    EXPECT_FALSE(desk.sessions.end(SessionId(99)));
}

TEST(Sessions, the_ended_one_used_least_recently_makes_room) {
    Desk desk;
    for (std::uint64_t session = 1; session <= slots; ++session) {
        EXPECT_EQ(desk.use(session, alice, 1), Reject::none);
    }
    EXPECT_EQ(desk.use(4, alice, 1), Reject::sessions_full);
    EXPECT_EQ(desk.use(1, alice, 2), Reject::none);  // 2 is now the one unused for longest
    EXPECT_FALSE(desk.sessions.end(SessionId(1)));
    EXPECT_FALSE(desk.sessions.end(SessionId(3)));
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
    EXPECT_TRUE(desk.sessions.end(SessionId(1)));
    EXPECT_EQ(desk.use(4, bob, 9), Reject::none);
    EXPECT_EQ(desk.use(4, bob, 1), Reject::answer_forgotten);
    EXPECT_FALSE(desk.sessions.end(SessionId(4)));
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
        played([](Desk& desk) { desk.sessions.end(SessionId(1)); }),
        played([](Desk& desk) { desk.sessions.set_cancel_on_disconnect(1, true); }),
        played([](Desk& desk) {
            desk.sessions.set_cancel_on_disconnect(1, true);
            EXPECT_TRUE(desk.sessions.end_all());
        }),
        played([](Desk& desk) {
            desk.sessions.set_cancel_on_disconnect(1, true);
            desk.sessions.end(SessionId(1));
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

// ---- Against a plain table ----

// The same promises, kept by searching lists.
class NaiveSessions {
  public:
    Reject use(std::uint64_t session, AccountId account, std::uint64_t number) {
        ++sequence_;
        auto known = std::ranges::find(table_, session, &Known::id);
        if (known == table_.end()) {
            if (table_.size() == slots && !make_room()) {
                return Reject::sessions_full;
            }
            table_.push_back({.id = session, .account = account, .kept = {}});
            known = table_.end() - 1;
        }
        if (known->account != account) {
            return Reject::not_your_session;
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
    void end(std::uint64_t session) {
        const auto known = std::ranges::find(table_, session, &Known::id);
        if (known != table_.end()) {
            known->is_ended = true;
        }
    }
    [[nodiscard]] std::uint64_t told(std::uint64_t session, std::uint64_t number) const {
        const auto known = std::ranges::find(table_, session, &Known::id);
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

    bool make_room() {
        auto oldest = table_.end();
        for (auto at = table_.begin(); at != table_.end(); ++at) {
            if (at->is_ended && (oldest == table_.end() || at->used < oldest->used)) {
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
        Desk desk;
        NaiveSessions naive;
        for (std::uint32_t at = 0; at < 2000; ++at) {
            const std::uint64_t session = 1 + prng.below(5);
            const AccountId account = prng.one_in(10) ? bob : alice;
            const std::uint64_t number = 1 + at / 8 + prng.below(6);
            const Reject expected = naive.use(session, account, number);
            ASSERT_EQ(desk.use(session, account, number), expected) << seed << " " << at;
            if (expected == Reject::none) {
                ASSERT_EQ(desk.told(session, account, number), naive.told(session, number));
            }
            if (prng.one_in(6)) {
                const std::uint64_t ended = 1 + prng.below(5);
                desk.sessions.end(SessionId(ended));
                naive.end(ended);
            }
        }
    }
}

}  // namespace
}  // namespace miletus::sessions
