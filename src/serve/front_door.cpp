// From the configuration to a gateway that sits beside the engine.
#include "serve/front_door.hpp"

#include <utility>

namespace miletus::serve {

namespace {

client_feed::AccountsSettings accounts_settings(const Limits& limits) {
    client_feed::AccountsSettings settings;
    settings.accounts = limits.accounts;
    settings.assets = limits.assets;
    settings.positions = limits.positions;
    settings.open_orders = limits.orders;
    return settings;
}

// So many a second, and so many at once after a pause.
deribit::Rate rate_of(std::uint32_t per_second, std::uint32_t at_once) {
    return {.cost = 1, .cap = per_second == 0 ? 0 : at_once, .per_second = per_second};
}

deribit::RateLimit limit_of(std::uint32_t per_second, std::uint32_t at_once) {
    return {.rate = per_second, .burst = at_once};
}

deribit::Settings gateway_settings(const DeribitConfig& config, std::uint32_t epoch) {
    deribit::Settings settings;
    settings.web.connections_max = config.connections;
    settings.web.per_address_max = config.connections_per_address;
    constexpr std::uint32_t mebibyte_bits = 20;
    settings.web.buffer_bytes_max = std::size_t{config.buffers_mib} << mebibyte_bits;
    settings.web.is_tls_door = {false, config.tls_door.has_value()};
    settings.rates.non_matching = rate_of(config.requests_per_second, config.requests_at_once);
    settings.rates.matching = rate_of(config.orders_per_second, config.orders_at_once);
    settings.account_limits.non_matching =
        limit_of(config.requests_per_second, config.requests_at_once);
    settings.account_limits.matching = limit_of(config.orders_per_second, config.orders_at_once);
    settings.account_limits.cancel_all = settings.account_limits.matching;
    settings.account_limits.quotes = settings.account_limits.matching;
    if (config.requests_per_second == 0) {
        settings.rates.instruments.cap = 0;
        settings.rates.subscription.cap = 0;
    }
    settings.is_testnet = config.is_testnet;
    settings.epoch = epoch;
    return settings;
}

}  // namespace

std::expected<std::unique_ptr<FrontDoor>, std::string> FrontDoor::make(const DeribitConfig& config,
                                                                       const Limits& limits) {
    auto network = host::SocketNetwork::make();
    if (!network) {
        return std::unexpected(network.error().sentence());
    }
    host::SocketNetwork::allow_many_descriptors();
    auto credentials = credentials::Credentials::open(
        {.path = config.credentials, .seal_key = config.seal_key, .tokens = {}});
    if (!credentials) {
        return std::unexpected(credentials.error());
    }
    std::optional<web::TlsIdentity> identity;
    if (config.tls_door.has_value()) {
        auto loaded = web::TlsIdentity::load(config.certificate, config.key);
        if (!loaded) {
            return std::unexpected(loaded.error());
        }
        identity = std::move(*loaded);
    }
    return std::make_unique<FrontDoor>(config, limits,
                                       Parts{.network = std::move(*network),
                                             .credentials = std::move(*credentials),
                                             .identity = std::move(identity)});
}

FrontDoor::FrontDoor(const DeribitConfig& config, const Limits& limits, Parts parts)
    : config_(config),
      network_(std::move(parts.network)),
      credentials_(std::move(parts.credentials)),
      identity_(std::move(parts.identity)),
      markets_(market_data::Rooms()),
      accounts_(accounts_settings(limits)) {}

void FrontDoor::read(std::span<const Unit> event) {
    markets_.read(event);
    static_cast<void>(accounts_.read(event));
}

void FrontDoor::sit(exchange::Seat& seat, host::Clock& clock, host::Log& log, std::uint32_t epoch) {
    gateway_ =
        std::make_unique<deribit::Gateway>(deribit::Surroundings{.network = *network_,
                                                                 .clock = clock,
                                                                 .log = log,
                                                                 .intake = seat.intake(),
                                                                 .events = seat.events(),
                                                                 .answers = seat.answers(),
                                                                 .markets = markets_,
                                                                 .accounts = accounts_,
                                                                 .credentials = credentials_},
                                           gateway_settings(config_, epoch), std::move(identity_));
}

}  // namespace miletus::serve
