// Frames in queues.
#include "edge/native/frames.hpp"

namespace miletus::native {

std::string_view sentence_of(Parting parting) {
    switch (parting) {
        case Parting::malformed:
            return "the bytes are no frame, or not one that may stand here";
        case Parting::unknown_version:
            return "this version of the protocol is not spoken here";
        case Parting::not_admitted:
            return "this account may not come in through this door, or the key is another";
        case Parting::resume_too_old:
            return "what followed that event is no longer kept: ask for the state, then begin with "
                   "now";
        case Parting::replaced:
            return "another connection took the session over";
        case Parting::too_slow:
            return "this connection fell further behind than events are kept";
        case Parting::silent:
            return "nothing was heard for too long: a ping now and then keeps a connection";
        case Parting::venue_full:
            return "no room for another connection";
        case Parting::stopping:
            return "the venue is stopping";
        case Parting::resume_unknown:
            return "no such event was ever told here: this is another venue, or it lost its log";
    }
    return "for a reason without a name";
}

bool put_frame(ByteQueue& queue, FrameKind kind, std::span<const std::byte> body) {
    ASSERT(body.size() <= body_max);
    const std::size_t size = sizeof(FrameHead) + body.size();
    if (queue.room_left() < size) {
        return false;
    }
    const FrameHead head{.length = static_cast<std::uint32_t>(body.size()), .kind = kind};
    const std::span<std::byte> room = queue.room(size);
    std::ranges::copy(std::as_bytes(std::span(&head, 1)), room.begin());
    std::ranges::copy(body, room.subspan(sizeof(FrameHead)).begin());
    queue.fill(size);
    return true;
}

namespace {

std::optional<FrameHead> first_head(const ByteQueue& queue) {
    if (queue.size() < sizeof(FrameHead)) {
        return std::nullopt;
    }
    return body_as<FrameHead>(queue.front().first(sizeof(FrameHead)));
}

}  // namespace

bool is_malformed(const ByteQueue& queue) {
    const std::optional<FrameHead> head = first_head(queue);
    return head && (head->length > body_max || !head->reserved.is_zero());
}

std::optional<Frame> first_frame(const ByteQueue& queue) {
    const std::optional<FrameHead> head = first_head(queue);
    if (!head || queue.size() - sizeof(FrameHead) < head->length) {
        return std::nullopt;
    }
    return Frame{.kind = head->kind,
                 .body = queue.front().subspan(sizeof(FrameHead), head->length)};
}

std::span<const Unit> as_message(std::span<const std::byte> body, std::span<Unit> room) {
    const bool is_whole = !body.empty() && body.size() % sizeof(Unit) == 0;
    if (!is_whole || body.size() > room.size_bytes()) {
        return {};
    }
    std::ranges::copy(body, std::as_writable_bytes(room).begin());
    return room.first(body.size() / sizeof(Unit));
}

}  // namespace miletus::native
