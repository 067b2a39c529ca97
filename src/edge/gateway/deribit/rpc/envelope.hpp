// What stands around results, errors and notifications.
#pragma once

#include "edge/gateway/deribit/rpc/failure.hpp"
#include "edge/gateway/deribit/rpc/json_writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace miletus::deribit {

// When a call was read and when its answer was written, in microseconds since 1970.
struct Timing {
    std::uint64_t in_us = 0;
    std::uint64_t out_us = 0;
    bool is_testnet = false;
};

// `id` is JSON, as the call brought it; empty for none. Between head and tail stands the result: a
// JsonWriter made after the head writes it.
void write_result_head(std::string& out, std::string_view id);
void write_result_tail(std::string& out, const Timing& timing);

void write_error(std::string& out, std::string_view id, const Failure& failure,
                 const Timing& timing);

// Between head and tail stands the data. The label is what private/subscribe brought, or empty.
void write_notification_head(std::string& out, std::string_view channel);
void write_notification_tail(std::string& out, std::string_view label);

enum class Heartbeat : std::uint8_t { heartbeat, test_request };
void write_heartbeat(std::string& out, Heartbeat heartbeat);

}  // namespace miletus::deribit
