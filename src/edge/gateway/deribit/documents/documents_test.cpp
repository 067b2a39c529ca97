// Nothing in the tables is left out of the documents.
#include "edge/gateway/deribit/documents/documents.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace miletus::deribit {
namespace {

[[nodiscard]] std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

TEST(Documents, openapi_has_every_method_parameter_object_and_error) {
    const std::string document = openapi();
    for (const MethodRow& method : all_methods()) {
        EXPECT_TRUE(document.contains("\"/" + std::string(method.name) + "\":{")) << method.name;
        for (const ParameterRow& parameter : method.parameters) {
            EXPECT_TRUE(document.contains("{\"name\":" + quoted(name(parameter.parameter))))
                << name(parameter.parameter);
        }
    }
    for (const ObjectRow& object : all_objects()) {
        EXPECT_TRUE(document.contains(quoted(object.name) + ":{\"type\":\"object\""))
            << object.name;
    }
    for (const ErrorCode code : all_errors()) {
        EXPECT_TRUE(document.contains(quoted(message(code)))) << message(code);
        EXPECT_TRUE(document.contains(std::to_string(std::to_underlying(code))));
    }
}

TEST(Documents, asyncapi_has_every_channel) {
    const std::string document = asyncapi();
    for (const ChannelRow& channel : all_channels()) {
        EXPECT_TRUE(document.contains("\"address\":" + quoted(channel.pattern))) << channel.pattern;
    }
}

TEST(Documents, help_names_what_is_built_and_tells_all_of_a_method) {
    const std::string all = help();
    for (const MethodRow& method : all_methods()) {
        EXPECT_EQ(all.contains("    " + std::string(method.name) + " "), method.is_built())
            << method.name;
        const std::string one = help(method.method);
        EXPECT_TRUE(one.starts_with(method.name));
        EXPECT_EQ(one.contains("not_implemented"), !method.is_built());
        for (const ParameterRow& parameter : method.parameters) {
            EXPECT_TRUE(one.contains("\n    " + std::string(name(parameter.parameter)) + " "));
            EXPECT_TRUE(one.contains(sentence(parameter.parameter)));
        }
    }
    EXPECT_TRUE(help(Method::private_buy).contains("One of limit stop_limit"));
    EXPECT_TRUE(help(Method::private_buy).contains("trade:read_write"));
}

}  // namespace
}  // namespace miletus::deribit
