// miletus: the composition root. It knows every module; nothing knows it.
#include "audit/audit.hpp"
#include "sim/demo/demo.hpp"
#include "sim/scenario/scenario.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <string>

namespace {

// Plays a scenario file and tells it; returns the exit code.
int play(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        std::cerr << "miletus: cannot read " << path << "\n";
        return 1;
    }
    miletus::scenario::Scenario scenario;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.starts_with(' ')) {
            continue;  // what a golden file expects to be told
        }
        const auto told = scenario.play(line);
        if (!told) {
            std::cerr << path << ":" << number << ": " << told.error() << "\n";
            return 1;
        }
        std::cout << line << "\n";
        for (const std::string& words : *told) {
            std::cout << "    " << words << "\n";
        }
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    namespace audit = miletus::audit;
    CLI::App app("Miletus, a derivatives exchange in one process.", "miletus");
    app.require_subcommand(1);
    int exit_code = 0;
    const auto end_with = [&exit_code](bool is_good) {
        exit_code = is_good ? 0 : 1;
    };

    std::uint64_t seed = 1;
    CLI::App* demo = app.add_subcommand("demo", "A small market on the real engine, told.");
    demo->add_option("--seed", seed, "Another seed, another story.")->capture_default_str();
    demo->callback([&] { end_with(miletus::demo::run(std::cout, seed)); });

    std::string path;
    CLI::App* scenario = app.add_subcommand("play", "Plays a scenario file and tells it.");
    scenario->add_option("FILE", path, "Its language stands in docs/scenarios.md.")->required();
    scenario->callback([&] { exit_code = play(path); });

    std::string folder;
    const auto add_journal = [&](CLI::App* command) {
        command->add_option("JOURNAL", folder, "The folder that holds the journal.")->required();
    };
    CLI::App* verify = app.add_subcommand(
        "verify", "Checks every byte of a journal, then carries it all out again.");
    add_journal(verify);
    verify->callback([&] { end_with(audit::verify(std::cout, folder)); });

    std::uint64_t to = audit::Range{}.to.value();
    CLI::App* replay = app.add_subcommand("replay", "Carries a journal out and hashes the state.");
    add_journal(replay);
    replay->add_option("--to", to, "The last sequence to carry out.");
    replay->callback([&] { end_with(audit::replay(std::cout, folder, miletus::Sequence(to))); });

    CLI::App* snapshot = app.add_subcommand(
        "snapshot", "Carries a journal out and keeps the state, for the next start.");
    add_journal(snapshot);
    snapshot->callback([&] { end_with(audit::snapshot(std::cout, folder)); });

    CLI::App* journal = app.add_subcommand("journal", "Looks into a journal.");
    journal->require_subcommand(1);
    CLI::App* stat = journal->add_subcommand("stat", "How much it holds.");
    add_journal(stat);
    stat->callback([&] { end_with(audit::stat(std::cout, folder)); });

    std::uint64_t from = 1;
    CLI::App* dump = journal->add_subcommand("dump", "Its commands, a line each.");
    add_journal(dump);
    dump->add_option("--from", from, "The first sequence to show.");
    dump->add_option("--to", to, "The last sequence to show.");
    dump->callback([&] {
        end_with(audit::dump(std::cout, folder,
                             {.from = miletus::Sequence(from), .to = miletus::Sequence(to)}));
    });

    CLI::App* trim = journal->add_subcommand(
        "trim", "Removes what no start will need, once two whole snapshots stand behind it.");
    add_journal(trim);
    trim->callback([&] { end_with(audit::trim(std::cout, folder)); });

    std::uint64_t sequence = 0;
    CLI::App* veto = journal->add_subcommand(
        "veto", "Makes every replay pass over a command that no engine survives.");
    add_journal(veto);
    veto->add_option("SEQUENCE", sequence, "The command.")->required();
    veto->callback([&] { end_with(audit::veto(std::cout, folder, miletus::Sequence(sequence))); });

    CLI11_PARSE(app, count, arguments);
    return exit_code;
}
