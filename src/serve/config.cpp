// From TOML to a Config.
#include "serve/config.hpp"

#include "serve/config_deribit.hpp"
#include "serve/config_desk.hpp"
#include "serve/config_section.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <sstream>
#include <string_view>

namespace miletus::serve {

namespace {

// So that no sum of sizes overflows.
constexpr std::int64_t entries_max = std::int64_t{1} << 26U;
constexpr std::int64_t lots_max = std::int64_t{1} << 60U;
constexpr std::int64_t mebibyte = std::int64_t{1} << 20U;

// Only a venue that has them needs threads for them.
constexpr const char* desk_agent = "desk";
constexpr const char* crowd_agent = "crowd";
constexpr const char* deribit_agent = "deribit";

class Parser {
  public:
    Parser(const toml::table& root, std::string path)
        : path_(std::move(path)), root_(root, "", path_, problem_) {}

    std::expected<Config, std::string> parse() {
        std::string folder = "data";
        root_.read("data", folder);
        config_ = default_config(folder);
        root_.with_table("journal", [this](Section& section) { read_journal(section); });
        root_.with_table("gateway", [this](Section& section) { read_gateway(section); });
        root_.with_table("limits", [this](Section& section) { read_limits(section); });
        root_.with_table("keys", [this](Section& section) { read_keys(section); });
        read_desk(root_, config_.desk);
        read_deribit(root_, folder, config_.deribit);
        read_doors();
        read_threads();
        complete_config(config_);
        root_.finish();
        if (!problem_.empty()) {
            return std::unexpected(problem_);
        }
        return config_;
    }

  private:
    void read_journal(Section& section) {
        journal::Options& journal = config_.exchange.journal;
        std::int64_t mebibytes = 0;
        const auto read_size = [&](std::string_view key, std::uint64_t& bytes) {
            mebibytes = static_cast<std::int64_t>(bytes) / mebibyte;
            section.read(key, mebibytes, {.low = 1, .high = 1 << 20});
            bytes = static_cast<std::uint64_t>(mebibytes * mebibyte);
        };
        read_size("segment_mib", journal.segment_bytes);
        read_size("first_segment_mib", journal.first_segment_bytes);
        section.read("snapshot_every", config_.exchange.snapshot_interval,
                     {.low = 0, .high = std::numeric_limits<std::int64_t>::max()});
        section.read("trim", config_.exchange.trim);
        section.read("strict", journal.strict);
        section.read("spare_segments", journal.spare_segments, {.low = 3, .high = 64});
    }

