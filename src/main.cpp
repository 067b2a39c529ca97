// miletus: the composition root. It knows every module; nothing knows it.
#include "admin/admin.hpp"
#include "audit/audit.hpp"
#include "calculator/calculator.hpp"
#include "edge/web/web.hpp"
#include "serve/serve.hpp"
#include "sim/demo/demo.hpp"
#include "sim/nothing_lost/nothing_lost.hpp"
#include "sim/scenario/scenario.hpp"
#include "surface_report/surface_report.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <expected>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace {

namespace audit = miletus::audit;
using miletus::Sequence;

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

// Runs the venue that a file describes, or the default one; returns the exit code.
int serve(const std::string& config_path, const std::string& folder) {
    namespace serve = miletus::serve;
    std::expected<serve::Config, std::string> config = serve::default_config("data");
    if (!config_path.empty()) {
        config = serve::read_config(config_path);
    } else if (!folder.empty()) {
        config = serve::default_config(folder);
    }
    if (!config) {
        std::cerr << "miletus: " << config.error() << "\n";
        return static_cast<int>(serve::ExitCode::bad_usage);
    }
    miletus::host::ErrorLog log;
    return static_cast<int>(serve::run(*config, log));
}

bool make_certificate(const std::string& folder, const std::vector<std::string>& names) {
    const auto made = miletus::web::make_development_certificate(folder, names);
    if (!made) {
        std::cerr << "miletus: " << made.error() << "\n";
        return false;
    }
    std::cout << "certificate " << made->certificate.string() << "\nkey         "
              << made->key.string() << "\n";
    return true;
}

// People are told in words what programs read in the log.
int serve_demo(const std::string& folder, std::optional<std::uint16_t> port) {
    miletus::host::ErrorLog log;
    miletus::host::QuietLog quiet(log);
    miletus::host::Log& told =
        miletus::host::has_reader() ? static_cast<miletus::host::Log&>(quiet) : log;
    return static_cast<int>(
        miletus::serve::run_demo({.folder = folder, .port = port}, told, std::cout));
}

// Empty where a text is a number of seconds that can pass. A range would let "nan" through.
std::string problem_of_seconds(const std::string& text) {
    double seconds = -1;
    const char* const last = std::to_address(text.end());
    const auto [end, error] = std::from_chars(text.data(), last, seconds);
    const bool is_good = error == std::errc() && end == last && seconds >= 0;
    return is_good ? "" : "\"" + text + "\" is no age; write seconds, 0 or more";
}

// The verbs, and what their options fill in.
class CommandLine {
  public:
    CommandLine() {
        app_.require_subcommand(1);
        add_market();
        add_prices();
        add_surface();
        add_serve();
        add_certificate();
        add_replays();
        add_account();
        add_journal();
        add_admin();
    }

    int run(int count, char** arguments) {
        try {
            app_.parse(count, arguments);
        } catch (const CLI::ParseError& error) {
            // Help was asked for, or the usage is wrong.
            return app_.exit(error) == 0 ? 0 : 2;
        }
        return exit_code_;
    }

  private:
    // What was told counts only once it has left: a full disk shows no earlier.
    void end_with(bool is_good) {
        std::cout.flush();
        if (!std::cout) {
            std::cerr << "miletus: cannot write to standard output\n";
        }
        exit_code_ = is_good && std::cout ? 0 : 1;
    }
    void add_folder(CLI::App* verb) {
        verb->add_option("JOURNAL", folder_, "The folder that holds the journal.")->required();
    }

    void add_market() {
        CLI::App* demo = app_.add_subcommand("demo", "A small market on the real engine, told.");
        demo->add_option("--seed", seed_, "Another seed, another story.")->capture_default_str();
        demo->callback([this] {
            const std::string folder = std::filesystem::temp_directory_path() / "miletus_demo";
            end_with(miletus::demo::run(std::cout, seed_) &&
                     miletus::nothing_lost::run(std::cout, folder));
        });

        CLI::App* scenario = app_.add_subcommand("play", "Plays a scenario file and tells it.");
        scenario->add_option("FILE", path_, "Its language stands in docs/scenarios.md.")
            ->required();
        scenario->callback([this] { end_with(play(path_) == 0); });
    }

