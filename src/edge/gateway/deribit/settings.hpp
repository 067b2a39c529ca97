// What the gateway is told at its start.
#pragma once

#include "edge/gateway/deribit/bucket.hpp"
#include "edge/gateway/deribit/objects/objects.hpp"
#include "edge/web/web.hpp"

#include <cstdint>

namespace miletus::deribit {

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
