// Settings of a small market; everything else is what a venue has by default.
#include "serve/demo.hpp"

#include "edge/web/web.hpp"
#include "host/clock.hpp"
#include "serve/config_deribit.hpp"
#include "serve/demo_folder.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <expected>
#include <filesystem>
#include <string_view>

namespace miletus::serve {

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
constexpr std::uint16_t usual_port = 7412;
constexpr std::uint32_t ports_tried = 20;

std::string loopback(std::uint16_t port) {
    return "tcp:127.0.0.1:" + std::to_string(port);
}

}  // namespace

desk::Settings demo_desk(const crowd::Settings& crowd) {
    listing::Settings listing = listing::default_settings();
    std::erase_if(listing.underlyings, [&crowd](const listing::UnderlyingSettings& usual) {
        return std::ranges::find(crowd.underlyings, usual.name, &crowd::UnderlyingSettings::name) ==
               crowd.underlyings.end();
    });
    marks::Settings marks;
    marks.interval = Nanos(500'000'000);
    for (listing::UnderlyingSettings& listed : listing.underlyings) {
        const crowd::UnderlyingSettings& traded =
            *std::ranges::find(crowd.underlyings, listed.name, &crowd::UnderlyingSettings::name);
        listed.futures = {.weeklies = 1, .quarterlies = 1};
        listed.options = {.dailies = 1, .weeklies = 1, .quarterlies = 1};
        listed.strikes_aimed = 8;
        listed.volatility = traded.volatility;
        marks.underlyings.push_back({.name = protocol::Name(listed.name),
                                     .fixed = marks::FixedSurface{.vol = traded.volatility,
                                                                  .rho = traded.rho,
                                                                  .eta = traded.eta,
                                                                  .carry = traded.carry}});
    }
    return {.listing = listing, .marks = marks};
}

// A disk is not filled up by a demonstration that runs for weeks.
Config demo_config(const DemoOptions& options) {
    Config config = default_config(options.folder);
    config.exchange.journal.segment_bytes = 32 * mebibyte;
    config.exchange.journal.first_segment_bytes = 8 * mebibyte;
    config.exchange.snapshot_interval = 200'000;
    config.exchange.trim = true;
    config.crowd = crowd::default_settings();
    config.desk = demo_desk(*config.crowd);
    for (DoorConfig& door : config.doors) {
        door.ports_tried = ports_tried;
    }
    config.deribit = default_deribit(options.folder);
    const std::uint16_t port = options.port.value_or(usual_port);
    const std::uint16_t next = port == 0 ? port : static_cast<std::uint16_t>(port + 1);
    config.deribit->door = {.address = loopback(port), .ports_tried = ports_tried};
    config.deribit->tls_door = {.address = loopback(next), .ports_tried = ports_tried};
    config.deribit->is_testnet = true;
    complete_config(config);
    return config;
}

// ---- Telling ----

namespace {

std::string address_of(std::span<const OpenDoor> doors, std::string_view event) {
    const auto found = std::ranges::find(doors, event, &OpenDoor::event);
    constexpr std::string_view scheme = "tcp:";
    return found == doors.end() ? "" : found->address.substr(scheme.size());
}

std::string_view name_of(const OpenDoor& door) {
    return door.event == "deribit"       ? "the API"
           : door.event == "deribit_tls" ? "the API with TLS"
                                         : "the native protocol";
}

void tell_curl(std::ostream& out, const std::string& address, const PracticeKey& key) {
    const std::string url = "\"http://" + address + "/api/v2/";
    const std::string signed_in = "  curl -u " + key.id + ":" + key.secret + " " + url;
    out << "curl\n"
        << "  curl " << url << "public/ticker?instrument_name=BTC_USDC-PERPETUAL\"\n"
        << signed_in << "private/get_account_summary?currency=USDC\"\n"
        << signed_in
        << "private/buy?instrument_name=BTC_USDC-PERPETUAL&amount=0.1&type=market\"\n\n";
}

void tell_ccxt(std::ostream& out, const std::string& address, const PracticeKey& key) {
    out << "ccxt, in JavaScript\n"
        << "  const ccxt = require(\"ccxt\")\n"
        << "  const venue = new ccxt.deribit({apiKey: \"" << key.id << "\", secret: \""
        << key.secret << "\", urls: {api: {rest: \"http://" << address << "\"}}})\n"
        << "  venue.createOrder(\"BTC/USDC:USDC\", \"market\", \"buy\", 0.1)"
        << ".then(console.log)\n\n";
}

void tell_python(std::ostream& out, const std::string& address, const PracticeKey& key) {
    out << "Python\n"
        << "  import base64, json, urllib.request as web\n"
        << "  key = {\"Authorization\": \"Basic \" + base64.b64encode(b\"" << key.id << ":"
        << key.secret << "\").decode()}\n"
        << "  print(json.load(web.urlopen(web.Request(\"http://" << address
        << "/api/v2/private/get_positions?currency=USDC\", headers=key))))\n\n";
}

}  // namespace

