// Markets: the fold itself, and everything that may be asked of it.
#pragma once

#include "base/unit_buffer.hpp"
#include "edge/market_data/changes.hpp"
#include "edge/market_data/expiries.hpp"
#include "edge/market_data/index_history.hpp"
#include "edge/market_data/market.hpp"
#include "edge/market_data/open_interest.hpp"
#include "edge/market_data/option_values.hpp"
#include "edge/market_data/parameters.hpp"
#include "protocol/messages.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace miletus::market_data {

// What lies in these; what is left out bounds nothing.
struct Selection {
    std::optional<UnderlyingId> underlying{};
    std::optional<AssetId> base{};
    std::optional<AssetId> quote{};
    bool futures = true;  // perpetuals are futures too
    bool options = true;
};

class Markets {
  public:
    explicit Markets(const Rooms& rooms);

    // The next event, in order: of what stands, of what is replayed, of what happens. Nothing is
    // allocated once rooms have grown to what they need.
    void read(std::span<const Unit> event);
    // What stands has been told: books are what the command before the first one left.
    void stand();
    // What the last command changed, from its end until the next event is read; else empty.
    [[nodiscard]] const Changes& changes() const LIFETIME_BOUND { return changes_; }

    // Of the last command.
    [[nodiscard]] UnixNanos now() const { return now_; }
    [[nodiscard]] Sequence sequence() const { return sequence_; }
    [[nodiscard]] protocol::VenueState venue_state() const { return venue_state_; }

    // ---- Assets and underlyings, by their numbers ----
    [[nodiscard]] std::span<const Asset> assets() const LIFETIME_BOUND { return assets_; }
    [[nodiscard]] const Asset* asset(AssetId asset) const LIFETIME_BOUND;
    [[nodiscard]] const Asset* asset(std::string_view name) const LIFETIME_BOUND;
    [[nodiscard]] std::span<const Underlying> underlyings() const LIFETIME_BOUND {
        return underlyings_;
    }
    [[nodiscard]] const Underlying* underlying(UnderlyingId underlying) const LIFETIME_BOUND;
    // BTC_USDC, in either case of letters: index names are lower case at the front door.
    [[nodiscard]] const Underlying* underlying(std::string_view name) const LIFETIME_BOUND;

    // ---- Instruments ----
    // One that is archived is found by its name as long as there is room, and by its number until
    // another has that. What is returned stays until its instrument is forgotten: nobody keeps it
    // beyond the next event.
    [[nodiscard]] const Market* find(std::string_view name) const LIFETIME_BOUND;
    [[nodiscard]] const Market* find(InstrumentId instrument) const LIFETIME_BOUND;
    // The one that had the number at this moment, as far as it is known: a number is given again
    // once its instrument is archived, and orders and trades are remembered longer.
    [[nodiscard]] const Market* find_at(InstrumentId instrument, UnixNanos time) const
        LIFETIME_BOUND;
    // By a trade's or a settlement's `listing`.
    [[nodiscard]] const Market* find_listing(std::uint64_t listing) const LIFETIME_BOUND;
    // Calls visit(market) for each that is listed and not archived (settled ones included), by
    // number.
    template <class Visit>
    void visit_listed(Visit visit) const {
        for (const std::uint32_t slot : by_number_) {
            if (slot != 0 && markets_[slot]->instrument().state != archived_state) {
                visit(static_cast<const Market&>(*markets_[slot]));
            }
        }
    }
    // The same for archived ones that are not forgotten, oldest first.
    template <class Visit>
    void visit_archived(Visit visit) const {
        for (std::size_t at = 0; at != archived_.size(); ++at) {
            if (const Market* market = find_listing(archived_[at])) {
                visit(*market);
            }
        }
    }
    [[nodiscard]] bool is_selected(const Instrument& instrument, const Selection& selection) const;
    [[nodiscard]] Fees fees_of(const Instrument& instrument) const;

    // ---- Tickers ----
    [[nodiscard]] Ticker ticker(const Market& market) const;
    [[nodiscard]] DayStatistics day_of(const Market& market) const;
    [[nodiscard]] std::optional<PriceLimits> limits_of(const Market& market) const;
    // What an expiry's options are priced on: the mark of its future; without one the strike
    // nearest the index, and what call and put are apart there; without both the index. None
    // without an index.
    [[nodiscard]] std::optional<Forward> forward_of(UnderlyingId underlying,
                                                    UnixNanos expiry) const;
    // None where an option has no mark, or an instrument is none.
    [[nodiscard]] std::optional<OptionValues> option_values(const Market& market) const;

    // ---- Trades ----
    [[nodiscard]] TradePage trades(const Market& market, const TradeQuery& query) const;
    [[nodiscard]] TradePage trades(const Selection& selection, const TradeQuery& query) const;
    // At which it was traded, in 0.01 %; of options only.
    [[nodiscard]] std::optional<std::int64_t> volatility_of(const TradeRecord& trade) const;

