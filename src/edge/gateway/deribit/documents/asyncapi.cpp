// Every channel, and what the venue sends on it.
#include "edge/gateway/deribit/documents/documents.hpp"
#include "edge/gateway/deribit/documents/json_schema.hpp"

#include <array>
#include <string>
#include <string_view>

namespace miletus::deribit {

namespace {

struct Part {
    std::string_view name;
    std::string_view sentence;
    ChoiceSet words = ChoiceSet::none;
};

constexpr auto parts = std::to_array<Part>({
    {"instrument_name", "Name of an instrument, such as BTC_USDC-PERPETUAL."},
    {"index_name", "Name of an index, such as btc_usdc."},
    {"currency", "A currency by its ticker, or any."},
    {"kind", "Which kind of instrument.", ChoiceSet::kind},
    {"interval", "How often the channel tells; raw needs a login.", ChoiceSet::interval},
    {"group", "Into what steps of price the book is grouped.", ChoiceSet::group},
    {"depth", "The most levels of a side.", ChoiceSet::depth},
    {"resolution", "Length of a candle, in minutes, or 1D.", ChoiceSet::resolution},
});

[[nodiscard]] bool has_part(const ChannelRow& channel, const Part& part) {
    return channel.pattern.contains("{" + std::string(part.name) + "}");
}

void write_parts(JsonWriter& json, const ChannelRow& channel) {
    json.key("parameters");
    json.begin_object();
    for (const Part& part : parts) {
        if (!has_part(channel, part)) {
            continue;
        }
        json.key(part.name);
        json.begin_object();
        json.text("description", part.sentence);
        if (part.words != ChoiceSet::none) {
            write_words(json, "enum", part.words);
        }
        json.end_object();
    }
    json.end_object();
}

void write_channel(JsonWriter& json, const ChannelRow& channel) {
    json.key(channel.pattern);
    json.begin_object();
    json.text("address", channel.pattern);
    json.text("description", channel.sentence);
    json.boolean("x-built", channel.is_built());
    if (channel.is_private()) {
        json.text("x-scope", text(channel.scope));
    }
    write_parts(json, channel);
    json.key("messages");
    json.begin_object();
    json.key("notification");
    json.begin_object();
    json.text("summary", "The data of a notification.");
    json.key("payload");
    json.begin_object();
    write_shape(json, channel.data);
    for (int depth = 0; depth < 4; ++depth) {
        json.end_object();
    }
}

// A pattern within a reference: its braces stand as they are, and it holds no slash.
void write_operation(JsonWriter& json, const ChannelRow& channel) {
    json.key("send " + std::string(channel.pattern));
    json.begin_object();
    json.text("action", "send");
    json.key("channel");
    json.begin_object();
    json.text("$ref", "#/channels/" + std::string(channel.pattern));
    json.end_object();
    json.text("summary", channel.sentence);
    json.end_object();
}

}  // namespace

std::string asyncapi() {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.text("asyncapi", "3.0.0");
    json.raw("info", R"({"title":"Miletus, the Deribit interface","version":"2","description":)"
                     R"("Notifications over /ws/api/v2, to who subscribed to their channel."})");
    json.text("defaultContentType", "application/json");
    json.key("channels");
    json.begin_object();
    for (const ChannelRow& channel : all_channels()) {
        write_channel(json, channel);
    }
    json.end_object();
    json.key("operations");
    json.begin_object();
    for (const ChannelRow& channel : all_channels()) {
        write_operation(json, channel);
    }
    json.end_object();
    json.key("components");
    json.begin_object();
    write_schemas(json);
    json.end_object();
    json.end_object();
    return out;
}

}  // namespace miletus::deribit
