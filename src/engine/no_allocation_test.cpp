// The engine allocates nothing after construction. The global operators of this whole test binary
// are replaced: while a guard stands, any use of them ends the process.
#include "base/assert.hpp"
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <set>
#include <utility>
#include <vector>

namespace {

bool may_allocate = true;

void check_guard() {
    const bool engine_may_allocate = std::exchange(may_allocate, true);
    ASSERT(engine_may_allocate);
}

void* allocated(std::size_t size, std::size_t alignment) {
    check_guard();
    const std::size_t aligned = std::max(alignment, alignof(std::max_align_t));
    const std::size_t rounded = (std::max<std::size_t>(size, 1) + aligned - 1) / aligned * aligned;
    // tidy: allocation because the operators that are replaced here cannot call themselves
    void* memory = std::aligned_alloc(aligned, rounded);
    ASSERT(memory != nullptr);
    return memory;
}

void released(void* memory) {
    if (memory != nullptr) {
        check_guard();
    }
    // tidy: allocation because the operators that are replaced here cannot call themselves
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    return allocated(size, 1);
}
void* operator new[](std::size_t size) {
    return allocated(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocated(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocated(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocated(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocated(size, 1);
}
void operator delete(void* memory) noexcept {
    released(memory);
}
void operator delete[](void* memory) noexcept {
    released(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    released(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    released(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    released(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    released(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    released(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    released(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    released(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    released(memory);
}

namespace miletus::engine {
namespace {

class NoAllocation {
  public:
    NoAllocation() { may_allocate = false; }
    ~NoAllocation() { may_allocate = true; }
    NoAllocation(const NoAllocation&) = delete;
    NoAllocation& operator=(const NoAllocation&) = delete;
};

// Applies a command and asks about what it did, all under the guard.
void apply_guarded(Engine& engine, std::span<const Unit> command, std::span<const Unit> query,
                   protocol::EventWriter& answers) {
    const NoAllocation guard;
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

TEST(NoAllocation, the_guard_sees_what_is_allocated_and_freed) {
    std::unique_ptr<int> kept;
    EXPECT_DEATH(
        {
            const NoAllocation guard;
            kept = std::make_unique<int>(1);
        },
        "engine_may_allocate");
    kept = std::make_unique<int>(1);
    EXPECT_DEATH(
        {
            const NoAllocation guard;
            kept.reset();
        },
        "engine_may_allocate");
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
            apply_guarded(engine, command, queries[at % queries.size()], answers);
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
