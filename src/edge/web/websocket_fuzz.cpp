// Any bytes, in any pieces, after two WebSockets were opened: what is shown is text of the size
// that is allowed, and nothing comes behind an end.
#include "edge/web/fuzz_bench.hpp"
#include "fuzz/fuzz_one.hpp"

namespace miletus {

void fuzz_one(std::span<const std::byte> input) {
    web::FuzzBench bench;
    for (const std::size_t client : {0U, 1U}) {
        bench.say(client, std::as_bytes(std::span(web::upgrade_request)));
    }
    bench.play(input);
}

}  // namespace miletus