    // What price and iv both ask for; `option` is filled in.
    template <class Option>
    void add_terms(CLI::App* verb, Option& option) {
        verb->add_option("--kind", kind_, "call or put.")
            ->required()
            ->check(CLI::IsMember({"call", "put"}));
        verb->add_option("--forward", option.forward, "What the asset costs at expiry.")
            ->required();
        verb->add_option("--strike", option.strike, "What it can be bought or sold for.")
            ->required();
        verb->add_option("--days", days_, "Until expiry, of 365 in a year.")->required();
        verb->add_option("--discount", option.discount, "What one unit at expiry costs now.")
            ->capture_default_str();
    }
    template <class Option>
    void finish_terms(Option& option) const {
        option.time = days_ / 365;
        option.kind = kind_ == "call" ? miletus::pricing::call : miletus::pricing::put;
    }

    void add_prices() {
        CLI::App* price = app_.add_subcommand("price", "What an option on a forward is worth.");
        add_terms(price, price_.option);
        price->add_option("--vol", price_.option.vol, "A year's volatility: 0.55 is 55 %.")
            ->required();
        price->add_flag("--greeks", price_.wants_greeks, "Tells how the price moves.");
        price->add_flag("--json", price_.wants_json, "Tells it to a program.");
        price->callback([this] {
            finish_terms(price_.option);
            end_with(miletus::calculator::price(std::cout, price_));
        });

        CLI::App* vol = app_.add_subcommand("iv", "The volatility that an option's price implies.");
        add_terms(vol, vol_.option);
        vol->add_option("--price", vol_.option.price, "What the option costs now.")->required();
        vol->add_flag("--json", vol_.wants_json, "Tells it to a program.");
        vol->callback([this] {
            finish_terms(vol_.option);
            end_with(miletus::calculator::implied_vol(std::cout, vol_));
        });
    }

    void add_surface() {
        CLI::App* surface = app_.add_subcommand(
            "surface",
            "Fits a volatility surface to a file of quotes: CSV with the columns option_type, "
            "strike, bid_price, ask_price and time_to_maturity (or timestamp and "
            "expiry_datetime), and, where known, currency, mark_price, futures_price and "
            "index_price.");
        surface->add_option("FILE", surface_.path, "Its columns: docs/formats/option-chain.md.")
            ->required();
        surface->add_option("--plot", surface_.plot_path, "Where to draw the smiles, as SVG.");
        surface
            ->add_option("--stale", surface_.age_max,
                         "Passes over quotes that are older than so many seconds.")
            ->check(CLI::Validator(problem_of_seconds, "SECONDS"));
        surface->add_flag("--cash", surface_.is_cash,
                          "Prices are in the unit of strikes, not in coin.");
        surface->add_flag("--json", surface_.wants_json, "Tells it to a program.");
        surface->callback(
            [this] { end_with(miletus::surface_report::report(std::cout, std::cerr, surface_)); });
    }

    void add_serve() {
        CLI::App* server = app_.add_subcommand("serve", "Runs the venue until SIGTERM.");
        CLI::Option* config =
            server->add_option("--config", path_, "A file of TOML (docs/configuration.md).");
        server->add_option("--data", folder_, "The folder of the journal, else ./data.")
            ->excludes(config);
        CLI::Option* demo = server->add_flag(
            "--demo", is_demo_, "A market to practise on, alive in seconds: no configuration.");
        demo->excludes(config);
        server->add_option("--port", port_, "Of the demonstration's API, else 7412; 0 for any.")
            ->needs(demo);
        server->callback(
            [this] { exit_code_ = is_demo_ ? serve_demo(folder_, port_) : serve(path_, folder_); });
    }

    void add_certificate() {
        CLI::App* maker = app_.add_subcommand(
            "cert", "Makes a certificate to develop with: self-signed, for a year.");
        maker->add_option("FOLDER", folder_, "Where certificate.pem and key.pem go.")->required();
        maker->add_option("--name", names_,
                          "A host name or numeric address besides localhost, 127.0.0.1 and ::1.");
        maker->callback([this] { end_with(make_certificate(folder_, names_)); });
    }