    // ---- Indices, sessions, deliveries ----
    [[nodiscard]] const IndexHistory* index_history(UnderlyingId underlying) const LIFETIME_BOUND;
    [[nodiscard]] std::optional<IndexStatistics> index_statistics(UnderlyingId underlying) const;
    [[nodiscard]] std::optional<EstimatedDelivery> estimated_delivery(
        UnderlyingId underlying) const;
    [[nodiscard]] std::optional<EstimatedDelivery> estimated_delivery(UnderlyingId underlying,
                                                                      UnixNanos expiry) const;
    // Oldest first.
    [[nodiscard]] const Window<SettlementRecord>& settlements() const LIFETIME_BOUND {
        return settlements_;
    }
    [[nodiscard]] const Window<DeliveryPrice>& delivery_prices() const LIFETIME_BOUND {
        return delivery_prices_;
    }

  private:
    static constexpr auto archived_state = protocol::InstrumentState::archived;
    // What an underlying has beside its name.
    struct Pair {
        IndexHistory history;
        Expiries expiries;
        Parameters parameters;
    };
    // Where a trade of any instrument is found.
    struct TradePlace {
        std::uint64_t listing = 0;
        std::uint64_t number = 0;
        std::uint64_t id = 0;
        UnixNanos time;
        // So that a question for others passes it without looking there.
        UnderlyingId underlying;
        bool is_option = false;
    };
    // By name, without a copy of it.
    struct NameHash {
        // NOLINTNEXTLINE(readability-identifier-naming): the standard library looks for this name
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const {
            return std::hash<std::string_view>()(name);
        }
    };

    // markets.cpp: from events
    template <class Event>
    void hear(const Event&) {}
    void hear(const protocol::Completed& completed);
    void hear(const protocol::AssetAdded& added);
    void hear(const protocol::UnderlyingAdded& added);
    void hear(const protocol::InstrumentStateChanged& changed);
    void hear(const protocol::InstrumentArchived& archived);
    void hear(const protocol::BandChanged& changed);
    void hear(const protocol::DeliveryPriceSet& set);
    void hear(const protocol::SessionSettled& settled);
    void hear(const protocol::IndexChanged& changed);
    void hear(const protocol::MarkChanged& changed);
    void hear(const protocol::FundingChanged& changed);
    void hear(const protocol::ParameterChanged& changed);
    void hear(const protocol::VenueStateChanged& changed);
    void hear(const protocol::PositionChanged& changed);
    void hear(const protocol::LiquidationStep& step);
    void hear(const protocol::OrderRested& order);
    void hear(const protocol::OrderReduced& order);
    void hear(const protocol::OrderRemoved& order);
    void hear(const protocol::Trade& trade);
    void list(const protocol::InstrumentListed& listed, std::span<const protocol::TickStep> steps);
    void set_level(InstrumentId instrument, protocol::Side side, Ticks price, Lots total);
    [[nodiscard]] TradeRecord record_of(const Market& market, const protocol::Trade& trade) const;
    void add_settlement(const Market& market, SettlementRecord::Kind kind, UnixNanos time,
                        Grid price);
    void add_life(const Market& market, LifeStep step);
    void forget(std::uint64_t listing);

    // The market that has the number, noted as changed in some way; none where there is none.
    [[nodiscard]] Market* touch(InstrumentId instrument, std::uint32_t how);
    void finish(Sequence sequence, UnixNanos time);
    void finish(Market& market);

    // queries.cpp
    [[nodiscard]] const Pair* pair_of(UnderlyingId underlying) const;
    [[nodiscard]] std::optional<Grid> mark_of(std::uint32_t slot) const;
    [[nodiscard]] std::optional<int128> parity_at(const Strike& strike) const;
    [[nodiscard]] std::optional<int128> parity_of(const Expiry& expiry, IndexPrice index) const;
    [[nodiscard]] const TradeRecord* record_at(const TradePlace& place) const;
    // Of each underlying, futures and then options: whether they are selected.
    [[nodiscard]] std::vector<std::array<bool, 2>> selected(const Selection& selection) const;

    Rooms rooms_;
    std::vector<Asset> assets_;
    std::vector<Underlying> underlyings_;
    std::vector<Pair> pairs_;  // by underlying
    Positions positions_;
    protocol::VenueState venue_state_{};

    std::vector<std::unique_ptr<Market>> markets_;  // by slot; the first has none
    std::vector<std::uint32_t> free_;               // slots
    std::vector<std::uint32_t> by_number_;
    std::unordered_map<std::string, std::uint32_t, NameHash, std::equal_to<>> by_name_;
    std::uint32_t listings_ = 0;
    Window<std::uint64_t> archived_;

    Window<TradePlace> trades_;
    Window<SettlementRecord> settlements_;
    Window<DeliveryPrice> delivery_prices_;

    UnixNanos now_;
    Sequence sequence_;
    Changes changes_;
    // Of the command that is being read.
    bool is_reading_ = false;
    std::vector<std::uint32_t> touched_;  // slots
    std::vector<LevelChange> levels_;
    std::vector<std::size_t> level_ends_;  // of each changed book's
    std::optional<AccountId> liquidated_{};
};

}  // namespace miletus::market_data
