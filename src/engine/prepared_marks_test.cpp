// Prepared marks change the time that a command takes, and nothing else: whether none were staged,
// the right ones, or those of other inputs, events and state are the same.
#include "base/byte_sink.hpp"
#include "engine/engine.hpp"
#include "prepared/prepared.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace miletus::engine {
namespace {

using prepared::ListedOption;
using prepared::PreparedMarks;
using protocol::InstallMarks;
using protocol::UpdateSurface;

constexpr std::int64_t usd = 1'000'000;
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t week = 7 * 86'400 * second;
constexpr std::int64_t start = 1'767'254'400 * second;  // 2026-01-01 08:00 UTC
constexpr UnderlyingId btc{0};
constexpr std::int64_t index_first = 100'000 * usd;

Limits small() {
    Limits limits;
    limits.assets = 4;
    limits.underlyings = 2;
    limits.instruments = 16;
    limits.accounts = 8;
    limits.positions = 16;
    limits.orders = 64;
    limits.orders_per_account = 16;
    limits.level_pages = 64;
    limits.directory_entries = 1U << 16U;
    limits.fills_per_command = 8;
    limits.settlements_per_command = 16;
    limits.event_units = 4096;
    return limits;
}

// What is staged before marks are installed.
enum class Staging : std::uint8_t { nothing, the_right, others, of_others_underlying, all_of_it };

class Story {
  public:
    explicit Story(Staging staging) : staging_(staging) {
        issue(protocol::AddAsset{.name = protocol::Name("BTC"), .decimals = 8});
        issue(protocol::AddAsset{.name = protocol::Name("USDC"), .decimals = 6});
        issue(protocol::AddUnderlying{
            .name = protocol::Name("BTC_USDC"), .base = AssetId(0), .quote = AssetId(1)});
        issue(protocol::SetParameter{
            .value = 1, .underlying = btc, .parameter = protocol::Parameter::index_sources_min});
        set_index(index_first);
    }