    void add_replays() {
        CLI::App* verify = app_.add_subcommand(
            "verify", "Checks every byte of a journal, then carries it all out again.");
        add_folder(verify);
        verify->callback([this] { end_with(audit::verify(std::cout, folder_)); });

        CLI::App* replay =
            app_.add_subcommand("replay", "Carries a journal out and hashes the state.");
        add_folder(replay);
        replay->add_option("--to", to_, "The last sequence to carry out.");
        replay->add_flag("--hash", tells_hash_only_, "Tells nothing but the hash.");
        replay->callback([this] {
            end_with(tells_hash_only_ ? audit::replay_hash(std::cout, folder_, Sequence(to_))
                                      : audit::replay(std::cout, folder_, Sequence(to_)));
        });

        CLI::App* snapshot = app_.add_subcommand(
            "snapshot", "Carries a journal out and keeps the state, for the next start.");
        add_folder(snapshot);
        snapshot->callback([this] { end_with(audit::snapshot(std::cout, folder_)); });
    }

    void add_account() {
        CLI::App* account = app_.add_subcommand(
            "account", "What an account has, needs and holds, by a venue's journal.");
        account->add_option("ACCOUNT", account_, "Its number.")->required();
        account->add_option("--journal", folder_, "The folder of the journal, else ./data.");
        account->add_option("--at", to_, "As of this command, else the last.");
        account->add_option("--if", order_,
                            "With this order, too: \"buy 5 BTC_USDC-PERPETUAL @ 100000\".");
        account->add_flag("--json", wants_json_, "Tells it to a program.");
        account->callback([this] {
            end_with(audit::account(std::cout, {.account = miletus::AccountId(account_),
                                                .folder = folder_.empty() ? "data" : folder_,
                                                .at = Sequence(to_),
                                                .order = order_,
                                                .wants_json = wants_json_}));
        });
    }

    void add_journal() {
        CLI::App* journal = app_.add_subcommand("journal", "Looks into a journal.");
        journal->require_subcommand(1);
        CLI::App* stat = journal->add_subcommand("stat", "How much it holds.");
        add_folder(stat);
        stat->callback([this] { end_with(audit::stat(std::cout, folder_)); });

        CLI::App* dump = journal->add_subcommand("dump", "Its commands, a line each.");
        add_folder(dump);
        dump->add_option("--from", from_, "The first sequence to show.");
        dump->add_option("--to", to_, "The last sequence to show.");
        dump->callback([this] {
            end_with(
                audit::dump(std::cout, folder_, {.from = Sequence(from_), .to = Sequence(to_)}));
        });

        CLI::App* trim = journal->add_subcommand(
            "trim", "Removes what no start will need, once two whole snapshots stand behind it.");
        add_folder(trim);
        trim->callback([this] { end_with(audit::trim(std::cout, folder_)); });

        CLI::App* veto = journal->add_subcommand(
            "veto", "Makes every replay pass over a command that no engine survives.");
        add_folder(veto);
        veto->add_option("SEQUENCE", sequence_, "The command.")->required();
        veto->callback([this] { end_with(audit::veto(std::cout, folder_, Sequence(sequence_))); });
    }

    void add_admin() {
        CLI::App* admin = app_.add_subcommand(
            "admin", "Users, API keys, accounts and deposits: what an operator decides.");
        admin_.describe(*admin);
        admin->callback(
            [this] { end_with(admin_.run({.out = std::cout, .mistakes = std::cerr})); });
    }

    CLI::App app_{"Miletus, a derivatives exchange in one process.", "miletus"};
    int exit_code_ = 0;
    std::uint64_t seed_ = 1;
    std::string path_;
    std::string folder_;
    miletus::admin::CommandLine admin_;
    std::vector<std::string> names_;
    miletus::surface_report::SurfaceQuestion surface_;
    miletus::calculator::PriceQuestion price_;
    miletus::calculator::VolQuestion vol_;
    std::string kind_;
    double days_ = 0;
    std::uint64_t from_ = 1;
    std::uint64_t to_ = audit::Range{}.to.value();
    std::uint64_t sequence_ = 0;
    bool tells_hash_only_ = false;
    bool is_demo_ = false;
    std::optional<std::uint16_t> port_;
    std::uint32_t account_ = 0;
    std::string order_;
    bool wants_json_ = false;
};

}  // namespace

int main(int count, char** arguments) {
    return CommandLine().run(count, arguments);
}
