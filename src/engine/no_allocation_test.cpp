// The engine allocates nothing after construction, and frees nothing.
#include "base/allocations_test.hpp"
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace miletus::engine {
namespace {

// Applies a command and asks about what it did.
void apply_counted(Engine& engine, std::span<const Unit> command, std::span<const Unit> query,
                   protocol::EventWriter& answers) {
    const Allocations before = allocations;
    for (const std::uint32_t ahead : {Engine::far_ahead, Engine::near_ahead, 1U}) {
        engine.hint(command, ahead);
    }
    const auto& header = protocol::view<protocol::CommandHeader>(command);
    if (header.sequence.value() % 100 == 99) {
        engine.pass_over(header);
    } else {
        engine.apply(command);
    }
    engine.answer(query, answers);
    ASSERT_EQ(allocations, before) << "command " << header.sequence.value();
}

// All queries in turn, and one that is none.
std::vector<std::vector<Unit>> queries_of(AccountId account) {
    std::vector<std::vector<Unit>> all;
    const auto add = [&](auto query) {
        query.header.account = account;
        std::vector<Unit> units(protocol::units_of<decltype(query)>(0));
        protocol::encode(query, units);
        all.push_back(std::move(units));
    };
    add(protocol::QueryBook{.instrument = InstrumentId(account.value() % 4), .depth = 10});
    add(protocol::QueryAccount{});
    add(protocol::QueryPositions{});
    add(protocol::QueryOrder{.client_order = ClientOrderId(1 + account.value())});
    add(protocol::QueryMargin{});
    add(protocol::QueryOrders{});
    add(protocol::QueryInstrument{.instrument = InstrumentId(account.value() % 4)});
    add(protocol::QueryAsset{.asset = AssetId(1)});
    all.emplace_back(1);
    return all;
}

TEST(NoAllocation, commands_queries_and_hints_allocate_nothing) {
    std::vector<std::vector<Unit>> queries;
    for (std::uint32_t account = 1; account <= 6; ++account) {
        std::ranges::move(queries_of(AccountId(account)), std::back_inserter(queries));
    }
    std::set<protocol::EventType> types;
    for (std::uint64_t seed = 500; seed < 530; ++seed) {
        Engine engine(stream_limits());
        CommandStream stream(seed);
        protocol::EventWriter answers(1024);
        for (std::uint32_t at = 0; at < 5000; ++at) {
            const std::span<const Unit> command = stream.next();
            apply_counted(engine, command, queries[at % queries.size()], answers);
            engine.events().visit_from(engine.events().start(), [&](std::span<const Unit> event) {
                stream.learn(event);
                types.insert(static_cast<protocol::EventType>(
                    protocol::view<protocol::EventHeader>(event).type));
            });
        }
    }
    // Every type of event has been emitted meanwhile.
#define MESSAGE(number, Type, message_name, sentence) \
    EXPECT_TRUE(types.contains(protocol::EventType::message_name)) << #message_name;
#include "protocol/events.def"
}

}  // namespace
}  // namespace miletus::engine
