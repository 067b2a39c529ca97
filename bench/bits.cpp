// Bits: one digest a line, of event streams and states that must not depend on compiler, level,
// sanitizer or hints. `./run check-bits` compares the lines of several builds.
#include "base/assert.hpp"
#include "base/hash.hpp"
#include "bench/flow.hpp"
#include "bench/product_book.hpp"
#include "engine/command_stream.hpp"
#include "engine/engine.hpp"
#include "sim/demo/demo.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

namespace miletus::bench {

namespace {

constexpr std::uint32_t stream_seeds = 20;
constexpr std::uint32_t stream_commands = 5000;
constexpr std::uint32_t flow_commands = 200'000;
// Commands between two looks at the ring: enough of them to look ahead, few enough to fit.
constexpr std::size_t chunk = 128;

// What the first commands of each flow trade.
constexpr std::array<TradeTotals, flows.size()> cut_totals = {{
    {41'359, 1'182'874, 16783217178246992425U},
    {15'873, 557'578, 3912870644389513902U},
    {72'934, 3'206'598, 7035841181152199015U},
    {14'711, 502'413, 7560470396500706618U},
}};

void print(std::string_view name, Hash128 hash) {
    std::cout << hex(hash) << "  " << name << '\n';
}

void add_events(const protocol::EventWriter& events, std::uint64_t from, Xxh3& hash) {
    events.visit_from(from,
                      [&hash](std::span<const Unit> event) { hash.update(std::as_bytes(event)); });
}

// ---- The books alone ----

struct Digest {
    Hash128 events;
    Hash128 state;
    friend bool operator==(const Digest&, const Digest&) = default;
};

// The flow with fewer commands, and fewer orders before them.
FlowTerms cut(std::size_t at) {
    FlowTerms terms = flows[at];
    terms.prefill = std::min(terms.prefill, terms.instruments == 1 ? 50'000U : 20U);
    terms.commands = flow_commands;
    terms.totals = cut_totals[at];
    return terms;
}

Digest digest_of(const Flow& flow, bool looks_ahead) {
    ProductBook book(flow);
    Xxh3 events;
    for (std::span<const Command> rest : {std::span(flow.prefill), std::span(flow.commands)}) {
        while (!rest.empty()) {
            const std::uint64_t from = book.position();
            const std::span<const Command> next = rest.first(std::min(chunk, rest.size()));
            looks_ahead ? book.run_ahead(next) : book.run(next);
            add_events(book.events(), from, events);
            rest = rest.subspan(next.size());
        }
    }
    return {.events = events.digest(), .state = book.state_hash()};
}

void print_flow(std::size_t at) {
    const Flow flow = make_flow(cut(at));
    const std::string name = "flow " + std::string(flow.terms.name);
    const Digest plain = digest_of(flow, false);
    const Digest ahead = digest_of(flow, true);
    print(name + " events", plain.events);
    print(name + " state", plain.state);
    print(name + " events, looking ahead", ahead.events);
    print(name + " state, looking ahead", ahead.state);
    ASSERT(plain == ahead);
}

// ---- The whole engine ----

void print_streams() {
    Xxh3 events;
    Xxh3 states;
    for (std::uint64_t seed = 1; seed <= stream_seeds; ++seed) {
        engine::Engine engine(engine::stream_limits());
        engine::CommandStream stream(seed);
        for (std::uint32_t at = 0; at < stream_commands; ++at) {
            engine.apply(stream.next());
            add_events(engine.events(), engine.events().start(), events);
            engine.events().visit_from(
                engine.events().start(),
                [&stream](std::span<const Unit> event) { stream.learn(event); });
        }
        const std::string state = hex(engine.state_hash());
        states.update(std::as_bytes(std::span(state)));
    }
    print("engine events", events.digest());
    print("engine states", states.digest());
}

// All of the demonstration but the line that tells a measured time.
void print_demo() {
    std::ostringstream out;
    ASSERT(demo::run(out, 1));
    std::string story = out.str();
    const std::size_t from = story.find("     (");
    ASSERT(from != std::string::npos);
    story.erase(from, story.find('\n', from) - from);
    Xxh3 hash;
    hash.update(std::as_bytes(std::span(story)));
    print("demo", hash.digest());
}

void print_all() {
    for (std::size_t at = 0; at < flows.size(); ++at) {
        print_flow(at);
    }
    print_streams();
    print_demo();
}

}  // namespace

}  // namespace miletus::bench

int main() {
    miletus::bench::print_all();
    return 0;
}
