// Whoever is told what stands knows as much as one who read every event.
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace miletus::engine {
namespace {

using protocol::EventType;
using protocol::Side;
using protocol::view;

struct KnownInstrument {
    std::string name;
    UnderlyingId underlying;
    UnixNanos expiry;
    IndexPrice strike;
    Ticks price_high;
    std::size_t steps = 0;
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    std::optional<std::pair<Ticks, Ticks>> band{};
    std::map<std::pair<Side, Ticks>, Lots> levels{};
    friend bool operator==(const KnownInstrument&, const KnownInstrument&) = default;
};

// What a reader keeps of the events, in plain maps.
class Reader {
  public:
    void read(std::span<const Unit> event) {
        const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
        if (type == EventType::asset_added) {
            const auto& added = view<protocol::AssetAdded>(event);
            assets_[added.asset] = {std::string(added.name.view()), added.decimals};
        } else if (type == EventType::underlying_added) {
            const auto& added = view<protocol::UnderlyingAdded>(event);
            underlyings_[added.underlying] = {std::string(added.name.view()), added.base,
                                              added.quote};
        } else if (type == EventType::index_changed) {
            const auto& changed = view<protocol::IndexChanged>(event);
            indices_[changed.underlying] = {changed.price, changed.state, changed.sources};
        } else {
            read_instrument(type, event);
        }
    }
    [[nodiscard]] std::size_t instruments() const { return instruments_.size(); }
    [[nodiscard]] std::size_t levels() const {
        std::size_t count = 0;
        for (const auto& [number, instrument] : instruments_) {
            count += instrument.levels.size();
        }
        return count;
    }
    friend bool operator==(const Reader&, const Reader&) = default;

  private:
    void read_instrument(EventType type, std::span<const Unit> event) {
        if (type == EventType::instrument_listed) {
            const auto& listed = view<protocol::InstrumentListed>(event);
            instruments_[listed.instrument] = {.name = std::string(listed.name.view()),
                                               .underlying = listed.underlying,
                                               .expiry = listed.expiry,
                                               .strike = listed.strike,
                                               .price_high = listed.terms.price_high,
                                               .steps = listed.group_count};
        } else if (type == EventType::instrument_state_changed) {
            const auto& changed = view<protocol::InstrumentStateChanged>(event);
            instruments_[changed.instrument].state = changed.state;
        } else if (type == EventType::instrument_archived) {
            instruments_.erase(view<protocol::InstrumentArchived>(event).instrument);
        } else if (type == EventType::band_changed) {
            const auto& changed = view<protocol::BandChanged>(event);
            instruments_[changed.instrument].band = {changed.low, changed.high};
        } else {
            read_book(type, event);
        }
    }
    void read_book(EventType type, std::span<const Unit> event) {
        if (type == EventType::order_rested) {
            set_level(view<protocol::OrderRested>(event));
        } else if (type == EventType::order_reduced) {
            set_level(view<protocol::OrderReduced>(event));
        } else if (type == EventType::order_removed) {
            set_level(view<protocol::OrderRemoved>(event));
        } else if (type == EventType::trade) {
            protocol::OrderRested maker;
            const auto& trade = view<protocol::Trade>(event);
            maker.instrument = trade.instrument;
            maker.side = trade.taker_side == Side::buy ? Side::sell : Side::buy;
            maker.price = trade.price;
            maker.level_total = trade.level_total;
            set_level(maker);
        }
    }
    template <class Event>
    void set_level(const Event& event) {
        auto& levels = instruments_[event.instrument].levels;
        const std::pair place(event.side, event.price);
        if (event.level_total == Lots(0)) {
            levels.erase(place);
        } else {
            levels[place] = event.level_total;
        }
    }

    std::map<AssetId, std::pair<std::string, std::uint32_t>> assets_;
    std::map<UnderlyingId, std::tuple<std::string, AssetId, AssetId>> underlyings_;
    std::map<UnderlyingId, std::tuple<IndexPrice, protocol::IndexState, std::uint8_t>> indices_;
    std::map<InstrumentId, KnownInstrument> instruments_;
};

TEST(Standing, tells_as_much_as_every_event_did) {
    std::size_t instruments_most = 0;
    std::size_t levels_most = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CommandStream stream(seed);
        Engine engine(stream_limits());
        Reader of_all;
        for (std::size_t at = 0; at < 3000; ++at) {
            engine.apply(stream.next());
            engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
                stream.learn(event);
                of_all.read(event);
            });
            if (at % 100 != 0) {
                continue;
            }
            Reader of_standing;
            engine.tell_standing(
                [&of_standing](std::span<const Unit> event) { of_standing.read(event); });
            ASSERT_EQ(of_standing, of_all) << "seed " << seed << ", command " << at;
            instruments_most = std::max(instruments_most, of_all.instruments());
            levels_most = std::max(levels_most, of_all.levels());
        }
    }
    EXPECT_GT(instruments_most, 3U);
    EXPECT_GT(levels_most, 10U);
}

}  // namespace
}  // namespace miletus::engine
