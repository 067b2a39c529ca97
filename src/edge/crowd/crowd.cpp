// In turn: what came, what is to be set up, prices, the opening, quotes, orders.
#include "edge/crowd/crowd.hpp"

#include "edge/crowd/fair.hpp"

namespace miletus::crowd {

using protocol::EventType;
using protocol::view;

namespace {

constexpr Nanos between_openings{100'000'000};
constexpr AccountId operators{0};

constexpr Mood::Pace premium_pace{.step = 40, .home = 240};
constexpr Mood::Pace volatility_pace{.step = 600, .home = 1200};

}  // namespace

Crowd::Crowd(const Settings& settings, protocol::DurableReader& events, protocol::Intake& intake)
    : settings_(settings),
      events_(events),
      prng_(settings.seed),
      outbox_(intake,
              {.per_second = settings.commands_per_second, .at_once = settings.commands_at_once}),
      market_(settings_),
      setup_(settings_),
      makers_(settings_),
      takers_(settings_) {
    ASSERT(!mistake_in(settings).has_value());
    for (const UnderlyingSettings& underlying : settings_.underlyings) {
        sentiments_.push_back({.walk = Walk(underlying.price, underlying.volatility),
                               .premium = Mood(premium_pace),
                               .volatility = Mood(volatility_pace)});
    }
}

// ---- What comes in ----

void Crowd::read(std::span<const Unit> event) {
    market_.read(event);
    makers_.read(event);
    takers_.read(event);
    const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
    if (type == EventType::completed) {
        setup_.read(view<protocol::Completed>(event));
    } else if (type == EventType::index_changed) {
        hear(view<protocol::IndexChanged>(event));
    } else if (type == EventType::venue_state_changed) {
        hear(view<protocol::VenueStateChanged>(event));
    } else if (type == EventType::epoch_started) {
        has_begun_ = true;  // whatever stood before: a start takes cancels only
        has_opened_ = false;
        is_open_ = false;
    }
}

// A price that stood before goes on from there.
void Crowd::hear(const protocol::IndexChanged& changed) {
    const auto found = market_.underlyings().find(changed.underlying);
    if (found == market_.underlyings().end()) {
        return;
    }
    Sentiment& sentiment = sentiments_[found->second.settings];
    if (!sentiment.has_moved) {
        sentiment.walk.resume_at(changed.price);
    }
}

void Crowd::hear(const protocol::VenueStateChanged& changed) {
    is_open_ = has_begun_ && changed.state == protocol::VenueState::normal;
    has_opened_ = has_opened_ || is_open_;
}

std::uint64_t Crowd::take_in() {
    return events_.poll([this](std::span<const Unit> event) {
        read(event);
        return true;
    });
}

bool Crowd::is_alive() const {
    std::size_t options = 0;
    std::size_t quoted_options = 0;
    for (const auto& [id, instrument] : market_.instruments()) {
        const bool is_quoted = makers_.is_quoted(id);
        if (!instrument.is_option() && !is_quoted &&
            instrument.state <= protocol::InstrumentState::open) {
            return false;
        }
        options += std::size_t{instrument.is_option()};
        quoted_options += std::size_t{instrument.is_option() && is_quoted};
    }
    return is_open_ && quoted_options * 10 > options * 7;
}

void Crowd::read_on() {
    static_cast<void>(take_in());
}

// ---- What goes out ----

// The log's time comes with the first command of every process.
bool Crowd::do_work(UnixNanos now) {
    const std::uint64_t taken = take_in();
    if (market_.time() == UnixNanos(0)) {
        return taken != 0;
    }
    outbox_.set_time(std::max(now, market_.time()));
    bool has_sent = setup_.do_work(market_, outbox_);
    has_sent |= send_prices(now);
    has_sent |= open_venue(now);
    has_sent |= quote(now);
    if (is_open_) {
        has_sent |= takers_.do_work(market_, outbox_, prng_, now);
    }
    outbox_.publish();
    return taken != 0 || has_sent;
}

bool Crowd::send_prices(UnixNanos now) {
    if (now < prices_due_ || market_.underlyings().size() != settings_.underlyings.size()) {
        return false;
    }
    prices_due_ = now + settings_.index_interval;
    bool has_sent = false;
    for (const auto& [id, underlying] : market_.underlyings()) {
        Sentiment& sentiment = sentiments_[underlying.settings];
        sentiment.walk.step(prng_, settings_.index_interval);
        sentiment.premium.step(prng_);
        sentiment.volatility.step(prng_);
        sentiment.has_moved = true;
        const auto quotes = sentiment.walk.quotes();
        has_sent |= outbox_
                        .send(protocol::UpdateIndex{.underlying = id},
                              {.account = operators, .session = settings_.session},
                              std::span<const protocol::SourcePrice>(quotes))
                        .has_value();
    }
    return has_sent;
}

// Once: who closes it afterwards has a reason. As long as orders of an earlier process are swept,
// it does not open.
bool Crowd::open_venue(UnixNanos now) {
    if (has_opened_ || !setup_.is_done() || now < opening_due_) {
        return false;
    }
    opening_due_ = now + between_openings;
    return outbox_
        .send(protocol::SetVenueState{.state = protocol::VenueState::normal},
              {.account = operators, .session = settings_.session})
        .has_value();
}

// Perpetuals and futures first, which move the most; options in turn.
bool Crowd::quote(UnixNanos now) {
    if (!is_open_ || now < look_due_ || !makers_.introduce(outbox_)) {
        return false;
    }
    look_due_ = now + settings_.look_interval;
    const std::uint64_t before = outbox_.sent();
    const auto is_linear = [](InstrumentId, const Instrument& each) {
        return !each.is_option();
    };
    const auto is_behind = [this](InstrumentId id, const Instrument& each) {
        return each.is_option() && id >= next_;
    };
    if (quote_some(is_linear, now) && quote_some(is_behind, now)) {
        next_ = InstrumentId(0);
    }
    return outbox_.sent() != before;
}

template <class IsWanted>
bool Crowd::quote_some(IsWanted is_wanted, UnixNanos now) {
    for (const auto& [id, instrument] : market_.instruments()) {
        if (is_wanted(id, instrument) && !quote_one(id, instrument, now)) {
            next_ = instrument.is_option() ? id : next_;
            return false;
        }
    }
    return true;
}

bool Crowd::quote_one(InstrumentId id, const Instrument& instrument, UnixNanos now) {
    const Underlying& underlying = market_.underlyings().at(instrument.underlying);
    const Sentiment& sentiment = sentiments_[underlying.settings];
    const std::optional<Fair> fair = fair_of(
        instrument, underlying.index, settings_.underlyings[underlying.settings],
        {.premium = sentiment.premium.value(), .volatility = sentiment.volatility.value()}, now);
    return !fair || underlying.state != protocol::IndexState::good ||
           makers_.quote(id, instrument, *fair, market_, outbox_, prng_, now);
}

}  // namespace miletus::crowd