    void set_index(std::int64_t price) {
        index_ = price;
        const std::vector<protocol::SourcePrice> sources{
            {.price = IndexPrice(price), .time = UnixNanos(time_), .source = 0, .weight = 1}};
        issue(protocol::UpdateIndex{.underlying = btc}, std::span(sources));
    }
    void list(std::int64_t strike) {
        const std::vector<IndexPrice> strikes{IndexPrice(strike * usd)};
        issue(
            protocol::ListOptionSeries{
                .expiry = UnixNanos(start + week), .terms = terms, .underlying = btc},
            std::span(strikes));
        for (const std::int32_t kind : {pricing::call, pricing::put}) {
            const InstrumentId instrument(
                static_cast<std::uint32_t>(result_ + (kind == pricing::call ? 0 : 1)));
            options_.push_back({.expiry = UnixNanos(start + week),
                                .strike = strikes[0],
                                .tick = terms.tick,
                                .tick_value = LotValue(5'000),
                                .instrument = instrument,
                                .kind = kind});
        }
    }
    void close(InstrumentId instrument) {
        issue(protocol::SetInstrumentState{.instrument = instrument,
                                           .state = protocol::InstrumentState::settling});
        std::erase_if(options_,
                      [&](const ListedOption& option) { return option.instrument == instrument; });
    }
    void update_surface(std::int64_t variance) {
        slices_ = {{.expiry = UnixNanos(start + week),
                    .forward = IndexPrice(index_),
                    .a = variance,
                    .b = 1'000'000,
                    .rho = 0,
                    .m = 0,
                    .sigma = 100'000'000'000}};
        issue(UpdateSurface{.underlying = btc}, std::span<const protocol::SurfaceSlice>(slices_));
        surface_ = Sequence(sequence_);
        taken_ = UnixNanos(time_);
        taken_index_ = IndexPrice(index_);
    }
    // The digest of what follows, when it is known.
    void install(Reject expected = Reject::none, protocol::Digest128 digest = {}) {
        stage();
        issue_expecting(expected,
                        InstallMarks{.digest = digest, .surface = surface_, .underlying = btc});
    }
    void restart() {
        struct Bytes final : ByteSink {
            std::vector<std::byte> all;
            void update(std::span<const std::byte> bytes) override {
                all.insert(all.end(), bytes.begin(), bytes.end());
            }
        } bytes;
        engine_->encode_snapshot(bytes);
        engine_ = std::make_unique<Engine>(small());
        EXPECT_TRUE(engine_->restore(bytes.all).has_value());
    }
    [[nodiscard]] const std::vector<Unit>& events() const { return events_; }
    [[nodiscard]] const std::vector<Hash128>& states() const { return states_; }
    [[nodiscard]] std::size_t staged() const { return staged_; }
    [[nodiscard]] std::size_t returned() const { return returned_; }

  private:
    static constexpr protocol::ListingTerms terms{.tick = IndexPrice(5 * usd),
                                                  .lot = Amount(100'000),
                                                  .price_low = Ticks(0),
                                                  .price_high = Ticks(10'000),
                                                  .lots_max = Lots(1'000'000)};

    void stage() {
        const bool is_right = staging_ == Staging::the_right || staging_ == Staging::all_of_it;
        const bool is_other = staging_ == Staging::others || staging_ == Staging::all_of_it;
        if (is_other) {
            lend(btc, IndexPrice(taken_index_.value() + 1));
        }
        if (is_right) {
            lend(btc, taken_index_);
        }
        if (staging_ == Staging::of_others_underlying) {
            lend(UnderlyingId(1), taken_index_);
            lend(UnderlyingId(77), taken_index_);
        }
    }
    void lend(UnderlyingId underlying, IndexPrice index) {
        auto marks = std::make_unique<PreparedMarks>(16);
        std::vector<pricing::Smile> smiles;
        std::ranges::transform(slices_, std::back_inserter(smiles), prepared::smile_from);
        const pricing::MarkFault fault = marks->prepare({.underlying = underlying,
                                                         .now = taken_,
                                                         .index = index,
                                                         .smiles = smiles,
                                                         .options = options_});
        EXPECT_EQ(fault, pricing::MarkFault::none);
        returned_ += engine_->stage(std::move(marks)) != nullptr ? 1U : 0U;
        ++staged_;
    }

    template <class Message, class... Entries>
    void issue(const Message& message, const Entries&... entries) {
        issue_expecting(Reject::none, message, entries...);
    }
    template <class Message, class... Entries>
    void issue_expecting(Reject expected, Message message, const Entries&... entries) {
        ++sequence_;
        time_ += second / 100;
        message.header = {.ingress_time = UnixNanos(time_),
                          .sequence = Sequence(sequence_),
                          .time = UnixNanos(time_)};
        std::vector<Unit> units(
            protocol::units_of<Message>((0U + ... + static_cast<std::uint32_t>(entries.size()))));
        engine_->apply(protocol::encode(message, entries..., units));
        engine_->events().visit_from(engine_->events().start(), [&](std::span<const Unit> event) {
            events_.insert(events_.end(), event.begin(), event.end());
            if (const auto& header = view_as<protocol::EventHeader>(event);
                header.type == static_cast<std::uint8_t>(protocol::EventType::completed)) {
                const auto& completed = protocol::view<protocol::Completed>(event);
                EXPECT_EQ(completed.reject, expected) << name(completed.reject);
                result_ = completed.result;
            }
        });
        states_.push_back(engine_->state_hash());
        engine_->check_invariants();
    }

    Staging staging_;
    std::unique_ptr<Engine> engine_ = std::make_unique<Engine>(small());
    std::vector<ListedOption> options_;
    std::vector<protocol::SurfaceSlice> slices_;
    Sequence surface_;
    UnixNanos taken_;
    IndexPrice taken_index_;
    std::int64_t index_ = 0;
    std::uint64_t sequence_ = 0;
    std::int64_t time_ = start;
    std::uint64_t result_ = 0;
    std::vector<Unit> events_;
    std::vector<Hash128> states_;
    std::size_t staged_ = 0;
    std::size_t returned_ = 0;
};

Story told_with(Staging staging) {
    Story story(staging);
    story.list(100'000);
    story.list(110'000);
    story.update_surface(5'000'000'000);
    story.set_index(100'700 * usd);
    story.install(Reject::marks_differ, {.high = 1, .low = 2});
    story.install();
    story.install();  // once more, the same
    story.set_index(99'000 * usd);
    story.update_surface(6'000'000'000);
    story.install();
    story.update_surface(7'000'000'000);
    story.list(120'000);
    story.install(Reject::no_such_surface);
    story.update_surface(7'500'000'000);
    story.close(InstrumentId(2));
    story.install(Reject::no_such_surface);
    story.update_surface(8'000'000'000);
    story.install();
    story.update_surface(8'500'000'000);
    story.restart();
    story.install();
    story.set_index(100'001 * usd);
    story.update_surface(9'000'000'000);
    story.install();
    return story;
}

bool are_equal(const std::vector<Unit>& left, const std::vector<Unit>& right) {
    return std::ranges::equal(std::as_bytes(std::span(left)), std::as_bytes(std::span(right)));
}

TEST(PreparedMarks, change_no_event_and_no_state) {
    const Story plain = told_with(Staging::nothing);
    EXPECT_EQ(plain.staged(), 0U);
    for (const Staging staging :
         {Staging::the_right, Staging::others, Staging::of_others_underlying, Staging::all_of_it}) {
        const Story story = told_with(staging);
        EXPECT_GT(story.staged(), 0U);
        EXPECT_EQ(plain.states(), story.states()) << static_cast<int>(staging);
        EXPECT_TRUE(are_equal(plain.events(), story.events())) << static_cast<int>(staging);
    }
}

// Marks that are in force are kept: the second ones find an empty place. Others make way.
TEST(PreparedMarks, are_taken_where_they_are_right) {
    for (const Staging staging : {Staging::the_right, Staging::others}) {
        Story story(staging);
        story.list(100'000);
        for (const std::int64_t variance : {5'000'000'000, 6'000'000'000}) {
            story.update_surface(variance);
            story.install();
        }
        EXPECT_EQ(story.staged(), 2U);
        EXPECT_EQ(story.returned(), staging == Staging::the_right ? 0U : 1U);
    }
}

// So that the test above means something: other marks are other state.
TEST(PreparedMarks, of_another_surface_are_another_state) {
    Story one(Staging::nothing);
    Story other(Staging::nothing);
    for (Story* story : {&one, &other}) {
        story->list(100'000);
        story->update_surface(story == &one ? 5'000'000'000 : 5'000'000'001);
        story->install();
    }
    EXPECT_NE(one.states().back(), other.states().back());
}

}  // namespace
}  // namespace miletus::engine
