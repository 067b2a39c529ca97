// From settings to threads.
#include "bench/gateway/door.hpp"

#include "edge/web/web.hpp"

#include <charconv>
#include <cstdio>
#include <utility>

namespace miletus::bench {

namespace {

// Where there are processors for it, the gateway has one for itself, as the usual configuration
// has it. Else all that is on the way of an order shares one.
serve::Config door_config(const std::string& folder) {
    serve::Config config = loopback_config(folder);
    config.deribit = serve::DeribitConfig{.door = {.address = std::string(any_port)},
                                          .certificate = {},
                                          .key = {},
                                          .credentials = {},
                                          .seal_key = {},
                                          .requests_per_second = 0,
                                          .orders_per_second = 0};
    serve::DutyConfig way{
        .agents = {"sequencer", "journal", "engine", "gateway", "deribit", "attester"},
        .spins = true};
    config.duties.clear();
    if (processors() > engine_processor) {
        std::erase(way.agents, "deribit");
        config.duties.push_back({.agents = {"deribit"}, .spins = true});
    }
    config.duties.push_back(way);
    config.duties.push_back({.agents = {"segments", "shadow"}});
    serve::complete_config(config);
    return config;
}

std::unique_ptr<serve::FrontDoor> new_front_door(const serve::Config& config,
                                                 credentials::Register content) {
    ASSERT(config.deribit.has_value());
    auto network = host::SocketNetwork::make();
    ASSERT(network.has_value());
    ASSERT(web::make_development_certificate(config.folder, {}).has_value());
    auto identity =
        web::TlsIdentity::load(config.folder + "/certificate.pem", config.folder + "/key.pem");
    ASSERT(identity.has_value());
    return std::make_unique<serve::FrontDoor>(
        *config.deribit, config.exchange.limits,
        serve::FrontDoor::Parts{
            .network = std::move(*network),
            .credentials = credentials::Credentials(std::move(content), credentials::Settings()),
            .identity = std::move(*identity)});
}

// All agents of a thread, one after the other.
struct Turn {
    std::vector<serve::Step> steps;
    host::Patience others{};

    void operator()() {
        bool is_waiting = false;
        for (const serve::Step& step : steps) {
            const auto progress = step();
            ASSERT(progress.has_value());
            is_waiting |= *progress == Progress::waiting;
        }
        if (is_waiting) {
            others.wait();
        } else {
            others.reset();
        }
    }
};

}  // namespace

Door::Door(const std::string& folder, LoopbackVenue::Durability durability)
    : config_(door_config(folder)), premises_(premises_in(folder, durability)) {
    Keys keys = new_keys();
    login_ = keys.login;
    auto opened = serve::Venue::open(config_, premises_, log_,
                                     new_front_door(config_, std::move(keys.content)));
    ASSERT(opened.has_value());
    venue_ = std::move(*opened);
    const auto doors = venue_->open_doors();
    ASSERT(doors.has_value() && doors->size() == 2);
    address_ = doors->back().address;
    std::vector<serve::Duty> others = venue_->duties();
    std::uint32_t processor = server_processor;
    while (!others.front().rest) {
        spinners_.push_back(std::make_unique<Spinner>(
            place_of(processor++, durability == LoopbackVenue::Durability::durable),
            Turn{.steps = std::move(others.front().steps)}));
        others.erase(others.begin());
    }
    crew_.begin(std::move(others));
    begin();
    open_market(doors->front().address);
    end();
}

Door::~Door() {
    end();
    crew_.stop();
    const auto failure = crew_.failure();
    if (failure.has_value()) {
        std::fprintf(stderr, "the venue stopped by itself: %s\n", failure->c_str());
    }
    ASSERT(!failure.has_value());
}

// To the sequencer the rest is a jump of the clock.
void Door::begin() {
    venue_->accept_clock();
    for (const auto& spinner : spinners_) {
        spinner->begin();
    }
}

void Door::end() {
    for (const auto& spinner : spinners_) {
        spinner->end();
    }
}

// ---- What a client says there ----

Keys new_keys() {
    Keys keys;
    const auto user = keys.content.add_user(
        {.name = "trader", .owner = OwnerId(1), .accounts = {trader_account}});
    ASSERT(user.has_value());
    const auto id =
        keys.content.add_key({.user = *user,
                              .account = trader_account,
                              .name = "key",
                              .most = credentials::Scopes::all(credentials::Access::read_write),
                              .addresses = {},
                              .created = UnixNanos(1)});
    ASSERT(id.has_value());
    const credentials::Key* key = keys.content.key(*id);
    ASSERT(key != nullptr);
    keys.login = R"({"jsonrpc":"2.0","id":1,"method":"public/auth","params":{"grant_type":)"
                 R"("client_credentials","client_id":")" +
                 key->client_id + R"(","client_secret":")" + std::string(key->secret.view()) +
                 R"("}})";
    return keys;
}

std::string buy_call(std::uint32_t number) {
    constexpr std::uint32_t best = 49'999;
    constexpr std::uint32_t prices = 64;
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(number) +
           R"(,"method":"private/buy","params":{"instrument_name":"BTC_USDC-PERPETUAL",)"
           R"("amount":0.01,"type":"limit","price":)" +
           std::to_string(best - number % prices) +
           R"(.5,"label":"bench","time_in_force":"good_til_cancelled","post_only":true}})";
}

Wire new_trader(host::Network& network, const Door& door) {
    Wire wire(network, door.address());
    wire.upgrade();
    ASSERT(wire.call(door.login()).find("access_token") != std::string::npos);
    return wire;
}

std::uint32_t cancel_all(Wire& trader) {
    constexpr std::string_view before = R"("result":)";
    const std::string answer =
        trader.call(R"({"jsonrpc":"2.0","id":2,"method":"private/cancel_all","params":{}})");
    const std::size_t at = answer.find(before);
    ASSERT(at != std::string::npos);
    const std::string_view digits = std::string_view(answer).substr(at + before.size());
    std::uint32_t count = 0;
    std::from_chars(digits.data(), std::to_address(digits.end()), count);
    return count;
}

}  // namespace miletus::bench