void tell_scene(std::ostream& out, const DemoScene& scene) {
    const std::string address = address_of(scene.doors, "deribit");
    const std::string tls_address = address_of(scene.doors, "deribit_tls");
    out << "\nMiletus: a market to practise on. It speaks the API v2 of Deribit.\n\n"
        << "  HTTP        http://" << address << "/api/v2\n"
        << "  WebSocket   ws://" << address << "/ws/api/v2\n"
        << "  with TLS    https://" << tls_address << "/api/v2, wss://" << tls_address
        << "/ws/api/v2, by " << scene.folder << "/certificate.pem\n"
        << "  key id      " << scene.key.id << "\n"
        << "  key secret  " << scene.key.secret << "\n"
        << "  journal     " << scene.folder
        << (scene.is_temporary ? ", removed at the end" : ", kept for the next time") << "\n\n";
    for (const OpenDoor& door : scene.doors) {
        if (door.was_taken) {
            out << "Somebody else listens at the usual port of " << name_of(door) << ". It is "
                << door.address << " instead.\n\n";
        }
    }
    tell_curl(out, address, scene.key);
    tell_ccxt(out, address, scene.key);
    tell_python(out, address, scene.key);
    out << "Ctrl-C ends it." << std::endl;
}

// ---- Running ----

namespace {

ExitCode refuse(host::Log& log, const std::string& why) {
    log.write(host::LogLevel::error, "not_available", {{"why", why}});
    return ExitCode::not_available;
}

// For TLS, made on the first start.
std::expected<void, std::string> provide_certificate(const Config& config) {
    if (!config.deribit || std::filesystem::exists(config.deribit->certificate)) {
        return {};
    }
    const auto made = web::make_development_certificate(config.folder, {});
    return made ? std::expected<void, std::string>() : std::unexpected(made.error());
}

}  // namespace

ExitCode run_demo(const DemoOptions& options, host::Log& log, std::ostream& out) {
    const auto folder = DemoFolder::enter(options.folder);
    if (!folder) {
        return refuse(log, folder.error());
    }
    const Config config = demo_config({.folder = folder->path(), .port = options.port});
    ASSERT(config.deribit.has_value() && config.crowd.has_value());
    if (const auto provided = provide_certificate(config); !provided) {
        return refuse(log, provided.error());
    }
    const auto key =
        practice_key(*config.deribit, config.crowd->practice.front(), host::SystemClock().now());
    if (!key) {
        return refuse(log, key.error());
    }
    log.write(host::LogLevel::info, "key", {{"id", key->id}, {"secret", key->secret}});
    const auto tell = [&](std::span<const OpenDoor> doors) {
        tell_scene(out, {.folder = folder->path(),
                         .is_temporary = folder->is_temporary(),
                         .key = *key,
                         .doors = doors});
    };
    const auto begun = std::chrono::steady_clock::now();
    const auto tell_of_life = [&] {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begun;
        out << "The market is alive, " << std::round(passed.count() * 10) / 10
            << " seconds after the start." << std::endl;
    };
    return run(config, log, {.on_ready = tell, .on_alive = tell_of_life});
}

}  // namespace miletus::serve
