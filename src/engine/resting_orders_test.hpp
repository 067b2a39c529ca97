// The orders that rest, or wait for a price, as the events tell: whose, whence and under which
// label. After a cancel of many, none that it named may be left, and nothing that it did not name
// may be gone.
#pragma once

#include "protocol/codec.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

namespace miletus::engine {

class RestingOrders {
  public:
    void begin() { removed_.clear(); }

    void follow(protocol::EventType type, std::span<const Unit> event) {
        using enum protocol::EventType;
        if (type == instrument_listed) {
            const auto& listed = protocol::view<protocol::InstrumentListed>(event);
            kinds_[listed.instrument] = listed.kind;
            quotes_[listed.instrument] = quote_of_.at(listed.underlying);
        } else if (type == underlying_added) {
            const auto& added = protocol::view<protocol::UnderlyingAdded>(event);
            quote_of_[added.underlying] = added.quote;
        } else if (type == order_accepted) {
            const auto& accepted = protocol::view<protocol::OrderAccepted>(event);
            accepted_[accepted.order] = {
                .account = accepted.account,
                .instrument = accepted.instrument,
                .session = accepted.session,
                .expires = accepted.expires,
                .label = std::string(protocol::text<protocol::OrderAccepted>(event))};
        } else if (type == order_waits) {
            const auto& waits = protocol::view<protocol::OrderWaits>(event);
            accepted_[waits.order] = {
                .account = waits.account,
                .instrument = waits.instrument,
                .session = waits.session,
                .expires = waits.expires,
                .label = std::string(protocol::text<protocol::OrderWaits>(event))};
            resting_.insert(waits.order);
        } else if (type == order_triggered) {
            resting_.erase(protocol::view<protocol::OrderTriggered>(event).order);
        } else if (type == waiting_removed) {
            const auto& removed = protocol::view<protocol::WaitingRemoved>(event);
            resting_.erase(removed.order);
            removed_[removed.order] = removed.reason;
        } else if (type == order_rested) {
            resting_.insert(protocol::view<protocol::OrderRested>(event).order);
        } else if (type == order_removed) {
            const auto& removed = protocol::view<protocol::OrderRemoved>(event);
            resting_.erase(removed.order);
            removed_[removed.order] = removed.reason;
        } else if (type == trade) {
            const auto& trade = protocol::view<protocol::Trade>(event);
            const UnixNanos expires = accepted_[trade.maker].expires;
            traded_late_ |= expires != UnixNanos(0) && expires <= trade.time;
            if (trade.maker_left == Lots(0)) {
                resting_.erase(trade.maker);
            }
        } else if (type == epoch_started) {
            is_starting_ = true;
        } else if (type == venue_state_changed) {
            const auto state = protocol::view<protocol::VenueStateChanged>(event).state;
            is_starting_ = is_starting_ && state != protocol::VenueState::normal;
        }
    }

    // Whether a start may still cancel orders, until the venue is normal again.
    [[nodiscard]] bool is_starting() const { return is_starting_; }

    // What is wrong after this command, which was not refused; else nothing.
    [[nodiscard]] std::string fault(std::span<const Unit> command, std::uint64_t result) const {
        using enum protocol::CommandType;
        const auto& header = protocol::view<protocol::CommandHeader>(command);
        const auto type = static_cast<protocol::CommandType>(header.type);
        if (traded_late_) {
            return "an expired order traded";
        }
        if (type == mass_cancel) {
            const auto& mass = protocol::view<protocol::MassCancel>(command);
            return compare(protocol::RemovalReason::mass_cancel, result, [&](const Order& order) {
                return order.account == header.account && is_named(mass, order);
            });
        }
        // The session may have asked for it, else only the command; what a start cancels besides
        // cannot be told from it.
        if (type == disconnect && !is_starting_) {
            const auto& lost = protocol::view<protocol::Disconnect>(command);
            const bool cancels = lost.cancel_orders != 0 || result != 0;
            return compare(protocol::RemovalReason::disconnect, result, [&](const Order& order) {
                return order.account == header.account && cancels && order.session == lost.ended;
            });
        }
        if (type == cancel_by_label) {
            const auto label = protocol::text<protocol::CancelByLabel>(command);
            return compare(protocol::RemovalReason::client, result, [&](const Order& order) {
                return order.account == header.account && order.label == label;
            });
        }
        return "";
    }

    [[nodiscard]] std::uint32_t count_of(AccountId account) const {
        return static_cast<std::uint32_t>(std::ranges::count_if(
            resting_, [&](OrderId order) { return accepted_.at(order).account == account; }));
    }

  private:
    struct Order {
        AccountId account;
        InstrumentId instrument;
        SessionId session;
        UnixNanos expires;
        std::string label;
    };

    [[nodiscard]] bool is_named(const protocol::MassCancel& mass, const Order& order) const {
        return ((mass.filters & 1U) == 0 || order.session == mass.only_session) &&
               ((mass.filters & 2U) == 0 || order.instrument == mass.instrument) &&
               ((mass.filters & 4U) == 0 || quotes_.at(order.instrument) == mass.currency) &&
               ((mass.filters & 8U) == 0 || kinds_.at(order.instrument) == mass.kind);
    }

    template <class IsNamed>
    [[nodiscard]] std::string compare(protocol::RemovalReason reason, std::uint64_t result,
                                      IsNamed is_named) const {
        for (const OrderId order : resting_) {
            if (is_named(accepted_.at(order))) {
                return "an order outlives the cancel that named it";
            }
        }
        std::uint64_t canceled = 0;
        for (const auto& [order, why] : removed_) {
            if (why == reason) {
                ++canceled;
                if (!is_named(accepted_.at(order))) {
                    return "a cancel took an order that it did not name";
                }
            }
        }
        return canceled == result ? "" : "a cancel reports another number than it took";
    }

    std::map<OrderId, Order> accepted_;
    std::set<OrderId> resting_;
    std::map<OrderId, protocol::RemovalReason> removed_;  // by the command at hand
    std::map<InstrumentId, protocol::InstrumentKind> kinds_;
    std::map<InstrumentId, AssetId> quotes_;
    std::map<UnderlyingId, AssetId> quote_of_;
    bool traded_late_ = false;
    bool is_starting_ = false;
};

}  // namespace miletus::engine
