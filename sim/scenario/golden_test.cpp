// Plays every tests/golden/*.test: commands stand at the margin, what they must tell stands
// indented below. After each line all invariants hold, and the state is what it would be after a
// restart from a snapshot before it. What is refused, or told its answer again, leaves the state as
// if only its time had passed. With MILETUS_GOLDEN_UPDATE set, the files are rewritten with what
// was told; read the difference before trust.
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace miletus::scenario {

namespace {

constexpr std::string_view indent = "    ";

std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    return lines;
}

struct Snapshot final : ByteSink {
    std::vector<std::byte> bytes;
    void update(std::span<const std::byte> more) override {
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
};

bool is_told(std::string_view line) {
    return line.starts_with(indent);
}

// Plays the lines and returns them with what they told in place of what they should have told.
class Player {
  public:
    explicit Player(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::vector<std::string> play(const std::vector<std::string>& lines) {
        std::vector<std::string> played;
        for (const std::string& line : lines) {
            if (is_told(line)) {
                continue;
            }
            played.push_back(line);
            for (const std::string& told : play(line)) {
                played.push_back(std::string(indent) + told);
            }
        }
        return played;
    }

  private:
    std::vector<std::string> play(const std::string& line) {
        if (line.starts_with("include ")) {
            const std::vector<std::string> lines = lines_of(folder_ / line.substr(8));
            EXPECT_FALSE(lines.empty()) << line;
            for (const std::string& inner : lines) {
                expect_done(inner, play(inner));
            }
            return {};
        }
        // Comments may stand before the limits, and the engine starts with what comes next.
        if (words_of(line).empty() || line.starts_with("limits ")) {
            return told(line);
        }
        Snapshot before;
        scenario_.engine().encode_snapshot(before);
        const std::size_t sent = scenario_.log().size();
        const bool is_passed_over = std::exchange(passes_over_, line == "pass_over");
        const std::vector<std::string> lines = told(line);
        scenario_.engine().check_invariants();
        const bool is_refused = !lines.empty() && lines.front().starts_with("refused: ");
        const bool is_again = !lines.empty() && lines.front().starts_with("again: ");
        // A session keeps its answers, refusals too.
        const bool is_kept = is_refused && line.find(" sent=") != std::string::npos;
        if ((is_refused && !is_kept) || is_again) {
            const std::span<const Unit> command = scenario_.log().subspan(sent);
            EXPECT_EQ(hash_passing_over(before, command), scenario_.engine().state_hash())
                << line << ": " << lines.front();
        }
        // A spoilt command may say any length, and cannot be told from the next.
        const bool is_spoilt = std::exchange(is_spoilt_, line.starts_with("patch "));
        if (!is_passed_over && !is_spoilt) {
            EXPECT_EQ(hash_after_restart(before, scenario_.log().subspan(sent)),
                      scenario_.engine().state_hash())
                << line << ", with a restart before it";
        }
        return lines;
    }

    [[nodiscard]] Hash128 hash_after_restart(const Snapshot& before,
                                             std::span<const Unit> commands) const {
        engine::Engine engine(scenario_.limits());
        EXPECT_TRUE(engine.restore(before.bytes).has_value());
        engine.apply_all(commands);
        return engine.state_hash();
    }

    // What only the command's time makes of the state. (A query sends none.)
    [[nodiscard]] Hash128 hash_passing_over(const Snapshot& before,
                                            std::span<const Unit> command) const {
        engine::Engine engine(scenario_.limits());
        const auto restored = engine.restore(before.bytes);
        EXPECT_TRUE(restored.has_value()) << "a snapshot was not restored";
        if (restored && !command.empty()) {
            engine.pass_over(protocol::view<protocol::CommandHeader>(command));
        }
        return engine.state_hash();
    }

    std::vector<std::string> told(const std::string& line) {
        const auto lines = scenario_.play(line);
        return lines ? *lines : std::vector<std::string>{"error: " + lines.error()};
    }

    // What an included line tells is not written down, so it must go well.
    static void expect_done(const std::string& line, const std::vector<std::string>& told) {
        for (const std::string& last : told) {
            EXPECT_FALSE(last.starts_with("refused: ") || last.starts_with("error: "))
                << line << ": " << last;
        }
    }

    std::filesystem::path folder_;
    Scenario scenario_;
    bool passes_over_ = false;  // what comes next
    bool is_spoilt_ = false;    // likewise
};

std::vector<std::string> golden_files() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator("tests/golden")) {
        if (entry.path().extension() == ".test") {
            names.push_back(entry.path().stem().string());
        }
    }
    std::ranges::sort(names);
    return names;
}

std::string joined(const std::vector<std::string>& lines) {
    std::ostringstream text;
    for (const std::string& line : lines) {
        text << line << "\n";
    }
    return text.str();
}

// Where the two first part, and how: the whole of both would bury it.
std::string difference(const std::vector<std::string>& written,
                       const std::vector<std::string>& played) {
    const auto [ours, theirs] = std::ranges::mismatch(written, played);
    const auto shown = [](const auto& at, const auto& lines) {
        return at != lines.end() ? "\"" + *at + "\"" : "the end";
    };
    return ":" + std::to_string(ours - written.begin() + 1) + ": written is " +
           shown(ours, written) + ", told is " + shown(theirs, played);
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, tells_what_is_written) {
    const std::filesystem::path path = "tests/golden/" + GetParam() + ".test";
    const std::vector<std::string> written = lines_of(path);
    const std::vector<std::string> played = Player(path.parent_path()).play(written);
    if (std::getenv("MILETUS_GOLDEN_UPDATE") != nullptr) {
        std::ofstream(path) << joined(played);
    }
    EXPECT_TRUE(written == played) << path.string() << difference(written, played);
}

INSTANTIATE_TEST_SUITE_P(tests, Golden, testing::ValuesIn(golden_files()),
                         [](const auto& test) { return test.param; });

}  // namespace

}  // namespace miletus::scenario
