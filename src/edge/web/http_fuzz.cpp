// Any bytes, in any pieces, from two clients: what is shown as a request is one, each waits for the
// answer to the one before, and nothing hides in another's body. The same bytes at once and in
// pieces come to the same requests.
#include "edge/web/fuzz_bench.hpp"
#include "fuzz/fuzz_one.hpp"

#include <string>
#include <vector>

namespace miletus {

namespace {

using web::Bench;

// All that one client is taken to have asked.
std::vector<std::string> asked(std::span<const std::byte> input, std::size_t piece) {
    Bench bench;
    const auto client = bench.connect();
    while (!input.empty()) {
        const std::size_t size = std::min(piece, input.size());
        static_cast<void>(bench.network().clients().send(client, input.first(size)));
        bench.turn();
        input = input.subspan(size);
    }
    bench.network().clients().finish(client);
    bench.turn();
    bench.turn();
    return bench.shown;
}

}  // namespace

void fuzz_one(std::span<const std::byte> input) {
    web::FuzzBench().play(input);
    constexpr std::size_t few = 2048;
    if (input.size() < few) {
        const auto whole = asked(input, few);
        ASSERT(asked(input, 7) == whole);
    }
}

}  // namespace miletus
