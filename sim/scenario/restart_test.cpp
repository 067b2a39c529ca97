// A venue that is killed in the middle of what takes many commands: from the log, or from a
// snapshot taken there and the rest of the log, it comes to the state of one that never stopped.
#include "sim/scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace miletus::scenario {

namespace {

struct Bytes final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> more) override {
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
};

// From what begins it, a line or what one tells, to what ends it.
struct Middle {
    std::string_view file;
    std::string_view begin;
    std::string_view end;
};

// A golden history, and where in its log the middle lies, in units.
class History {
  public:
    explicit History(const Middle& middle) : middle_(middle) { play_file(middle.file); }

    [[nodiscard]] const Limits& limits() const { return scenario_.limits(); }
    [[nodiscard]] std::span<const Unit> log() const { return scenario_.log(); }
    [[nodiscard]] Hash128 state() { return scenario_.engine().state_hash(); }
    // Ends of commands in the middle, as many at most, evenly spread.
    [[nodiscard]] std::vector<std::size_t> cuts(std::size_t most) const {
        std::vector<std::size_t> all;
        for (std::size_t at = 0; at < log().size();) {
            at += protocol::view<protocol::CommandHeader>(log().subspan(at)).units;
            if (at >= begin_ && at < end_) {
                all.push_back(at);
            }
        }
        std::vector<std::size_t> some;
        const std::size_t step = std::max<std::size_t>(1, all.size() / most);
        for (std::size_t at = 0; at < all.size(); at += step) {
            some.push_back(all[at]);
        }
        return some;
    }

  private:
    void play_file(std::string_view name) {
        std::ifstream file("tests/golden/" + std::string(name));
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("include ")) {
                play_file(line.substr(8));
            } else if (!line.starts_with("    ")) {
                play(line);
            }
        }
    }
    void play(const std::string& line) {
        const std::size_t before = log().size();
        const auto told = scenario_.play(line);
        ASSERT_TRUE(told.has_value()) << line;
        const auto says = [&](std::string_view words) {
            return line.starts_with(words) ||
                   std::ranges::any_of(
                       *told, [words](const std::string& each) { return each.starts_with(words); });
        };
        if (begin_ == 0 && says(middle_.begin)) {
            begin_ = log().size();
        } else if (begin_ != 0 && end_ == 0 && says(middle_.end)) {
            end_ = before + 1;
        }
    }

    Middle middle_;
    Scenario scenario_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

void restart_in_the_middle(const Middle& middle) {
    History history(middle);
    const std::vector<std::size_t> cuts = history.cuts(16);
    ASSERT_FALSE(cuts.empty()) << middle.file;
    for (const std::size_t cut : cuts) {
        engine::Engine killed(history.limits());
        killed.apply_all(history.log().first(cut));
        Bytes snapshot;
        killed.encode_snapshot(snapshot);
        engine::Engine restored(history.limits());
        ASSERT_TRUE(restored.restore(snapshot.bytes).has_value());
        EXPECT_EQ(restored.state_hash(), killed.state_hash()) << "unit " << cut;
        restored.apply_all(history.log().subspan(cut));
        EXPECT_EQ(restored.state_hash(), history.state()) << "unit " << cut;
        killed.apply_all(history.log().subspan(cut));
        EXPECT_EQ(killed.state_hash(), history.state()) << "unit " << cut;
    }
}

TEST(Restart, in_the_middle_of_a_funding_interval) {
    restart_in_the_middle({.file = "funding.test",
                           .begin = "funding BTC_USDC-PERPETUAL 0.375 %",
                           .end = "funding alice"});
}

TEST(Restart, in_the_middle_of_a_delivery_average) {
    restart_in_the_middle({.file = "delivery.test",
                           .begin = "wait until 2026-03-01T07:44:59 by 1s",
                           .end = "delivery BTC_USDC-1MAR26"});
}

TEST(Restart, in_the_middle_of_a_settlement) {
    restart_in_the_middle({.file = "session.test",
                           .begin = "balance alice +1 USDC = 2 USDC (settlement)",
                           .end = "session of 2026-03-01T08:00:00 settled"});
}

TEST(Restart, in_the_middle_of_a_liquidation) {
    restart_in_the_middle({.file = "liquidation.test",
                           .begin = "liquidation erin begins",
                           .end = "liquidation erin ends"});
}

}  // namespace

}  // namespace miletus::scenario
