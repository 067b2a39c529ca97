// What the gateway is told at its start.
#pragma once

#include "edge/gateway/deribit/bucket.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/web/web.hpp"

#include <cstdint>

namespace miletus::deribit {

// Calls cost credits of their own kind of bucket, one for each account; who has not logged in
// shares one with everybody at the same address. A cap of 0 leaves calls uncounted.
struct Rates {
    Rate non_matching{.cost = 500, .cap = 50'000, .per_second = 10'000};
    Rate instruments{.cost = 1000, .cap = 50'000, .per_second = 1'000};
    Rate subscription{.cost = 3000, .cap = 30'000, .per_second = 10'000};
    Rate matching{.cost = 1, .cap = 20, .per_second = 5};
};

struct Settings {
    web::Settings web;
    Rates rates;
    AccountLimits account_limits;  // as accounts are told of them
    bool is_testnet = true;
    std::uint32_t epoch = 0;           // of the log: sessions of another one are over
    std::uint32_t waiting_max = 4096;  // requests that wait for the engine
    std::uint32_t channels_per_client = 1000;
    std::uint32_t channels_max = 100'000;
};

// Since the start.
struct Counters {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t commands = 0;
    std::uint64_t queries = 0;
    std::uint64_t too_many = 0;      // calls beyond a bucket
    std::uint64_t not_admitted = 0;  // logins and tokens that were worth nothing
    std::uint64_t silent = 0;        // connections that did not answer a test_request
};

}  // namespace miletus::deribit
