// Markets: what events tell of underlyings, their options and dated futures: terms, states, the
// index, and the best bid and ask of each book.
#pragma once

#include "base/unit_buffer.hpp"
#include "base/units.hpp"
#include "protocol/messages.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace miletus::marks {

struct Underlying {
    protocol::Name name;
    AssetId base;
    AssetId quote;
    IndexPrice index;
    protocol::IndexState state = protocol::IndexState::none;
};

class Instrument {
  public:
    UnderlyingId underlying;
    protocol::InstrumentKind kind = protocol::InstrumentKind::future;
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    UnixNanos expiry;
    IndexPrice strike;
    IndexPrice tick;
    LotValue tick_value;  // of one lot

    void set_level(protocol::Side side, Ticks price, Lots total);
    [[nodiscard]] std::optional<Ticks> best_bid() const;
    [[nodiscard]] std::optional<Ticks> best_ask() const;

    [[nodiscard]] bool is_option() const {
        return kind == protocol::InstrumentKind::call || kind == protocol::InstrumentKind::put;
    }
    [[nodiscard]] bool is_alive() const {
        return state != protocol::InstrumentState::settling &&
               state != protocol::InstrumentState::settled;
    }
    [[nodiscard]] bool is_trading() const {
        return state == protocol::InstrumentState::open ||
               state == protocol::InstrumentState::reduce_only;
    }

  private:
    std::map<Ticks, Lots> bids_;
    std::map<Ticks, Lots> asks_;
};

class Markets {
  public:
    // The next event, in order; most tell nothing here.
    void read(std::span<const Unit> event);

    [[nodiscard]] const std::map<UnderlyingId, Underlying>& underlyings() const LIFETIME_BOUND {
        return underlyings_;
    }
    // By their numbers; perpetuals are not among them.
    [[nodiscard]] const std::map<InstrumentId, Instrument>& instruments() const LIFETIME_BOUND {
        return instruments_;
    }

  private:
    template <class Event>
    void hear(const Event&) {}
    void hear(const protocol::AssetAdded& added);
    void hear(const protocol::UnderlyingAdded& added);
    void hear(const protocol::IndexChanged& changed);
    void hear(const protocol::InstrumentListed& listed);
    void hear(const protocol::InstrumentStateChanged& changed);
    void hear(const protocol::InstrumentArchived& archived);
    void hear(const protocol::OrderRested& order);
    void hear(const protocol::OrderReduced& order);
    void hear(const protocol::OrderRemoved& order);
    void hear(const protocol::Trade& trade);
    void set_level(InstrumentId instrument, protocol::Side side, Ticks price, Lots total);

    std::map<AssetId, std::uint32_t> decimals_;
    std::map<UnderlyingId, Underlying> underlyings_;
    std::map<InstrumentId, Instrument> instruments_;
};

}  // namespace miletus::marks
