// The tables themselves: what stands in one must be found in another.
#include "edge/gateway/deribit/schema/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

namespace miletus::deribit {
namespace {

TEST(Schema, every_method_and_parameter_is_found_by_its_name_and_no_other_is) {
    for (const MethodRow& method : all_methods()) {
        EXPECT_EQ(method_named(method.name), method.method) << method.name;
        EXPECT_EQ(&row(method.method), &method);
        EXPECT_EQ(method_named(std::string(method.name) + "x"), std::nullopt);
        EXPECT_EQ(method_named(method.name.substr(1)), std::nullopt);
    }
    for (const Parameter parameter : all_parameters()) {
        EXPECT_EQ(parameter_named(name(parameter)), parameter);
        EXPECT_EQ(parameter_named(std::string(name(parameter)) + "_"), std::nullopt);
    }
    EXPECT_EQ(method_named(""), std::nullopt);
    EXPECT_EQ(parameter_named(""), std::nullopt);
    EXPECT_EQ(all_methods().size(), 173U);
}

TEST(Schema, places_are_what_a_search_of_each_row_finds) {
    for (const MethodRow& method : all_methods()) {
        Places required = 0;
        for (std::size_t at = 0; at < method.parameters.size(); ++at) {
            required |= method.parameters[at].need.is_required ? Places{1} << (at + 1) : 0;
        }
        EXPECT_EQ(method.required, required) << method.name;
        for (const Parameter parameter : all_parameters()) {
            const auto found =
                std::ranges::find(method.parameters, parameter, &ParameterRow::parameter);
            const auto place =
                found == method.parameters.end()
                    ? no_place
                    : static_cast<Place>(std::distance(method.parameters.begin(), found) + 1);
            const std::string text(name(parameter));
            ASSERT_EQ(method.place_of(parameter), place) << method.name << " " << text;
            ASSERT_EQ(method.place_named(text), place);
            EXPECT_TRUE(place == no_place || &method.at(place) == &*found);
            for (std::size_t letter = 0; letter < text.size(); ++letter) {
                std::string near = text;
                near[letter] = '~';
                ASSERT_EQ(method.place_named(near), no_place);
            }
        }
        EXPECT_EQ(method.place_named(""), no_place);
        EXPECT_EQ(method.place_of(Parameter::access_token), no_place);
    }
}

TEST(Schema, a_method_is_private_where_its_name_says_so) {
    for (const MethodRow& method : all_methods()) {
        EXPECT_EQ(method.is_private(), method.name.starts_with("private/")) << method.name;
        EXPECT_TRUE(method.sentence.ends_with('.')) << method.name;
    }
}

TEST(Schema, a_default_is_a_value_that_its_parameter_can_have) {
    for (const MethodRow& method : all_methods()) {
        std::set<Parameter> seen;
        for (const ParameterRow& parameter : method.parameters) {
            EXPECT_TRUE(seen.insert(parameter.parameter).second) << method.name;
            const std::string_view otherwise = parameter.need.otherwise;
            if (otherwise.empty()) {
                continue;
            }
            EXPECT_FALSE(parameter.need.is_required);
            if (type_of(parameter) == ParameterType::choice) {
                EXPECT_TRUE(place_of(parameter.choices, otherwise).has_value())
                    << method.name << " " << name(parameter.parameter);
            } else if (type_of(parameter) == ParameterType::flag) {
                EXPECT_TRUE(otherwise == "true" || otherwise == "false") << method.name;
            } else if (type_of(parameter) == ParameterType::integer) {
                EXPECT_EQ(otherwise.find_first_not_of("0123456789"), std::string_view::npos);
            }
        }
    }
}

TEST(Schema, a_parameter_that_is_a_choice_says_from_what_in_every_method) {
    for (const MethodRow& method : all_methods()) {
        for (const ParameterRow& parameter : method.parameters) {
            if (type(parameter.parameter) == ParameterType::choice) {
                EXPECT_NE(parameter.choices, ChoiceSet::none)
                    << method.name << " " << name(parameter.parameter);
            }
        }
    }
}

TEST(Schema, words_lead_back_to_their_enumerators) {
    EXPECT_EQ(word(choices::Resolution::days_1), "1D");
    EXPECT_EQ(choice_named<choices::Interval>("100ms"), choices::Interval::ms_100);
    EXPECT_EQ(choice_named<choices::Interval>("200ms"), std::nullopt);
    EXPECT_EQ(name(ChoiceSet::time_in_force), "time_in_force");
}

TEST(Schema, objects_name_each_field_once) {
    for (const ObjectRow& object : all_objects()) {
        std::set<std::string_view> seen;
        for (const FieldRow& field : object.fields) {
            EXPECT_TRUE(seen.insert(field.name).second) << object.name << " " << field.name;
            EXPECT_TRUE(field.sentence.ends_with('.')) << object.name << " " << field.name;
        }
    }
}

TEST(Schema, errors_have_one_code_and_one_message_each) {
    std::set<ErrorCode> codes;
    std::set<std::string_view> messages;
    for (const ErrorCode code : all_errors()) {
        EXPECT_TRUE(codes.insert(code).second);
        EXPECT_TRUE(messages.insert(message(code)).second) << message(code);
    }
    EXPECT_EQ(message(ErrorCode::post_only_reject), "post_only_reject");
    EXPECT_EQ(message(static_cast<ErrorCode>(1)), "error");
}

}  // namespace
}  // namespace miletus::deribit
