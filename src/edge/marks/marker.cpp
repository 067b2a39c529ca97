// Which command is whose: by the session's numbers, which go on from the log's time, so that they
// rise across starts.
#include "edge/marks/marker.hpp"

#include "protocol/codec.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace miletus::marks {

using prepared::ListedOption;
using prepared::PreparedMarks;
using pricing::Smile;
using protocol::EventType;
using protocol::view;

namespace {

constexpr Nanos usual_time{30 * std::int64_t{86'400'000'000'000}};

// Of the smile nearest to the usual time ahead.
std::optional<std::int64_t> volatility_of(std::span<const Smile> smiles, UnixNanos now) {
    const auto smile = std::ranges::min_element(smiles, {}, [now](const Smile& each) {
        return std::abs((each.expiry - now - usual_time).value());
    });
    const double years = smile == smiles.end() ? 0 : pricing::years_between(now, smile->expiry);
    if (years <= 0) {
        return std::nullopt;
    }
    const double variance = pricing::total_variance(svi_of(*smile), 0) / years;
    return std::llround(std::sqrt(variance) * static_cast<double>(pricing::vol_parts));
}

}  // namespace

Marker::Marker(const Settings& settings) : settings_(settings) {
    ASSERT(settings.interval > Nanos(0));
}

void Marker::read(std::span<const Unit> event) {
    markets_.read(event);
    const auto type = static_cast<EventType>(view<protocol::EventHeader>(event).type);
    if (type == EventType::underlying_added) {
        hear(view<protocol::UnderlyingAdded>(event));
    } else if (type == EventType::completed) {
        hear(view<protocol::Completed>(event));
    }
}

void Marker::hear(const protocol::UnderlyingAdded& added) {
    const auto found =
        std::ranges::find(settings_.underlyings, added.name, &UnderlyingSettings::name);
    if (found != settings_.underlyings.end()) {
        marked_.try_emplace(added.underlying, Marked{.maker = {found->fixed, settings_.memory}});
    }
}

void Marker::hear(const protocol::Completed& completed) {
    now_ = completed.time;
    const bool may_be_ours =
        completed.session == settings_.session && completed.account == AccountId(0);
    if (!may_be_ours) {
        return;
    }
    // A number that an earlier life used is told that one's answer.
    const bool is_taken = completed.reject == Reject::none && completed.first == Sequence(0);
    for (auto& [underlying, marked] : marked_) {
        if (marked.asked && marked.asked->number == completed.client_sequence) {
            const Asked asked = std::move(*marked.asked);
            marked.asked.reset();
            if (is_taken) {
                marked.volatility = volatility_of(asked.smiles, now_);
                install_marks(underlying, asked, completed);
            } else {
                ++counts_.refused;
            }
        }
    }
}

bool Marker::make_surfaces() {
    // What stands was told without a time; and numbers come from it.
    if (now_ == UnixNanos(0)) {
        return false;
    }
    // As long as commands wait for room, newer ones would only be later.
    bool has_made = false;
    for (auto& [underlying, marked] : marked_) {
        if (waiting_.empty() && !marked.asked && now_ >= marked.due) {
            has_made |= make_surface(underlying, marked);
        }
    }
    return has_made;
}

// At whole multiples of the interval, as near as commands come to them.
bool Marker::make_surface(UnderlyingId underlying, Marked& marked) {
    const std::int64_t interval = settings_.interval.value();
    marked.due = UnixNanos((now_.value() / interval + 1) * interval);
    const protocol::IndexState state = markets_.underlyings().at(underlying).state;
    if (state == protocol::IndexState::none || state == protocol::IndexState::frozen) {
        return false;
    }
    MadeSurface made = marked.maker.make(markets_, underlying, now_);
    counts_.dropped_smiles += made.dropped;
    if (made.smiles.empty()) {
        return false;
    }
    ask_for_surface(underlying, marked, std::move(made.smiles));
    return true;
}

void Marker::ask_for_surface(UnderlyingId underlying, Marked& marked, std::vector<Smile> smiles) {
    std::vector<protocol::SurfaceSlice> slices(smiles.size());
    std::ranges::transform(smiles, slices.begin(), prepared::slice_from);
    const protocol::UpdateSurface surface{.header = next_header(), .underlying = underlying};
    std::vector<Unit> command(
        protocol::units_of<protocol::UpdateSurface>(static_cast<std::uint32_t>(slices.size())));
    protocol::encode(surface, std::span<const protocol::SurfaceSlice>(slices), command);
    waiting_.push_back(std::move(command));
    marked.asked = {.number = surface.header.client_sequence, .smiles = std::move(smiles)};
    ++counts_.surfaces;
}

// Of the moment at which the venue took the surface: its time, its index, what was listed.
void Marker::install_marks(UnderlyingId underlying, const Asked& asked,
                           const protocol::Completed& completed) {
    const std::vector<ListedOption> options = options_of(underlying);
    make_room(options.size());
    const pricing::MarkFault fault =
        room_->prepare({.underlying = underlying,
                        .now = completed.time,
                        .index = markets_.underlyings().at(underlying).index,
                        .smiles = asked.smiles,
                        .options = options});
    if (fault != pricing::MarkFault::none) {
        ++counts_.refused;
        return;
    }
    const Hash128 digest = room_->digest();
    if (hand_over_ != nullptr) {
        static_cast<void>(hand_over_->offer(room_));  // where too many are away, it does without
    }
    std::vector<Unit> command(protocol::units_of<protocol::InstallMarks>(0));
    protocol::encode(protocol::InstallMarks{.header = next_header(),
                                            .digest = {.high = digest.high, .low = digest.low},
                                            .surface = completed.header.sequence,
                                            .underlying = underlying},
                     command);
    waiting_.push_back(std::move(command));
    ++counts_.installed;
}

// Some more than are wanted now, so that the next listings fit as well.
void Marker::make_room(std::size_t options) {
    if (room_ == nullptr && hand_over_ != nullptr) {
        room_ = hand_over_->take_back();
    }
    if (room_ == nullptr || room_->options_max() < options) {
        room_ = std::make_unique<PreparedMarks>(std::bit_ceil(options + 1));
    }
}

std::optional<std::int64_t> Marker::volatility(const protocol::Name& underlying) const {
    for (const auto& [number, known] : markets_.underlyings()) {
        const auto found = marked_.find(number);
        if (known.name == underlying && found != marked_.end()) {
            return found->second.volatility;
        }
    }
    return std::nullopt;
}

// By their numbers, as the venue itself goes through them.
std::vector<ListedOption> Marker::options_of(UnderlyingId underlying) const {
    std::vector<ListedOption> options;
    for (const auto& [number, instrument] : markets_.instruments()) {
        if (instrument.underlying != underlying || !instrument.is_option() ||
            !instrument.is_alive()) {
            continue;
        }
        const bool is_call = instrument.kind == protocol::InstrumentKind::call;
        options.push_back({.expiry = instrument.expiry,
                           .strike = instrument.strike,
                           .tick = instrument.tick,
                           .tick_value = instrument.tick_value,
                           .instrument = number,
                           .kind = is_call ? pricing::call : pricing::put});
    }
    return options;
}

protocol::CommandHeader Marker::next_header() {
    const auto time = static_cast<std::uint64_t>(now_.value());
    number_ = ClientSequence(std::max(number_.value() + 1, time));
    protocol::CommandHeader header;
    header.session = settings_.session;
    header.client_sequence = number_;
    return header;
}

}  // namespace miletus::marks
