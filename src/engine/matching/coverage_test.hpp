// Counts what a stream reached, so that a long run can be asked what it missed.
#pragma once

#include "engine/matching/venue_test.hpp"
#include "protocol/codec.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace miletus::matching {

class Coverage {
  public:
    void count(const Step& step, const Outcome& outcome, std::size_t level_pages) {
        ++rejects_[outcome.reject];
        reused_slots_ += outcome.order.generation() != 0 ? 1U : 0U;
        repriced_ += outcome.repriced ? 1U : 0U;
        pages_released_ += level_pages < level_pages_ ? 1U : 0U;
        pages_retaken += level_pages > level_pages_ && pages_released_ != 0 ? 1U : 0U;
        level_pages_ = level_pages;
        objected_ = false;
        std::set<Ticks> prices;
        std::span<const Unit> units(outcome.events);
        while (!units.empty()) {
            const auto& header = protocol::view<protocol::EventHeader>(units);
            count_event(units.first(header.units), prices);
            units = units.subspan(header.units);
        }
        // The table of streams_test.hpp: the last of eight is fill-or-kill.
        const bool is_fill_or_kill = step.action % 32 < 14 && step.time_in_force % 8 == 7;
        fill_or_kill_over_levels_ += is_fill_or_kill && prices.size() > 1 ? 1U : 0U;
        whole_past_objections_ += is_fill_or_kill && !prices.empty() && objected_ ? 1U : 0U;
        amended_into_trades_ += step.action % 32 >= 14 && !prices.empty() ? 1U : 0U;
    }

    // The names of what never happened.
    [[nodiscard]] std::string missing() const {
        using enum Reject;
        constexpr std::array reachable = {none,
                                          instrument_not_open,
                                          quantity_not_positive,
                                          quantity_too_large,
                                          price_out_of_range,
                                          price_off_tick,
                                          price_outside_band,
                                          price_not_allowed,
                                          order_expiry_not_in_future,
                                          post_only_needs_resting,
                                          unknown_order,
                                          not_your_order,
                                          nothing_to_change,
                                          would_cross_pre_open,
                                          post_only_would_take,
                                          fill_or_kill_unfilled,
                                          order_slots_full,
                                          level_pages_full,
                                          directory_full,
                                          account_orders_full,
                                          instrument_orders_full,
                                          reprice_out_of_range};
        std::string names;
        const auto expect = [&](bool has_happened, std::string_view what) {
            names += has_happened ? "" : std::string(what) + " ";
        };
        for (const Reject reject : reachable) {
            expect(rejects_.contains(reject), name(reject));
        }
        using Reason = protocol::RemovalReason;
        for (std::uint8_t at = 0; at <= static_cast<std::uint8_t>(Reason::disconnect); ++at) {
            expect(reasons_.contains(Reason{at}), protocol::name(Reason{at}));
        }
        for (const Reason reason : {Reason::margin, Reason::nothing_to_reduce}) {
            expect(reasons_.contains(reason), protocol::name(reason));
        }
        expect(trades != 0, "trade");
        expect(reduced_by_client_ != 0, "reduction-in-place");
        expect(reduced_by_self_trade_ != 0, "decrement-of-a-larger-maker");
        expect(cut_down_ != 0, "maker-that-is-cut-down");
        expect(reused_slots_ != 0, "reused-slot");
        expect(repriced_ != 0, "repriced");
        expect(pages_released_ != 0, "released-page");
        expect(pages_retaken != 0, "retaken-page");
        expect(fill_or_kill_over_levels_ != 0, "fill-or-kill-over-levels");
        expect(amended_into_trades_ != 0, "amendment-that-trades");
        expect(whole_past_objections_ != 0, "fill-or-kill-past-an-objection");
        return names;
    }

    std::uint32_t trades = 0;
    std::uint32_t pages_retaken = 0;

  private:
    void count_event(std::span<const Unit> units, std::set<Ticks>& prices) {
        const auto type =
            static_cast<protocol::EventType>(protocol::view<protocol::EventHeader>(units).type);
        if (type == protocol::EventType::trade) {
            prices.insert(protocol::view<protocol::Trade>(units).price);
            ++trades;
        } else if (type == protocol::EventType::order_removed) {
            const auto reason = protocol::view<protocol::OrderRemoved>(units).reason;
            ++reasons_[reason];
            objected_ = objected_ || reason == protocol::RemovalReason::margin;
        } else if (type == protocol::EventType::remainder_canceled) {
            ++reasons_[protocol::view<protocol::RemainderCanceled>(units).reason];
        } else if (type == protocol::EventType::order_reduced) {
            const auto reason = protocol::view<protocol::OrderReduced>(units).reason;
            reduced_by_self_trade_ += reason == protocol::RemovalReason::self_trade ? 1U : 0U;
            reduced_by_client_ += reason == protocol::RemovalReason::client ? 1U : 0U;
            cut_down_ += reason == protocol::RemovalReason::nothing_to_reduce ? 1U : 0U;
        }
    }

    std::map<Reject, std::uint32_t> rejects_;
    std::map<protocol::RemovalReason, std::uint32_t> reasons_;
    std::uint32_t reduced_by_client_ = 0;
    std::uint32_t reduced_by_self_trade_ = 0;
    std::uint32_t cut_down_ = 0;
    std::uint32_t reused_slots_ = 0;
    std::uint32_t repriced_ = 0;
    std::uint32_t pages_released_ = 0;
    std::size_t level_pages_ = 0;
    std::uint32_t fill_or_kill_over_levels_ = 0;
    std::uint32_t amended_into_trades_ = 0;
    std::uint32_t whole_past_objections_ = 0;
    bool objected_ = false;  // within the step
};

}  // namespace miletus::matching
