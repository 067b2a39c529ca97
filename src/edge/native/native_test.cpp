// Frames into a queue and out of it, whole and in pieces.
#include "edge/native/native.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace miletus::native {
namespace {

std::vector<std::byte> bytes(std::size_t count, int value) {
    return std::vector<std::byte>(count, static_cast<std::byte>(value));
}

// Moves some bytes, as a connection would.
void carry(ByteQueue& from, ByteQueue& to, std::size_t count) {
    const auto moved = from.front().first(count);
    std::ranges::copy(moved, to.room(count).begin());
    to.fill(count);
    from.take(count);
}

TEST(Native, a_frame_is_there_when_its_last_byte_is) {
    ByteQueue out(4096);
    ASSERT_TRUE(put_frame(out, FrameKind::event, bytes(128, 3)));
    ByteQueue in(4096);
    while (out.size() > 1) {
        carry(out, in, 1);
        EXPECT_FALSE(first_frame(in).has_value());
        EXPECT_FALSE(is_malformed(in));
    }
    carry(out, in, 1);
    const auto frame = first_frame(in);
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->kind, FrameKind::event);
    EXPECT_EQ(frame->body.size(), 128U);
    EXPECT_EQ(frame->body[127], std::byte{3});
}

TEST(Native, frames_keep_their_order_however_often_the_queue_comes_round) {
    ByteQueue queue(1000);
    int put = 0;
    int taken = 0;
    while (taken < 500) {
        while (put_frame(queue, FrameKind::event,
                         bytes(static_cast<std::size_t>(put % 90), put % 100))) {
            ++put;
        }
        for (int count = 0; count <= taken % 3 && !queue.is_empty(); ++count) {
            const auto frame = first_frame(queue);
            ASSERT_EQ(frame->body.size(), static_cast<std::size_t>(taken % 90));
            if (!frame->body.empty()) {
                EXPECT_EQ(frame->body.back(), static_cast<std::byte>(taken % 100));
            }
            queue.take(frame->size());
            ++taken;
        }
    }
}

TEST(Native, a_full_queue_takes_nothing_of_a_frame) {
    ByteQueue queue(100);
    EXPECT_TRUE(put_frame(queue, FrameKind::pong, bytes(80, 1)));
    EXPECT_FALSE(put_frame(queue, FrameKind::pong, bytes(8, 1)));
    EXPECT_EQ(queue.size(), 88U);
}

TEST(Native, a_head_that_no_frame_has_is_malformed) {
    ByteQueue long_one(100);
    const FrameHead too_long{.length = body_max + 1, .kind = FrameKind::command};
    std::ranges::copy(std::as_bytes(std::span(&too_long, 1)), long_one.room(8).begin());
    long_one.fill(sizeof(FrameHead));
    EXPECT_TRUE(is_malformed(long_one));

    ByteQueue dirty(100);
    FrameHead head{.length = 0, .kind = FrameKind::ping};
    head.reserved.bytes[1] = 1;
    std::ranges::copy(std::as_bytes(std::span(&head, 1)), dirty.room(8).begin());
    dirty.fill(sizeof(FrameHead));
    EXPECT_TRUE(is_malformed(dirty));
}

TEST(Native, a_body_of_another_size_is_not_taken_for_it) {
    EXPECT_FALSE(body_as<Hello>(bytes(63, 0)).has_value());
    EXPECT_TRUE(body_as<Hello>(bytes(64, 0)).has_value());
    std::array<Unit, 2> room{};
    EXPECT_TRUE(as_message(bytes(0, 0), room).empty());
    EXPECT_TRUE(as_message(bytes(65, 0), room).empty());
    EXPECT_TRUE(as_message(bytes(192, 0), room).empty());
    EXPECT_EQ(as_message(bytes(128, 0), room).size(), 2U);
}

TEST(Native, every_parting_has_a_sentence_of_its_own) {
    std::vector<std::string_view> seen;
    constexpr int used_no_more = 4;
    for (int number = 1; number <= static_cast<int>(Parting::resume_unknown); ++number) {
        if (number == used_no_more) {
            continue;
        }
        const std::string_view sentence = sentence_of(static_cast<Parting>(number));
        EXPECT_EQ(std::ranges::find(seen, sentence), seen.end());
        seen.push_back(sentence);
    }
}

}  // namespace
}  // namespace miletus::native
