// A hash is begun with each command's first event, and closed with its completion.
#include "protocol/event_chain.hpp"

#include "protocol/codec.hpp"

#include <array>

namespace miletus::protocol {

EventChain::EventChain(std::uint64_t interval, const Point& last)
    : interval_(interval), last_(last), kept_(last) {
    ASSERT(interval != 0);
}

EventChain::Claim EventChain::read(std::span<const Unit> event) {
    const auto& header = view<EventHeader>(event);
    if (!is_inside_) {
        begin(header.sequence);
    }
    ASSERT(header.sequence.value() == last_.upto.value() + 1);
    hash_.update(std::as_bytes(event));
    const auto type = static_cast<EventType>(header.type);
    if (type == EventType::attested) {
        const auto& claim = view<Attested>(event);
        return judge(
            {.upto = claim.upto, .digest = {.high = claim.digest.high, .low = claim.digest.low}});
    }
    if (type == EventType::completed) {
        end();
    }
    return Claim::none;
}

void EventChain::begin(Sequence sequence) {
    ASSERT(sequence.value() == last_.upto.value() + 1);
    hash_ = Xxh3();
    const std::array before = {last_.digest.high, last_.digest.low};
    hash_.update(std::as_bytes(std::span(before)));
    is_inside_ = true;
}

void EventChain::end() {
    last_ = {.upto = Sequence(last_.upto.value() + 1), .digest = hash_.digest()};
    if (last_.upto.value() % interval_ == 0) {
        kept_ = last_;
    }
    is_inside_ = false;
}

EventChain::Claim EventChain::judge(const Point& claim) const {
    if (claim.upto != kept_.upto) {
        return Claim::not_known;
    }
    return claim.digest == kept_.digest ? Claim::agrees : Claim::differs;
}

}  // namespace miletus::protocol
