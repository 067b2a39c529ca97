// miletus: the composition root. It knows every module; nothing knows it.
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
    CLI::App app("Miletus, a derivatives exchange in one process.", "miletus");
    app.require_subcommand(1);

    std::uint64_t seed = 1;
    CLI::App* demo = app.add_subcommand("demo", "A small market on the real engine, told.");
    demo->add_option("--seed", seed, "Another seed, another story.")->capture_default_str();

    std::string path;
    CLI::App* scenario = app.add_subcommand("play", "Plays a scenario file and tells it.");
    scenario->add_option("FILE", path, "Its language stands in docs/scenarios.md.")->required();

    CLI11_PARSE(app, count, arguments);
    if (demo->parsed()) {
        return miletus::demo::run(std::cout, seed) ? 0 : 1;
    }
    return play(path);
}
