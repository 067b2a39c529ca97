// Settings of a small market; everything else is what a venue has by default.
#include "serve/demo.hpp"

#include "serve/config_deribit.hpp"

#include <algorithm>

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

}  // namespace miletus::serve
