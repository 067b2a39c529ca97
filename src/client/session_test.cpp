// A session and a venue's side of the bytes, by hand.
#include "client/session.hpp"

#include <gtest/gtest.h>

namespace miletus::client {
namespace {

using native::FrameKind;
using protocol::view;

class SessionTest : public testing::Test {
  protected:
    // What the session wants to say, as frames.
    std::vector<std::pair<FrameKind, std::vector<std::byte>>> said() {
        native::ByteQueue queue(1U << 18U);
        const auto bytes = session.outgoing();
        std::ranges::copy(bytes, queue.room(bytes.size()).begin());
        queue.fill(bytes.size());
        session.sent(bytes.size());
        std::vector<std::pair<FrameKind, std::vector<std::byte>>> frames;
        while (const auto frame = native::first_frame(queue)) {
            frames.emplace_back(frame->kind, std::vector(frame->body.begin(), frame->body.end()));
            queue.take(frame->size());
        }
        return frames;
    }
    void tell(FrameKind kind, std::span<const std::byte> body) {
        native::ByteQueue queue(native::frame_max);
        ASSERT_TRUE(native::put_frame(queue, kind, body));
        std::ranges::copy(queue.front(), session.room().begin());
        session.received(queue.size());
    }
    template <class Body>
    void tell_body(FrameKind kind, const Body& body) {
        tell(kind, std::as_bytes(std::span(&body, 1)));
    }
    void tell_completed(std::uint64_t number, std::uint64_t sequence, std::uint64_t first = 0,
                        AccountId account = AccountId(7)) {
        protocol::Completed completed{.session = SessionId(70),
                                      .client_sequence = ClientSequence(number),
                                      .account = account,
                                      .reject = Reject::none,
                                      .first = Sequence(first)};
        completed.header.sequence = Sequence(sequence);
        std::array<Unit, 2> units{};
        tell(FrameKind::event, std::as_bytes(protocol::encode(completed, units)));
    }
    void welcome(std::uint32_t answers_kept = 16) {
        session.connected();
        tell_body(FrameKind::welcome,
                  native::Welcome{
                      .version = 1, .last = Sequence(100), .answers_per_session = answers_kept});
        EXPECT_EQ(session.hear()->kind, FrameKind::welcome);
    }
    static native::Hello hello_in(const std::vector<std::byte>& body) {
        return *native::body_as<native::Hello>(body);
    }
    static std::uint64_t number_in(const std::vector<std::byte>& body) {
        std::vector<Unit> room(protocol::units_max());
        return view<protocol::CommandHeader>(native::as_message(body, room))
            .client_sequence.value();
    }

    Session session{{.account = AccountId(7), .session = SessionId(70)}};
};

TEST_F(SessionTest, says_hello_first_and_the_rest_once_welcome) {
    session.submit(protocol::MassCancel{});
    session.connected();
    auto frames = said();
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].first, FrameKind::hello);
    EXPECT_EQ(hello_in(frames[0].second).resumes, 0);
    tell_body(FrameKind::welcome, native::Welcome{.version = 1});
    EXPECT_EQ(session.hear()->kind, FrameKind::welcome);
    frames = said();
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(number_in(frames[0].second), 1U);
}

TEST_F(SessionTest, sends_again_what_was_not_answered_under_the_same_numbers) {
    welcome();
    for (int count = 0; count < 4; ++count) {
        session.submit(protocol::MassCancel{});
    }
    EXPECT_EQ(said().size(), 1U + 4);
    tell_completed(2, 102);
    EXPECT_FALSE(session.hear()->is_repeat);
    session.disconnected();
    session.connected();
    auto frames = said();
    ASSERT_EQ(frames.size(), 1U);
    const native::Hello hello = hello_in(frames[0].second);
    EXPECT_EQ(hello.resumes, 1);
    EXPECT_EQ(hello.after, Sequence(102));
    tell_body(FrameKind::welcome, native::Welcome{.version = 1});
    EXPECT_TRUE(session.hear().has_value());
    frames = said();
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(number_in(frames[0].second), 1U);
    EXPECT_EQ(number_in(frames[1].second), 3U);
    EXPECT_EQ(number_in(frames[2].second), 4U);
}

TEST_F(SessionTest, an_answer_told_twice_is_a_repeat) {
    welcome();
    session.submit(protocol::MassCancel{});
    tell_completed(1, 101);
    tell_completed(1, 105, 101);
    EXPECT_FALSE(session.hear()->is_repeat);
    EXPECT_TRUE(session.hear()->is_repeat);
    EXPECT_TRUE(session.waiting().empty());
}

TEST_F(SessionTest, another_account_s_answer_is_not_taken_for_its_own) {
    welcome();
    session.submit(protocol::MassCancel{});
    tell_completed(1, 101, 0, AccountId(8));
    EXPECT_TRUE(session.hear().has_value());
    EXPECT_EQ(session.waiting().size(), 1U);
    tell_completed(1, 102);
    EXPECT_TRUE(session.hear().has_value());
    EXPECT_TRUE(session.waiting().empty());
}

TEST_F(SessionTest, runs_no_further_ahead_than_answers_are_kept) {
    welcome(4);
    for (int count = 0; count < 4; ++count) {
        EXPECT_TRUE(session.may_submit());
        session.submit(protocol::MassCancel{});
    }
    EXPECT_FALSE(session.may_submit());
    tell_completed(2, 101);
    EXPECT_TRUE(session.hear().has_value());
    EXPECT_FALSE(session.may_submit());
    tell_completed(1, 102);
    EXPECT_TRUE(session.hear().has_value());
    EXPECT_TRUE(session.may_submit());
}

TEST_F(SessionTest, what_is_refused_at_the_gate_waits_no_longer) {
    welcome();
    const ClientSequence number = session.submit(protocol::MassCancel{});
    tell_body(FrameKind::refused,
              native::RefusedFrame{.client_sequence = number, .reject = Reject::unknown_value});
    EXPECT_EQ(session.hear()->refused.reject, Reject::unknown_value);
    EXPECT_TRUE(session.waiting().empty());
}

TEST_F(SessionTest, begins_with_now_where_the_past_is_gone) {
    welcome();
    tell_body(FrameKind::goodbye, native::Goodbye{.parting = native::Parting::resume_too_old});
    EXPECT_EQ(session.hear()->goodbye.parting, native::Parting::resume_too_old);
    session.connected();
    EXPECT_EQ(hello_in(said()[0].second).resumes, 0);
}

TEST_F(SessionTest, what_is_not_of_the_protocol_is_told_as_a_goodbye) {
    welcome();
    tell(static_cast<FrameKind>(99), {});
    EXPECT_EQ(session.hear()->goodbye.parting, native::Parting::malformed);
    EXPECT_FALSE(session.hear().has_value());
}

}  // namespace
}  // namespace miletus::client
