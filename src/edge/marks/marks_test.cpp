// The worker between its rings: events that are durable in, commands out.
#include "edge/marks/marks.hpp"

#include "edge/marks/event_stream_test.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace miletus::marks {
namespace {

class MarksWorkerTest : public testing::Test {
  protected:
    // Commands that have come to the sequencer.
    std::vector<std::vector<Unit>> commands() {
        std::vector<std::vector<Unit>> all;
        worker.intake().poll([&all](std::span<const Unit> command, bool) {
            all.emplace_back(command.begin(), command.end());
            return true;
        });
        return all;
    }
    void write(std::span<const Unit> event) {
        const auto units = ring.try_append(static_cast<std::uint32_t>(event.size()));
        ASSERT_TRUE(units.has_value());
        std::ranges::copy(event, units->begin());
        ring.publish();
    }

    Ring ring{1024, protocol::units_max(), 1};
    std::atomic<std::uint64_t> durable{0};
    MarksWorker worker{{.underlyings = {{.name = protocol::Name("BTC_USDC"),
                                         .fixed = FixedSurface{.vol = 500'000}}}},
                       protocol::DurableReader(ring.buffer(), ring.gate(), 0, durable)};
    EventStream stream{[this](std::span<const Unit> event) {
        write(event);
    }};
};

TEST_F(MarksWorkerTest, reads_what_is_durable_and_asks) {
    EXPECT_FALSE(worker.do_work());
    stream.tell_assets();
    stream.tell_index(100'000 * coin);
    stream.list(1, protocol::InstrumentKind::call, start + Nanos(day), 100'000 * coin);
    stream.complete(start);
    EXPECT_FALSE(worker.do_work());
    EXPECT_TRUE(commands().empty());
    durable = 1;
    EXPECT_TRUE(worker.do_work());
    const auto asked = commands();
    ASSERT_EQ(asked.size(), 1U);
    stream.tell(protocol::SurfaceUpdated{.underlying = btc, .expiries = 1});
    stream.complete(start, protocol::view<protocol::UpdateSurface>(asked[0]).header);
    EXPECT_FALSE(worker.do_work());
    durable = 2;
    EXPECT_TRUE(worker.do_work());
    const auto installed = commands();
    ASSERT_EQ(installed.size(), 1U);
    EXPECT_EQ(protocol::view<protocol::InstallMarks>(installed[0]).surface, Sequence(2));
    EXPECT_EQ(worker.counts().installed, 1U);
    EXPECT_FALSE(worker.do_work());
}

}  // namespace
}  // namespace miletus::marks
