// Addressing, from the fields that each event has.
#include "edge/client_feed/audience.hpp"

#include "protocol/codec.hpp"

#include <algorithm>

namespace miletus::client_feed {

using native::Feed;
using protocol::EventType;
using protocol::view;

namespace {

// An answer is the session's alone; what names accounts is theirs; the rest is public.
template <class Event>
Addressees addressees(const Event& event) {
    if constexpr (std::is_same_v<Event, protocol::Completed>) {
        return {.session = event.session, .asker = event.account};
    } else if constexpr (requires { event.maker_account; }) {
        return {.accounts = {event.maker_account, event.taker_account}};
    } else if constexpr (requires { event.account; }) {
        return {.accounts = {event.account}};
    } else {
        return {.is_public = true};
    }
}

protocol::Trade seen_from(const protocol::Trade& trade, AccountId account) {
    protocol::Trade seen = trade;
    if (trade.maker_account != account) {
        seen.maker = OrderId();
        seen.maker_account = AccountId();
        seen.maker_left = Lots();
    }
    if (trade.taker_account != account) {
        seen.taker = OrderId();
        seen.taker_account = AccountId();
        seen.taker_left = Lots();
    }
    return seen;
}

}  // namespace

Addressees addressees_of(std::span<const Unit> event) {
    switch (static_cast<EventType>(view<protocol::EventHeader>(event).type)) {
#define MESSAGE(number, Type, name, sentence) \
    case EventType::name:                     \
        return addressees(view<protocol::Type>(event));
#include "protocol/events.def"
    }
    return {};
}

bool may_hear(const Listener& listener, const Addressees& addressees) {
    const bool is_its_own =
        addressees.session == listener.session && addressees.asker == listener.account;
    if (listener.feed == Feed::everything || is_its_own) {
        return true;
    }
    return listener.feed == Feed::account &&
           (addressees.is_public || addressees.accounts[0] == listener.account ||
            addressees.accounts[1] == listener.account);
}

std::span<const Unit> as_seen_by(const Listener& listener, std::span<const Unit> event,
                                 std::span<Unit> room) {
    const auto& header = view<protocol::EventHeader>(event);
    if (listener.feed == Feed::everything ||
        header.type != static_cast<std::uint8_t>(EventType::trade)) {
        return event;
    }
    place_in(room, seen_from(view<protocol::Trade>(event), listener.account));
    return room.first(event.size());
}

void Audience::add(std::uint32_t slot, const Listener& listener) {
    by_session_[key_of(listener)] = {.slot = slot,
                                     .hears_everything = listener.feed == Feed::everything};
    if (listener.feed == Feed::account) {
        by_account_[listener.account.value()].push_back(slot);
    }
    if (listener.feed == Feed::everything) {
        everything_.push_back(slot);
    }
}

void Audience::remove(std::uint32_t slot, const Listener& listener) {
    by_session_.erase(key_of(listener));
    std::erase(everything_, slot);
    const auto found = by_account_.find(listener.account.value());
    if (found != by_account_.end()) {
        std::erase(found->second, slot);
        if (found->second.empty()) {
            by_account_.erase(found);
        }
    }
}

std::optional<std::uint32_t> Audience::slot_of(SessionId session, AccountId account) const {
    const auto found = by_session_.find({.account = account, .session = session});
    return found == by_session_.end() ? std::nullopt : std::optional(found->second.slot);
}

}  // namespace miletus::client_feed
