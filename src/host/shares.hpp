// Shares: rows of numbers cut into as many pieces as there are threads, for work whose rows know
// nothing of each other. Where the cuts lie changes no result, so their number may be anything.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace miletus::host {

struct Share {
    std::size_t first = 0;
    std::size_t count = 0;

    friend bool operator==(const Share&, const Share&) = default;
};

// The piece of one thread: equal ones, in whole multiples of `grain`, but for what is left at the
// end.
[[nodiscard]] constexpr Share share_of(std::size_t count, std::size_t grain, std::size_t threads,
                                       std::size_t thread) {
    const std::size_t grains = (count + grain - 1) / grain;
    const auto cut = [&](std::size_t at) {
        return std::min(count, (grains / threads * at + std::min(at, grains % threads)) * grain);
    };
    return {cut(thread), cut(thread + 1) - cut(thread)};
}

// Calls work(share) on each of the threads, of which the caller is one, and waits for all. Too
// little work for so many takes fewer.
template <class Work>
void share_out(std::size_t count, std::size_t grain, std::size_t threads, const Work& work) {
    const std::size_t grains = (count + grain - 1) / grain;
    const std::size_t useful = std::max<std::size_t>(1, std::min(grains, threads));
    std::vector<std::jthread> others;
    others.reserve(useful - 1);
    for (std::size_t thread = 1; thread < useful; ++thread) {
        others.emplace_back(
            [&work, share = share_of(count, grain, useful, thread)] { work(share); });
    }
    work(share_of(count, grain, useful, 0));
}

}  // namespace miletus::host
