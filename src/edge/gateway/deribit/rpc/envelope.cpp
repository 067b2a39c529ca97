// The members in the order in which the original writes them.
#include "edge/gateway/deribit/rpc/envelope.hpp"

#include <utility>

namespace miletus::deribit {

namespace {

void write_head(std::string& out, std::string_view id) {
    out.append(R"({"jsonrpc":"2.0")");
    if (!id.empty()) {
        out.append(R"(,"id":)");
        out.append(id);
    }
}

}  // namespace

void write_result_head(std::string& out, std::string_view id) {
    write_head(out, id);
    out.append(R"(,"result":)");
}

void write_result_tail(std::string& out, const Timing& timing) {
    const auto in_us = static_cast<std::int64_t>(timing.in_us);
    const auto out_us = static_cast<std::int64_t>(timing.out_us);
    out.append(R"(,"usIn":)");
    JsonWriter(out).integer(in_us);
    out.append(R"(,"usOut":)");
    JsonWriter(out).integer(out_us);
    out.append(R"(,"usDiff":)");
    JsonWriter(out).integer(out_us - in_us);
    out.append(timing.is_testnet ? R"(,"testnet":true})" : R"(,"testnet":false})");
}

void write_error(std::string& out, std::string_view id, const Failure& failure,
                 const Timing& timing) {
    write_head(out, id);
    out.append(R"(,"error":)");
    JsonWriter json(out);
    json.begin_object();
    json.integer("code", std::to_underlying(failure.code));
    json.text("message", message(failure.code));
    if (!failure.reason.empty() || !failure.param.empty()) {
        json.key("data");
        json.begin_object();
        if (!failure.reason.empty()) {
            json.text("reason", failure.reason);
        }
        if (!failure.param.empty()) {
            json.text("param", failure.param);
        }
        json.end_object();
    }
    json.end_object();
    write_result_tail(out, timing);
}

void write_notification_head(std::string& out, std::string_view channel) {
    out.append(R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)");
    JsonWriter(out).text(channel);
    out.append(R"(,"data":)");
}

void write_notification_tail(std::string& out, std::string_view label) {
    if (!label.empty()) {
        out.append(R"(,"label":)");
        JsonWriter(out).text(label);
    }
    out.append("}}");
}

void write_heartbeat(std::string& out, Heartbeat heartbeat) {
    out.append(R"({"jsonrpc":"2.0","method":"heartbeat","params":{"type":")");
    out.append(heartbeat == Heartbeat::heartbeat ? "heartbeat" : "test_request");
    out.append(R"("}})");
}

}  // namespace miletus::deribit
