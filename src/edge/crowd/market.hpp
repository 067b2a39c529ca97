// Market: what the events tell of assets, underlyings and instruments, as far as the crowd needs
// it.
#pragma once

#include "edge/crowd/settings.hpp"
#include "protocol/codec.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace miletus::crowd {

struct Underlying {
    std::size_t settings = 0;  // its place there
    IndexPrice index;
    protocol::IndexState state = protocol::IndexState::none;
};

struct Instrument {
    UnderlyingId underlying;
    protocol::InstrumentKind kind{};
    UnixNanos expiry;
    IndexPrice strike;
    protocol::ListingTerms terms;
    protocol::InstrumentState state = protocol::InstrumentState::pre_open;
    bool has_mark = false;

    [[nodiscard]] bool is_option() const {
        return kind == protocol::InstrumentKind::call || kind == protocol::InstrumentKind::put;
    }
    // Orders of a new risk are taken.
    [[nodiscard]] bool is_trading() const {
        return state == protocol::InstrumentState::open && has_mark;
    }
};

class Market {
  public:
    explicit Market(const Settings& settings) : settings_(settings) {}

    void read(std::span<const Unit> event);

    [[nodiscard]] UnixNanos time() const { return time_; }  // of the last command; 0 before
    [[nodiscard]] std::optional<AssetId> asset(std::string_view name) const;
    [[nodiscard]] std::optional<UnderlyingId> underlying(std::string_view name) const;
    [[nodiscard]] const std::map<UnderlyingId, Underlying>& underlyings() const LIFETIME_BOUND {
        return underlyings_;
    }
    [[nodiscard]] const std::map<InstrumentId, Instrument>& instruments() const LIFETIME_BOUND {
        return instruments_;
    }
    // Lots that are worth so much of the quote asset, in 1e-6; one at least, and no more than an
    // order may have.
    [[nodiscard]] Lots lots_worth(const Instrument& instrument, std::int64_t worth) const;

  private:
    void hear(const protocol::Completed& completed);
    void hear(const protocol::AssetAdded& added);
    void hear(const protocol::UnderlyingAdded& added);
    void hear(const protocol::IndexChanged& changed);
    void hear(const protocol::InstrumentListed& listed);
    void hear(const protocol::InstrumentStateChanged& changed);
    void hear(const protocol::InstrumentArchived& archived);
    void hear(const protocol::MarkChanged& changed);
    template <class Other>
    void hear(const Other& /*event*/) {}

    const Settings& settings_;
    UnixNanos time_;
    std::map<std::string, AssetId, std::less<>> assets_;
    std::map<UnderlyingId, Underlying> underlyings_;
    std::map<InstrumentId, Instrument> instruments_;
};

}  // namespace miletus::crowd