    void read_gateway(Section& section) {
        native_gateway::Settings& gateway = config_.gateway;
        section.read("connections", gateway.connections_max, {.low = 1, .high = 1 << 16});
        section.read_power_of_two("history_units", config_.history_units,
                                  {.low = 1 << 12, .high = 1 << 30});
        std::int64_t seconds = gateway.silence_max.value() / 1'000'000'000;
        section.read("silence_seconds", seconds, {.low = 1, .high = 86'400});
        gateway.silence_max = Nanos(seconds * 1'000'000'000);
    }

    void read_limits(Section& section) {
        visit_limits(config_.exchange.limits, [&](std::string_view name, auto& value) {
            constexpr bool is_wide = sizeof(value) == sizeof(std::int64_t);
            section.read(name, value, {.low = 1, .high = is_wide ? lots_max : entries_max});
        });
        Limits& limits = config_.exchange.limits;
        section.read_power_of_two("answers_per_session", limits.answers_per_session,
                                  {.low = 1, .high = 1 << 20});
        if (limits.sessions_per_account > limits.sessions) {
            section.fail_all("sessions_per_account",
                             "must be at most limits.sessions, " + std::to_string(limits.sessions));
        }
        section.read_power_of_two("event_units", limits.event_units, {.low = 64, .high = 1 << 30});
        if (limits.event_units < engine::Engine::events_max(limits)) {
            section.fail_all("event_units", "one command may cause " +
                                                std::to_string(engine::Engine::events_max(limits)) +
                                                " units of events, and they must fit");
        }
    }

    void read_keys(Section& section) {
        section.for_each([&](std::string_view account, const toml::node& node) {
            std::uint32_t number = 0;
            const auto parsed =
                std::from_chars(account.data(), std::to_address(account.end()), number);
            const auto text = node.value_exact<std::string>();
            const auto key = text ? key_of(*text) : std::nullopt;
            const bool is_number =
                parsed.ec == std::errc() && parsed.ptr == std::to_address(account.end());
            if (!is_number || number == 0) {
                section.fail(node, account,
                             "must be the number of an account, from 1: the operator comes in "
                             "through doors of its own");
            } else if (config_.gateway.keys.contains(AccountId(number))) {
                section.fail(node, account, "has a key already");
            } else if (!key) {
                section.fail(node, account, "must be 64 hexadecimal digits in quotes");
            } else {
                config_.gateway.keys[AccountId(number)] = *key;
            }
        });
    }

    static std::optional<native::Key> key_of(std::string_view text) {
        native::Key key{};
        if (text.size() != 2 * key.size()) {
            return std::nullopt;
        }
        for (std::size_t at = 0; at < key.size(); ++at) {
            const std::string_view digits = text.substr(2 * at, 2);
            const char* end = std::to_address(digits.end());
            const auto parsed = std::from_chars(digits.data(), end, key[at], 16);
            if (parsed.ec != std::errc() || parsed.ptr != end) {
                return std::nullopt;
            }
        }
        return key;
    }

    void read_doors() {
        std::vector<DoorConfig> doors;
        const bool has_doors =
            root_.with_tables("door", [&](Section& section, const toml::node& node) {
                DoorConfig door;
                section.read("address", door.address);
                section.read("operator", door.is_operators);
                if (door.address.empty()) {
                    section.fail(node, "address", "is missing, such as \"tcp:127.0.0.1:7411\"");
                }
                doors.push_back(door);
            });
        if (has_doors) {
            config_.doors = doors;
        }
    }

    void read_threads() {
        std::vector<DutyConfig> duties;
        std::set<std::string> placed;
        const toml::node* last = nullptr;
        const bool has_threads =
            root_.with_tables("thread", [&](Section& section, const toml::node& node) {
                last = &node;
                duties.push_back(read_thread(section, node, placed));
            });
        if (!has_threads) {
            return;
        }
        config_.duties = duties;
        for (const std::string& agent : agent_names()) {
            if (last != nullptr && wants_agent(config_, agent) && !placed.contains(agent)) {
                root_.fail(*last, "thread", "no thread has the agent \"" + agent + "\"");
            }
        }
    }

    DutyConfig read_thread(Section& section, const toml::node& node,
                           std::set<std::string>& placed) {
        DutyConfig duty;
        std::uint32_t processor = 0;
        if (section.find("cpu") != nullptr) {
            section.read("cpu", processor, {.low = 0, .high = 1023});
            duty.processor = processor;
        }
        std::string idle = "rest";
        section.read("idle", idle);
        duty.spins = idle == "spin";
        if (idle != "spin" && idle != "rest") {
            section.fail(*section.find("idle"), "idle", "must be \"spin\" or \"rest\"");
        }
        section.read("background", duty.is_background);
        const toml::node* agents = section.find("agents");
        if (agents == nullptr || !agents->is_array()) {
            section.fail(agents == nullptr ? node : *agents, "agents", "must be an array of names");
            return duty;
        }
        for (const toml::node& agent : *agents->as_array()) {
            const std::string name = agent.value_exact<std::string>().value_or("");
            if (std::ranges::find(agent_names(), name) == agent_names().end()) {
                section.fail(agent, "agents", "no such agent: \"" + name + "\"");
            } else if (!placed.insert(name).second) {
                section.fail(agent, "agents", "\"" + name + "\" has a thread already");
            }
            duty.agents.push_back(name);
        }
        return duty;
    }

    std::string path_;
    std::string problem_;
    Section root_;
    Config config_;
};

}  // namespace

const std::vector<std::string>& agent_names() {
    static const std::vector<std::string> names{"gateway",   "sequencer",  "journal", "engine",
                                                "attester",  "segments",   "shadow",  desk_agent,
                                                crowd_agent, deribit_agent};
    return names;
}

bool wants_agent(const Config& config, const std::string& name) {
    if (name == desk_agent) {
        return config.desk.wants_any();
    }
    if (name == crowd_agent) {
        return config.crowd.has_value();
    }
    return name != deribit_agent || config.deribit.has_value();
}

std::vector<SeatHolder> seat_holders(const Config& config) {
    std::vector<SeatHolder> holders;
    if (config.desk.wants_any()) {
        holders.push_back(SeatHolder::desk);
    }
    if (config.crowd) {
        holders.push_back(SeatHolder::crowd);
    }
    if (config.deribit) {
        holders.push_back(SeatHolder::deribit);
    }
    return holders;
}

std::size_t seat_of(const Config& config, SeatHolder holder) {
    const std::vector<SeatHolder> holders = seat_holders(config);
    const auto found = std::ranges::find(holders, holder);
    ASSERT(found != holders.end());
    return static_cast<std::size_t>(found - holders.begin());
}

// Who speaks to clients waits for them, and so needs a thread alone; the operator's agents share
// one.
void complete_config(Config& config) {
    config.exchange.seats.clear();
    for (const SeatHolder holder : seat_holders(config)) {
        config.exchange.seats.push_back({.hears_answers = holder == SeatHolder::deribit});
    }
    std::set<std::string> placed;
    for (const DutyConfig& duty : config.duties) {
        placed.insert(duty.agents.begin(), duty.agents.end());
    }
    const auto is_missing = [&](const char* agent) {
        return wants_agent(config, agent) && !placed.contains(agent);
    };
    DutyConfig operators;
    for (const char* agent : {desk_agent, crowd_agent}) {
        if (is_missing(agent)) {
            operators.agents.emplace_back(agent);
        }
    }
    if (!operators.agents.empty()) {
        config.duties.push_back(operators);
    }
    if (is_missing(deribit_agent)) {
        config.duties.push_back({.agents = {deribit_agent}});
    }
}

Config default_config(const std::string& folder) {
    Config config;
    config.folder = folder;
    config.doors = {{.address = "tcp:127.0.0.1:7411"},
                    {.address = "unix:" + folder + "/operator.sock", .is_operators = true}};
    config.duties = {{.agents = {"gateway", "sequencer", "journal", "engine", "attester"}},
                     {.agents = {"segments"}},
                     {.agents = {"shadow"}, .is_background = true}};
    return config;
}

std::expected<Config, std::string> parse_config(const std::string& text, const std::string& path) {
    const toml::parse_result result = toml::parse(text, path);
    if (result.failed()) {
        return std::unexpected(path + ":" + std::to_string(result.error().source().begin.line) +
                               ": " + std::string(result.error().description()));
    }
    return Parser(result.table(), path).parse();
}

std::expected<Config, std::string> read_config(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) {
        return std::unexpected(path + ": cannot be read");
    }
    return parse_config(text.str(), path);
}

}  // namespace miletus::serve
